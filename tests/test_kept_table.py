"""Tables in the user's cache folder: made once, made again where a file is not to be trusted, and never a trouble."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.words import kept_table
from transforms.words.kept_table import kept

TABLE = [["Qvarnby", "é"], 1, None]


class Makes:
    """Makes the table, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> object:
        self.times += 1
        return TABLE


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def test_a_table_is_made_once_for_all_that_it_hangs_on(cache: Path) -> None:
    make = Makes()
    assert [kept("towns", ("1", "ab"), make) for _ in range(3)] == [TABLE] * 3
    assert make.times == 1
    for made_of in (("1", "a", "b"), ("2", "ab"), ("1ab",)):
        assert kept("towns", made_of, make) == TABLE
    assert kept("names", ("1", "ab"), make) == TABLE
    assert make.times == 5


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


def point_elsewhere(path: Path) -> None:
    path.rename(path.parent / "elsewhere")
    path.symlink_to(path.parent / "elsewhere")


def take_of_other_key(path: Path) -> None:
    kept("towns", ("other",), lambda: ["of another key"])
    next(each for each in path.parent.glob("towns-*") if each != path).replace(path)


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGE: list[Callable[[Path], object]] = [
    flip,
    point_elsewhere,
    take_of_other_key,
    make_pipe,
    lambda path: path.write_bytes(path.read_bytes()[:-5]),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"\x80\x04."),
    lambda path: path.chmod(0o620),
    lambda path: path.chmod(0o602),
]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_file_that_is_not_to_be_trusted_is_made_anew(cache: Path, damage: Callable[[Path], object]) -> None:
    make = Makes()
    kept("towns", ("1",), make)
    damage(files(cache)[0])
    assert [kept("towns", ("1",), make) for _ in range(2)] == [TABLE] * 2
    assert make.times == 2, "what was made anew is kept in its place"


def test_the_file_of_another_user_is_not_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Makes()
    kept("towns", ("1",), make)
    other = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    assert kept("towns", ("1",), make) == TABLE
    assert make.times == 2


def test_a_cache_that_cannot_be_written_or_found_costs_nothing_but_time(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("a file where the folder would be")
    assert kept("towns", ("1",), Makes()) == TABLE
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert kept("towns", ("1",), Makes()) == TABLE


def test_an_error_while_it_is_written_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert kept("towns", ("1",), Makes()) == TABLE
    assert files(cache) == []


def test_many_at_once_all_have_the_table(cache: Path) -> None:
    start, got = threading.Barrier(8), []

    def one() -> None:
        start.wait()
        got.append(kept("towns", ("1",), Makes()))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [TABLE] * 8
    assert len(files(cache)) == 1


def test_only_the_newest_files_of_a_table_stay(cache: Path) -> None:
    kept("names", ("0",), Makes())
    for number in range(kept_table._FEW + 3):
        kept("towns", (str(number),), Makes())
    assert sum(path.name.startswith("towns-") for path in files(cache)) == kept_table._FEW
    assert sum(path.name.startswith("names-") for path in files(cache)) == 1
