"""The command line as a user runs it: what it prints, and which exit code each trouble gets."""

import csv
import fcntl
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.answers.named import named_queries
from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.dataset.views import OTHER_VIEWS, connect
from schemas.tables import FACT_TABLES, TABLES
from tests.needs import needs
from tests.test_run import FIRST, TEXTS, written

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "pipeline"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    nasty = '=cmd|"/C calc"!A0 <script>alert(1)</script> \u202eevil said Ann Lee, who sold 12 boats on Friday.'
    source = written(folder, [*TEXTS, nasty])
    with source.open("a", encoding="utf-8") as f:
        f.write("not json\n")
    assert main(["run", str(source), "--output", str(folder / "ds"), "--max-bad", "0.5", "--workers", "1"]) == 0
    return folder / "ds"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return captured.err.strip()


# --- what works


def test_run_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path, TEXTS[:1])
    assert main(["run", str(source), "-o", str(tmp_path / "ds"), "--json", "--workers", "1"]) == 0
    account = json.loads(capsys.readouterr().out)
    assert (account["records"], account["articles"], account["exit_code"]) == (1, 1, 0)
    assert account["rows"]["articles"] == 1
    assert main(["run", str(source), "-o", str(tmp_path / "ds")]) == 0
    assert "nothing new" in capsys.readouterr().out


def test_a_run_says_what_failed_and_how_much_was_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path, TEXTS[:1])
    with source.open("a", encoding="utf-8") as file:
        file.write("not json\n")
    (tmp_path / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08")
    out = tmp_path / "a set"
    assert main(["run", str(source), str(tmp_path / "cut.jsonl.gz"), "-o", str(out), "--workers", "1"]) == 2
    shown = capsys.readouterr().out
    assert f"failed, or not read to its end: {tmp_path / 'cut.jsonl.gz'}\n" in shown
    assert "bad: 50.0% of the records" in shown
    assert f"factwire query '{out}' set-aside" in shown
    assert main(["feeds", "list", str(out)]) == 0
    assert "no feeds" in capsys.readouterr().out
    assert main(["compact", str(out)]) == 0
    assert capsys.readouterr().out == "1 manifest folded into one\n"


def test_a_dry_run_tells_what_is_to_come_and_where_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    source = written(tmp_path, TEXTS[:2]).name
    assert main(["run", str(source), "-o", str(tmp_path / "ds"), "--dry-run"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if source in line)
    assert row.split()[:3] == [source, "2", "2"]
    assert main(["run", str(source), "-o", str(tmp_path), "--dry-run"]) == 1
    assert "other content" in capsys.readouterr().err


def test_a_dry_run_tells_what_would_be_set_aside_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in" / "mixed.jsonl"
    source.parent.mkdir()
    source.write_text("not json\n" * 30 + json.dumps({"text": "Ann Lee sold 12 boats."}) + "\n{}\n", "utf-8")
    (tmp_path / "in" / "table.xlsx").write_bytes(b"PK")
    assert main(["run", str(source.parent), "-o", str(tmp_path / "ds"), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "would be set aside: 30 bad_json, 1 missing_text" in shown
    assert f"bad_json: record 1 of {source}" in shown and "and 11 more" in shown
    assert f"not read, .xlsx: {source.parent / 'table.xlsx'}: convert it first" in shown
    assert not (tmp_path / "ds").exists()


@pytest.mark.parametrize("there", [False, True])
def test_a_run_that_could_not_begin_leaves_nothing_behind(tmp_path: Path, there: bool, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = written(tmp_path, TEXTS[:1]), tmp_path / "new" / "ds"
    if there:
        out.mkdir(parents=True)
    assert main(["run", str(source), "-o", str(out), "--workers", "1", "--model", "no_such_model"]) == 1
    assert "is not installed" in said(capsys)
    assert out.exists() == there and (not there or list(out.iterdir()) == [])
    assert (tmp_path / "new").exists() == there


def test_a_run_that_could_not_begin_leaves_a_dataset_as_it_is(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted((dataset / "_runs").iterdir())
    argv = ["run", str(ROOT / "seeds" / "articles"), "-o", str(dataset), "--workers", "1", "--model", "no_such_model"]
    assert main(argv) == 1
    assert sorted((dataset / "_runs").iterdir()) == before


def test_strict_says_that_nothing_was_set_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "bad.jsonl"
    source.write_text("not json\n", "utf-8")
    assert main(["run", str(source), "-o", str(tmp_path / "ds"), "--strict"]) == 2
    assert "run it without" in capsys.readouterr().out


def test_help_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--help"], ["feeds", "--help"]):
        assert main(argv) == 0
        assert "..." not in capsys.readouterr().out.replace("[ARGS]...", "")


def test_query_lists_every_view_and_the_named_queries(
    dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert main(["query", str(dataset)]) == 0
    shown = capsys.readouterr().out
    for word in (*TABLES, *(q.name for q in named_queries()), *OTHER_VIEWS.values(), "is_canonical", "created_at"):
        assert word in shown
    with connect(Dataset.open(dataset)) as connection:
        views = {
            row[0] for row in connection.sql("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal").fetchall()
        }
    assert views == {*TABLES, *(f"{table}_all" for table in TABLES), *OTHER_VIEWS}


@pytest.mark.parametrize("name", [q.name for q in named_queries()])
def test_named_queries_answer(dataset: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(dataset), name, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert isinstance(rows, list)
    if name not in ("same-figure",):
        assert rows, name


@pytest.fixture(scope="module")
def threats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty articles, each with something planned; three with something refused, and they are the oldest."""
    folder = tmp_path_factory.mktemp("threats")
    planned = [f"Firm {n} said on Monday that it would cut {n + 2} jobs." for n in range(60)]
    refused = [f"Ann Lee refused to sell {n} boats." for n in (7, 8, 9)]
    source = folder / "threats.jsonl"
    lines = [{"id": str(n), "text": text, "published_at": f"2025-05-{1 + n // 4:02}"} for n, text in enumerate([*refused, *planned])]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert main(["run", str(source), "--output", str(folder / "ds"), "--workers", "1"]) == 0
    return folder / "ds"


def test_a_named_query_is_whole_or_says_how_much_it_is(
    threats: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["query", str(threats), "not-done"]
    assert main([*ask, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    count = len(rows)
    assert count > 60 and [row["status"] for row in rows[:3]] == ["refused"] * 3
    assert main([*ask, "--format", "csv"]) == 0
    assert len(list(csv.reader(io.StringIO(capsys.readouterr().out)))) == count + 1
    assert main([*ask, "--format", "markdown"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == count + 2
    for more in ([], ["--all"]):  # a pipe is given all rows, asked or not
        assert main([*ask, *more]) == 0
        shown = capsys.readouterr().out.splitlines()
        assert shown[-1] == f"{count} rows" and sum("row " in line for line in shown) == count
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(ask) == 0
    shown = capsys.readouterr().out.splitlines()
    assert f"50 of {count} rows (--all shows all)" in shown[-1]
    assert sum("row " in line for line in shown[:-1]) == 50 and sum(line.startswith("refused") for line in shown) == 3
    assert main([*ask, "--all"]) == 0
    assert sum("row " in line for line in capsys.readouterr().out.splitlines()) == count


def test_no_named_query_has_a_limit_of_its_own() -> None:
    assert not [q.name for q in named_queries() if "limit" in q.sql.lower()]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_view_even_without_rows(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path, ["Nothing here."])
    assert main(["run", str(source), "-o", str(tmp_path / "ds"), "--workers", "1", "--text", "none"]) == 0
    capsys.readouterr()
    assert main(["query", str(tmp_path / "ds"), f"SELECT count(*) AS n FROM {table}", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["n"] >= 0


@pytest.mark.hostile(89)
def test_formats_are_harmless(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT text, 5 - 10 AS less FROM articles WHERE text LIKE '%=cmd%'"
    assert main(["query", str(dataset), "SELECT '=cmd|x' AS text, -5 AS less", "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["text", "less"], ["'=cmd|x", "-5"]]
    assert main(["query", str(dataset), sql, "--format", "markdown"]) == 0
    assert "<script>" not in capsys.readouterr().out
    assert main(["query", str(dataset), "SELECT chr(27) || '[31m' || chr(8238) || 'x' AS t"]) == 0
    shown = capsys.readouterr().out
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown


def test_json_is_json_whatever_is_asked(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = """SELECT 'nan'::DOUBLE AS x, [1, '-inf'::FLOAT] AS list, {'a': 'inf'::DOUBLE} AS struct, 1.50::DECIMAL(4, 2) AS price,
             MAP {DATE '2025-05-05': 1} AS map, DATE '2025-05-05' AS day, true AS so, NULL AS nothing, 'a' AS x, 'b' AS x_1, 'c' AS x"""
    assert main(["query", str(dataset), sql, "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert row == {
        **{"x": None, "list": [1, None], "struct": {"a": None}, "price": 1.5, "map": {"2025-05-05": 1}, "day": "2025-05-05"},
        **{"so": True, "nothing": None, "x_1": "a", "x_1_1": "b", "x_2": "c"},
    }
    assert main(["query", str(dataset), sql, "--format", "csv"]) == 0
    csv_row = list(csv.reader(io.StringIO(capsys.readouterr().out)))[1]
    assert csv_row[:3] == ["nan", "[1.0, null]", '{"a": null}']
    for form in ("table", "markdown"):
        assert main(["query", str(dataset), sql, "--format", form]) == 0
        assert "nan" in capsys.readouterr().out


def test_extract_shows_the_first_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(FIRST), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"article", *FACT_TABLES}
    assert [f["text"] for f in found["figures"]] == ["25%", "25%", "10,000", "29", "two"] or len(found["figures"]) == 5
    assert main(["extract", str(FIRST)]) == 0
    assert "10,000" in capsys.readouterr().out


def test_schema_shows_columns_and_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "figures"]) == 0
    shown = capsys.readouterr().out
    assert "currency" in shown
    assert "ISO 4217" in shown
    assert main(["schema", "--rules"]) == 0
    assert "reason" in capsys.readouterr().out


def test_standard_input_and_a_pipe_that_closes() -> None:
    text = "Profits rose 5% on Friday, Ann Lee said."
    p = subprocess.run(
        [*COMMAND, "extract", "-", "--published-at", "2024-05-06", "--format", "json"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    assert p.returncode == 0, p.stderr
    assert json.loads(p.stdout)["figures"][0]["value"] == 5
    p = subprocess.run(f"{' '.join(COMMAND)} schema | head -1", shell=True, capture_output=True, check=False)
    assert b"Traceback" not in p.stderr


# --- what goes wrong: one sentence, the design's exit code, no traceback


def binary(folder: Path) -> list[str]:
    (folder / "b.txt").write_bytes(bytes(range(256)) * 40)
    return ["run", str(folder / "b.txt"), "-o", str(folder / "ds")]


def nothing_matched(folder: Path) -> list[str]:
    return ["run", str(folder / "*.txt"), "-o", str(folder / "ds")]


def not_a_dataset(folder: Path) -> list[str]:
    (folder / "full").mkdir()
    (folder / "full" / "mine.doc").write_text("x")
    return ["run", str(FIRST), "-o", str(folder / "full")]


def newer(folder: Path) -> list[str]:
    (folder / "ds" / "_runs").mkdir(parents=True)
    (folder / "ds" / "_runs" / "00000001-x.json").write_text('{"format": 99}')
    return ["run", str(FIRST), "-o", str(folder / "ds")]


TROUBLES: dict[str, tuple[Any, int, str]] = {
    "no such source": (lambda d: ["run", str(d / "none.txt"), "-o", str(d / "ds")], 1, "no such"),
    "nothing matched": (nothing_matched, 1, "match"),
    "wrong date": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--published-at", "5 May"], 1, "YYYY-MM-DD"),
    "missing model": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--model", "en_not_there"], 1, "not installed"),
    "not a dataset": (not_a_dataset, 1, "not a dataset"),
    "output is a file": (lambda d: ["run", str(FIRST), "-o", str(FIRST)], 1, "folder"),
    "no dataset to ask": (lambda d: ["query", str(d), "SELECT 1"], 1, "folder"),
    "newer dataset": (newer, 1, "newer"),
    "mistyped option": (lambda d: ["run", str(FIRST), "--outptu", "x"], 1, "--output"),
    "mistyped verb": (lambda d: ["rnu"], 1, "No such command"),
    "mistyped runner": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--runner", "sparkle"], 1, "unknown runner"),
    "wrong workers": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--workers", "many"], 1, "--workers"),
    "wrong share": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--max-bad", "5"], 1, "--max-bad"),
    "wrong text option": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--text", "some"], 1, "--text"),
    "unknown Beam option": (lambda d: ["run", str(FIRST), "-o", str(d / "ds"), "--", "--no_such_beam_option=1"], 1, "Beam knows no option"),
    "no such table": (lambda d: ["schema", "figurs"], 1, "there is no table"),
    "no such query": (lambda d: ["query", str(d), "who-sad-what"], 1, ""),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv, code, words = TROUBLES[name]
    assert main(argv(tmp_path)) == code
    message = said(capsys)
    assert words.lower() in message.lower()
    assert len(message) < 500


def test_binary_text_is_set_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(binary(tmp_path)) == 2
    assert "set aside" in capsys.readouterr().out


def test_bad_sql_and_writing_sql_are_refused(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(dataset), "SELECT nothing FROM nowhere"]) == 1
    assert "nowhere" in said(capsys)
    assert main(["query", str(dataset), f"COPY (SELECT 1) TO '{dataset}/x.csv'"]) == 1
    assert not (dataset / "x.csv").exists()


@pytest.mark.parametrize("verb", [("run", "{source}", "-o"), ("run", "{source}", "--dry-run", "-o"), ("retry",)])
def test_an_option_that_beam_does_not_know_is_told_though_nothing_is_to_be_done(
    verb: tuple[str, ...], dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = [word.format(source=FIRST) for word in verb] + [str(dataset)]
    assert main(argv) == 0
    capsys.readouterr()
    assert main([*argv, "--", "--no_such_beam_option=1"]) == 1
    assert "Beam knows no option --no_such_beam_option" in said(capsys)


@pytest.mark.hostile(92)
def test_a_locked_dataset_is_left_alone(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path, TEXTS[:1])
    with (dataset / "_lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["run", str(source), "-o", str(dataset)]) == 75
    assert said(capsys)


@pytest.mark.slow
def test_a_signal_stops_a_run_and_the_next_one_goes_on(tmp_path: Path) -> None:
    source = written(tmp_path, [f"{t} It was {i} days ago." for i in range(400) for t in TEXTS])
    argv = [*COMMAND, "run", str(source), "-o", str(tmp_path / "ds"), "--workers", "1"]
    p = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    deadline = time.monotonic() + 300
    while not list((tmp_path / "ds" / "_staging").glob("*/*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    p.send_signal(signal.SIGTERM)
    _, err = p.communicate(timeout=300)
    assert p.returncode == 143, err
    assert b"Traceback" not in err
    assert main(["run", str(source), "-o", str(tmp_path / "ds"), "--limit", "5", "--workers", "1"]) == 0


@needs("mount")
def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=True)
    try:
        assert main(["run", str(FIRST), "-o", str(disk / "ds"), "--workers", "1"]) == 1
        assert "disk is full" in said(capsys)
        assert not list((disk / "ds" / "_runs").glob("*.json"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)
