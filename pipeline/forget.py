"""A takedown: an article's texts and rows go from every file, and it is not read again.

What goes: all versions of the article that was named, and versions of other articles with the very same text, since the
text is to be in no file. What has only nearly the same text stays and is named. The commit remembers hashes (see
`dataset.takedown`), and the manifests before it, which name sources, are folded away.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.answers.lookup import records
from pipeline.copies import Remaining, remaining_without
from pipeline.dataset import DamagedDatasetError, Dataset, IntegrityError, Writer, writing
from pipeline.dataset.regular import check_regular
from pipeline.dataset.rewrite import Rewriting, versions_among
from pipeline.dataset.takedown import hash_of_address, hash_of_source, redacted
from pipeline.dataset.verify import strangers
from pipeline.dataset.views import connect
from pipeline.options import UsageError
from pipeline.run_id import new_run_id
from pipeline.traces import Traces
from pipeline.wording import many
from schemas.arrow import to_table
from schemas.cluster import Cluster
from schemas.tables import FACT_TABLES
from transforms.flow.write import StagedFile, write_table
from transforms.read.web_address import canonical_url, web_address

_OF_ONE_ARTICLE = ("txt", "html")  # formats of sources whose very name tells of their article

_NAMED = "SELECT DISTINCT article_id FROM articles_all WHERE article_id = $article OR canonical_url = $url"
_GOING = """
WITH named AS (SELECT article_id, text_sha256 FROM articles_all WHERE article_id IN (SELECT unnest($named)))
SELECT article_id, version, article_id IN (SELECT article_id FROM named) AS named,
    text, title, text_sha256, canonical_url, source_uri, input_format
FROM articles_all
WHERE article_id IN (SELECT article_id FROM named) OR text_sha256 IN (SELECT text_sha256 FROM named)
ORDER BY article_id, version
"""


@dataclass(slots=True)
class Takedown:
    """What is to go, and by which hashes it is remembered."""

    named: list[str]  # article ids
    going: list[dict[str, Any]]  # rows of `articles`: all versions of those that were named, and what has the same text
    addresses: set[str] = field(default_factory=set)  # as the user gave it, as sources are called
    texts: frozenset[str] = frozenset()  # sha256 of texts that are to be in no file, whoever has them
    rejected_before: dt.datetime | None = None  # rejects from before then go too

    @property
    def versions(self) -> list[tuple[str, int]]:
        """(article_id, version) of each."""
        return [(row["article_id"], row["version"]) for row in self.going]

    @property
    def sources(self) -> set[str]:
        """The sources that hold nothing but what goes."""
        return self.addresses | {row["source_uri"] for row in self.going if row["input_format"] in _OF_ONE_ARTICLE}

    def hashes(self) -> list[str]:
        """What is remembered."""
        mine = [row for row in self.going if row["named"]]
        urls = {row["canonical_url"] for row in mine if row["canonical_url"]} | {url for a in self.addresses if (url := canonical_url(a))}
        found = {*self.named, *self.texts, *map(hash_of_address, urls), *map(hash_of_source, self.sources)}
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget` did."""

    rows: dict[str, int] = field(default_factory=dict)  # taken out, by table
    same_text: tuple[str, ...] = ()  # other articles that had the very same text, and lost it too
    near: tuple[str, ...] = ()  # articles with nearly the same text, which stay

    def __str__(self) -> str:
        if not self.rows:
            return "forgotten already: nothing of it is left"
        told = "forgotten: " + ", ".join(f"{many(n, 'row')} of {table}" for table, n in self.rows.items())
        if self.same_text:
            told += f"\nthe very same text stood in {', '.join(self.same_text)}: taken out there too"
        if self.near:
            told += f"\nnearly the same text stays in {', '.join(self.near)}: forget them by --article if they are meant too"
        return told


def forget(output: Path, *, url: str | None = None, article: str | None = None) -> Forgotten:
    """Take an article out of a dataset, named by its address or its id.

    Raises UsageError where no article is so named, DatasetError, OSError. IntegrityError after the commit where a Parquet file
    that belongs to no commit still holds the article: such files are never touched.
    """
    now = dt.datetime.now(dt.UTC)
    with writing(Dataset.open(output)) as writer:
        return forgotten(writer, new_run_id(now), now, url=url, article=article)


def forgotten(writer: Writer, run: str, now: dt.datetime, *, url: str | None = None, article: str | None = None) -> Forgotten:
    """Take an article out of the dataset that a writer holds, as `forget` does."""
    return taken_down(writer, run, now, _takedown(writer.dataset, url, article))


def taken_down(writer: Writer, run: str, now: dt.datetime, takedown: Takedown) -> Forgotten:
    """Take out what goes in one commit, which remembers that. Raises as `forget` does."""
    staging = writer.staging(run, "forget")
    rewriting = Rewriting(writer.dataset, staging)
    remaining = remaining_without(writer.dataset, takedown.versions, run_id=run)
    rows = _taken_out(rewriting, takedown)
    known = set(takedown.hashes()) <= writer.dataset.log.forgotten
    if rewriting.removes or not known:
        settled = _settled(remaining, staging)
        writer.commit(
            rewriting.commit(run=run, slice="forget", also=settled, forgets=takedown.hashes(), options={"forget": 1}, created=now)
        )
    _check_strangers(writer.dataset, takedown)
    same = sorted({row["article_id"] for row in takedown.going if not row["named"]})
    return Forgotten(rows, tuple(same), remaining.articles)


def _takedown(dataset: Dataset, url: str | None, article: str | None) -> Takedown:
    if (url is None) == (article is None):
        raise UsageError("name the article by --url or by --article, one of them")
    canonical = canonical_url(url)
    if url is not None and canonical is None:
        raise UsageError(f"{url!r} is no web address; give it with http:// or https://, or name the article by --article")
    addresses = {plain for plain in (canonical, web_address(url)) if plain}
    with connect(dataset) as connection:
        found = connection.execute(_NAMED, {"article": article, "url": canonical}).fetchall()
        going = records(connection, _GOING, named=[row[0] for row in found])
        rejected = connection.execute("SELECT count(*) FROM rejects WHERE list_contains($uris, source_uri)", {"uris": list(addresses)})
        counted = rejected.fetchone()
    texts = frozenset(row["text_sha256"] for row in going)
    takedown = Takedown([row[0] for row in found] or [article or hash_of_address(canonical or "")], going, addresses, texts)
    if not going and not (counted and counted[0]) and not set(takedown.named) <= dataset.log.forgotten:
        raise UsageError(f"no article of the dataset has the {'address' if url else 'id'} {url or article}; nothing was done")
    return takedown


def _taken_out(rewriting: Rewriting, takedown: Takedown) -> dict[str, int]:
    """Leave the article's rows out of every table; how many rows that were in each."""
    mask = versions_among(takedown.versions)
    rows = Counter(
        {table: rewriting.leave_out(table, ("article_id", "version"), mask) for table in ("articles", *FACT_TABLES, "corrections")}
    )
    named = pa.array(takedown.named, pa.string())

    def clustered(found: pa.Table) -> Any:
        return pc.or_(mask(found), pc.is_in(found["cluster_id"], value_set=named))

    rows["clusters"] = rewriting.leave_out("clusters", ("article_id", "version", "cluster_id"), clustered)
    rows["rejects"] = _rejects(rewriting, takedown)
    return {table: n for table, n in rows.items() if n}


def _rejects(rewriting: Rewriting, takedown: Takedown) -> int:
    """Leave out the article's rejects, and take its words out of others; how many rows were touched."""
    named, sources = pa.array(takedown.named, pa.string()), pa.array(sorted(takedown.sources), pa.string())
    traces = Traces(word for row in takedown.going if row["text_sha256"] in takedown.texts for word in (row["text"], row["title"]) if word)
    touched = 0
    for file in rewriting.dataset.live_files("rejects"):
        rows = rewriting.read(file)
        own = pc.or_(pc.fill_null(pc.is_in(rows["article_id"], value_set=named), False), pc.is_in(rows["source_uri"], value_set=sources))
        if takedown.rejected_before:
            own = pc.or_(own, pc.fill_null(pc.less(rows["rejected_at"], pa.scalar(takedown.rejected_before)), False))
        kept = rows.filter(pc.invert(own)).to_pylist()
        clean = [_without_traces(row, traces) for row in kept]
        changed = rows.num_rows - len(kept) + sum(a != b for a, b in zip(kept, clean, strict=True))
        if changed:
            rewriting.replace([file], pa.Table.from_pylist(clean, schema=rows.schema))
            touched += changed
    return touched


def _without_traces(row: dict[str, Any], traces: Traces) -> dict[str, Any]:
    """A reject whose excerpt does not hold words of the article; its hash lets a later run know it again."""
    return row | {column: redacted(row[column]) for column in ("payload", "message") if row[column] and traces.stand_in(row[column])}


def _settled(remaining: Remaining, staging: Path) -> list[StagedFile]:
    """The rows of `clusters` for the copies that stay."""
    return [write_table("clusters", to_table(Cluster, remaining.rows), staging, "settled")] if remaining.rows else []


def _check_strangers(dataset: Dataset, takedown: Takedown) -> None:
    holding = [name for name in strangers(dataset) if _holds(dataset.fetched(name), takedown)]
    if holding:
        names = ", ".join(f"{dataset.shown}/{name}" for name in holding)
        raise IntegrityError(f"{names}: belongs to no commit and may still hold the article, which is gone from all else; delete it")


def _holds(path: Path, takedown: Takedown) -> bool:
    """Whether a Parquet file has rows of the article; one that cannot be read or has no such column may have them."""
    try:
        check_regular(path)
        ids = pq.ParquetFile(path).read(columns=["article_id"])["article_id"]
    except (OSError, pa.ArrowException, KeyError, DamagedDatasetError):
        return True
    wanted: Sequence[str] = [article for article, _ in takedown.versions] or takedown.named
    return bool(pc.any(pc.is_in(ids, value_set=pa.array(wanted, pa.string()))).as_py())
