"""Graphs run in the test's own process, where what a test has put in the place of a part is seen."""

from typing import Any

import pytest

from pipeline.engines.execute import execute
from pipeline.graph import Graph
from transforms.flow.receipt import Receipt, receipts_in


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs use no worker."""
    monkeypatch.setattr("pipeline.engines.local.executed", _executed)


def _executed(graph: Graph, **_: Any) -> list[Receipt]:
    from pipeline.engines.forked_graph import KeptGraph

    execute(graph, KeptGraph(graph.work, ()))
    return receipts_in(graph.staging)
