"""What can be wrong with a dataset, one class a kind, each with one clear sentence and the exit code it means."""

from pathlib import Path
from typing import ClassVar


class DatasetError(Exception):
    """A dataset cannot be used as asked. The message is one sentence for the user."""

    exit_code: ClassVar[int] = 1


class NotADatasetError(DatasetError):
    """The path holds something else, or nothing."""


class NewerDatasetError(DatasetError):
    """A later factwire wrote the dataset in a form that this one does not know."""


class DamagedDatasetError(DatasetError):
    """A manifest or checkpoint is missing or cannot be read."""


class NotWritableError(DatasetError):
    """The dataset can be read but not written."""


class LockedError(DatasetError):
    """Another run is writing to the dataset."""

    exit_code = 75


class IntegrityError(DatasetError):
    """What is on disk is not what the run said that it wrote; nothing was committed."""

    exit_code = 3


def of_os_error(error: OSError, path: Path) -> NotWritableError:
    """The sentence for a folder in which nothing can be made."""
    return NotWritableError(f"{path}: cannot be written ({error.strerror or error}); choose another --output or mend its permissions")
