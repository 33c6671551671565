"""Errors as an engine hands them on, and the sentences that a user reads."""

import errno
import os

import pytest

from pipeline.engines.execute import EngineError, explained
from pipeline.trouble import explained as told


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
    assert sentence.startswith("/data/x: the disk is full; make room")
    assert code == 1


def test_a_broken_disk_is_not_called_full() -> None:
    sentence, code = told(OSError(errno.EIO, "Input/output error", "/data/x")) or ("", 0)
    assert sentence.startswith("/data/x: Input/output error")
    assert code == 1
