"""What a run tells while it goes on. The run says what it begins with and what is through; workers say the rest themselves (`beats`)."""

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.dataset import Manifest
    from pipeline.graph import Graph
    from schemas.reject import Reject


class Progress:
    """What a run calls on its way. This one says nothing; who tells of some things begins with it."""

    def asking(self, addresses: int) -> None:
        """So many addresses are polled."""

    def reading(self, number: int, of: int, uri: str) -> None:
        """A source is looked through for what is new, the how manieth of how many."""

    def set_aside(self, reject: "Reject") -> None:
        """Something was set aside."""

    def planned(self, account: "Account", articles: int, slices: int) -> None:
        """It is known what is to be done: so many articles in so many slices; what became of all else stands in the account."""

    def extracting(self, articles: int, parts: int) -> None:
        """So many articles are to be extracted, in so many graphs."""

    def began(self, graph: "Graph") -> None:
        """A graph is run next."""

    def ended(self, graph: "Graph") -> None:
        """It was run to its end; its rows are still to be committed."""

    def committed(self, number: int, newest: dt.datetime | None, account: "Account", made: "Manifest") -> None:
        """The rows of a slice, numbered from 0, were committed; when the last published of its articles was, and the account so far."""


SILENT: Final = Progress()
