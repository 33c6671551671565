"""What the tests of fetching share: feeds to serve, one address fetched and read, and runs whose engine writes articles without a model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.account import FeedReport
from pipeline.graph import Graph
from pipeline.options import Fetching, RunOptions
from pipeline.run import Outcome, run
from schemas.article import Article
from transforms.flow.packed import packed
from transforms.flow.receipt import Receipt, receipts_in, write_shard
from transforms.repeats import fingerprint

INTRANET = Fetching(private=True, feed_gap=0.0, page_gap=0.0)
WORDS = "The council of the town said on Monday that the old bridge stays closed until the spring, and that the ferry runs. "


def item(number: int, text: str | None = None, *, link: str | None = None, guid: str | None = None) -> str:
    link = f"https://e.org/{number}" if link is None else link
    guid = f"g{number}" if guid is None else guid
    return (
        f"<item><title>Story {number}</title>"
        + (f"<link>{link}</link>" if link else "")
        + (f"<guid>{guid}</guid>" if guid else "")
        + f"<description>{text or WORDS + str(number)}</description></item>"
    )


def rss(*items: str, head: str = "", declaration: str = "<?xml version='1.0' encoding='utf-8'?>") -> bytes:
    return f"{declaration}<rss version='2.0'><channel><title>The Post</title>{head}{''.join(items)}</channel></rss>".encode()


@dataclass(frozen=True)
class Ran:
    """How a run ended, and what it left."""

    outcome: Outcome
    dataset: Path

    @property
    def feed(self) -> FeedReport:
        (only,) = self.outcome.account.feeds.values()
        return only

    @property
    def articles(self) -> int:
        return self.outcome.account.total.articles

    @property
    def exit_code(self) -> int:
        return self.outcome.exit_code

    def rows(self, table: str = "articles") -> list[dict[str, Any]]:
        return [row for file in sorted((self.dataset / table).rglob("*.parquet")) for row in pq.ParquetFile(file).read().to_pylist()]

    def everything(self) -> str:
        """All that was kept of the run: rows, rejects, manifests, the account."""
        kept = "".join(str(self.rows(table)) for table in ("articles", "rejects"))
        return kept + str(self.outcome.as_dict()) + "".join(p.read_text("utf-8") for p in (self.dataset / "_runs").iterdir())


@pytest.fixture
def articles_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that writes articles and rejects as they are read: what fetching does is seen without the model."""
    monkeypatch.setattr("pipeline.engines.local.executed", _written)


def _written(graph: Graph, **_: Any) -> list[Receipt]:
    items = [item for take in graph.takes for item in take.items()]
    articles = [replace(a, language="en", **fingerprint(a.text or "")._asdict()) for a in items if isinstance(a, Article)]
    rejects = [i for i in items if not isinstance(i, Article)]
    write_shard([packed({"articles": articles, "rejects": rejects})], staging=graph.staging, name="000000", run_id=graph.run_id)
    return receipts_in(graph.staging)


def ran(where: Path, sources: Sequence[str] | str = (), **options: Any) -> Ran:
    """A run over addresses into `where`/ds; `fetching` takes the place of the intranet's."""
    given = (sources,) if isinstance(sources, str) else tuple(sources)
    made = RunOptions(**{"sources": given, "output": where / "ds", "fetching": INTRANET, "workers": 1, "max_bad": 1.0} | options)
    outcome = run(made)
    assert outcome.account.total.balances
    return Ran(outcome, where / "ds")
