"""Inputs that no list has: each gets its sentence, or its reject, and nothing hangs."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from tests.polling import WORDS, ran
from tests.reading import articles, read, rejects
from transforms.read import SourceError, sources_in

pytestmark = pytest.mark.usefixtures("articles_only")


def refused(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> str:
    """The one sentence with which a command line is refused."""
    assert main([os.fspath(word) for word in argv]) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said and "sys." not in said
    return said


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(WORDS, "utf-8")
    return path


def fifo(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path.name)


ODD = pytest.mark.parametrize("make", [fifo, zeros, folder, loop])


@ODD
def test_a_gazetteer_that_is_no_file(text: Path, tmp_path: Path, make: Callable[[Path], None], capsys: Any) -> None:
    make(tmp_path / "names.csv")
    assert "names.csv" in refused(capsys, "run", text, "-o", tmp_path / "ds", "--gazetteer", tmp_path / "names.csv")


@ODD
def test_a_lexicon_that_is_no_file(text: Path, tmp_path: Path, make: Callable[[Path], None], capsys: Any) -> None:
    (tmp_path / "own").mkdir()
    make(tmp_path / "own" / "figures-units.toml")
    assert "take it out" in refused(capsys, "run", text, "-o", tmp_path / "ds", "--lexicons", tmp_path / "own")


@ODD
def test_a_list_of_feeds_that_is_no_file(tmp_path: Path, make: Callable[[Path], None], capsys: Any) -> None:
    make(tmp_path / "feeds.opml")
    assert "OPML or TOML" in refused(capsys, "run", "--feeds", tmp_path / "feeds.opml", "-o", tmp_path / "ds")


@ODD
def test_a_sidecar_that_is_no_file(text: Path, tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(text.with_suffix(".json"))
    made = ran(tmp_path, str(text))
    assert (made.articles, [r["reason"] for r in made.rows("rejects")]) == (1, ["unreadable"])


HUGE = "9" * 5000


@pytest.mark.parametrize(("content", "said"), [(f"x = {HUGE}", "4,300 digits"), ("x = " + "[" * 5000 + "]" * 5000, "nested too deeply")])
def test_toml_that_python_does_not_read(text: Path, tmp_path: Path, content: str, said: str, capsys: Any) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "figures-units.toml").write_text(content, "utf-8")
    assert said in refused(capsys, "run", text, "-o", tmp_path / "ds", "--lexicons", tmp_path / "own")
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(content, "utf-8")
    assert "neither OPML nor TOML" in refused(capsys, "run", "--feeds", feeds, "-o", tmp_path / "ds")


def test_a_value_that_is_too_long_for_csv_is_told_with_its_line(text: Path, tmp_path: Path, capsys: Any) -> None:
    names = tmp_path / "names.csv"
    names.write_text(f'name,aliases,type,id\nAnn Lee,,person,1\n"{"x" * 200_000}",,person,2\n', "utf-8")
    assert "line 3" in refused(capsys, "run", text, "-o", tmp_path / "ds", "--gazetteer", names)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--workers", "²"], "--workers"),
        (["--workers", "٣"], "--workers"),
        (["--workers", "9" * 5000], "--workers"),
        (["--published-at", ""], "no date"),
        (["--published-at", "٢٠٢٤-٠٥-٠٦"], "no date"),
        (["--max-bad", "nan"], "--max-bad"),
        (["--feeds", "http://e.org/list.opml"], "that is here"),
    ],
)
def test_odd_options(text: Path, tmp_path: Path, words: list[str], said: str, capsys: Any) -> None:
    assert said in refused(capsys, "run", text, "-o", tmp_path / "ds", *words)


def test_a_source_that_is_empty_is_not_the_folder_at_hand(tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(SourceError):
        sources_in([""])
    assert "empty" in refused(capsys, "run", "", "-o", tmp_path / "ds")


@pytest.mark.parametrize("address", ["ftp://me:hunter@e.org/x", "gs://bucket/x.txt"])
def test_extract_takes_no_addresses_but_those_of_the_web(address: str, capsys: Any) -> None:
    said = refused(capsys, "extract", address)
    assert "factwire run" in said
    assert "hunter" not in said


def line(**fields: Any) -> bytes:
    return json.dumps({"text": WORDS} | fields).encode() + b"\n"


def test_numbers_and_depths_that_python_does_not_read_cost_their_lines_alone(tmp_path: Path) -> None:
    odd = f'{{"id": {HUGE}, "text": "{WORDS}"}}\n'.encode()
    deep = b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    records = read(tmp_path / "a.jsonl", line(id="1") + odd + deep + line(id="2"))
    assert len(articles(records)) == 2
    assert rejects(records) == [("record", "bad_json")] * 2
    assert not any("sys." in getattr(r.item, "message", "") for r in records)


def test_files_put_one_behind_the_other_with_their_marks(tmp_path: Path) -> None:
    marked = b"\xef\xbb\xbf" + line(id="1")
    assert len(articles(read(tmp_path / "a.jsonl", marked + marked.replace(b'"1"', b'"2"') + line(id="3")))) == 3
    assert len(articles(read(tmp_path / "b.jsonl.gz", gzip.compress(marked) + gzip.compress(marked.replace(b'"1"', b'"2"'))))) == 2


@pytest.mark.parametrize(
    "day",
    ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2024-05-06T25:00", "2024-05-06T12:00+99:99", "٢٠٢٤-٠٥-٠٦", "2024-05-06\0"],
)
def test_dates_at_the_edge_of_time(tmp_path: Path, day: str) -> None:
    records = read(tmp_path / "a.jsonl", line(id="1", published_at=day))
    assert rejects(records) == [("part", "bad_date")]
    assert articles(records)[0].published_at is None


@pytest.mark.parametrize("charset", ["rot13", "hex", "undefined", "idna", "unicode_escape", "zlib", "utf-7", "punycode", "x" * 5000, "\0"])
def test_charsets_that_are_none(tmp_path: Path, charset: str) -> None:
    body = "".join(f"<p>{WORDS * 3} {n}</p>" for n in range(6))
    page = f'<html><head><meta charset="{charset}"><title>T</title></head><body><article>{body}</article></body></html>'
    (only,) = articles(read(tmp_path / "a.html", page.encode()))
    assert only.text and WORDS.strip() in only.text
