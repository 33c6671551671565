"""Which errors are a user's trouble, in which words, with which exit code. What is not here is an error of ours."""

import errno
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from pipeline.dataset.stores.open_mirrors import named
from pipeline.disk import disk_of
from transforms.user_error import UserError

_AT: Final = " (the one that is mounted at {})"
_ROOM: Final = 1 << 20  # bytes: a disk with less is taken for full


def explained(error: Exception) -> tuple[str, int] | None:
    """(sentence, exit code) of an error that a user can do something about, or None."""
    if isinstance(error, UserError):
        return named(str(error)), error.exit_code
    if _bad_sql(error):
        return f"the query cannot be answered: {str(error).strip()}", 1
    if isinstance(error, OSError) and error.errno is not None:
        return _disk(error), 1
    return None


def _disk(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where}the disk is full{_named(error)}; make room and run it again: what was committed stays, nothing is half written"
    if error.errno == errno.EPIPE:
        return "whoever read the output closed it before the end"
    return f"{where}{error.strerror or error}; what was committed stays, run it again when that is mended"


def _named(error: OSError) -> str:
    """The disk that is full, by where it is mounted: the one that the error tells of, or else that of temporary files if it has no room."""
    if isinstance(error.filename, str | os.PathLike):
        return _AT.format(disk_of(Path(error.filename)))
    temporary = Path(tempfile.gettempdir())
    return _AT.format(disk_of(temporary)) if shutil.disk_usage(temporary).free < _ROOM else ""


def _bad_sql(error: Exception) -> bool:
    # The class is looked up only where it was loaded: importing it would load DuckDB to explain an error that is none of its.
    module = sys.modules.get("duckdb")
    return module is not None and isinstance(error, module.Error)
