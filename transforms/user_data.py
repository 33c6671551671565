"""What a user brings of their own: a folder of lexicons laid over ours, and a gazetteer. Every process sets it up before it reads any."""

import functools
import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transforms.words import lexicon, own_lexicons


@dataclass(frozen=True, slots=True)
class UserData:
    """Where the user's lexicons and gazetteer are, and the SHA-256 of what was in them when they were checked."""

    lexicons: Path | None = None
    gazetteer: Path | None = None
    lexicons_sha256: str | None = None
    gazetteer_sha256: str | None = None

    def shown(self) -> dict[str, str | None]:
        """As a manifest keeps it: names, and what they held."""
        return {
            "lexicons": str(self.lexicons) if self.lexicons else None,
            "lexicons_sha256": self.lexicons_sha256,
            "gazetteer": str(self.gazetteer) if self.gazetteer else None,
            "gazetteer_sha256": self.gazetteer_sha256,
        }


NONE: Final = UserData()
_lock = threading.Lock()
_used: list[UserData] = [NONE]  # always one


def checked(lexicons: Path | None, gazetteer: Path | None) -> UserData:
    """The user's data, read through once. Raises LexiconError, GazetteerError and OSError, whose messages say what to do."""
    of_lexicons = of_gazetteer = None
    if lexicons is not None:
        digest = hashlib.sha256()
        for file in own_lexicons.check(lexicons):
            digest.update(f"{file.name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
        of_lexicons, lexicons = digest.hexdigest(), lexicons.absolute()
    if gazetteer is not None:
        from transforms.actors.gazetteer import gazetteer as read

        read(gazetteer)
        of_gazetteer, gazetteer = hashlib.sha256(gazetteer.read_bytes()).hexdigest(), gazetteer.absolute()
    return UserData(lexicons, gazetteer, of_lexicons, of_gazetteer)


def use(data: UserData) -> None:
    """Let every later extraction of this process go by this data and no other. Costs nothing where it is in use already."""
    if data == _used[0]:
        return
    with _lock:
        if data == _used[0]:
            return
        from transforms.actors import gazetteer

        if (data.lexicons, data.lexicons_sha256) != (_used[0].lexicons, _used[0].lexicons_sha256):
            lexicon.overlay(data.lexicons)
            _forget()
        gazetteer.clear()
        if data.gazetteer is not None:
            gazetteer.use(gazetteer.gazetteer(data.gazetteer))
        _used[0] = data


@contextmanager
def using(data: UserData) -> Iterator[None]:
    """Use this data for as long as the block lasts."""
    use(data)
    try:
        yield
    finally:
        use(NONE)


def _forget() -> None:
    """Empty every cache of this package: matchers, patterns and word lists are all made of lexicons, one way or another."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == __name__.partition(".")[0]:
            for thing in list(vars(module).values()):
                if isinstance(thing, _CACHED):
                    thing.cache_clear()


@functools.cache
def _any_cached() -> None:
    """Only there for its type, which functools does not name."""


_CACHED: Final[Any] = type(_any_cached)
