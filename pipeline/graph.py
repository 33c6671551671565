"""What one graph is built from; apart from `build`, so that a run with nothing to do need not load Beam."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipeline.options import RunOptions
from transforms.flow.place import Place
from transforms.flow.take import Take
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.user_data import NONE, UserData

_BATCH = 32  # articles that the model takes at once
_SHARD = 1000  # articles whose rows make one file: about 50,000 rows of the largest table


@dataclass(frozen=True, slots=True)
class Work:
    """How articles are worked on: all of a graph that does not change from slice to slice, or seldom."""

    model: str
    texts: Literal["full", "none"]
    own: UserData = NONE  # lexicons and gazetteer of the user
    batches: int = 1  # groups of articles that the model takes at once
    shards: int = 1  # files a table


@dataclass(frozen=True, slots=True)
class Graph:
    """What to take, with which model, and where to leave the rows."""

    takes: tuple[Take, ...]
    articles: int  # how many articles the takes hold
    model: str
    texts: Literal["full", "none"]
    staging: Path
    run_id: str
    own: UserData = NONE  # lexicons and gazetteer of the user
    share: str = ""  # begins the names of its files, where other graphs write into the same folder

    @property
    def place(self) -> Place:
        """Where its rows belong."""
        return Place(self.staging, self.run_id, self.share)

    @property
    def work(self) -> Work:
        """How its articles are worked on. Batches are a power of two, so that graphs of like size can be built once."""
        batches = 1 << max(0, -(-self.articles // _BATCH) - 1).bit_length()
        return Work(self.model, self.texts, self.own, batches, max(1, -(-self.articles // _SHARD)))

    @property
    def midst(self) -> str:
        """Where an engine was when it failed, as the end of a sentence."""
        first, last = self.takes[0].ends[0], self.takes[-1].ends[1]
        return f"in the midst of {self.articles:,} articles, from {first} to {last}; nothing of this slice was committed"

    def shares(self, over: int) -> "list[Graph]":
        """At most so many graphs with the articles of this one dealt out in turn, since those of one source are alike in length."""
        dealt: list[list[Take]] = [[] for _ in range(over)]
        articles, turn = [0] * over, 0
        for take in self.takes:
            for number in range(over):
                part = take.part((number - turn) % over, over)
                if part.entries:
                    dealt[number].append(part)
                    articles[number] += part.count
            turn += take.count
        each = zip(dealt, articles, strict=True)
        return [replace(self, takes=tuple(t), articles=n, share=f"w{i}.") for i, (t, n) in enumerate(each) if t]

    @classmethod
    def of(cls, takes: Sequence[Take], articles: int, options: RunOptions, *, staging: Path, run_id: str) -> "Graph":
        """The graph that a run's options ask for."""
        return cls(tuple(takes), articles, options.model or PINNED_MODEL, options.texts, staging, run_id, options.own)
