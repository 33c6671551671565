"""What can be wrong with a dataset, one class a kind, each with one clear sentence and the exit code it means."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from transforms.user_error import UserError


class DatasetError(UserError):
    """A dataset cannot be used as asked."""


class NotADatasetError(DatasetError):
    """The path holds something else, or nothing."""


class NewerDatasetError(DatasetError):
    """A later factwire wrote the dataset in a form that this one does not know."""


class DamagedDatasetError(DatasetError):
    """A manifest, checkpoint or committed file is missing or cannot be read."""


class NotWritableError(DatasetError):
    """The dataset can be read but not written."""


class StoreError(DatasetError):
    """The store that the dataset lies in cannot be reached, refuses, or lacks what is needed."""


class LockedError(DatasetError):
    """Another run is writing to the dataset."""

    exit_code = 75


class IntegrityError(DatasetError):
    """What is on disk is not what the run said that it wrote; nothing was committed."""

    exit_code = 3


RESTORE: Final = "restore it from a backup of the dataset; factwire doctor names all that is damaged"
_REFUSED: Final = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


def first_line(error: Exception) -> str:
    """What a library says of its trouble, without the queries of ours that some put below."""
    return str(error).strip().partition("\n")[0]


@contextmanager
def writable(root: Path) -> Iterator[None]:
    """Turn a refusal by the file system into NotWritableError; a full or broken disk stays an OSError."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        told = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        raise NotWritableError(f"{root}: cannot be written ({told}); mend its permissions or choose another folder") from error
