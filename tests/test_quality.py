"""The gate: accuracy on the shipped gold, measured through the whole pipeline, may not fall below its floors."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.answers.named import named_queries
from tests.quality.__main__ import below, flat

ROOT = Path(__file__).parent.parent
AUDIT = Path(__file__).parent / "quality" / "audit"
TABLES = ("actors", "figures", "dates", "quotes", "facts")


@pytest.mark.slow
def test_accuracy_holds_its_floors() -> None:
    p = subprocess.run([sys.executable, "-m", "tests.quality", "--json"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert p.stdout, p.stderr
    found = json.loads(p.stdout)
    assert found["below_floor"] == []
    assert found["scores"]["gold_wikinews"]["dates"]["gold"] > 300


def test_a_figure_under_its_floor_is_named() -> None:
    scores = {"set": {"dates": {"strict_F1": 0.9}}}
    assert flat(scores["set"]) == {"dates.strict_F1": 90.0}
    assert below(scores, {"set": {"dates.strict_F1": 91.0}}) == ["set: dates.strict_F1 is 90.0, its floor is 91.0"]
    assert below(scores, {"set": {"dates.strict_F1": 89.0}, "other": {"x": 1.0}}) == []


# Rows of 50 that were right on the last draw, every column counted, links to actors, dates and other figures too.
JUDGED_RIGHT = {"actors": 42, "dates": 49, "figures": 33, "quotes": 33, "facts": 32}


@pytest.mark.parametrize("table", TABLES)
def test_the_judged_rows_are_those_that_the_readme_tells_of(table: str) -> None:
    """A new draw brings new verdicts: then the number here and the one in the README change with them."""
    verdicts = [json.loads(line) for line in (AUDIT / f"{table}.jsonl").read_text("utf-8").splitlines()]
    assert len(verdicts) == 50
    assert all(v["reason"] for v in verdicts)
    assert sum(v["right"] for v in verdicts) == JUDGED_RIGHT[table]
    assert f"{table} {JUDGED_RIGHT[table]}" in (ROOT / "README.md").read_text("utf-8")


def test_the_scorers_know_their_hand_worked_cases() -> None:
    p = subprocess.run([sys.executable, str(AUDIT.parent / "scorers" / "test_known.py")], capture_output=True, text=True, check=False)
    assert p.returncode == 0, p.stderr
    assert p.stdout.count("ok") > 10


def test_the_readme_names_the_queries_that_there_are() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.split("## Ten queries")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([\w-]+)` \| (.+) \|$", section, re.MULTILINE) == [(q.name, q.question) for q in named_queries()]
