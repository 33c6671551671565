"""What a site lets robots fetch (RFC 9309). Asked before article pages that a feed only names; a feed is there to be fetched."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin

from protego import Protego

from transforms.read.apart import ParsingError, parsed_apart

LARGEST_ROBOTS: Final = 500 << 10  # bytes; RFC 9309, section 2.5: more need not be read

_DECIDE: Final = "pipeline.fetch.robots:lets"


class Robots:
    """The rules of the sites that a run meets, each fetched once. `fetch` gives (status, body) of an address, or None where it failed."""

    def __init__(self, robot: str, fetch: Callable[[str], tuple[int, bytes] | None]) -> None:
        self._robot, self._fetch = robot, fetch
        self._rules: dict[str, bytes | None] = {}  # by address of robots.txt; None lets nothing

    def allows(self, address: str) -> bool:
        """Whether the page may be fetched. A site whose rules cannot be had lets nothing; one that has none, all (section 2.3.1)."""
        at = urljoin(address, "/robots.txt")
        if at not in self._rules:
            self._rules[at] = self._had(at)
        rules = self._rules[at]
        if not rules:
            return rules is not None
        try:
            # Apart, since a rule full of wildcards can stall whoever matches it.
            return bool(parsed_apart(_DECIDE, rules, robot=self._robot, address=address))
        except ParsingError:
            return False

    def _had(self, at: str) -> bytes | None:
        answer = self._fetch(at)
        if answer is None:
            return None
        status, body = answer
        if status == 200:
            return body[:LARGEST_ROBOTS]
        return b"" if 400 <= status < 500 and status != 429 else None


def lets(data: bytes, *, robot: str, address: str) -> bool:
    """Whether the rules let a robot fetch an address. A byte order mark before them (RFC 9309, section 2.2) would hide the first line."""
    return bool(Protego.parse(data.decode("utf-8-sig", "replace")).can_fetch(address, robot))
