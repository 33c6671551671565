"""`factwire search`: articles that have some words, best first, with the quotes and facts in them that have these words too."""

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
from rich.text import Text

from pipeline.answers import forms, screen
from pipeline.answers.layout import marked, safe, wrapped
from pipeline.answers.search_index import TOKENS, index_of
from pipeline.dataset import Dataset
from pipeline.dataset.sentence_sql import MARKS
from pipeline.dataset.views import connect, steadily
from pipeline.options import UsageError
from pipeline.wording import many

FIRST: Final = 10  # hits that are shown, unless another number is asked for
_ROWS: Final = 3  # rows of a hit
_TITLE: Final = 5.0  # how much more a word in the title counts than one in the text
_WORDS: Final = 30  # of an excerpt, about
COLUMNS: Final = ("hit", "kind", "text", "title", "outlet", "day", "source", "row_id", "article_id")

_HITS: Final = """
SELECT article_id, bm25(texts, ?, 1.0) FROM texts JOIN docs ON docs.doc = texts.rowid WHERE texts MATCH ? ORDER BY 2, 1
"""
_ARTICLES: Final = """
WITH hits AS (SELECT unnest($ids) AS article_id, unnest($places) AS place)
SELECT a.article_id, a.title, a.outlet, coalesce(a.published_local_date, CAST(a.published_at AS DATE)) AS day,
       coalesce(a.canonical_url, a.source_uri) AS source, a.text
FROM hits JOIN articles a USING (article_id)
WHERE (a.is_canonical OR $copies) AND ($outlet IS NULL OR contains(lower(a.outlet), lower($outlet)))
  AND ($since IS NULL OR day >= $since) AND ($until IS NULL OR day <= $until)
ORDER BY place
"""
_IN_THEM: Final = """
SELECT article_id, 'quote' AS kind, row_id, text, start, "end" FROM quotes WHERE list_contains($ids, article_id) AND kind <> 'scare'
UNION ALL SELECT article_id, 'fact', row_id, text, start, "end" FROM facts WHERE list_contains($ids, article_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is searched for, and where."""

    words: str
    outlet: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    limit: int = FIRST
    copies: bool = False

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise UsageError(f"--limit is a number of articles from 1, not {self.limit}")


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that has the words, with an excerpt and the rows in it that have some of them."""

    article_id: str
    title: str | None
    outlet: str | None
    day: dt.date | None
    source: str
    excerpt: str
    has_text: bool
    rows: list[tuple[str, str, str]] = field(default_factory=list)  # kind, row_id, text with the words marked


@dataclass(frozen=True, slots=True)
class Terms:
    """Words as FTS5 takes them: all that must be there, and any of those that are to be there."""

    every: str
    some: str


def terms_of(words: str) -> Terms:
    """Words as a person types them: all must be there; "a phrase", OR, -without, and the beginning of a word* are known.

    Raises UsageError where nothing is left to look for.
    """
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    either = False
    for token in re.findall(r'-?"[^"]*"?|\S+', words):
        if token == "OR":
            either = bool(wanted)
            continue
        bare = token.removeprefix("-").strip('"')
        if not any(c.isalnum() for c in bare):
            continue
        term = '"' + bare.rstrip("*").replace('"', '""') + '"' + ("*" if bare.endswith("*") else "")
        if token.startswith("-"):
            unwanted.append(term)
        elif either:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        either = False
    if not wanted:
        raise UsageError(f"{words!r} has no word to look for; give words, or a phrase: factwire search OUT '\"flood insurance\" -fraud'")
    every = " AND ".join("(" + " OR ".join(group) + ")" for group in wanted)
    some = " OR ".join(term for group in wanted for term in group)
    return Terms(f"({every}) NOT ({' OR '.join(unwanted)})" if unwanted else every, some)


def search(path: Path, sought: Sought, tell: Callable[[str], None]) -> tuple[list[Hit], int]:
    """The first hits, best first, and how many articles have the words. Raises UsageError, DatasetError, OSError."""
    terms = terms_of(sought.words)
    return steadily(path, lambda dataset: _searched(dataset, terms, sought, tell))


def _searched(dataset: Dataset, terms: Terms, sought: Sought, tell: Callable[[str], None]) -> tuple[list[Hit], int]:
    with connect(dataset) as connection:
        with index_of(dataset, connection, tell) as index:
            ranked = index.execute(_HITS, (_TITLE, terms.every)).fetchall()
        found = connection.execute(
            _ARTICLES,
            {
                "ids": [article for article, _ in ranked],
                "places": list(range(len(ranked))),
                "copies": sought.copies,
                "outlet": sought.outlet,
                "since": sought.since,
                "until": sought.until,
            },
        ).fetchall()
        return _hits(connection, found[: sought.limit], terms), len(found)


def _hits(connection: duckdb.DuckDBPyConnection, found: Sequence[Any], terms: Terms) -> list[Hit]:
    """Hits with their excerpts and rows: the same words are looked for again in these few articles, in memory."""
    ids = [article for article, *_ in found]
    rows = connection.execute(_IN_THEM, {"ids": ids}).fetchall()
    with contextlib.closing(sqlite3.connect(":memory:")) as few:
        few.execute(f'CREATE VIRTUAL TABLE few USING fts5(text, tokenize="{TOKENS}")')
        few.executemany("INSERT INTO few (rowid, text) VALUES (?, ?)", ((n, row[5]) for n, row in enumerate(found) if row[5]))
        excerpts = dict(
            few.execute(
                f"SELECT rowid, snippet(few, 0, '{MARKS[0]}', '{MARKS[1]}', '…', {_WORDS}) FROM few WHERE few MATCH ?", (terms.some,)
            )
        )
        few.execute("DELETE FROM few")
        few.executemany("INSERT INTO few (rowid, text) VALUES (?, ?)", ((n, row[3]) for n, row in enumerate(rows)))
        best = list(
            few.execute(
                f"SELECT rowid, highlight(few, 0, '{MARKS[0]}', '{MARKS[1]}') FROM few WHERE few MATCH ? ORDER BY rank, rowid",
                (terms.some,),
            )
        )
    hits = [
        Hit(a, title, outlet, day, source, excerpts.get(n, ""), text is not None)
        for n, (a, title, outlet, day, source, text) in enumerate(found)
    ]
    by_id = {hit.article_id: hit for hit in hits}
    taken: dict[str, list[tuple[int, int]]] = {article: [] for article in ids}
    for number, text in best:
        article, kind, row_id, _, start, end = rows[number]
        # Clauses stand in each other: of those that overlap, the best is enough.
        if len(taken[article]) < _ROWS and all(end <= s or e <= start for s, e in taken[article]):
            taken[article].append((start, end))
            by_id[article].rows.append((kind, row_id, text))
    return hits


def flat(hits: Sequence[Hit]) -> Iterator[tuple[Any, ...]]:
    """A line an article and a line a row in it, as COLUMNS."""
    for number, hit in enumerate(hits, 1):
        home = (hit.title, hit.outlet, hit.day, hit.source)
        yield (number, "article", hit.excerpt, *home, None, hit.article_id)
        for kind, row_id, text in hit.rows:
            yield (number, kind, text, *home, row_id, hit.article_id)


def show(hits: Sequence[Hit], total: int, form: str, tell: Callable[[str], None]) -> None:
    """Print hits in one of the forms, and how many more there are."""
    if form != "table":
        forms.printed(form, COLUMNS, flat(hits))
    else:
        screen.say(list(_lines(hits, screen.out().width)))
        shown = many(total, "article") if total == len(hits) else f"{len(hits):,} of {total:,} articles (--limit {total} shows all)"
        screen.say([Text(shown, style="bold")])
    if any(not hit.has_text for hit in hits):
        tell("articles that are kept without their text (--text none) were searched by their titles, quotes and facts alone")


def _lines(hits: Sequence[Hit], width: int) -> Iterator[Text]:
    for number, hit in enumerate(hits, 1):
        label = f"{number}  "
        told = ", ".join(safe(part) for part in (hit.title or "(no title)", hit.outlet, hit.day) if part)
        for at, line in enumerate(wrapped(told, max(width - len(label), 20))):
            yield Text((label if at == 0 else " " * len(label)) + line, style="bold")
        for passage in marked(wrapped(safe(hit.excerpt), max(width - 4, 20)) if hit.excerpt else ()):
            yield Text("    ").append_text(passage)
        for kind, row_id, text in hit.rows:
            first = f"    {kind} {row_id[:12]}  "
            for at, passage in enumerate(marked(wrapped(safe(text), max(width - len(first), 20)))):
                yield Text(first if at == 0 else " " * len(first)).append_text(passage)
        yield Text(f"    article {hit.article_id[:12]}  {safe(hit.source)}", style="dim")
        yield Text()
