"""Graphs run in the test's own process, where what a test has put in the place of a part is seen."""

from typing import Any

import pytest

from pipeline.execute import execute
from pipeline.graph import Graph
from transforms.receipt import Receipt, receipts_in


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs use no worker."""
    for verb in ("run", "parts"):
        monkeypatch.setattr(f"pipeline.{verb}.executed", _executed)


def _executed(graph: Graph, *, runner: str, **_: Any) -> list[Receipt]:
    execute(graph, runner=runner, beam_options=())
    return receipts_in(graph.staging)
