"""Crashes, full and read-only disks, and two runs at once: the next run leaves what an undisturbed one would have left.

`python -m tests.torture` does the same thousands of times; FACTWIRE_TORTURE_ROUNDS makes the rounds of random kills here more than twenty.
"""

import contextlib
import datetime as dt
import errno
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.dataset import Dataset, LockedError, NotWritableError, writing
from tests.needs import needs
from tests.torture.harness import (
    AFTER_A_CRASH,
    NOON,
    Undisturbed,
    at_damage,
    at_limit,
    at_point,
    at_random,
    complaints,
    finish,
    rows_on_disk,
    scratch,
    start,
    start_committing,
    undisturbed,
)
from tests.torture.prepared_rows import article, commit_rows
from tests.torture.work import Failure, Fault, arrange, put_back, work

MEMORY = Path("/dev/shm")
FAST = MEMORY if os.access(MEMORY, os.W_OK) else None  # a kill leaves the same there as on a disk
ROUNDS = int(os.environ.get("FACTWIRE_TORTURE_ROUNDS", "20"))

POINTS = [
    *(
        f"{step}:{moment}"
        for step in ("stage", "prepare", "checkpoint", "part", "fold", "index")
        for moment in ("half-written", "written", "renamed")
    ),
    "commit:moving",
    "commit:moved",
    "commit:made",
    "remove:dropping",
    "clear:renamed",
    "fold:dropping",
    "index:dropping",
    *AFTER_A_CRASH,
]


@pytest.fixture(scope="module")
def peace() -> Undisturbed:
    return undisturbed(FAST)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what `arrange` changes."""
    put_back(monkeypatch)


def test_every_point_is_named_here(peace: Undisturbed) -> None:
    assert set(POINTS) == peace.reached.keys() | AFTER_A_CRASH.keys()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.hostile(91)
def test_killed_at_a_point(peace: Undisturbed, point: str) -> None:
    assert at_point(point, peace, random.Random(point), FAST) == []


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.hostile(91)
def test_killed_at_a_random_moment(peace: Undisturbed, seed: int) -> None:
    assert at_random(peace, random.Random(seed), FAST) == []


@pytest.mark.parametrize("point", [p for p in POINTS if p not in AFTER_A_CRASH])
@pytest.mark.usefixtures("in_this_process")
@pytest.mark.hostile(90)
def test_a_disk_that_fails_at_a_point(peace: Undisturbed, point: str) -> None:
    number = random.Random(point).choice((errno.ENOSPC, errno.EIO))
    with scratch(FAST) as root:
        arrange(Fault(point, peace.reached[point], Failure(number)), [])
        with pytest.raises(OSError, match=os.strerror(number)) as error:
            work(root, "broken", NOON)
        assert error.value.errno == number
        arrange(None, [])
        work(root, "mended", NOON)
        assert complaints(root, peace.rows) == []


@pytest.mark.parametrize("point", ["prepare:half-written", "prepare:written", "commit:moving", "commit:moved"])
@pytest.mark.usefixtures("in_this_process")
def test_a_run_goes_on_after_a_commit_that_failed(tmp_path: Path, point: str) -> None:
    with writing(Dataset.create(tmp_path / "out")) as writer:
        arrange(Fault(point, 1, Failure(errno.ENOSPC)), [])
        with pytest.raises(OSError, match="No space"):
            commit_rows(writer, "r", "0", {"articles": [article(1)]})
        assert rows_on_disk(tmp_path / "out")["articles"].total() == 0
        commit_rows(writer, "r", "1", {"articles": [article(1)]})
    assert complaints(tmp_path / "out", rows_on_disk(tmp_path / "out")) == []


@pytest.mark.parametrize("point", ["commit:made", "remove:dropping"])
@pytest.mark.usefixtures("in_this_process")
def test_what_a_commit_could_not_remove_is_removed_before_the_next(tmp_path: Path, point: str) -> None:
    with writing(Dataset.create(tmp_path / "out")) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
        arrange(Fault(point, 1, Failure(errno.EIO)), [])
        with pytest.raises(OSError, match="Input/output"):
            commit_rows(writer, "r", "1", {"articles": [article(1)]}, removes=list(writer.dataset.log.files))
        assert writer.dataset.log.sequence == 2
        commit_rows(writer, "r", "2", {"articles": [article(2)]})
    assert rows_on_disk(tmp_path / "out")["articles"].total() == 2
    assert complaints(tmp_path / "out", rows_on_disk(tmp_path / "out")) == []


@pytest.mark.parametrize("left", [b"", b"{", None])
def test_a_commit_that_did_not_happen_is_forgotten_even_if_its_manifest_is_spoilt(tmp_path: Path, left: bytes | None) -> None:
    root = tmp_path / "out"
    with writing(Dataset.create(root)) as writer:
        for run, slice in (("r", "0"), ("r-0", "1"), ("r", "01")):  # names that look alike
            commit_rows(writer, run, slice, {"articles": [article(1)]})
        other = commit_rows(writer, "other", "0", {"articles": [article(2)]})
    before = rows_on_disk(root)
    day = (root / other.adds[0].path).parent
    (day / "r-0-0009.parquet").write_bytes(b"moved")
    (day / "strange.parquet").write_bytes((root / other.adds[0].path).read_bytes())
    prepared = root / "_staging" / "r" / "0" / "manifest.json"
    prepared.parent.mkdir(parents=True)
    prepared.write_bytes((root / "_runs" / "00000001-r.json").read_bytes() if left is None else left)
    with writing(Dataset.open(root)) as writer:
        assert writer.dataset.log.sequence == 4
    assert not (day / "r-0-0009.parquet").exists()
    (day / "strange.parquet").unlink()
    assert complaints(root, before) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.hostile(93, 94)
def test_damage_between_two_runs(peace: Undisturbed, seed: int) -> None:
    assert at_damage(peace, random.Random(seed), FAST) == []


@pytest.mark.parametrize("seed", range(3))
def test_files_that_cannot_grow(peace: Undisturbed, seed: int) -> None:
    assert at_limit(peace, random.Random(seed), FAST) == []


@contextlib.contextmanager
def mounted(folder: Path, *arguments: str) -> Iterator[Path]:
    """A file system mounted at a new folder."""
    folder.mkdir()
    subprocess.run(["mount", *arguments, str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@needs("mount")
@pytest.mark.parametrize("kilobytes", [16, 64, 80, 100, 120])
@pytest.mark.hostile(90)
def test_a_disk_that_is_really_full(tmp_path: Path, peace: Undisturbed, kilobytes: int) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs") as disk:
        try:
            work(disk / "out", "broken", NOON)
        except OSError as error:
            assert error.errno == errno.ENOSPC
            assert str(error.filename).startswith(str(disk))
        else:
            pytest.fail("it all fitted")
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        work(disk / "out", "mended", NOON)
        assert complaints(disk / "out", peace.rows) == []


@needs("mount")
def test_a_disk_filled_by_what_a_dead_run_staged(tmp_path: Path, peace: Undisturbed) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=2m", "tmpfs") as disk:
        staged = Dataset.create(disk / "out").root / "_staging" / "dead" / "0000" / "articles"
        staged.mkdir(parents=True)
        with pytest.raises(OSError, match="No space"):
            (staged / "0000.parquet").write_bytes(bytes(4_000_000))
        work(disk / "out", "mended", NOON)
        assert complaints(disk / "out", peace.rows) == []


@needs("mount")
def test_a_read_only_file_system_can_be_read(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "out")) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
    with mounted(tmp_path / "ro", "--bind", "-o", "ro", str(tmp_path / "out")) as folder:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        dataset = Dataset.open(folder)
        assert len(dataset.live_files("articles")) == 1
        with pytest.raises(NotWritableError, match="cannot be written") as error, writing(dataset):
            pass
        assert error.value.exit_code == 1
        with pytest.raises(NotWritableError):
            Dataset.create(folder / "new")


@pytest.mark.parametrize("refused", ["_lock", "_staging"])
def test_a_folder_without_write_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    dataset = Dataset.create(tmp_path / "out")

    def denied(path, *arguments, **more):
        if Path(path).name == refused:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_open(path, *arguments, **more) if refused == "_lock" else real_mkdir(path, *arguments, **more)

    real_open, real_mkdir = os.open, os.mkdir
    monkeypatch.setattr(os, "open" if refused == "_lock" else "mkdir", denied)
    with pytest.raises(NotWritableError, match="Permission denied"), writing(dataset):
        pass


@pytest.mark.hostile(92)
def test_two_at_once_and_a_lock_that_dies_with_its_process() -> None:
    with scratch(FAST) as root:
        holder = start(root, "first", fault=Fault("commit:moved", 1, stand_still))
        while not list(root.glob("articles/day=*/*.parquet")):
            assert holder.is_alive()
        with pytest.raises(LockedError, match=f"process {holder.pid}") as error:
            work(root, "second", NOON)
        assert error.value.exit_code == 75
        holder.kill()
        assert finish(holder) == -signal.SIGKILL
        with writing(Dataset.open(root)) as writer:
            assert writer.dataset.log.sequence == 0
        assert rows_on_disk(root)["articles"].total() == 0


def test_readers_are_never_in_the_way_nor_disturbed() -> None:
    with scratch(FAST) as root:
        Dataset.create(root)
        busy = start_committing(root, 40)
        seen = [0]
        while busy.is_alive():
            dataset = Dataset.open(root)
            seen.append(dataset.log.sequence)
            assert len(dataset.log.files) == seen[-1]
            assert all((root / path).stat().st_size == added.bytes for path, added in dataset.log.files.items())
        assert finish(busy) == 0
        assert seen == sorted(seen)
        assert len(set(seen)) > 3
        assert Dataset.open(root).log.sequence == 40


def stand_still() -> None:
    """Stand still, as a run that takes its time."""
    os.kill(os.getpid(), signal.SIGSTOP)


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.hostile(95)
def test_clocks_that_jump(peace: Undisturbed) -> None:
    with scratch(FAST) as root:
        for number, year in enumerate((2031, 1987, 2026)):
            arrange(Fault("commit:made", 2, Failure(errno.EIO)) if year != 2026 else None, [])
            with contextlib.suppress(OSError):
                work(root, f"r{number}", dt.datetime(year, 6, 1, tzinfo=dt.UTC))
        assert complaints(root, peace.rows) == []
