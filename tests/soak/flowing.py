"""A feed on loopback to which an item is added at a steady rate, by the clock; and which of its items somebody has been shown."""

import json
import threading
import time
from email.utils import formatdate
from html import escape
from pathlib import Path
from typing import Final

from tests.loopback import Asked, Loopback, Reply

SEEDS: Final = Path(__file__).parents[2] / "seeds" / "wikinews.jsonl"
SHOWN: Final = 200  # items at once: whoever asks more often than they scroll away sees all


class Flow:
    """The feed: real articles in turn, each a new one by a sentence of its own."""

    def __init__(self, rate: float, server: Loopback) -> None:
        """`rate` is items a second, from now on."""
        self._texts = [json.loads(line)["text"] for line in SEEDS.read_text("utf-8").splitlines()]
        self._rate, self._begun, self._ended = rate, time.monotonic(), None if rate else 0.0
        self._lock = threading.Lock()
        self._shown = 0  # items up to this one were shown
        self.address = server.url("/flow")
        server.routes["/flow"] = self._answer

    def stop(self) -> None:
        """No item is added any more."""
        self._ended = time.monotonic()

    @property
    def shown(self) -> set[tuple[str, str]]:
        """(address, text) of each item that was shown to somebody."""
        with self._lock:
            return {(_address(number), self._text(number)) for number in range(self._shown)}

    @property
    def complete(self) -> bool:
        """Whether it has ended, and its last item was shown."""
        with self._lock:
            return self._ended is not None and self._shown == self._count()

    def _count(self) -> int:
        return int(((self._ended or time.monotonic()) - self._begun) * self._rate)

    def _text(self, number: int) -> str:
        return f"{self._texts[number % len(self._texts)]}\n\nIt was report number {number} of this feed."

    def _answer(self, _: Asked) -> Reply:
        with self._lock:
            end = self._count()
            if end - self._shown > SHOWN:
                raise AssertionError("items have scrolled away before they were shown: the feed is asked too rarely")
            self._shown = end
        items = (self._item(number) for number in reversed(range(max(0, end - SHOWN), end)))
        body = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Flow</title>{''.join(items)}</channel></rss>"
        return Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})

    def _item(self, number: int) -> str:
        date = formatdate(1_700_000_000 + number, usegmt=True)
        text = escape(self._text(number)).replace("\n", "<br/>")
        return f"<item><link>{_address(number)}</link><pubDate>{date}</pubDate><description>{escape(text)}</description></item>"


def _address(number: int) -> str:
    return f"https://flow.example/{number}"
