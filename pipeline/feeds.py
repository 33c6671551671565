"""How feeds are: tried out now, or as a dataset remembers them."""

import datetime as dt
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from pipeline.answers.layout import safe
from pipeline.answers.screen import out
from pipeline.dataset import Dataset
from pipeline.fetch.feed_list import feed_list
from pipeline.fetch.feed_state import FeedState, state_of
from pipeline.fetch.outcome import Polled
from pipeline.fetch.poll import poll
from pipeline.options import Fetching
from pipeline.show import grid
from pipeline.slices import EXIT_BAD_INPUT, EXIT_OK
from pipeline.sources import is_address
from schemas.article import Article
from transforms.read import Defaults, records_in

_TIME: Final = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One feed, as it is told of. Times are UTC, ISO 8601."""

    address: str
    status: str  # ok, failing, off (not asked any more)
    asked: str | None = None
    next_due: str | None = None
    entries: int | None = None  # articles that it holds, where it was read just now
    failures: int = 0  # in a row
    trouble: str | None = None  # what is wrong and what to do
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The feeds, and what concerns none of them alone."""

    feeds: tuple[FeedLine, ...]
    notes: tuple[str, ...] = ()


def checked(what: str, fetching: Fetching) -> Report:
    """Fetch the feeds of a list, or one address, and read what comes. Raises UsageError for what is neither."""
    listed = feed_list([what], None) if is_address(what) else feed_list([], Path(what))
    now = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory(prefix="factwire-") as folder:
        made = poll(listed.feeds, {}, fetching, folder=Path(folder), now=now)
        read = {p.uri: _read(p, now) for p in made.polled if p.source}
        states = made.states({uri: trouble for uri, (_, trouble) in read.items() if trouble})
    lines = []
    for p in made.polled:
        line = _line(p.feed.key, states.get(p.feed.key, p.before), trouble=p.trouble)
        count = read[p.uri][0] if p.source else None
        warned = "; ".join(p.warnings) or None
        lines.append(FeedLine(**asdict(line) | {"entries": count, "trouble": line.trouble or warned}))
    return Report(tuple(lines), (*listed.notes, *([made.lost] if made.lost else ())))


def known(output: Path) -> Report:
    """The feeds that a dataset knows. Raises DatasetError."""
    feeds = Dataset.open(output).feeds
    return Report(tuple(_line(address, state_of(address, told)) for address, told in sorted(feeds.items())))


def exit_code(report: Report) -> int:
    """2 where a feed is not well."""
    return EXIT_OK if all(line.status == "ok" for line in report.feeds) else EXIT_BAD_INPUT


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON takes it."""
    return {"feeds": [asdict(line) for line in report.feeds], "notes": list(report.notes)}


def show(report: Report) -> None:
    """Print the feeds, a line each, and below what is wrong with which."""
    if not report.feeds:
        out().print("no feeds: none was ever asked, or the list names none")
        return
    columns = ["feed", "status", "articles", "asked", "next due"]
    grid(columns, [[f.address, f.status, f.entries, _short(f.asked), _short(f.next_due)] for f in report.feeds])
    console = out()
    for line in report.feeds:
        if line.trouble:
            console.print(Text(f"{safe(line.address)} {safe(line.trouble)}"), soft_wrap=True)
        if line.moved_to:
            console.print(Text(f"{safe(line.address)} has moved to {safe(line.moved_to)}: change it in the list"), soft_wrap=True)
    for note in report.notes:
        console.print(Text(safe(note)), soft_wrap=True)


def _read(polled: Polled, now: dt.datetime) -> tuple[int, str | None]:
    """How many articles came, and what is wrong with what came, if something is."""
    articles, trouble = 0, None
    if polled.source is not None:
        for record in records_in(polled.source, defaults=Defaults(now)):
            if isinstance(record.item, Article):
                articles += 1
            elif record.item.fails_source:
                trouble = trouble or record.item.message
    return articles, trouble


def _line(address: str, state: FeedState, *, trouble: str | None = None) -> FeedLine:
    trouble = trouble or state.trouble
    return FeedLine(
        address=address,
        status="off" if state.off else "failing" if trouble else "ok",
        asked=_iso(state.asked_at),
        next_due=_iso(state.due_at),
        failures=state.failures,
        trouble=trouble,
        moved_to=state.moved_to,
    )


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _short(moment: str | None) -> str:
    return f"{dt.datetime.fromisoformat(moment):{_TIME}}" if moment else ""
