"""The list of rules: with its measured precision in the files, on the command line and as a view of a dataset."""

import json
import tomllib
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset, writing
from pipeline.rules import rules
from tests.quality.rule_precision import judged_dates, judged_figures, written

_FILE = """# rules

[count]
reason = "why"
precision = 0.5
support = 2

[range]
reason = "why not"
precision = 0.1
support = 10
"""


def test_figures_are_written_behind_the_reason_and_old_ones_taken_out() -> None:
    after = written(_FILE, {"count": (0.97, 123)})
    assert tomllib.loads(after) == {"count": {"reason": "why", "precision": 0.97, "support": 123}, "range": {"reason": "why not"}}
    assert written(after, {"count": (0.97, 123)}) == after
    assert after.startswith("# rules\n\n[count]\n")


def test_a_row_is_judged_by_the_gold() -> None:
    date = {"start": 0, "end": 5, "timex_value": "2024-05-06"}
    gold = {"dates": [date, date | {"start": 10, "end": 12, "optional": True}]}
    rows = [
        {"start": 0, "end": 5, "timex_value": "2024-05-06", "rule": "right"},
        {"start": 10, "end": 12, "timex_value": "2024", "rule": "left-out"},
        {"start": 20, "end": 22, "timex_value": "2024", "rule": "invented"},
    ]
    assert sorted(judged_dates(gold, rows)) == [("invented", False), ("right", True)]
    figures = {"annotated_until": 50, "figures": [{"start": 0, "end": 5, "vague": True}]}
    found = [
        {"start": 0, "end": 5, "rule": "vague"},
        {"start": 7, "end": 9, "rule": "invented"},
        {"start": 60, "end": 61, "rule": "behind"},
    ]
    assert sorted(judged_figures(figures, found)) == [("invented", False), ("vague", True)]


def test_the_shipped_list_has_measured_rules_of_every_table() -> None:
    listed = list(rules())
    measured = [r for r in listed if r.precision is not None]
    assert {r.table for r in measured} == {r.table for r in listed} == {"actors", "figures", "dates", "quotes", "facts"}
    assert all(0 <= (r.precision or 0) <= 1 and (r.support or 0) > 0 for r in measured)
    assert all((r.precision is None) == (r.support is None) for r in listed)


def test_schema_shows_precision_and_what_it_rests_on(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["schema", "figures", "--rules"]) == 0
    shown = capsys.readouterr().out
    assert "judged" in shown
    row = next(line for line in shown.splitlines() if line.split()[:2] == ["figures", "count"])
    known = next(r for r in rules(["figures"]) if r.name == "count")
    assert f"{known.precision:.0%}" in row
    assert f" {known.support} " in row


def test_query_has_a_view_of_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(Dataset.create(tmp_path / "ds")):
        pass
    sql = "SELECT table_name, rule, reason, precision, support FROM rules ORDER BY ALL"
    assert main(["query", str(tmp_path / "ds"), sql, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == len(list(rules()))
    assert next(r for r in found if r["table_name"] == "figures" and r["rule"] == "count")["support"] > 50
