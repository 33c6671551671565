"""How a verb of the command line ends when it did its work, but not all is well."""


class Ended(Exception):  # noqa: N818 - it is no error
    """A verb did its work, and its exit code says how that went."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
