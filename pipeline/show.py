"""What a person sees: the account of a run, the facts of an article, tables of any rows. Everything from outside is escaped."""

import dataclasses
import datetime as dt
import json
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from pipeline.answers import screen
from pipeline.answers.layout import LONGEST, columns_of, fitting, safe, table_lines, widths_in
from pipeline.answers.screen import out
from pipeline.dataset.stores.store_address import shown
from pipeline.wording import many
from schemas.tables import FACT_TABLES, TABLES
from transforms.read.advice import unread

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.plan import Plan
    from pipeline.retry import Retried
    from pipeline.run import Outcome
    from transforms.flow.rows import Rows

# The columns that say most at a glance; all others are in the data.
GLANCE: Final = {
    "figures": ("text", "kind", "value", "unit", "currency", "bound", "change", "counted", "base"),
    "dates": ("text", "timex_type", "timex_value", "start_date", "end_date", "modifier", "anchor_origin"),
    "quotes": ("kind", "said", "speaker", "cue_text", "cue_class", "channel"),
    "facts": ("subject", "predicate", "object", "status", "polarity", "modality", "source_type", "source_text", "happened_start"),
    "actors": ("canonical_name", "type", "country", "title", "mentions"),
}


def grid(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None) -> None:
    """Print rows as a table, or as cards where it does not fit; cells are text, never markup."""
    if title:
        screen.say([Text(title, style="bold")])
    screen.rows(columns, rows, full=not sys.stdout.isatty())


# --- the facts of one article


def rows(found: "Rows") -> None:
    """Print the facts of one article, a table a kind."""
    names = {a.actor_id: a.canonical_name for a in found.actors}
    for table in FACT_TABLES:
        glance(table, [dataclasses.asdict(r) for r in getattr(found, table)], names)


def glance(table: str, records: Sequence[dict[str, Any]], names: dict[str, str]) -> None:
    """Print rows of one fact table by the columns that say most."""
    shown = _clustered(records) if table == "actors" else records
    for r in shown:
        if table == "quotes":
            r["speaker"] = names.get(r["speaker_actor_id"] or "") or r["speaker_text"]
            r["said"] = " … ".join(r["text"][c["start"] - r["start"] : c["end"] - r["start"]] for c in r["content"])
        if table == "facts":
            r["subject"] = names.get(r["subject_actor_id"] or "") or r["subject"]
    console = out()
    longest = LONGEST if sys.stdout.isatty() else None
    columns = fitting(columns_of(GLANCE[table], [[r[c] for c in GLANCE[table]] for r in shown], longest=longest), console.width)
    screen.say([Text(f"\n{table} ({many(len(records), 'row')})", style="bold")])
    screen.say(table_lines(columns, widths_in(columns, console.width) or [c.least for c in columns]))


def _clustered(actors: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line an actor, with the titles that its mentions carry and how many they are."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for a in actors:
        by_id.setdefault(a["actor_id"], []).append(a)
    return [group[0] | {"title": next((a["title"] for a in group if a["title"]), None), "mentions": len(group)} for group in by_id.values()]


def rows_as_json(found: "Rows") -> None:
    """Print the article and its facts as one JSON object."""
    whole: dict[str, Any] = {"article": dataclasses.asdict(found.article)}
    whole |= {table: [dataclasses.asdict(r) for r in getattr(found, table)] for table in FACT_TABLES}
    print(json.dumps(whole, ensure_ascii=False, indent=1, default=str))


# --- schemas and rules


def schemas(tables: Sequence[str]) -> None:
    """Print the columns of tables with type, unit and meaning."""
    from schemas.arrow import describe

    for table in tables:
        cls = TABLES[table]
        screen.say([Text(f"\n{table}: {what_a_row_is(cls)}", style="bold")])
        screen.rows(["column", "type", "unit", "meaning"], list(describe(cls)), full=True)


def what_a_row_is(record: type) -> str:
    """The first line of what a record's class says of itself."""
    return (record.__doc__ or "").strip().splitlines()[0]


def rules(tables: Sequence[str]) -> None:
    """Print the rules that make rows, with why they are there and how often they were right on our own gold."""
    from pipeline.rules import rules as listed_rules

    listed = [
        (rule.table, rule.name, None if rule.precision is None else f"{rule.precision:.0%}", rule.support, rule.reason)
        for rule in listed_rules(tables)
    ]
    screen.rows(["table", "rule", "precision", "rows_judged", "reason"], listed, full=True)


# --- runs


def plan(made: "Plan") -> None:
    """Print what a run would do."""
    coming = Counter[str]()
    for take in (take for slice in made.slices for take in slice.takes):
        coming[take.source.uri] += len(take.versions)
    _account(made.account, coming=coming)
    screen.say([Text(line) for line in (*_set_aside(made), *map(safe, unread(made.skipped)), *_not_due(made.account))])
    _feeds(made.account)
    out().print("nothing was written (--dry-run)")


def _set_aside(made: "Plan") -> Iterator[str]:
    """What a run would set aside: how much for which reason, and where the first of it stands."""
    from transforms.read.record import place_of  # brings in what reads pages and feeds

    bad = [
        (reason, place_of(position), take.source.uri) for slice in made.slices for take in slice.takes for position, reason in take.rejects
    ]
    if not bad:
        return
    reasons = Counter(reason for reason, _, _ in bad)
    yield "would be set aside: " + ", ".join(f"{n:,} {reason}" for reason, n in reasons.most_common())
    for reason, place, uri in bad[:_LONGEST]:
        yield f"  {reason}: {place} of {safe(uri)}" + (f": {safe(made.troubles[uri])}" if uri in made.troubles else "")
    if len(bad) > _LONGEST:
        yield f"  and {len(bad) - _LONGEST:,} more"


def _not_due(account: "Account") -> Iterator[str]:
    """The addresses that are not asked yet, and until when."""
    for address, feed in sorted(account.feeds.items()):
        if feed.status == "not_due":
            until = f"until {dt.datetime.fromisoformat(feed.next_due):%Y-%m-%d %H:%M} UTC" if feed.next_due else "yet"
            yield f"not due {until}: {safe(address)} (--now asks it all the same)"


def outcome(ended: "Outcome", where: Path) -> None:
    """Print the account of a run and what to do about what is wrong."""
    _account(ended.account)
    console = out()
    account = ended.account.as_dict()
    if account["rows"]:
        console.print("rows: " + ", ".join(f"{n:,} {table}" for table, n in account["rows"].items()))
    if others := {code: n for code, n in account["languages"].items() if code not in ("en", "unknown")}:
        console.print("not in English, kept without facts: " + ", ".join(f"{n:,} {safe(code)}" for code, n in others.items()))
    if not ended.committed:
        console.print("nothing new: nothing was written" if ended.exit_code == 0 else "nothing was written")
    screen.say([Text(safe(told)) for told in unread(ended.skipped)])
    screen.say([Text(line) for line in _not_due(ended.account)])
    _feeds(ended.account)
    unfetched = {feed.source for feed in ended.account.feeds.values()}  # what is wrong with them was said above
    failed = [uri for uri in account["failed_sources"] if uri not in unfetched]
    for uri in failed[:_LONGEST]:
        console.print(Text(f"failed, or not read to its end: {safe(uri)}"), soft_wrap=True)
    if len(failed) > _LONGEST:
        console.print(f"failed, or not read to their ends: {len(failed) - _LONGEST:,} more")
    if account["held"]:
        console.print(f"held back by their sources, or no texts: {many(account['held'], 'record')}")
    if ended.exit_code and account["rejects"]:
        console.print(f"bad: {ended.account.bad_share:.1%} of the records that were looked at anew (--max-bad says how many may be)")
    if not ended.committed and (account["rejects"] or account["parts"]):
        console.print("not set aside either (--strict): run it without that to see why")
    elif failed or account["rejects"] or account["parts"]:
        console.print(Text(f"set aside; see why with: factwire query {shlex.quote(shown(where))} set-aside"), soft_wrap=True)
    articles, seconds = ended.account.total.articles, ended.account.seconds
    pace = f", {articles / seconds:.1f} articles a second" if articles and seconds else ""
    console.print(Text(f"dataset: {safe(shown(where))} ({ended.run_id}, {seconds:.1f} s{pace})"))


def _feeds(account: "Account") -> None:
    """Print what is wrong with which address, and what concerns them all."""
    console = out()
    for address, feed in sorted(account.feeds.items()):
        for told in (*((feed.trouble,) if feed.trouble and feed.trouble not in account.notes else ()), *feed.warnings):
            console.print(Text(f"{safe(address)} {safe(told)}"), soft_wrap=True)
    for note in account.notes:
        console.print(Text(safe(note)), soft_wrap=True)


def retried(ended: "Retried") -> None:
    """Print how a retry ended."""
    console = out()
    if not ended.tried:
        console.print("nothing to retry: no reject is retryable")
        return
    _account(ended.account)
    console.print(f"{ended.tried:,} rejects tried again: {ended.settled:,} settled, {ended.tried - ended.settled:,} stay")
    for uri in ended.missing:
        console.print(Text(f"not there any more, does not answer, or named by a path from another folder: {safe(uri)}"), soft_wrap=True)


def _account(account: "Account", *, coming: Counter[str] | None = None) -> None:
    """Print the account; of a plan, `coming` says how many articles of which source are to come."""
    columns = ["source", "records", "articles", "rejects", "repeats", "unchanged", "filtered"]
    tallies = sorted(account.sources.items())
    shown = [
        [uri, t.records, t.articles if coming is None else coming[uri], t.rejects, t.repeats, t.unchanged, t.filtered] for uri, t in tallies
    ]
    if len(shown) > _LONGEST:
        shown = [*shown[:_LONGEST], [f"... and {len(shown) - _LONGEST:,} more", *[""] * 6]]
    total = account.total
    shown.append(["all", total.records, total.articles, total.rejects, total.repeats, total.unchanged, total.filtered])
    if coming is not None:
        columns[2] = "to come"
        shown[-1][2] = coming.total()
    grid(columns, shown, title="account: records = articles + rejects + repeats + unchanged + filtered")


_LONGEST: Final = 20  # sources shown one by one
