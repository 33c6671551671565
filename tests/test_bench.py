"""What the bench measures by: a stage's own time, and every stage of the graph; and that each part of it finds what it measures."""

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import bench, soak
from tests.bench import stages
from tests.bench.article_files import SEEDS, first
from transforms.extract import EXTRACTORS


@pytest.mark.parametrize(
    "name", [m.name for p in (bench, soak) for m in pkgutil.iter_modules(p.__path__, f"{p.__name__}.") if "__main__" not in m.name]
)
def test_every_part_can_be_loaded(name: str) -> None:
    """Only people run them, and mypy does not look at tests: a name that moved was noticed by nobody."""
    importlib.import_module(name)


def test_of_nested_stages_the_inner_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 3.0, 7.0, 15.0])
    monkeypatch.setattr(stages.time, "process_time", lambda: next(clock))
    watch = stages.Stopwatch()
    with watch.at("outer"), watch.at("inner"):
        pass
    assert watch.seconds == {"outer": 10.0, "inner": 4.0}


def test_what_a_function_yields_is_timed_and_kept() -> None:
    watch = stages.Stopwatch()
    assert watch.timed("count", lambda upto: (number for number in range(upto)))(3) == [0, 1, 2]
    assert set(watch.seconds) == {"count"}


def test_every_stage_of_the_graph_is_measured(tmp_path: Path) -> None:
    source = first(SEEDS, 2, tmp_path)
    done = subprocess.run([sys.executable, "-m", "tests.bench.stages", str(source)], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert all(milliseconds > 0 for milliseconds in found.values())
    wanted = {stage for _, _, stage in stages.CALLS} | {"read", "tokenizer", "tok2vec", "tagger", "parser", "ner", stages.BEAM}
    assert wanted | set(EXTRACTORS) <= set(found)
