"""What a watch tells: a line a commit, for machines on stdout or for whoever looks on; and sentences on stderr, each once."""

import datetime as dt
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.dataset import Manifest
from pipeline.wording import many

_COUNTS = ("records", "articles", "rejects", "repeats", "unchanged", "filtered", "parts")


@dataclass(slots=True)
class Telling:
    """Tells machines (`as_json`), or a person at a terminal."""

    as_json: bool = False
    _said: dict[str, str] = field(default_factory=dict)  # by what it is about

    def say(self, sentence: str) -> None:
        """Say a sentence."""
        print(f"factwire: {sentence}", file=sys.stderr, flush=True)

    def each(self, sentences: Iterable[str]) -> None:
        """Tell some sentences."""
        for sentence in sentences:
            self.say(sentence)

    def once(self, about: str, sentence: str | None, *, over: str | None = None) -> None:
        """Say how it is about something, but only when that has changed; `over` where there is nothing to be said any more."""
        before = self._said.get(about)
        if sentence is None:
            if self._said.pop(about, None) is not None and over:
                self.say(over)
        elif sentence != before:
            self._said[about] = sentence
            self.say(sentence)

    def all_of(self, about: str, sentences: Iterable[str]) -> None:
        """Say those sentences about something that were not said before; one that is not said again may come anew."""
        now = {f"{about}: {sentence}": sentence for sentence in sentences}
        for key in [key for key in self._said if key.startswith(f"{about}: ") and key not in now]:
            del self._said[key]
        for key, sentence in now.items():
            self.once(key, sentence)

    def committed(self, made: Manifest, lag: dict[str, float]) -> None:
        """Tell of a commit."""
        if self.as_json:
            print(json.dumps(line_of(made, lag)), flush=True)
        elif sys.stderr.isatty() and (made.rows or made.account.get("articles")):
            now = dt.datetime.fromisoformat(made.created).astimezone()
            waited = f", {lag['poll']:.1f} s after the poll" if "poll" in lag else ""
            rows = sum(made.rows.values())
            print(
                f"{now:%H:%M:%S} {many(made.account.get('articles', 0), 'article')}, {many(rows, 'row')}{waited}",
                file=sys.stderr,
                flush=True,
            )


def line_of(made: Manifest, lag: dict[str, float]) -> dict[str, Any]:
    """A commit as a machine is told of it. `lag` is in seconds, see `status`."""
    account = made.account
    return {
        "run": made.run,
        "slice": made.slice,
        "sequence": made.sequence,
        "committed_at": made.created,
        **{name: account.get(name, 0) for name in _COUNTS},
        "rows": dict(sorted(made.rows.items())),
        "sources": account.get("sources", {}),
        "lag": lag,
        "timings": dict(made.timings),
    }
