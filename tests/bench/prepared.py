"""A dataset of any size, made without the model: rows that look like those of a run, in commits as a run makes them.

A commit is what one day brought. Ids, hashes and signatures are drawn at random, for they are what makes columns heavy; every tenth
article is a copy of the one before it. All else is alike.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.dataset import Commit, Dataset, Input, Writer, writing
from pipeline.dataset.rewrite import rows_by_table
from pipeline.upkeep import tidied
from schemas.actor import Actor
from schemas.arrow import to_table
from schemas.article import Article
from schemas.cluster import Cluster
from schemas.date import Date
from schemas.fact import Fact
from schemas.fact_row import Stretch
from schemas.figure import Figure
from schemas.quote import Quote
from transforms.flow.write import StagedFile, write_table
from transforms.repeats import fingerprint

FIRST_DAY: Final = dt.datetime(2023, 1, 1, 6, tzinfo=dt.UTC)
COPIES: Final = 10  # every so many articles, one is a copy
TEXT: Final = " ".join(f"Ministers of {number} countries counted their troops." for number in range(12))

_ROWS: Final = {"actors": 3, "figures": 2, "dates": 1, "quotes": 1, "facts": 3}  # an article
_AT: Final = {"start": 0, "end": 9, "text": "Ministers", "rule": "prepared", "version": 1}
_LIKE: Final[dict[str, Any]] = {
    "actors": Actor(**_AT, mention="nominal", name="Ministers", canonical_name="Ministers", actor_id="", type="group"),
    "figures": Figure(**_AT, kind="count", value=12.0, counted="countries", counted_head="country"),
    "dates": Date(**_AT, timex_type="DATE", timex_value="2023-01-01", anchor_origin="explicit"),
    "quotes": Quote(**_AT, kind="direct", content=(Stretch(start=0, end=9),)),
    "facts": Fact(**_AT, predicate="counted", predicate_lemma="count", predicate_start=0, predicate_end=9, subject="Ministers"),
}

Hex = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Day:
    """The articles of a day, by what tells them apart."""

    number: int
    ids: list[str]
    texts: list[str]  # sha256 of each
    words: list[str]  # sha256 of each
    signatures: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, number: int, articles: int) -> "Day":
        """The articles of a day; the same on every machine."""
        dice = np.random.default_rng([2026, number])
        ids, texts, words = (_hex(dice, articles, bytes_) for bytes_ in (16, 32, 32))
        signatures = dice.integers(0, 1 << 32, (articles, 128), np.uint32)
        for copy in range(COPIES - 1, articles, COPIES):
            words[copy], signatures[copy] = words[copy - 1], signatures[copy - 1]
        return cls(number, ids, texts, words, signatures)

    @property
    def moment(self) -> dt.datetime:
        """When it was read."""
        return FIRST_DAY + dt.timedelta(days=self.number)

    def tables(self, run: str) -> dict[str, pa.Table]:
        """The rows of all tables."""
        published = pa.array(np.datetime64(self.moment.replace(tzinfo=None), "us") + np.arange(len(self.ids)) * np.timedelta64(60, "s"))
        own = {"article_id": self.ids, "published_at": published, "run_id": [run] * len(self.ids)}
        tables = {"articles": self._articles(own), "clusters": self._clusters(own)}
        for table, count in _ROWS.items():
            chosen = np.repeat(np.arange(len(self.ids)), count)
            rows = _hex(np.random.default_rng([self.number, len(table)]), len(chosen), 16)
            tables[table] = _alike(_LIKE[table], {n: pa.array(v).take(pa.array(chosen)) for n, v in own.items()} | {"row_id": rows})
        return tables

    def _articles(self, own: Mapping[str, Any]) -> pa.Table:
        like = Article(
            article_id="",
            version=1,
            source_uri=f"wire/{self.number:05d}.jsonl",
            input_format="jsonl",
            outlet="Wire",
            fetched_at=self.moment,
            text=TEXT,
            text_sha256="",
            **fingerprint(TEXT)._asdict(),
        )
        signatures = pa.ListArray.from_arrays(
            pa.array(np.arange(0, self.signatures.size + 1, self.signatures.shape[1], dtype=np.int32)), pa.array(self.signatures.ravel())
        )
        return _alike(like, {**own, "text_sha256": self.texts, "words_sha256": self.words, "signature": signatures})

    def _clusters(self, own: Mapping[str, Any]) -> pa.Table:
        cluster, canonical, kind = list(self.ids), [True] * len(self.ids), [None] * len(self.ids)
        for copy in range(COPIES - 1, len(self.ids), COPIES):
            cluster[copy - 1] = cluster[copy] = min(self.ids[copy - 1 : copy + 1])
            canonical[copy], kind[copy] = False, "exact"
        like = Cluster(article_id="", version=1, cluster_id="", is_canonical=True)
        return _alike(like, {**own, "cluster_id": cluster, "is_canonical": canonical, "duplicate_kind": kind})


def _hex(dice: np.random.Generator, count: int, width: int) -> list[str]:
    drawn = dice.bytes(count * width).hex()
    return [drawn[at : at + 2 * width] for at in range(0, len(drawn), 2 * width)]


def _alike(record: Any, own: Mapping[str, Any]) -> pa.Table:
    """As many rows like the record as the columns of `own` are long, with these columns."""
    count = len(own["article_id"])
    rows = to_table(type(record), [record]).take(pa.array(np.zeros(count, np.int64)))
    for name, values in own.items():
        if (at := rows.schema.get_field_index(name)) >= 0:
            rows = rows.set_column(at, rows.schema.field(at), pa.array(values, rows.schema.field(at).type))
    return rows


def stage(tables: Mapping[str, pa.Table], folder: Path) -> list[StagedFile]:
    """Write the rows of each table to one file in a staging folder."""
    return [write_table(table, rows, folder, "0000") for table, rows in tables.items()]


def fill(root: Path, days: int, articles: int) -> None:
    """Make a dataset of so many days with so many articles each, upkeep after each commit."""
    with writing(Dataset.create(root)) as writer:
        for number in range(days):
            day = Day.of(number, articles)
            commit_day(writer, day)
            tidied(writer, f"tidy-{number}", day.moment)


def commit_day(writer: Writer, day: Day) -> None:
    """Commit the articles of a day as a run would."""
    run, source = f"{day.moment:%Y%m%dT%H%M%S}-{day.number:06d}", f"wire/{day.number:05d}.jsonl"
    staged = stage(day.tables(run), writer.staging(run, "0000"))
    tally = {"records": len(day.ids), "articles": len(day.ids), "rejects": 0, "repeats": 0, "unchanged": 0, "filtered": 0}
    writer.commit(
        Commit(
            run=run,
            slice="0000",
            staged=staged,
            rows=rows_by_table(staged),
            inputs=[Input(source, 1_000_000 + day.number, 1, len(day.ids), done=True)],
            account=tally | {"sources": {source: tally}},
            options={"sources": ["wire"], "workers": None},
            created=day.moment,
        )
    )
