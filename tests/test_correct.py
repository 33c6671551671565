"""`factwire correct`: what a person puts right is a commit, shows everywhere with its reason, outlives a rerun, and goes with its article."""

import json
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.compact import compact
from pipeline.correct import add, correct, drop, left_behind, undo
from pipeline.dataset import Dataset, writing
from pipeline.dataset.rewrite import Rewriting
from pipeline.dataset.verify import problems_in
from pipeline.dataset.views import connect, script
from pipeline.forget import forget
from schemas.ids import digest
from tests import answering
from tests.test_run import TEXTS, started, written
from tests.torture.prepared_rows import commit_rows

HARBOUR = digest("article", 1)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return answering.made(tmp_path / "it's a set")


def asked(dataset: Path, sql: str) -> list[tuple[Any, ...]]:
    with connect(Dataset.open(dataset)) as connection:
        return connection.execute(sql).fetchall()


def row_of(dataset: Path, text: str, table: str = "figures") -> str:
    return str(asked(dataset, f"SELECT row_id FROM {table} WHERE text = '{text}' AND article_id = '{HARBOUR}'")[0][0])


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main([str(word) for word in words]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and "Traceback" not in captured.err
    return captured.err


def test_a_value_is_set_and_shown_with_its_reason(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = row_of(dataset, "$2.7 billion")
    assert (
        main(
            [
                "correct",
                str(dataset),
                row[:8],
                "--set",
                "value=2.9e9",
                "--set",
                "bound=about",
                "--set",
                "base=",
                "--why",
                "the report says so",
            ]
        )
        == 0
    )
    assert "value is 2900000000.0, no longer 2700000000.0" in capsys.readouterr().out
    sql = "SELECT value, bound, base, currency FROM figures WHERE row_id = "
    assert asked(dataset, f"{sql}'{row}'") == [(2.9e9, "about", None, "USD")]
    assert main(["query", str(dataset), "money", "--format", "json", "--limit", "1"]) == 0
    (first,) = json.loads(capsys.readouterr().out)
    assert (first["value"], first["corrected"]) == (2.9e9, "the report says so")
    for words in (["query", str(dataset), "money"], ["explain", str(dataset), row]):
        assert main(words) == 0
        assert "the report says so" in capsys.readouterr().out
    assert main(["show", str(dataset), "harbour"]) == 0
    assert f"{row[:8]}, corrected" in capsys.readouterr().out
    assert asked(dataset, "SELECT count(*) FROM figures WHERE value = 2.9e9") == [(1,)]
    correct(dataset, row, ["value=3e9"], "and now three")
    assert asked(dataset, f"{sql}'{row}'") == [(3e9, "about", None, "USD")]
    undo(dataset, row, "all wrong")
    assert asked(dataset, f"{sql}'{row}'") == [(2.7e9, "exact", "Norvia", "USD")]
    assert asked(dataset, "SELECT count(*) FILTER (holds), count(*) FROM corrections") == [(0, 5)]


def test_files_stay_as_the_rules_made_them(dataset: Path) -> None:
    before = {p: p.read_bytes() for p in dataset.glob("[a-z]*/*/*.parquet")}
    correct(dataset, row_of(dataset, "$2.7 billion"), ["value=1"], "one")
    drop(dataset, row_of(dataset, "$2.5 billion"), "none")
    assert {p: p.read_bytes() for p in before} == before
    assert list(problems_in(Dataset.open(dataset))) == []


def test_a_row_is_dropped_and_comes_back(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = row_of(dataset, "$2.5 billion")
    count = asked(dataset, "SELECT count(*) FROM figures_all")[0][0]
    drop(dataset, row[:6], "of a year before")
    assert asked(dataset, f"SELECT count(*), count(*) FILTER (row_id = '{row}') FROM figures_all") == [(count - 1, 0)]
    assert "was dropped: of a year before" in refused(capsys, "explain", dataset, row)
    undo(dataset, row[:6], "it is one")
    assert asked(dataset, f"SELECT count(*), count(*) FILTER (row_id = '{row}') FROM figures_all") == [(count, 1)]
    capsys.readouterr()
    assert main(["explain", str(dataset), row]) == 0
    assert "UTC: dropped, undone since" in capsys.readouterr().out


def test_a_missing_row_is_added(dataset: Path) -> None:
    made = add(dataset, "figures", HARBOUR, "40", ["kind=count", "value=40", "counted=piers"], "missed")
    sql = f"SELECT text, value, bound, rule, outlet, published_at::DATE::VARCHAR, row_id = '{made.row_id}' FROM figures WHERE rule = 'by-hand'"
    assert asked(dataset, sql) == [("40", 40.0, "exact", "by-hand", "Example News", "2025-05-05", True)]
    assert asked(
        dataset,
        "SELECT substring(a.text, f.start + 1, f.\"end\" - f.start) FROM figures f JOIN articles a USING (article_id) WHERE rule = 'by-hand'",
    ) == [("40",)]
    correct(dataset, made.row_id, ["value=41"], "miscounted")
    assert asked(dataset, "SELECT value FROM figures WHERE rule = 'by-hand'") == [(41.0,)]
    add(dataset, "facts", HARBOUR, "We offered €3 billion", ["subject=We", "predicate=offered", "predicate_lemma=offer"], "missed")
    assert asked(
        dataset, "SELECT text, subject_start - start, predicate_start - start, status, arguments FROM facts WHERE rule = 'by-hand'"
    ) == [("We offered €3 billion", 0, 3, "occurred", [])]
    add(dataset, "quotes", HARBOUR, "Some 12 of 40", ["kind=indirect"], "missed")
    assert asked(dataset, "SELECT content[1].start - start, quoted FROM quotes WHERE rule = 'by-hand'") == [(0, [])]
    add(dataset, "dates", HARBOUR, "Friday", ["timex_type=DATE", "anchor_origin=none", "start_date=2025-05-02"], "a second reading")
    assert len({row for (row,) in asked(dataset, f"SELECT row_id FROM dates WHERE text = 'Friday' AND article_id = '{HARBOUR}'")}) == 2
    drop(dataset, made.row_id, "not at all")
    assert asked(dataset, "SELECT count(*) FROM figures WHERE rule = 'by-hand'") == [(0,)]
    assert left_behind(dataset) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{row}", "--set", "value=2"], "--why is empty"),
        (["{row}", "--why", "x"], "say what to put right"),
        (["{row}", "--set", "value=2", "--drop", "--why", "x"], "say what to put right"),
        (["--drop", "--why", "x"], "takes a ROW_ID"),
        (["zebra", "--drop", "--why", "x"], "no row_id"),
        (["0000", "--drop", "--why", "x"], "no row of this dataset"),
        (["{row}", "--undo", "--why", "x"], "no row with a correction"),
        (["{row}", "--set", "value", "--why", "x"], "column=value"),
        (["{row}", "--set", "value=many", "--why", "x"], "a number, not 'many'"),
        (["{row}", "--set", "value=nan", "--why", "x"], "a number, not 'nan'"),
        (["{row}", "--set", "value=1e999", "--why", "x"], "a number, not '1e999'"),
        (["{row}", "--set", "kind=sum", "--why", "x"], "one of count, money"),
        (["{row}", "--set", "kind=", "--why", "x"], "must have a value"),
        (["{row}", "--set", "start=2", "--why", "x"], "no column 'start' that can be set"),
        (["{row}", "--set", "value=2.7e9", "--why", "x"], "these values already"),
        (["--add", "figures", "--article", HARBOUR, "--why", "x"], "--text"),
        (["--add", "figures", "--article", HARBOUR, "--text", "zebra", "--why", "x"], "does not have the words"),
        (["--add", "figures", "--article", HARBOUR, "--text", "Norvia", "--why", "x"], "3 times; say which with --place"),
        (["--add", "figures", "--article", HARBOUR, "--text", "Norvia", "--place", "4", "--why", "x"], "from 1 to 3"),
        (["--add", "figures", "--article", HARBOUR, "--text", "40", "--why", "x"], "kind is not given"),
        (["--add", "figures", "--article", "analysts", "--text", "40", "--why", "x"], "--text none"),
        (["--add", "clusters", "--article", HARBOUR, "--text", "40", "--why", "x"], "no table 'clusters' to add"),
        (["--cases", "cases"], "no correction"),
    ],
)
def test_what_cannot_be_put_right_is_told_and_changes_nothing(
    dataset: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    row = row_of(dataset, "$2.7 billion")
    assert said in refused(capsys, "correct", dataset, *(word.format(row=row) for word in words))
    assert asked(dataset, "SELECT count(*) FROM corrections_all") == [(0,)]
    assert not Dataset.open(dataset).live_files("corrections")


def test_odd_words_are_kept_as_they_are(dataset: Path) -> None:
    odd = 'it\'s a "thing"; DROP TABLE x -- CREATE VIEW é\n\\'
    row = row_of(dataset, "$2.7 billion")
    correct(dataset, row, [f"counted={odd}"], odd)
    assert asked(dataset, f"SELECT counted FROM figures WHERE row_id = '{row}'") == [(odd.strip(),)]
    assert asked(dataset, "SELECT why FROM corrections") == [(odd.strip(),)]


def test_views_without_us_and_exports_show_what_holds(dataset: Path, tmp_path: Path) -> None:
    correct(dataset, row_of(dataset, "$2.7 billion"), ["value=1", "counted=it's"], "one")
    drop(dataset, row_of(dataset, "$2.5 billion"), "none")
    add(dataset, "figures", HARBOUR, "40", ["kind=count", "value=40"], "missed")
    add(dataset, "quotes", HARBOUR, "Some 12 of 40", ["kind=indirect"], "missed")
    with duckdb.connect() as theirs:
        for _ in range(2):
            theirs.execute(script(Dataset.open(dataset)))
        for table in ("figures", "quotes", "corrections"):
            sql = (
                f"SELECT * EXCLUDE (published_at) FROM {table}"
                if table != "corrections"
                else "SELECT row_id, action, holds, row_is_made FROM corrections"
            )
            assert sorted(map(str, theirs.execute(sql).fetchall())) == sorted(map(str, asked(dataset, sql)))
    assert main(["export", str(dataset), "--to", str(tmp_path / "out"), "--format", "parquet"]) == 0
    values = pq.read_table(tmp_path / "out" / "figures.parquet")["value"].to_pylist()
    assert 1.0 in values and 40.0 in values and values.count(2.5e9) == 1  # the copy's
    assert pq.read_table(tmp_path / "out" / "corrections.parquet").num_rows == 5


def test_compacting_and_a_new_version_keep_what_was_put_right(dataset: Path) -> None:
    row = row_of(dataset, "$2.7 billion")
    correct(dataset, row, ["value=1"], "one")
    drop(dataset, row_of(dataset, "$2.5 billion"), "none")
    compact(dataset)
    assert len(Dataset.open(dataset).live_files("corrections")) == 1
    assert asked(dataset, f"SELECT value FROM figures WHERE row_id = '{row}'") == [(1.0,)]
    later = answering.Told(1, "All is new.", "Example News", "2025-05-06", version=2)
    with writing(Dataset.open(dataset)) as writer:
        commit_rows(writer, "r9", "0", {"articles": [later.article]})
    assert asked(dataset, f"SELECT count(*) FROM figures WHERE row_id = '{row}'") == [(0,)]
    assert asked(dataset, f"SELECT value FROM figures_all WHERE row_id = '{row}'") == [(1.0,)]
    assert left_behind(dataset) == [], "it is still made, of the older version"


def test_a_takedown_takes_the_corrections_of_its_article(dataset: Path) -> None:
    correct(dataset, row_of(dataset, "$2.7 billion"), ["counted=zebra profit"], "the zebra said so")
    other = str(asked(dataset, "SELECT row_id FROM figures WHERE text = '17'")[0][0])
    correct(dataset, other, ["value=18"], "one more")
    forget(dataset, article=HARBOUR)
    assert asked(dataset, "SELECT row_id, why FROM corrections_all") == [(other, "one more")]
    for path in dataset.rglob("*"):
        if path.is_file():
            assert b"zebra" not in (repr(pq.read_table(path).to_pylist()).encode() if path.suffix == ".parquet" else path.read_bytes()), (
                path
            )


def test_corrections_are_written_as_cases(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    correct(dataset, row_of(dataset, "$2.7 billion"), ["bound=about", "base="], "no owner")
    drop(dataset, row_of(dataset, "$2.5 billion"), "no figure")
    add(dataset, "figures", HARBOUR, "40", ["kind=count", "value=40"], "missed")
    correct(dataset, row_of(dataset, "Friday", "dates"), ["start_date=2025-05-09"], "next Friday")
    assert main(["correct", str(dataset), "--cases", str(tmp_path / "cases")]) == 0
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    cases = {case["why"]: case for case in (tomllib.loads(path.read_text("utf-8")) for path in files)}
    assert {path.parent.name for path in files} == {"figures", "dates"}
    assert cases["no owner"]["expect"] == [{"text": "$2.7 billion", "bound": "about", "null": ["base"]}]
    assert cases["no owner"]["text"] == "Norvia's profit rose to $2.7 billion last year, up from $2.5 billion in 2023."
    assert cases["no figure"]["absent"] == [{"text": "$2.5 billion", "kind": "money"}]
    assert cases["missed"]["expect"] == [{"text": "40", "kind": "count", "value": 40.0, "bound": "exact"}]
    assert str(cases["next Friday"]["expect"][0]["start_date"]) == "2025-05-09"
    assert {str(case["published"]) for case in cases.values()} == {"2025-05-05"}


def test_a_correction_outlives_a_rerun_or_the_rerun_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.progress.telling.EVERY", float("inf"))  # a busy machine may need longer than half a minute
    started(written(tmp_path, TEXTS), tmp_path / "ds")
    figures = asked(tmp_path / "ds", "SELECT row_id, text FROM figures ORDER BY row_id")
    (row, _), (gone, text) = figures[0], figures[1]
    correct(tmp_path / "ds", row, ["value=123456"], "counted again")
    correct(tmp_path / "ds", gone, ["value=654321"], "counted again")
    assert main(["rerun", str(tmp_path / "ds"), "--workers", "1"]) == 0
    assert capsys.readouterr().err == ""
    assert asked(tmp_path / "ds", f"SELECT value FROM figures WHERE row_id = '{row}'") == [(123456.0,)]
    with writing(Dataset.open(tmp_path / "ds")) as writer:  # as a rerun whose rules no longer make it
        rewriting = Rewriting(writer.dataset, writer.staging("r9", "x"))
        rewriting.leave_out("figures", ["row_id"], lambda rows: pc.equal(rows["row_id"], gone))
        writer.commit(rewriting.commit(run="r9", slice="x"))
    (told,) = left_behind(tmp_path / "ds")
    assert gone[:12] in told and text in told
    assert asked(tmp_path / "ds", "SELECT count(*) FROM figures") == [(len(figures) - 1,)]
