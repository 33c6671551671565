"""`factwire show`: one article as a terminal page, its text with what was read in it marked, and the rows beside it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from pipeline.answers import screen
from pipeline.answers.layout import safe, shortened, wrapped
from pipeline.answers.lookup import article_named, records
from pipeline.dataset.views import connect, steadily
from pipeline.wording import many
from schemas.tables import FACT_TABLES

STYLES: Final = {"figures": "bold yellow", "dates": "bold green", "quotes": "italic magenta", "actors": "cyan", "facts": "underline"}
_LABELS: Final = {"figures": "f", "dates": "d", "quotes": "q"}  # with a number, behind what they mark and before their rows
_BESIDE: Final = 110  # columns of a terminal from which on rows stand beside the text, not below each paragraph
_GAP: Final = "   "
_LONGEST: Final = 160  # characters of a row's words
_ACTORS: Final = 12  # named at the head
ORDER: Final = 'start, "end", row_id'  # of an article's rows

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """An article with its rows by table, in text order."""

    article: Record
    rows: dict[str, list[Record]]
    corrected: frozenset[str] = frozenset()  # ids of rows that a person has put right

    @property
    def names(self) -> dict[str, str]:
        """Its actors' names."""
        return {a["actor_id"]: a["canonical_name"] for a in self.rows["actors"]}


def page_of(path: Path, name: str) -> Page:
    """The page of the article that is meant. Raises UsageError, DatasetError."""

    def read(dataset: Any) -> Page:
        with connect(dataset) as connection:
            article = article_named(connection, name)
            sql = f"SELECT * FROM {{}} WHERE article_id = $id ORDER BY {ORDER}"
            rows = {table: records(connection, sql.format(table), id=article["article_id"]) for table in FACT_TABLES}
            corrected = records(connection, "SELECT row_id FROM corrections WHERE holds AND article_id = $id", id=article["article_id"])
            return Page(article, rows, frozenset(each["row_id"] for each in corrected))

    return steadily(path, read)


def show(page: Page, tell: Callable[[str], None]) -> None:
    """Print a page."""
    console = screen.out()
    screen.say(list(lines_of(page, console)), console)
    if page.article["text"] is None:
        tell("this article is kept without its text (--text none): its rows are all there is")


def lines_of(page: Page, console: Console) -> Iterator[Text]:
    """The lines of a page: its head, the text by paragraphs with the rows of each, and what the marks mean."""
    yield from _head(page, console.width)
    labels = _labelled(page)
    plain = console.color_system is None
    text = page.article["text"]
    for begin, end in _paragraphs(text) if text is not None else ():
        passage = _marked(page, labels, begin, end, plain=plain)
        notes = [note for table in ("figures", "dates", "quotes", "facts") for note in _notes(page, table, labels, begin, end)]
        yield from _set(passage, notes, console)
        yield Text()
    if text is None:
        for table in ("figures", "dates", "quotes", "facts"):
            yield from _notes(page, table, labels, 0, None)
    yield from _foot(page, plain=plain)


def _head(page: Page, width: int) -> Iterator[Text]:
    a = page.article
    for line in wrapped(safe(a["title"] or "(no title)"), width):
        yield Text(line, style="bold")
    day = a["published_local_date"] or a["published_at"]
    yield Text(", ".join(safe(part) for part in (a["outlet"], a["byline"], day) if part))
    yield Text(safe(a["canonical_url"] or a["source_uri"]), style="dim")
    copy = "" if a["is_canonical"] else f", a copy ({a['duplicate_kind']}) of {a['cluster_id'][:12]}"
    yield Text(f"article {a['article_id']}, version {a['version']}{copy}", style="dim")
    mentions = Counter(r["actor_id"] for r in page.rows["actors"])
    titles = {r["actor_id"]: r["title"] for r in reversed(page.rows["actors"]) if r["title"]}
    named = {r["actor_id"] for r in page.rows["actors"] if r["mention"] == "name"}
    told = [page.names[actor] + (f" ({titles[actor]})" if actor in titles else "") for actor, _ in mentions.most_common() if actor in named]
    more = f" and {len(told) - _ACTORS} more" if len(told) > _ACTORS else ""
    for line in wrapped("actors: " + safe(", ".join(told[:_ACTORS])) + more, width) if told else ():
        yield Text(line)
    yield Text()


def _foot(page: Page, *, plain: bool) -> Iterator[Text]:
    counted = ", ".join(many(len(rows), table.removesuffix("s")) for table, rows in page.rows.items())
    yield Text(counted, style="bold")
    if plain:
        yield Text("[f1] marks a figure, [d1] a date, [q1] a quotation, read as told beside them")
    else:
        yield Text("marked: ").append_text(Text(", ").join(Text(table, style=style) for table, style in STYLES.items()))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _labelled(page: Page) -> dict[str, str]:
    """The label of each row that has one."""
    return {row["row_id"]: f"{letter}{n}" for table, letter in _LABELS.items() for n, row in enumerate(page.rows[table], 1)}


def _marked(page: Page, labels: dict[str, str], begin: int, end: int, *, plain: bool) -> Text:
    """A paragraph with its rows marked; behind a figure, a date and a quotation stands its label."""
    passage = Text(safe(page.article["text"][begin:end]))
    behind: dict[int, list[str]] = {}
    before: Counter[int] = Counter()
    for table, style in STYLES.items():
        for row in page.rows[table]:
            stretches = row["content"] if table == "quotes" else [row]
            if table == "facts":
                stretches = [{"start": row["predicate_start"], "end": row["predicate_end"]}]
            for stretch in stretches:
                passage.stylize(style, max(stretch["start"] - begin, 0), max(min(stretch["end"], end) - begin, 0))
            if row["row_id"] in labels and begin < row["end"] <= end:
                behind.setdefault(row["end"] - begin, []).append(labels[row["row_id"]])
                before[max(row["start"], begin) - begin] += 1
    return _with_labels(passage, behind, before if plain else Counter())


def _with_labels(passage: Text, behind: dict[int, list[str]], before: Counter[int]) -> Text:
    """A passage with labels put in; `before` says how many brackets open where, so that marks can be told without colours."""
    cuts = sorted({*behind, *before} - {0, len(passage)})
    made = Text()
    at = 0
    for piece in (*passage.divide(cuts), Text()):
        if at in behind:
            made.append("".join("]" for _ in behind[at]) if before else "").append(f"[{' '.join(behind[at])}]", style="dim")
        made.append("[" * before[at])
        made.append_text(piece)
        at += len(piece)
        if not piece:
            break
    return made


def _notes(page: Page, table: str, labels: dict[str, str], begin: int, end: int | None) -> Iterator[Text]:
    """What the rows of a table that begin in a stretch of the text say, a line each."""
    for row in page.rows[table]:
        if begin <= row["start"] and (end is None or row["start"] < end):
            label = labels.get(row["row_id"], "")
            note = Text.assemble(
                (f"{label or '-':<4}", STYLES[table] if label else "dim"), shortened(safe(said_of(table, row, page.names)), _LONGEST)
            )
            yield note.append(f"  {row['row_id'][:8]}" + (", corrected" if row["row_id"] in page.corrected else ""), style="dim")


def said_of(table: str, row: Record, names: dict[str, str]) -> str:
    """What a row says, in a line."""
    return _SAID[table](row, names)


def _figure(row: Record, _: dict[str, str]) -> str:
    number = row["value"] if row["value"] is not None else f"{safe(row['low'])} to {safe(row['high'])}"
    unit = row["currency"] or ("" if row["kind"] in ("percent", "percentage_point") else row["unit_normalised"])
    bound = "" if row["bound"] in ("exact", "range") else row["bound"].replace("_", " ")
    if row["change_role"] and not row["change"]:
        bound = f"{row['change_role']} {bound}".strip()
    of = f"of {row['counted']}" if row["counted"] else ""
    base = f"({row['base']})" if row["base"] else ""
    return " ".join(filter(None, (row["kind"], row["change"], bound, safe(number), unit, of, base)))


def _date(row: Record, _: dict[str, str]) -> str:
    days = "" if row["start_date"] is None and row["end_date"] is None else f"{row['start_date'] or '...'} to {row['end_date'] or '...'}"
    if row["start_date"] is not None and row["start_date"] == row["end_date"]:
        days = str(row["start_date"])
    anchor = " ".join(filter(None, (row["anchor_origin"].replace("_", " "), str(row["anchor_date"] or ""))))
    origin = "" if row["anchor_origin"] == "explicit" else f"(from {anchor})"
    return " ".join(filter(None, (f"“{row['text']}”", days or row["timex_value"] or "unresolved", row["modifier"], origin)))


def _quote(row: Record, names: dict[str, str]) -> str:
    speaker = names.get(row["speaker_actor_id"] or "") or row["speaker_text"] or "nobody named"
    said = " … ".join(row["text"][c["start"] - row["start"] : c["end"] - row["start"]] for c in row["content"])
    return f"{speaker} ({', '.join(filter(None, (row['cue_text'], row['kind'])))}): {said}"


def _fact(row: Record, names: dict[str, str]) -> str:
    subject = names.get(row["subject_actor_id"] or "") or row["subject"] or ""
    clause = " ".join(filter(None, (subject, row["predicate"], row["object"])))
    firm = [row["status"]] if row["status"] != "occurred" else []
    firm += [row["modality"]] if row["modality"] != "asserted" else []
    firm += ["negative"] if row["polarity"] == "negative" else []
    firm += [f"by {row['source_text']}"] if row["source_text"] else []
    return clause + (f" [{', '.join(firm)}]" if firm else "")


def _actor(row: Record, _: dict[str, str]) -> str:
    return ", ".join(filter(None, (row["canonical_name"], row["type"], row["title"], row["country"])))


_SAID: Final[dict[str, Callable[[Record, dict[str, str]], str]]] = {
    "figures": _figure,
    "dates": _date,
    "quotes": _quote,
    "facts": _fact,
    "actors": _actor,
}


def _set(passage: Text, notes: Sequence[Text], console: Console) -> Iterator[Text]:
    """A paragraph with its rows: beside it on a wide terminal, else below."""
    if console.width < _BESIDE:
        for line in passage.wrap(console, console.width):
            line.rstrip()
            yield line
        for note in notes:
            yield from _hanging(note, console, console.width - 2, "  ")
        return
    left = (console.width - len(_GAP)) * 11 // 20
    text = list(passage.wrap(console, left))
    beside = [line for note in notes for line in _hanging(note, console, console.width - left - len(_GAP), "")]
    for at in range(max(len(text), len(beside))):
        line = text[at] if at < len(text) else Text()
        line.rstrip()
        line.pad_right(left - line.cell_len)
        yield line.append(_GAP).append_text(beside[at]) if at < len(beside) else line


def _hanging(note: Text, console: Console, width: int, indent: str) -> Iterator[Text]:
    """A note in lines; what goes on is set in below its words."""
    label, words = note.divide([4])
    for at, line in enumerate(words.wrap(console, max(width - 4, 20))):
        line.rstrip()
        yield Text(indent).append_text(label if at == 0 else Text("    ")).append_text(line)
