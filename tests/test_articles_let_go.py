"""What an article took is let go of step by step: of a very long one, tokens, drafts and rows would else stand beside one another."""

import datetime as dt
import gc
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines.execute import words_to
from pipeline.engines.forked_graph import KeptGraph
from pipeline.graph import Graph
from schemas.actor import Actor
from tests.bench.article_files import SEEDS, first
from transforms import steps
from transforms.annotate import Annotated
from transforms.flow.take import FromSource
from transforms.parse.clause import Clause
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.read import Defaults, Source


def test_what_an_article_took_is_gone_at_the_next_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gc.collect()
    before = {id(each) for each in gc.get_objects()}
    there: dict[str, set[type]] = {}

    def watched(name: str) -> None:
        function = getattr(steps, name)

        def seen(*given: Any, **named: Any) -> Any:
            new = (each for each in gc.get_objects() if id(each) not in before)
            there[name] = {type(each) for each in new} & {Annotated, Clause, Actor}
            return function(*given, **named)

        monkeypatch.setattr(steps, name, seen)

    watched("link_drafts")
    watched("write_shard")
    source = first(SEEDS, 1, tmp_path)
    take = FromSource(Source(str(source), str(source)), Defaults(dt.datetime.now(dt.UTC)), ((1, 1),))
    with words_to(tmp_path):
        graph = Graph((take,), 1, PINNED_MODEL, "full", tmp_path, "run")
        KeptGraph(graph.work, ()).over(graph)
    assert there == {"link_drafts": {Clause, Actor}, "write_shard": set()}
