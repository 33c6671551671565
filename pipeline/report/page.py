"""The page: one file that asks the network for nothing and runs no script but its own.

Its Content-Security-Policy names style and script by their hashes and forbids all else, so that text which came to be markup by some error
would still not run; scripts make elements and text, never HTML out of text (trusted types hold them to it).
"""

import base64
import hashlib
import html
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from string import Template
from typing import Any, Final

import duckdb

import pipeline
from pipeline.answers.article_page import Page
from pipeline.answers.exported_files import check_place, whole
from pipeline.answers.lookup import records
from pipeline.dataset import Dataset
from pipeline.dataset.views import connect, steadily
from pipeline.options import UsageError
from pipeline.report.articles import STATUSES, block, listed, named, searched
from pipeline.report.chosen import Wanted, choose, pages
from pipeline.report.overview import glossary, overview
from pipeline.report.packed_data import packed, transposed
from pipeline.report.timeline import events

_BLOCK: Final = 16  # articles that are packed together: one is opened at the price of so many
_ASSETS: Final = Path(__file__).parent / "assets"
_STYLES: Final = ("colours.css", "frame.css", "views.css", "article.css")
# One script, in the order in which its parts lean on one another.
_SCRIPTS: Final = (
    "elements.js",
    "words.js",
    "data.js",
    "charts.js",
    "overview.js",
    "filters.js",
    "form.js",
    "list.js",
    "marks.js",
    "row.js",
    "article.js",
    "timeline.js",
    "main.js",
)

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What a page holds."""

    articles: int
    of: int  # articles that there were to choose from
    unanalysed: dict[str, int]  # of these, by language, those that were not analysed
    without_text: int
    size: int  # bytes


def report(path: Path, file: Path, wanted: Wanted) -> Written:
    """Write the page of a dataset to a file, which is there whole or not at all. Raises UsageError, DatasetError, OSError."""
    if file.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{file}: a report is a page for a browser; end its name in .html")
    check_place(file, path)
    return steadily(path, lambda dataset: _written(dataset, file, wanted))


def _written(dataset: Dataset, file: Path, wanted: Wanted) -> Written:
    with connect(dataset) as connection, whole(file) as unfinished:
        head = _head(connection, dataset, wanted)
        with unfinished.open("w", encoding="utf-8", newline="\n") as page:
            page.writelines(_elements(connection, wanted, head))
        told = head["overview"]
        languages = {row["language"]: row["articles"] for row in told["languages"]["rows"]}
        return Written(head["articles"], head["of"], languages, told["counts"]["rows"][0]["without_text"], unfinished.stat().st_size)


def _head(connection: duckdb.DuckDBPyConnection, dataset: Dataset, wanted: Wanted) -> Record:
    """What the page knows as soon as it is open."""
    of = choose(connection, wanted)
    if not of:
        raise UsageError(f"{dataset.shown}: holds no article that could be reported on, or none that --outlet, --since and --until leave")
    (articles,) = connection.execute("SELECT count(*) FROM chosen").fetchone() or (0,)
    narrow = wanted.narrowed
    return {
        "dataset": Path(dataset.shown).resolve().name,
        "factwire": pipeline.__version__,
        "commit": dataset.log.sequence,
        "articles": articles,
        "of": of,
        "single": wanted.article is not None,
        "only": {"outlet": narrow.outlet, "since": narrow.since, "until": narrow.until},
        "block": _BLOCK,
        "statuses": STATUSES,
        "overview": overview(connection, wanted),
        "glossary": glossary(connection),
    }


def _elements(connection: duckdb.DuckDBPyConnection, wanted: Wanted, head: Record) -> Iterator[str]:
    """The page, piece by piece: as many articles are in memory as are packed together."""
    before, after = _shell(f"{head['dataset']}: what the news says").split("<data/>")
    yield before
    yield packed("head", head)
    copies = _by(records(connection, _COPIES), "cluster_id")
    corrections = _by(records(connection, _CORRECTIONS), "article_id")
    lines, names = list[Record](), list[list[str]]()
    for number, some in enumerate(_batches(pages(connection))):
        lines += map(listed, some)
        names += map(named, some)
        blocks = []
        for page in some:
            a = page.article
            others = [c for c in copies[a["cluster_id"]] if c["article_id"] != a["article_id"]]
            blocks.append(block(page, others, corrections[a["article_id"]]))
        yield packed(f"rows-{number}", blocks)
        yield packed(f"texts-{number}", [searched(page) for page in some])
    yield packed("list", transposed(lines))
    yield packed("names", _numbered(names))
    yield packed("events", events(connection, wanted))
    yield after


_COPIES: Final = """
SELECT a.cluster_id, a.article_id, a.outlet, a.canonical_url, a.duplicate_kind FROM articles a
WHERE a.cluster_id IN (SELECT cluster_id FROM articles GROUP BY 1 HAVING count(*) > 1)
  AND a.cluster_id IN (SELECT cluster_id FROM articles SEMI JOIN chosen USING (article_id, version))
ORDER BY a.published_at, a.article_id
"""
_CORRECTIONS: Final = """
SELECT c.* FROM corrections c SEMI JOIN chosen USING (article_id, version)
WHERE c.holds AND c.action <> 'undo' ORDER BY c.corrected_at, c.row_id, c.field
"""


def _by(rows: Iterable[Record], column: str) -> defaultdict[str, list[Record]]:
    found = defaultdict[str, list[Record]](list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _batches(found: Iterator[Page]) -> Iterator[list[Page]]:
    while some := list(islice(found, _BLOCK)):
        yield some


def _numbered(lists: list[list[str]]) -> dict[str, Any]:
    """Lists of names as numbers in one list of all, in the order of the alphabet."""
    every = sorted({name for some in lists for name in some}, key=lambda name: (name.casefold(), name))
    number = {name: n for n, name in enumerate(every)}
    return {"names": every, "of": [[number[name] for name in some] for some in lists]}


def _shell(title: str) -> str:
    """The page without its data."""
    style, script = ("".join((_ASSETS / name).read_text("utf-8") for name in names) for names in (_STYLES, _SCRIPTS))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    frame = Template((_ASSETS / "page.html").read_text("utf-8"))
    return frame.substitute(title=html.escape(title), policy=policy, style=style, script=script)


def _hash(source: str) -> str:
    """What a policy calls an inline style or script by: it is allowed with just these characters."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}'"
