"""Articles as a page holds them: a line each in the list, and a block with its rows, which is unpacked where the article is opened.

Whatever points at a row points at it by its number in its table of the article, an actor by that of its first mention; ids of 32 digits would
be half of the page. What a text says is not told again: words of a row are read off the text, where there is one.
"""

import functools
import typing
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from pipeline.answers.article_page import Page, said_of
from pipeline.answers.explain import points_at
from pipeline.report.packed_data import columns
from schemas.column import columns_of
from schemas.fact import Modality, Status
from schemas.fact_row import FactRow
from schemas.tables import FACT_TABLES

ID: Final = 10  # characters of an id in the page: enough to name a row or an article by
STATUSES: Final = (*typing.get_args(Status), *typing.get_args(Modality))  # by which articles are looked for, as `query --status` has them
MAIN: Final = 8  # facts that stand before all others at most
_LEADING: Final = 2  # paragraphs of the body whose facts do
_DRAWN: Final = {"quotes": ("content",), "facts": ("predicate_start", "predicate_end")}  # offsets that are needed to mark a text

Record = dict[str, Any]


def listed(page: Page) -> Record:
    """What the list of articles says of one."""
    a = page.article
    facts = page.rows["facts"]
    return {
        "id": a["article_id"][:ID],
        "title": a["title"] or "",
        "outlet": a["outlet"] or "",
        "day": a["published_local_date"] or (a["published_at"].date() if a["published_at"] else None),
        "language": a["language"] or "",
        **{table: len(rows) for table, rows in page.rows.items()},
        "unclaimed": len(unclaimed(page)),
        "corrected": len(page.corrected),
        "statuses": sum(1 << n for n, status in enumerate(STATUSES) if any(status in (f["status"], f["modality"]) for f in facts)),
    }


def named(page: Page) -> list[str]:
    """The names of the actors that an article calls by a name, those mentioned most first."""
    mentions = Counter(r["canonical_name"] for r in page.rows["actors"])
    called = {r["canonical_name"] for r in page.rows["actors"] if r["mention"] == "name"}
    return [name for name, _ in mentions.most_common() if name in called]


def searched(page: Page) -> str:
    """Where words of an article are looked for: its text, or of one that is kept without, its title and the words of its facts."""
    a = page.article
    return str(a["text"]) if a["text"] is not None else "\n".join([a["title"] or "", *(f["text"] for f in page.rows["facts"])])


def block(page: Page, copies: Sequence[Record], corrections: Sequence[Record]) -> Record:
    """All that is shown of an article but its text: `copies` are the other articles of its cluster, `corrections` those that hold."""
    a = page.article
    places = {table: {r["row_id"]: n for n, r in enumerate(rows)} for table, rows in page.rows.items()}
    actors: dict[str, int] = {}
    for n, row in enumerate(page.rows["actors"]):
        actors.setdefault(row["actor_id"], n)
    numbers = places | {"actors": actors}
    return {
        "byline": a["byline"],
        "url": web_address(a["canonical_url"]),
        "source": PurePosixPath(a["source_uri"]).name,
        "published_at": a["published_at"],
        "origin": a["published_origin"],
        "version": a["version"],
        "kept": a["text"] is not None,
        "body": a["body_start"],
        "unclaimed": unclaimed(page),
        "main": main_facts(page),
        "copies": [{"outlet": c["outlet"], "kind": c["duplicate_kind"], "url": web_address(c["canonical_url"])} for c in copies],
        "corrections": [_correction(c, places) for c in corrections],
        "rows": {table: _rows(table, rows, numbers, page) for table, rows in page.rows.items() if rows},
    }


def unclaimed(page: Page) -> list[list[int]]:
    """The stretches that no row covers; rows that a person has added since cover some that the rules had left."""
    added = [r for rows in page.rows.values() for r in rows if r["row_id"] in page.corrected]
    left = [[s["start"], s["end"]] for s in page.article["unclaimed"]]
    return [[start, end] for start, end in left if not any(r["start"] <= start and end <= r["end"] for r in added)]


def web_address(url: str | None) -> str | None:
    """An address that a page may lead to: of the web, and nothing that a browser would run."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def main_facts(page: Page) -> list[int]:
    """The numbers of the facts that matter first: acts (not sayings) of headline, deck and the first paragraphs of the body, in text order."""
    body = [r["paragraph"] for rows in page.rows.values() for r in rows if r["section"] == "body"]
    last = min(body, default=0) + _LEADING - 1
    found = [n for n, f in enumerate(page.rows["facts"]) if not f["is_reporting"] and (f["section"] != "body" or f["paragraph"] <= last)]
    return found[:MAIN]


@functools.cache
def shown(table: str) -> tuple[str, ...]:
    """The columns of a table that a page shows: its own, but for places in the text, which are marked there, and an actor's own id."""
    common = {c.name for c in columns_of(FactRow)}
    return tuple(
        c.name
        for c in columns_of(FACT_TABLES[table])
        if c.name not in common and c.unit != "characters" and c.name not in ("content", "quoted")
    )


def _rows(table: str, rows: Sequence[Record], numbers: Mapping[str, Mapping[str, int]], page: Page) -> Record:
    pointing = points_at(table) | ({"actor_id": "actors"} if table == "actors" else {})
    words = () if page.article["text"] is not None else ("text",)
    made: Record = {
        "row_id": [r["row_id"][:ID] for r in rows],
        "said": [said_of(table, r, page.names) for r in rows],
        "corrected": [r["row_id"] in page.corrected for r in rows],
    }
    for name in ("rule", "start", "end", "paragraph", *words, *_DRAWN.get(table, ()), *shown(table)):
        known = numbers.get(pointing.get(name, ""))
        made[name] = [_pointed(r[name], known) if known is not None else _told(r[name], numbers["actors"]) for r in rows]
    return columns(made)


def _pointed(ids: Any, known: Mapping[str, int]) -> Any:
    """Ids as numbers of rows; those of rows that a person has dropped lead nowhere."""
    return [known[each] for each in ids if each in known] if isinstance(ids, list) else known.get(ids)


def _told(value: Any, actors: Mapping[str, int]) -> Any:
    """A value as the page takes it: a stretch as its ends, an argument as its role, its words and its actor."""
    if isinstance(value, list):
        return [_told(each, actors) for each in value]
    if isinstance(value, dict):
        return [value["role"], value["text"], actors.get(value["actor_id"])] if "role" in value else [value["start"], value["end"]]
    return value


def _correction(c: Record, places: Mapping[str, Mapping[str, int]]) -> Record:
    """What a person has put right; `row` is None where the row was dropped."""
    row = places[c["table_name"]].get(c["row_id"])
    told = {name: c[name] for name in ("table_name", "action", "field", "value", "was", "text", "why")}
    return told | {"row": row, "at": c["corrected_at"].date(), "value": c["value"] if c["action"] == "set" else None}
