"""What a run remembers as read, and what it must not: a mistake here is seen only when a text is missing weeks later."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.account import Account, Tally
from pipeline.dataset import Dataset
from pipeline.graph import Graph
from tests import polling
from tests.loopback import Asked, Loopback, Reply
from tests.polling import item, ran, rss
from transforms.flow.receipt import Receipt
from transforms.flow.take import FromSource
from transforms.read.damage import DamageError

pytestmark = pytest.mark.usefixtures("articles_only")
XML = {"Content-Type": "application/rss+xml"}


def lines(*numbers: int) -> str:
    return "".join(
        json.dumps({"id": f"n{n}", "text": f"The council of the town said that bridge {n} stays closed."}) + "\n" for n in numbers
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five articles in one file."""
    path = tmp_path / "news.jsonl"
    path.write_text(lines(1, 2, 3, 4, 5), "utf-8")
    return path


# --- the share of bad records


def test_the_share_of_bad_records_is_of_those_looked_at_anew() -> None:
    account = Account({"a": Tally(records=8, unchanged=8), "b": Tally(records=2, articles=1, rejects=1)})
    assert account.bad_share == 0.5
    assert Account({"a": Tally(records=8, unchanged=8)}).bad_share == 0.0


def test_a_file_that_is_known_does_not_hide_that_what_is_new_is_bad(source: Path, tmp_path: Path) -> None:
    assert ran(tmp_path, str(source)).exit_code == 0
    with source.open("a", encoding="utf-8") as file:
        file.write(lines(6) + "no json\n")
    again = ran(tmp_path, str(source), max_bad=0.2)  # one of seven, but one of the two that are new
    assert (again.outcome.account.total.unchanged, again.outcome.account.total.rejects) == (5, 1)
    assert again.exit_code == 2


@pytest.mark.parametrize(("most", "code"), [(0.25, 0), (0.24, 2)])
def test_as_many_bad_records_as_allowed_are_allowed(tmp_path: Path, most: float, code: int) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text(lines(1, 2, 3) + "no json\n", "utf-8")
    assert ran(tmp_path, str(source), max_bad=most).exit_code == code


# --- what is not remembered as read


def test_a_source_that_changed_under_the_run_is_read_again_even_as_it_was(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that keeps times puts back what the plan had seen: size and time say that it is known, and half of it was never read."""
    whole, stamp = source.read_bytes(), source.stat()
    real: Callable[[FromSource], Iterator[Any]] = FromSource.items

    def cut(take: FromSource) -> Iterator[Any]:
        source.write_text(lines(1, 2), "utf-8")
        return real(take)

    with monkeypatch.context() as patched:
        patched.setattr(FromSource, "items", cut)
        first = ran(tmp_path, str(source))
    assert (first.articles, first.exit_code) == (2, 2)
    source.write_bytes(whole)
    os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    again = ran(tmp_path, str(source))
    assert (again.articles, again.outcome.account.total.unchanged, len(again.rows())) == (3, 2, 5)


def test_a_source_that_may_be_read_better_later_is_looked_at_again(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails for a moment: the file stays as it was, and is read once it can be."""
    from transforms.read import content

    real: Callable[..., Any] = content.chunks_of

    def failing(path: str, *args: Any, **more: Any) -> Any:
        yield lines(1, 2).encode()
        raise DamageError("unreadable", "cannot be read: Input/output error", retryable=True)

    with monkeypatch.context() as patched:
        for module in ("transforms.read.content", "transforms.read.jsonl"):
            patched.setattr(f"{module}.chunks_of", failing, raising=False)
        first = ran(tmp_path, str(source))
    assert real is content.chunks_of
    assert [r["retryable"] for r in first.rows("rejects")] == [True]
    assert Dataset.open(first.dataset).inputs == {}
    again = ran(tmp_path, str(source))
    assert (again.articles + first.articles, again.outcome.account.total.unchanged) == (5, first.articles)


def interrupted_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of two articles; the engine is interrupted as it begins the slice of this number."""
    begun: list[Graph] = []

    def executed(graph: Graph, **more: Any) -> list[Receipt]:
        begun.append(graph)
        if len(begun) == number:
            raise KeyboardInterrupt
        return polling._written(graph, **more)

    monkeypatch.setattr("pipeline.plan.SLICE", 2)
    monkeypatch.setattr("pipeline.engines.local.executed", executed)


@pytest.mark.parametrize("number", [2, 3])
def test_a_file_of_an_interrupted_run_is_read_to_its_end_by_the_next(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as patched:
        interrupted_at(number, patched)
        with pytest.raises(KeyboardInterrupt):
            ran(tmp_path, str(source))
    assert Dataset.open(tmp_path / "ds").inputs == {}
    done = (number - 1) * 2
    again = ran(tmp_path, str(source))
    assert (again.outcome.account.total.unchanged, again.articles, len(again.rows())) == (done, 5 - done, 5)
    assert ran(tmp_path, str(source)).outcome.account.total.unchanged == 5
    assert set(Dataset.open(tmp_path / "ds").inputs) == {str(source)}


def test_a_feed_of_an_interrupted_run_is_read_to_its_end_by_the_next(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked_for_news(asked: Asked) -> Reply:
        return Reply(status=304) if "if-none-match" in asked.headers else Reply(rss(*map(item, range(5))), headers=XML | {"ETag": '"1"'})

    web.routes["/f"] = asked_for_news
    with monkeypatch.context() as patched:
        interrupted_at(2, patched)
        with pytest.raises(KeyboardInterrupt):
            ran(tmp_path, web.url("/f"))
    again = ran(tmp_path, web.url("/f"))
    assert (again.outcome.account.total.unchanged, again.articles, len(again.rows())) == (2, 3, 5)


def test_a_file_written_anew_in_place_with_the_same_size_is_read(source: Path, tmp_path: Path) -> None:
    ran(tmp_path, str(source))
    before = source.stat()
    with source.open("r+", encoding="utf-8") as file:
        file.write(lines(1, 2, 3, 4, 7))
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns + 1))  # the clock of some file systems is coarse
    after = source.stat()
    assert (after.st_size, after.st_ino) == (before.st_size, before.st_ino)
    again = ran(tmp_path, str(source))
    assert (again.articles, again.outcome.account.total.unchanged) == (1, 4)


def test_a_file_rewritten_under_the_run_with_the_same_size_is_a_failed_source(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts that the plan wanted are not there any more: nothing is wrong with the engine, and the run says which source it was."""
    real: Callable[[FromSource], Iterator[Any]] = FromSource.items
    size = source.stat().st_size

    def rewritten(take: FromSource) -> Iterator[Any]:
        source.write_text("no json".ljust(size), "utf-8")
        os.utime(source, ns=(1, 1))
        return (item for item in real(take) if not hasattr(item, "reason"))

    monkeypatch.setattr(FromSource, "items", rewritten)
    first = ran(tmp_path, str(source))
    assert (first.exit_code, first.articles, first.outcome.account.source(str(source)).failed) == (2, 0, True)
