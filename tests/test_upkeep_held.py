"""Upkeep where a mistake would go unseen: whose options a retry takes, what a takedown remembers, and that folding holds the lock."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import Dataset, LockedError, writing
from pipeline.forget import forget
from pipeline.retry import retry
from tests.polling import WORDS, ran
from tests.test_upkeep_forget import everything
from tests.torture.prepared_rows import article, commit_rows
from transforms.read.damage import DamageError

pytestmark = pytest.mark.usefixtures("articles_only")

URL = "https://news.example/2024/varga-robbery"


def breaking_off_after(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which lines can be read up to this number."""

    def chunks(path: str, **_: Any) -> Iterator[bytes]:
        yield b"".join(Path(path).read_bytes().splitlines(keepends=True)[:number])
        raise DamageError("unreadable", "cannot be read: Input/output error", retryable=True)

    monkeypatch.setattr("transforms.read.jsonl.chunks_of", chunks)


def test_a_retry_takes_the_options_of_the_newest_run_that_met_the_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text("".join(json.dumps({"id": f"n{n}", "text": f"{WORDS} {n}"}) + "\n" for n in range(3)), "utf-8")
    for number, day in ((1, dt.date(2024, 5, 6)), (2, dt.date(2024, 6, 7))):
        with monkeypatch.context() as patched:
            breaking_off_after(number, patched)
            made = ran(tmp_path, str(source), published_at=day)
    assert [r["retryable"] for r in made.rows("rejects")] == [True, True]
    done = retry(made.dataset, workers=1)
    assert (done.tried, done.settled, done.account.total.articles) == (2, 2, 1)
    by_id = {row["guid"]: str(row["published_local_date"]) for row in made.rows()}
    assert by_id == {"n0": "2024-05-06", "n1": "2024-06-07", "n2": "2024-06-07"}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two pages, each in a file of its own whose name tells what it is about."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, url in (("varga-robbery", URL), ("the-bridge", "https://news.example/2024/bridge")):
        paragraphs = "".join(f"<p>{WORDS} It is about {name.replace('-', ' ')}, part {n}.</p>" for n in range(6))
        head = f"<head><title>{name}</title><link rel='canonical' href='{url}'></head>"
        body = f"<body><article><h1>{name}</h1>{paragraphs}</article></body>"
        (folder / f"{name}.html").write_text(f"<html>{head}{body}</html>", "utf-8")
    return folder


def test_a_page_that_was_forgotten_is_not_read_again_nor_named(pages: Path, tmp_path: Path) -> None:
    first = ran(tmp_path, str(pages))
    assert (first.articles, {a["canonical_url"] for a in first.rows()} >= {URL}) == (2, True)
    assert forget(first.dataset, url=URL).rows["articles"] == 1
    assert "varga" not in everything(first.dataset)
    again = ran(tmp_path, str(pages), recheck=True)
    assert (again.outcome.account.total.filtered, again.outcome.account.total.unchanged, again.articles) == (1, 1, 0)
    assert "varga" not in everything(first.dataset)
    # Its name alone is known, whatever the file holds by now.
    (pages / "varga-robbery.html").write_text(f"<html><body><p>{'Varga is another matter. ' * 40}</p></body></html>", "utf-8")
    assert ran(tmp_path, str(pages)).outcome.account.total.filtered == 1
    assert "varga" not in everything(first.dataset).lower()


@pytest.mark.parametrize("recheck", [False, True])
def test_a_later_run_that_is_given_a_forgotten_file_by_name_does_not_write_the_name_down(
    pages: Path, tmp_path: Path, recheck: bool
) -> None:
    first = ran(tmp_path, str(pages))
    forget(first.dataset, url=URL)
    (tmp_path / "new.txt").write_text(f"{WORDS} The ferry is new.", "utf-8")
    later = ran(tmp_path, [str(pages / "varga-robbery.html"), str(tmp_path / "new.txt")], recheck=recheck)
    assert (later.articles, later.outcome.account.total.filtered, later.outcome.committed) == (1, 1, True)
    assert "varga" not in everything(first.dataset)
    assert any("new.txt" in str(commit.options) for commit in Dataset.open(first.dataset).commits)  # all else is


def test_a_later_run_does_not_write_a_forgotten_address_down(pages: Path, tmp_path: Path) -> None:
    first = ran(tmp_path, str(pages))
    forget(first.dataset, url=URL)
    (tmp_path / "new.txt").write_text(f"{WORDS} The ferry is new.", "utf-8")
    later = ran(tmp_path, [URL, str(tmp_path / "new.txt")])
    assert (later.articles, later.outcome.account.feeds[URL].status) == (1, "forgotten")
    assert "varga" not in everything(first.dataset)


def test_nothing_is_folded_once_the_lock_is_taken_away(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(3):
            commit_rows(writer, f"r{number}", "0000", {"articles": [article(number)]})
        names = sorted(path.name for path in (tmp_path / "ds" / "_runs").iterdir())
        (tmp_path / "ds" / "_lock").unlink()
        with writing(Dataset.open(tmp_path / "ds")) as other:
            with pytest.raises(LockedError, match="removed"):
                writer.fold()
            assert sorted(path.name for path in (tmp_path / "ds" / "_runs").iterdir()) == names
            commit_rows(other, "other", "0000", {"articles": [article(9)]})
    assert len(Dataset.open(tmp_path / "ds").commits) == 4
