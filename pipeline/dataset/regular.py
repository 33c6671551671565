"""A dataset's files are regular ones: in the place of one, a pipe would keep its reader waiting for ever, and a device might never end."""

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from pipeline.dataset.errors import RESTORE, DamagedDatasetError


def check_regular(path: Path | str) -> None:
    """Raise DamagedDatasetError where something else than a regular file has the name, OSError where nothing has that can be looked at."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - there are thousands: making a Path of each takes longer than the look
        raise DamagedDatasetError(f"{path}: is no regular file; {RESTORE}")


def check_all_regular(paths: Iterable[str]) -> None:
    """Raise DamagedDatasetError for the first that is something else. What is missing is told of by who opens it: not all are wanted each time."""
    for path in paths:
        with contextlib.suppress(OSError):
            check_regular(path)
