"""Feeds on loopback that go on by being polled, not by the clock: each request is one step of a script.

    site = Site(server, NEWS)           # server: tests.loopback.Loopback
    ... poll site.addresses until site.told_all, and once more ...
    site.articles                       # what every reader must hold in the end: (address, text) of each version shown

What a feed shows depends on how often it was asked and on nothing else, so whoever asks each of its feeds often enough has seen the same.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from html import escape
from typing import Final

from tests.loopback import Asked, Loopback, Reply, moved

FIRST_DAY: Final = dt.datetime(2025, 5, 5, 8, tzinfo=dt.UTC)
HOUR: Final = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Item:
    """One entry of a feed as it stands at some step."""

    name: str  # of its address and guid
    text: str
    published: str | None = None  # as written; None: none
    guid: bool = True
    link: bool = True

    @property
    def address(self) -> str:
        return f"https://paper.example/{self.name}"

    def xml(self) -> str:
        parts = [f"<title>Story of {self.name}</title>" if self.text else ""]
        parts += [f"<link>{self.address}</link>"] if self.link else []
        parts += [f"<guid isPermaLink='false'>{self.name}</guid>"] if self.guid else []
        parts += [f"<pubDate>{self.published}</pubDate>"] if self.published else []
        return f"<item>{''.join(parts)}<description>{escape(self.text)}</description></item>"


def item(number: int, text: str, *, hours: float | None = None) -> Item:
    """The entry of that number, published so many hours after the first; of itself an hour later each."""
    at = FIRST_DAY + HOUR * (number if hours is None else hours)
    return Item(f"{number}", text, format_datetime(at, usegmt=True))


@dataclass(frozen=True)
class Shows:
    """The feed holds these entries, the newest first; whoever has it so already is told that it has not changed (304)."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Same:
    """The feed is as it was: 304 to whoever says what he has."""


@dataclass(frozen=True)
class Busy:
    """The server is overloaded (503), and says for how many seconds."""

    seconds: int = 1


@dataclass(frozen=True)
class Moved:
    """The feed has moved for good (301) to another path of the site; so it is answered from now on."""

    to: str


Step = Shows | Same | Busy | Moved


def shows(*items: Item) -> Shows:
    return Shows(items)


@dataclass
class _Feed:
    steps: Sequence[Step]
    asked: int = 0
    shown: tuple[Item, ...] = ()

    @property
    def done(self) -> bool:
        """Whether all was shown."""
        return self.asked >= len(self.steps)

    def next(self) -> Step:
        """The step that this request is answered with; the last one lasts."""
        self.asked += 1
        if self.asked > len(self.steps):
            return self.steps[-1] if isinstance(self.steps[-1], Moved) else Same()
        step = self.steps[self.asked - 1]
        if isinstance(step, Shows):
            self.shown = step.items
        return step


@dataclass
class Site:
    """A server whose feeds play their scripts."""

    server: Loopback
    scripts: Mapping[str, Sequence[Step]]  # by path
    head: str = ""  # XML that each feed begins with
    headers: Mapping[str, str] = field(default_factory=dict)  # that each answer has beside its own

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._feeds = {path: _Feed(steps) for path, steps in self.scripts.items()}
        self.server.routes |= dict.fromkeys(self.scripts, self._answer)

    @property
    def addresses(self) -> list[str]:
        """The feeds to watch: all but those that others move to."""
        targets = {step.to for steps in self.scripts.values() for step in steps if isinstance(step, Moved)}
        return [self.server.url(path) for path in self.scripts if path not in targets]

    @property
    def told_all(self) -> bool:
        """Whether each feed has shown all of its script."""
        with self._lock:
            return all(feed.done for feed in self._feeds.values())

    def polls(self, path: str) -> int:
        """How many steps of a feed's script were played."""
        with self._lock:
            return self._feeds[path].asked

    @property
    def articles(self) -> set[tuple[str, str]]:
        """(address, or guid where it has none, and text) of every version of every article that the scripts show."""
        items = (each for steps in self.scripts.values() for step in steps if isinstance(step, Shows) for each in step.items)
        return {(each.address if each.link else each.name, each.text) for each in items if each.text}

    def _answer(self, asked: Asked) -> Reply:
        with self._lock:
            feed = self._feeds[asked.path]
            step = feed.next()
            shown = feed.shown
        if isinstance(step, Busy):
            return Reply(b"busy", 503, {"Retry-After": str(step.seconds)})
        if isinstance(step, Moved):
            return moved(self.server.url(step.to))
        body = self._body(asked.path, shown)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == tag:
            return Reply(b"", 304, {"ETag": tag, **self.headers})
        return Reply(body, headers={"Content-Type": "application/rss+xml", "ETag": tag, **self.headers})

    def _body(self, path: str, items: Sequence[Item]) -> bytes:
        told = f"<title>The Paper{escape(path)}</title>{self.head}{''.join(each.xml() for each in items)}"
        return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{told}</channel></rss>".encode()


_STORIES: Final = (
    "Acme Corp said on Monday that it had cut 1,200 jobs. Chief executive Ann Lee called the step painful.",
    "The mayor of Norvik, Per Holm, denied on Friday that the bridge was closed. About 40 people protested.",
    'Profits rose 5% to $3bn last year, the bank said. "We are pleased," said its chairman, Tom Reed.',
    "Two ministers refused to resign. The president plans to visit Oslo in June.",
    "The union threatened to strike next week unless wages rise by 3 percent.",
    "Police in Leeds arrested three men on Tuesday after a raid. A spokesman said 14 officers took part.",
    "The central bank kept its main rate at 4.25 percent. Analysts had expected a cut of a quarter of a point.",
    "A court in Lyon ordered the firm to pay 2 million euros. Its lawyer, Marc Petit, said it would appeal.",
)


def _history() -> dict[str, tuple[Step, ...]]:
    """Entries added, changed, removed, dated anew, shown again; nothing new, an overloaded server, a feed that moves; all while it scrolls."""
    one, two, three, four, five, six, seven, eight = (item(n, text) for n, text in enumerate(_STORIES, start=1))
    changed = replace(two, text=f"{two.text} Holm spoke again on Saturday.")
    again = replace(changed, text=f"{changed.text} The bridge opened on Sunday.")
    redated = replace(three, published=format_datetime(FIRST_DAY + 30 * HOUR, usegmt=True))
    undated = replace(four, published="the day before yesterday")
    empty = Item("empty", "", None)
    nameless = Item("nameless", _STORIES[4] + " The talks go on.", five.published, guid=False, link=False)
    copy = replace(one, name="copy-of-1")
    world: tuple[Step, ...] = (
        shows(one),
        shows(two, one),
        Same(),
        shows(changed, one),  # a second version
        Busy(),
        shows(three, changed, one),
        shows(redated, changed, one),  # the same text is no version, whatever its date
        shows(empty, undated, redated, changed),  # two bad entries, one an article all the same; and the first is gone
        shows(five, empty, undated, redated),
        shows(nameless, five, empty, undated),  # the bad ones have scrolled twice
        shows(again, nameless, five, empty, undated),  # shown once more, and changed: a third version
        Same(),
        shows(one, again, nameless, five),  # shown again as it was at first
        shows(replace(again, text=two.text), one),  # back to its first text
    )
    local: tuple[Step, ...] = (shows(six), Busy(), shows(seven, six), Moved("/new"))
    new: tuple[Step, ...] = (shows(seven, six), shows(copy, seven, six), Same(), shows(eight, copy, seven))
    return {"/world": world, "/local": local, "/new": new}


NEWS: Final = _history()


def scrolling(count: int, *, at_once: int = 1, shown: int = 10, begin: int = 0) -> tuple[Step, ...]:
    """A feed that has `at_once` more entries each time it is asked and shows the newest; `count` entries in all."""
    made = [item(n, f"{_STORIES[n % len(_STORIES)]} It was report number {n}.", hours=n / 100) for n in range(begin, begin + count)]
    return tuple(shows(*reversed(made[max(0, end - shown) : end])) for end in range(at_once, count + 1, at_once))
