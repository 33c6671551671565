"""Factwire inside a Beam pipeline of somebody else's: articles in, tables of rows out; no dataset, no driver of ours."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
from apache_beam.transforms.trigger import DefaultTrigger

from pipeline.build import drafted
from pipeline.graph import Work
from schemas.arrow import complaints
from schemas.article import Article
from schemas.ids import text_sha256
from schemas.reject import Reject
from schemas.tables import FACT_TABLES, TABLES
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.read import Defaults, Origin, Source
from transforms.read.given import LONGEST_TEXT
from transforms.read.jsonl import record_items
from transforms.read.record import Reading
from transforms.steps import Linked, Read, link_drafts
from transforms.user_data import checked

MADE: Final = ("articles", *FACT_TABLES, "rejects")  # `clusters` are of a dataset, which knows all copies
_RECORD: Final = "record"  # the source of what was read from no file


@dataclass
class Extract(beam.PTransform[Any, Any]):
    """Articles -> a PCollection of rows a table, by its name: articles, actors, figures, dates, quotes, facts and rejects.

    The input is PCollection[Article | Reject]: articles by `schemas.article` (`read_record` makes them), and what became none, which goes
    on to `rejects`. Rows are the records of `schemas`, those that a run of `factwire` writes for the same article, but for `version`, which
    is the article's own (a dataset counts it), and `run_id`, which is empty. A dict, as `extract` gives for one text: both have the tables
    that the schemas name, so a new table needs no change here or there.

    An article whose text is missing, too long or not what its hash says is a reject, and so is one that the model or a rule fails on; the
    rest goes on. The same text of the same article counts once a window. `model` is a package's name; `lexicons` and `gazetteer` are
    paths that every worker must reach; `batches` is how many groups the articles of a window are annotated in: no less than the
    workers that there are, and no more than a sixth or so of the articles, since the model is fastest with some at once.

    Raises ValueError where the input's windows fire before all is there or again for what is late: rows of one article would be torn
    apart. Raises LexiconError and GazetteerError for what is none. A worker without the model raises ModelMissingError.
    """

    model: str = PINNED_MODEL
    lexicons: Path | None = None
    gazetteer: Path | None = None
    batches: int = 64

    def expand(self, items: Any) -> Any:
        """The product's own steps, up to the rows."""
        _check_windows(items.windowing)
        own = checked(self.lexicons, self.gazetteer)
        received = items | "Received" >> beam.Map(received_of)
        drafts, rejects = drafted(received, Work(self.model, "full", own, self.batches), as_it_is)
        linked = drafts | "Meet" >> beam.GroupByKey() | "Link" >> beam.Map(link_drafts, own)
        found = {
            table: linked | f"RowsOf{table.title()}" >> beam.FlatMap(rows_of_table, table).with_output_types(TABLES[table])
            for table in MADE
        }
        set_aside = (found["rejects"], rejects) | "AllRejects" >> beam.Flatten()
        return found | {"rejects": set_aside}


def _check_windows(windowing: Any) -> None:
    if windowing.triggerfn != DefaultTrigger() or windowing.allowed_lateness != 0:
        raise ValueError(
            f"Extract takes windows that are handed on once, when they are over, not {windowing.triggerfn} with"
            f" {windowing.allowed_lateness} s for what is late; give it `beam.WindowInto(...)` without trigger and allowed_lateness"
        )


def as_it_is() -> None:
    """Leave a process as it is that belongs to somebody else: no collector tuned, no allocator chosen."""


def received_of(item: Read) -> Read:
    """What was handed in, if rows can be made of it, or else its reject. Raises TypeError for what is neither article nor reject."""
    if isinstance(item, Reject):
        return item
    if not isinstance(item, Article):
        raise TypeError(f"Extract takes articles (schemas.article.Article), not {type(item).__name__}; `read_record` makes them of dicts")
    text = item.text or ""
    if not text.strip():
        return _refused(item, "missing_text", "has no text")
    if len(text) > LONGEST_TEXT:
        return _refused(
            item, "too_long", f"has {len(text):,} characters, more than the {LONGEST_TEXT:,} that an article may have: split it"
        )
    if wrong := complaints(item):
        return _refused(item, "bad_value", "; ".join(wrong))
    if item.text_sha256 != text_sha256(text):
        return _refused(item, "bad_value", "text_sha256 is not that of the text: take schemas.ids.text_sha256(text)")
    return item


def _refused(article: Article, reason: Any, message: str) -> Reject:
    return Reject(
        scope="record",
        step="read",
        reason=reason,
        message=message,
        source_uri=article.source_uri,
        article_id=article.article_id,
        payload=(article.text or article.title or "")[:200],
    )


def rows_of_table(linked: Linked, table: str) -> Iterable[Any]:
    """The rows of one table of one article."""
    rows, rejects = linked
    if table == "articles":
        return (rows.article,)
    found: Iterable[Any] = rejects if table == "rejects" else getattr(rows, table)
    return found


def read_record(record: Mapping[str, Any]) -> Iterable[Read]:
    """The article that a mapping is, or its reject; for FlatMap, since a part of it may be set aside beside it.

    Its keys are those of a line of a .jsonl file: `text`, and if there are any `id`, `url`, `title`, `outlet`, `byline`, `published_at` (ISO
    8601, or a date or datetime of Python's) and `language`; others are passed over. The article is known by its url, or else by outlet
    and id, or else by its text.
    """
    published = record.get("published_at")
    plain = dict(record) | ({"published_at": published.isoformat()} if isinstance(published, dt.date) else {})
    known_by = text_sha256(str(record.get("text")).encode("utf-8", "replace").decode("utf-8"))
    reading = Reading(Source(_RECORD, ".", origin=Origin(_RECORD, known_by)), Defaults(dt.datetime.now(dt.UTC)))
    for read in record_items(reading, plain):
        yield replace(read.item, version=1) if isinstance(read.item, Article) else read.item
