"""Why something cannot be read, as rejects tell it."""

from schemas.reject import Reason


class ReadingError(Exception):
    """What cannot be read, and why: a reason for rejects, and a sentence that goes on from the name of what was to be read."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message


class DamageError(ReadingError):
    """The bytes end here, or cannot be had.

    `whole` says that nothing is missing from what was handed on before (bytes after the end are no loss). `member` is where in the file
    the part of it begins that is damaged, if it is gzip: others may follow.
    """

    def __init__(self, reason: Reason, message: str, *, whole: bool = False, retryable: bool = False, member: int | None = None) -> None:
        super().__init__(reason, message)
        self.whole = whole
        self.retryable = retryable
        self.member = member
