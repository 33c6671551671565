"""Errors as an engine hands them on, and the sentences that a user reads."""

import errno
import os
import sys
from pathlib import Path

import pytest

from pipeline.dataset.errors import IntegrityError, LockedError, NewerDatasetError
from pipeline.disk import disk_of, fullest
from pipeline.engines.execute import EngineError, WorkerLostError, explained, words_to
from pipeline.options import UsageError
from pipeline.trouble import explained as told
from tests.needs import needs
from transforms.actors.gazetteer import GazetteerError
from transforms.annotate.model import ModelMissingError
from transforms.read.source import NothingMatchedError, SourceError
from transforms.words.own_lexicons import LexiconError


def test_a_full_disk_that_is_told_by_words_only_is_a_full_disk() -> None:
    """Arrow and engines raise errors of their own, without a number, that only quote the system's words."""
    error = explained(RuntimeError(f"IOError: Error writing bytes to file. Detail: {os.strerror(errno.ENOSPC)} [while running 'Write']"))
    assert isinstance(error, OSError)
    assert error.errno == errno.ENOSPC
    sentence, code = told(error) or ("", 0)
    assert "disk is full" in sentence
    assert code == 1


def test_a_full_disk_that_is_told_with_number_and_path_keeps_both() -> None:
    error = explained(RuntimeError("OSError: [Errno 28] No space left on device: '/data/news/x.parquet'"))
    assert isinstance(error, OSError)
    assert (error.errno, error.filename) == (errno.ENOSPC, "/data/news/x.parquet")
    assert (told(error) or ("", 0))[0].startswith("/data/news/x.parquet: the disk is full")


def test_any_other_error_of_an_engine_is_none_of_the_disk() -> None:
    error = explained(RuntimeError("no space for doubt"))
    assert isinstance(error, EngineError)
    assert told(error) is None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_quota_is_a_full_disk_in_any_language(number: int) -> None:
    sentence, code = told(OSError(number, "Auf dem Gerät ist kein Speicherplatz mehr verfügbar", "/data/x")) or ("", 0)
    assert sentence.startswith("/data/x: the disk is full (the one that is mounted at /); make room")
    assert code == 1


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "not" / "there"
    assert disk_of(missing) == disk_of(tmp_path) and os.path.ismount(disk_of(missing))
    sentence, _ = told(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(missing))) or ("", 0)
    assert f"the disk is full (the one that is mounted at {disk_of(tmp_path)})" in sentence
    sentence, _ = told(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) or ("", 0)
    assert sentence.startswith("the disk is full")


@needs("proc")
def test_a_disk_of_its_own() -> None:
    assert disk_of(Path("/proc/self/nothing")) == Path("/proc")
    assert fullest(Path("/proc/self"), Path.cwd()) == Path("/proc/self")  # there is no room at all


def test_a_broken_disk_is_not_called_full() -> None:
    sentence, code = told(OSError(errno.EIO, "Input/output error", "/data/x")) or ("", 0)
    assert sentence.startswith("/data/x: Input/output error")
    assert code == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("say it"), 1),
        (SourceError("say it"), 1),
        (NothingMatchedError("x", "say it"), 1),
        (LexiconError("say it"), 1),
        (GazetteerError("say it"), 1),
        (ModelMissingError("say it"), 1),
        (WorkerLostError("say it"), 1),
        (NewerDatasetError("say it"), 1),
        (IntegrityError("say it"), 3),
        (LockedError("say it"), 75),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_user_can_mend_is_a_sentence_and_its_exit_code(error: Exception, code: int) -> None:
    assert told(error) == ("say it", code)


def test_what_is_ours_to_mend_keeps_its_traceback() -> None:
    for error in (EngineError("x"), ValueError("x"), OSError("without a number")):
        assert told(error) is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_an_engines_words_are_lost_where_the_disk_is_full(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "workers.log").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"), (tmp_path / "workers.log").open("ab", buffering=0) as file:
        file.write(b"x")  # it is full
    with words_to(tmp_path):
        print("the traceback of a step", file=sys.stderr)  # what Beam's worker does before it answers with the error
        sys.stderr.buffer.write(b"and bytes")
        sys.stderr.flush()
    print("after", file=sys.stderr)
    assert capfd.readouterr().err == "after\n"


def test_an_engines_words_go_to_the_staging_folder(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with words_to(tmp_path):
        print("of Python", file=sys.stderr)
        os.write(2, b"of a library\n")
    assert (tmp_path / "workers.log").read_text() == "of Python\nof a library\n"
    assert capfd.readouterr().err == ""
