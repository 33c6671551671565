"""What a user can mend."""

from typing import ClassVar


class UserError(Exception):
    """Something that a user can do something about: the message is one sentence that says what, where, why and what to do."""

    exit_code: ClassVar[int] = 1  # of the command line that met it
