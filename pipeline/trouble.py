"""Which errors are a user's trouble, in which words, with which exit code. What is not here is an error of ours."""

import errno
import sys

from transforms.user_error import UserError


def explained(error: Exception) -> tuple[str, int] | None:
    """(sentence, exit code) of an error that a user can do something about, or None."""
    if isinstance(error, UserError):
        return str(error), error.exit_code
    if _bad_sql(error):
        return f"the query cannot be answered: {str(error).strip()}", 1
    if isinstance(error, OSError) and error.errno is not None:
        return _disk(error), 1
    return None


def _disk(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where}the disk is full; make room and run it again: what was committed stays, nothing is half written"
    if error.errno == errno.EPIPE:
        return "whoever read the output closed it before the end"
    return f"{where}{error.strerror or error}; what was committed stays, run it again when that is mended"


def _bad_sql(error: Exception) -> bool:
    # The class is looked up only where it was loaded: importing it would load DuckDB to explain an error that is none of its.
    module = sys.modules.get("duckdb")
    return module is not None and isinstance(error, module.Error)
