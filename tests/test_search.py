"""`factwire search`: words are found as people type them, the index is as current as the tables, and a takedown takes it."""

import csv
import io
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.answers import search_index
from pipeline.answers.search import COLUMNS, Sought, search, terms_of
from pipeline.answers.search_index import FILE, TOKENS
from pipeline.cli import main
from pipeline.compact import compact
from pipeline.dataset import Dataset, writing
from pipeline.dataset.recover import INDICES
from pipeline.forget import forget
from pipeline.options import UsageError
from tests import answering
from tests.test_upkeep_forget import TRACES, URL, copy, everything, made  # noqa: F401 - two of them fixtures
from tests.torture.prepared_rows import article, commit_rows


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return answering.made(tmp_path / "a set")


def found(dataset: Path, words: str, **more: Any) -> list[str]:
    hits, _ = search(dataset, Sought(words=words, **more), pytest.fail)
    return [(hit.title or "")[:6] for hit in hits]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("harbour", ["Norvia"]),
        ("harbours", ["Norvia"]),  # by its stem
        ("Ann refuses", ["Norvia"]),
        ("harbour zebra", []),
        ("harbour OR zebra", ["Norvia"]),
        ("zebra OR ships", ["Quaro ", "Norvia"]),  # "Shipping" has that stem, too
        ("profit -ships", ["Norvia"]),
        ('"harbour deal"', ["Norvia"]),
        ('"deal harbour"', []),
        ("harb*", ["Norvia"]),
        ("analysts", ["Norvia"]),  # of an article that is kept without its text
        ("16", []),  # an older version's
        ("17 ships", ["Quaro "]),
        ("2.7", ["Quaro ", "Norvia"]),
        ("profit OR OR ships", ["Quaro ", "Norvia", "Norvia"]),
        ("AND", []),
        ("NEAR(profit ships)", []),
        ("title:profit", []),
    ],
)
def test_words_are_found_as_people_type_them(dataset: Path, words: str, titles: list[str]) -> None:
    assert sorted(found(dataset, words)) == sorted(titles)


@pytest.mark.parametrize(
    ("more", "count"), [({"outlet": "copy"}, 0), ({"outlet": "copy", "copies": True}, 1), ({"copies": True}, 2), ({"limit": 1}, 1)]
)
def test_hits_are_narrowed_down(dataset: Path, more: dict[str, Any], count: int) -> None:
    assert len(found(dataset, "harbour", **more)) == count


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_query_or_told(words: str) -> None:
    try:
        terms = terms_of(words)
    except UsageError as error:
        assert "no word to look for" in str(error)
        return
    db = sqlite3.connect(":memory:")
    db.execute(f'CREATE VIRTUAL TABLE t USING fts5(text, tokenize="{TOKENS}")')
    for each in (terms.every, terms.some):
        db.execute("SELECT * FROM t WHERE t MATCH ?", (each.replace("\0", ""),)).fetchall()
    db.close()


def test_each_hit_comes_with_its_rows(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(dataset), "offered", "billion", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert tuple(rows[0]) == COLUMNS
    assert [(r["hit"], r["kind"]) for r in rows][:2] == [("1", "article"), ("1", "quote")]
    assert "We «offered» €3 «billion» for it." in rows[1]["text"] and len(rows[1]["row_id"]) == 32


def test_no_hit_is_no_error(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(dataset), "zebra"]) == 0
    assert capsys.readouterr().out == "0 articles\n"
    assert main(["search", str(dataset), '"']) == 1
    assert "no word to look for" in capsys.readouterr().err


def test_the_index_is_as_current_as_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, written = tmp_path / "ds", []
    insert = search_index._texts
    monkeypatch.setattr(search_index, "_texts", lambda connection, wanted: written.append(len(wanted)) or insert(connection, wanted))
    with writing(Dataset.create(root)) as writer:
        commit_rows(writer, "r1", "0", {"articles": [article(n) for n in range(10)]})
    assert len(search(root, Sought(words="troops", limit=99), pytest.fail)[0]) == 10
    assert len(search(root, Sought(words="troops", limit=99), pytest.fail)[0]) == 10
    with writing(Dataset.open(root)) as writer:
        commit_rows(writer, "r2", "0", {"articles": [article(3, version=2, addition=" Boats, too."), article(10)]})
    assert len(search(root, Sought(words="troops", limit=99), pytest.fail)[0]) == 11
    assert [h.article_id for h in search(root, Sought(words="boats"), pytest.fail)[0]] == [article(3).article_id]
    compact(root)
    assert len(search(root, Sought(words="troops", limit=99), pytest.fail)[0]) == 11
    assert written == [10, 2], "only what is new is indexed"
    with writing(Dataset.open(root)) as writer:
        commit_rows(writer, "r3", "0", {"articles": [article(n, version=3, addition=" Sunk.") for n in range(8)]})
    assert len(search(root, Sought(words="sunk", limit=99), pytest.fail)[0]) == 8
    assert [h.article_id for h in search(root, Sought(words="boats"), pytest.fail)[0]] == []
    assert written == [10, 2, 11], "where much is gone, all is indexed anew"


@pytest.mark.parametrize("damage", [b"", b"no database at all", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_index_is_made_anew(dataset: Path, damage: bytes) -> None:
    assert found(dataset, "harbour") == ["Norvia"]
    (dataset / INDICES / FILE).write_bytes(damage)
    assert found(dataset, "harbour") == ["Norvia"]
    assert [p.name for p in (dataset / INDICES).iterdir()] == [FILE]


def test_a_dataset_that_cannot_be_written_is_searched_and_it_is_said(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(search_index, "make_folder", refuse)
    told: list[str] = []
    hits, _ = search(dataset, Sought(words="harbour"), told.append)
    assert len(hits) == 1 and len(told) == 1 and "made anew for each search" in told[0]
    assert not (dataset / INDICES).exists()


def test_a_takedown_takes_the_index(copy: Path) -> None:  # noqa: F811
    assert len(search(copy, Sought(words="varga", limit=50, copies=True), lambda _: None)[0]) >= 3
    assert "varga" in everything(copy).lower()
    forget(copy, url=URL)
    assert not (copy / INDICES / FILE).exists()
    for each in search(copy, Sought(words="varga", copies=True), lambda _: None)[0]:
        forget(copy, article=each.article_id)
    search(copy, Sought(words="police OR lee OR boats"), lambda _: None)
    left = (copy / INDICES / FILE).read_bytes().decode("latin-1")
    assert not [word for word in TRACES if word.lower() in left.lower()]


def test_what_is_taken_down_beside_a_search_is_in_no_index(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The search has read the tables when the takedown comes, and writes its index after it."""
    fill = search_index._fill
    once = iter([True])

    def beside(*given: Any) -> None:
        fill(*given)
        if next(once, False):
            forget(copy, url=URL)

    monkeypatch.setattr(search_index, "_fill", beside)
    hits, _ = search(copy, Sought(words="varga", limit=50, copies=True), lambda _: None)
    assert URL not in {hit.source for hit in hits}
    assert [p.name for p in (copy / INDICES).glob("*search*")] == [FILE]


def test_writers_that_clear_away_what_is_unfinished_do_not_break_a_search(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = search_index._fill

    def beside(*given: Any) -> None:
        fill(*given)
        for path in (dataset / INDICES).glob(".*.tmp"):
            path.unlink()

    monkeypatch.setattr(search_index, "_fill", beside)
    assert found(dataset, "harbour") == ["Norvia"]


def test_many_search_at_once(dataset: Path, tmp_path: Path) -> None:
    results: list[list[str]] = []
    threads = [threading.Thread(target=lambda: results.append(found(dataset, "harbour"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [["Norvia"]] * 8
    assert [p.name for p in (dataset / INDICES).iterdir()] == [FILE]
    shutil.copytree(dataset, tmp_path / "moved")
    assert found(tmp_path / "moved", "harbour") == ["Norvia"]
