"""What people see when they ask: each row leads home, options narrow an answer down, nothing is cut that must not be."""

import csv
import datetime as dt
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.answers.named import HOME, named_queries
from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.dataset.views import connect
from schemas.tables import TABLES
from tests.answering import made

NAMES = [q.name for q in named_queries()]
KEYED = [name for name in NAMES if name != "set-aside"]
GOLDEN = Path(__file__).parent / "golden" / "answers.txt"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("answers") / "a set")


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def asked(capsys: pytest.CaptureFixture[str], dataset: Path, *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["query", str(dataset), *words, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, list)
    return found


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main([str(word) for word in words]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


# --- the way home


@pytest.mark.parametrize("name", KEYED)
def test_every_row_leads_home(dataset: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(capsys, dataset, name)
    assert rows
    for row in rows:
        assert tuple(row)[-len(HOME) :] == HOME
        if row["article_id"] is None:  # an outlet without unnamed sources has no example of them
            assert name == "unnamed-sources" and row["percent_unnamed"] == 0
            continue
        assert row["title"] and row["outlet"] and row["day"] and row["source"].startswith("https://")
        assert (row["row_id"] is None) == (name == "unread")
        if row["outlet"] == "Example News":
            assert row["sentence"].count("«") == row["sentence"].count("»") == 1


def test_what_is_kept_without_text_is_said_and_no_error(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(dataset), "money", "--outlet", "other", "--format", "csv"]) == 0
    captured = capsys.readouterr()
    assert len(list(csv.reader(io.StringIO(captured.out)))) == 4
    assert captured.err.count("--text none") == 1
    assert main(["query", str(dataset), "money", "--outlet", "example", "--format", "csv"]) == 0
    assert capsys.readouterr().err == ""


def test_the_golden_answers_at_80_columns(dataset: Path, wide: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Changed only on purpose: `UPDATE_GOLDEN=1 pytest tests/test_answers.py`, and the difference is read."""
    shown = ""
    for words in (*(["query", "OUT", name] for name in NAMES), ["show", "OUT", "harbour"], ["search", "OUT", "profit"]):
        assert main([str(dataset) if word == "OUT" else word for word in words]) == 0
        shown += f"$ factwire {' '.join(words)}\n{capsys.readouterr().out}\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(shown, "utf-8")
    assert shown == GOLDEN.read_text("utf-8")
    assert [line for line in shown.splitlines() if len(line) > 80 and "row " not in line] == [], "only addresses may be wider"


def figure(dataset: Path) -> str:
    with connect(Dataset.open(dataset)) as connection:
        found = connection.execute("SELECT row_id FROM figures WHERE text = '$2.7 billion' AND outlet = 'Example News'").fetchone()
    assert found
    return str(found[0])


# --- narrowed down


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["money"], 6),
        (["money", "--copies"], 9),
        (["money", "--about", "debt"], 1),
        (["money", "--about", "PROFIT"], 4),
        (["money", "--about", "rofit"], 0),
        (["money", "--about", "last year"], 2),
        (["money", "--about", "year, up"], 2),
        (["money", "--person", "holt"], 1),
        (["money", "--outlet", "Example News"], 3),
        (["money", "--since", "2025-06-01"], 3),
        (["money", "--since", "2025-06-01", "--until", "2025-06-01"], 2),
        (["money", "--until", "2025-05-31"], 3),
        (["money", "--limit", "2"], 2),
        (["who-said-what", "--about", "quaro shipping"], 1),
        (["who-said-what", "--about", "prime minister"], 0),
        (["who-said-what", "--about", "holt"], 0),
        (["who-said-what", "--person", "lee"], 1),
        (["not-done", "--status", "refused"], 1),
        (["not-done", "--status", "planned"], 0),
        (["timeline", "--since", "2025-01-01"], 0),
        (["timeline", "--since", "2024-06-01"], 1),
        (["people", "--person", "Ann"], 1),
        (["people", "--about", "debt"], 0),
        (["people", "--about", "harbour"], 2),
        (["unnamed-sources", "--about", "analysts"], 1),
        (["set-aside", "--about", "JSON"], 1),
        (["set-aside", "--since", "2025-07-02"], 0),
        (["set-aside", "--outlet", "Example"], 0),
        (["figures-by-what-they-count", "--about", "ship"], 1),
    ],
)
def test_options_narrow_an_answer_down(dataset: Path, words: list[str], count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(asked(capsys, dataset, *words)) == count


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["money", "--status", "refused"], "money takes no --status; it takes --about"),
        (["not-done", "--status", "rufused"], "they are occurred"),
        (["money", "--since", "2025-13-01"], "YYYY-MM-DD"),
        (["money", "--since", "2025-02-01", "--until", "2025-01-01"], "after --until"),
        (["money", "--limit", "0"], "from 1"),
        (["money", "--about", " "], "--about is empty"),
        (["SELECT 1", "--about", "x"], "for queries by name"),
        (["mony"], "there is no query 'mony'"),
        (["money", "-o", "rows.xls"], ".xlsx"),
        (["money", "-o", "rows"], ".csv"),
    ],
)
def test_what_cannot_be_narrowed_is_told(dataset: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in refused(capsys, "query", dataset, *words)


@pytest.mark.parametrize("option", ["--about", "--person", "--outlet"])
@pytest.mark.parametrize("words", ["'); DROP TABLE x; --", "a(b[c", "\\", "%_", "é ü", "'", "{}"])
def test_odd_words_are_looked_for_as_they_are(dataset: Path, option: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, dataset, "money", option, words) == []


def test_the_same_figure_is_of_one_unit_one_currency_and_one_owner(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(capsys, dataset, "same-figure")
    assert {(r["currency"], r["counted"], r["of_what"]) for r in rows} == {("USD", "profit", "Norvia")}
    assert {(r["lowest"], r["highest"], r["articles"]) for r in rows} == {(2.5e9, 2.8e9, 2)}
    assert len(rows) == 3


def test_what_is_said_about_whom_is_read_off_the_content_alone(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = {r["speaker"]: r["about"] for r in asked(capsys, dataset, "who-said-what")}
    assert about == {"Ann Lee": "Norvia, Quaro Shipping", "Holt": None}


@pytest.mark.parametrize(
    ("before", "changed", "compared"),
    [
        ("sold more boats than in ", False, True),
        ("earned less than it did in ", False, False),
        ("rose 5% compared with ", False, True),
        ("up 82% from ", False, True),
        ("an improvement from the ", False, True),
        ("dropped 42% from the ", True, True),
        ("fell against ", False, True),
        ("closed from ", False, False),
        ("was jailed from ", False, False),
        ("has grown since ", True, False),
        ("was founded in ", False, False),
        ("moved there from London in ", False, False),
    ],
)
def test_dates_that_are_only_compared_with(dataset: Path, before: str, changed: bool, compared: bool) -> None:
    with connect(Dataset.open(dataset)) as connection:
        assert connection.execute("SELECT is_compared(?, ?)", [before, changed]).fetchone() == (compared,)


def test_the_timeline_leaves_out_what_is_only_compared_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = asked(capsys, made(tmp_path / "ds"), "timeline")
    assert (row["happened_start"], row["happened_end"]) == ("2024-01-01", "2024-12-31")


# --- sentences


@pytest.mark.parametrize(
    ("text", "span", "sentence"),
    [
        ("One. Mr. Lee paid $5 on Jan. 5 to J. Holt. Two.", "$5", "Mr. Lee paid «$5» on Jan. 5 to J. Holt."),
        ("The U.S. Army has 3 tanks. It has no more.", "3", "The U.S. Army has «3» tanks."),
        ("Title here\n\nHe left in 2024", "2024", "He left in «2024»"),
        ("Title here\n\nHe left in 2024", "Title", "«Title» here"),
        ('He said: "Stop! Now." She left.', "Stop! Now.", 'He said: "«Stop! Now.»"'),
        ("He won 3.5 million. 40 left.", "40", "«40» left."),
        ("He won 3.5 million. 40 left.", "3.5", "He won «3.5» million."),
        ("a b", "a", "«a» b"),
        ("x", "x", "«x»"),
        ("Apple Inc. will go. Bye.", "go", "Apple Inc. will «go»."),
        ("Did he? Yes! He did it.", "did", "He «did» it."),
        ("Ça va. Élan gagne 3 points. Fin.", "3", "Élan gagne «3» points."),
        ("\U0001f600 Hi there. It cost 5 dollars. End.", "5", "It cost «5» dollars."),
    ],
)
def test_the_sentence_around_a_row(dataset: Path, text: str, span: str, sentence: str) -> None:
    start = text.index(span)
    with connect(Dataset.open(dataset)) as connection:
        found = connection.execute("SELECT sentence_at(?, ?, ?)", [text, start, start + len(span)]).fetchone()
    assert found == (sentence,)


# --- files


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl", "json", "md", "parquet"])
def test_files_hold_every_row_whole(dataset: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"rows.{ending}"
    long = "x" * 5000
    sql = f"SELECT range AS n, '{long}' AS text, '=1+1' AS formula, 'https://e.example' AS link, 0.1 AS share, DATE '2025-05-05' AS day, now() AS at, [1] AS list, NULL AS nothing, 'a' AS text FROM range(3000)"
    assert main(["query", str(dataset), sql, "-o", str(file)]) == 0
    captured = capsys.readouterr()
    assert captured.out == "" and "3,000 rows written" in captured.err
    assert [p.name for p in tmp_path.iterdir()] == [file.name]
    with_names, first, count = read_back(file)
    assert count == 3000
    assert with_names[:4] == ["n", "text", "formula", "link"]
    assert [str(v) for v in first[:4]] == ["0", long, "'=1+1" if ending == "csv" else "=1+1", "https://e.example"]
    assert file.read_bytes()[:3] == (b"\xef\xbb\xbf" if ending == "csv" else file.read_bytes()[:3])


def read_back(file: Path) -> tuple[list[str], list[Any], int]:
    match file.suffix:
        case ".csv":
            rows: list[list[Any]] = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
        case ".jsonl":
            objects = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            rows = [list(objects[0]), *(list(o.values()) for o in objects)]
        case ".json":
            objects = json.loads(file.read_text("utf-8"))
            rows = [list(objects[0]), *(list(o.values()) for o in objects)]
        case ".md":
            lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in file.read_text("utf-8").splitlines()]
            rows = [lines[0], *lines[2:]]
        case ".parquet":
            table = pq.read_table(file)
            rows = [table.column_names, *([column[at].as_py() for column in table.columns] for at in range(table.num_rows))]
        case _:
            return sheet(file)
    return rows[0], rows[1], len(rows) - 1


def sheet(file: Path) -> tuple[list[str], list[Any], int]:
    """The first row of a sheet, read from its XML: no library for reading one is among ours."""
    import zipfile

    from defusedxml.ElementTree import fromstring

    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(file) as book:
        rows = fromstring(book.read("xl/worksheets/sheet1.xml")).findall(f".//{name}row")
    assert not [cell for row in rows for cell in row.findall(f".//{name}f")], "no formulas"
    values = [["".join(cell.itertext()) for cell in row] for row in rows]
    return values[0], values[1], len(values) - 1


def test_a_sheet_says_what_it_has_cut(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(dataset), "SELECT repeat('x', 40000) AS t", "-o", str(tmp_path / "a.xlsx")]) == 0
    assert "1 texts were cut" in capsys.readouterr().err
    assert len(sheet(tmp_path / "a.xlsx")[1][0]) == 32_767


def test_what_cannot_be_written_leaves_nothing(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "inside the dataset" in refused(capsys, "query", dataset, "money", "-o", dataset / "rows.csv")
    assert "No such file" in refused(capsys, "query", dataset, "money", "-o", tmp_path / "none" / "rows.csv")
    (tmp_path / "old.csv").write_text("old", "utf-8")
    assert "cannot be answered" in refused(capsys, "query", dataset, "SELECT nothing FROM money", "-o", tmp_path / "old.csv")
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [("old.csv", "old")]
    assert not [p for p in dataset.iterdir() if p.suffix]


# --- exports and views


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_an_export_has_a_file_a_table(dataset: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(dataset), "--to", str(tmp_path / "out" / "it"), "--format", form]) == 0
    assert {p.stem for p in (tmp_path / "out" / "it").iterdir()} == {*TABLES, "runs", "rules"}
    told = dict(line.rsplit(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert told[str(tmp_path / "out" / "it" / f"articles.{form}")] == "4 rows"
    if form == "parquet":
        texts = pq.read_table(tmp_path / "out" / "it" / "figures.parquet")["text"].to_pylist()
        assert "17" in texts and "16" not in texts


def test_an_export_stays_out_of_the_dataset(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "inside the dataset" in refused(capsys, "export", dataset, "--to", dataset / "export")
    (tmp_path / "file").write_text("x", "utf-8")
    assert "not a folder" in refused(capsys, "export", dataset, "--to", tmp_path / "file")


def test_views_run_in_duckdb_without_us(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["views", str(dataset), "-o", str(tmp_path / "views.sql")]) == 0
    assert main(["views", str(dataset)]) == 0
    script = (tmp_path / "views.sql").read_text("utf-8")
    assert script.partition("\n\n")[2] == capsys.readouterr().out.partition("\n\n")[2]
    monkeypatch.chdir("/")
    with duckdb.connect(str(tmp_path / "mine.duckdb")) as theirs, connect(Dataset.open(dataset)) as ours:
        theirs.execute(script)
        theirs.execute(script)  # again, as people do
        for table in TABLES:
            for view in (table, f"{table}_all"):
                sql = f"SELECT count(*), max(hash(COLUMNS(*)::VARCHAR)) FROM {view}"
                assert theirs.execute(f"SET TimeZone = 'UTC'; {sql}").fetchall() == ours.execute(sql).fetchall(), view
        assert theirs.execute("SELECT count(*) FROM rules").fetchall() == ours.execute("SELECT count(*) FROM rules").fetchall()
        sentences = (
            'SELECT sentence_at(a.text, f.start, f."end") FROM figures f JOIN articles a USING (article_id, version) ORDER BY f.row_id'
        )
        assert theirs.execute(sentences).fetchall() == ours.execute(sentences).fetchall()
    with duckdb.connect(str(tmp_path / "mine.duckdb")) as again:
        assert again.execute("SELECT count(*) FROM articles").fetchone() == (4,)


# --- pages and explanations


def test_an_article_is_found_by_whatever_names_it(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with connect(Dataset.open(dataset)) as connection:
        article = connection.execute("SELECT article_id FROM articles WHERE outlet = 'Example News'").fetchall()[0][0]
    for name in (article, article[:8], figure(dataset)[:10], "https://examplenews.example/1", "wire/1.txt", "HARBOUR deal"):
        assert main(["show", str(dataset), name]) == 0, name
        assert f"article {article}" in capsys.readouterr().out
    assert "may be 2 articles" in refused(capsys, "show", dataset, "r")[:0] + refused(capsys, "show", dataset, "norvia")
    assert "factwire search" in refused(capsys, "show", dataset, "zebra")
    assert "name the article" in refused(capsys, "show", dataset, " ")


def test_a_page_without_text_says_so(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(dataset), "analysts"]) == 0
    captured = capsys.readouterr()
    assert "of its debt" in captured.out.lower()
    assert "--text none" in captured.err


@pytest.mark.parametrize("width", [20, 80, 109, 110, 200])
def test_a_page_shows_every_character_and_every_label(
    dataset: Path, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["show", str(dataset), "harbour"]) == 0
    shown = capsys.readouterr().out
    for label in ("[f1]", "[f2]", "[f3]", "[f4]", "[d1]", "[d2]", "[d3]", "[q1]", "[q2]"):
        assert label in shown.replace("\n", "") or width < 40
    assert shown.count("2,700,000,000") == 1


def test_a_row_is_explained_with_its_rule_and_ties(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(dataset), figure(dataset)[:9]]) == 0
    shown = capsys.readouterr().out
    for words in (
        "«$2.7 billion»",
        "rule money-sign",
        "A currency sign before the amount",
        "rows of our own gold",
        "points at",
        "date_id",
        "“last year”",
        "pointed at by",
        "figure_ids facts",
        "not said or not known",
    ):
        assert words in shown
    with connect(Dataset.open(dataset)) as connection:
        (old,) = connection.execute("SELECT row_id FROM figures_all WHERE text = '16'").fetchall()[0]
        article = connection.execute("SELECT any_value(article_id) FROM articles").fetchall()[0][0]
    assert main(["explain", str(dataset), old]) == 0
    assert "older version" in capsys.readouterr().out
    assert "factwire show" in refused(capsys, "explain", dataset, article)
    assert "no row_id" in refused(capsys, "explain", dataset, "zebra")
    assert "a rerun" in refused(capsys, "explain", dataset, "0" * 32)


# --- on a terminal


def test_a_terminal_is_told_how_much_there_is(dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    long = "'a ' || repeat('very ', 100) || 'end' AS t"
    assert main(["query", str(dataset), f"SELECT range AS n, {long} FROM range(1204)"]) == 0
    shown = capsys.readouterr().out
    assert "50 of 1,204 rows (--all shows all)" in shown.splitlines()[-1]
    assert "end" not in shown and "…" in shown
    assert main(["query", str(dataset), f"SELECT range AS n, {long} FROM range(51)", "--all", "--full"]) == 0
    shown = capsys.readouterr().out
    assert "51 rows" in shown.splitlines()[-1] and shown.count("end") == 51 and "…" not in shown


def test_asking_loads_neither_beam_nor_the_model(dataset: Path) -> None:
    import subprocess

    code = """
import sys
from pipeline.cli import main
for argv in (["query", {0!r}, "money"], ["search", {0!r}, "profit"], ["show", {0!r}, "harbour"], ["explain", {0!r}, {1!r}], ["views", {0!r}]):
    assert main(argv) == 0, argv
sys.exit(len({{"apache_beam", "spacy", "xlsxwriter"}} & set(sys.modules)))
"""
    p = subprocess.run(
        [sys.executable, "-c", code.format(str(dataset), figure(dataset))],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert p.returncode == 0, p.stderr


def test_help_lists_the_queries_with_what_they_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["query", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for q in named_queries():
        assert f"{q.name} {q.question}" in shown


def test_dates_are_days(dataset: Path, tmp_path: Path) -> None:
    assert main(["query", str(dataset), "money", "-o", str(tmp_path / "m.parquet")]) == 0
    assert pq.read_table(tmp_path / "m.parquet")["day"].to_pylist()[0] == dt.date(2025, 6, 1)
