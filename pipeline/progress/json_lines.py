"""Progress for machines: on stderr, an object of JSON a line."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.progress.beats import Aside
from pipeline.progress.run_standing import Standing
from pipeline.progress.telling import Seldom
from pipeline.saying import emit
from transforms.flow.heartbeat import Beat

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.dataset import Manifest


class Events(Seldom):
    """Says it in JSON. `verbose`: each source and each article too. The last line is for who knows how it ended."""

    def planned(self, account: "Account", articles: int) -> None:
        """What is to be done."""
        told = account.as_dict()
        counts = {name: told[name] for name in ("records", "rejects", "repeats", "unchanged", "filtered", "held")}
        emit("planned", articles=articles, **counts)

    def reading(self, number: int, of: int, uri: str) -> None:
        """Each source, where all is asked for."""
        if self._verbose:
            emit("source", number=number, of=of, source=uri)

    def set_aside(self, reject: Aside, number: int) -> None:
        """Each of them."""
        emit("set_aside", number=number, **asdict(reject))

    def long(self, beat: Beat) -> None:
        """Name it."""
        emit("long_article", article=beat.article, characters=beat.characters)

    def linked(self, beat: Beat) -> None:
        """Each article, where all is asked for."""
        if self._verbose:
            emit("article", article=beat.article, characters=beat.characters)

    def so_far(self, standing: Standing) -> None:
        """In figures."""
        emit("progress", **figures(standing, time.time()))

    def committed(self, standing: Standing, number: int, made: "Manifest") -> None:
        """A commit, with what it took."""
        emit(
            "committed", run=made.run, slice=number, slices=standing.parts, sequence=made.sequence,
            articles=made.account.get("articles", 0), rows=dict(sorted(made.rows.items())), timings=dict(made.timings),
        )  # fmt: skip


def figures(standing: Standing, now: float) -> dict[str, Any]:
    """How far it is; null where that cannot be told yet."""
    pace, left = standing.pace(now), standing.left(now)
    at_work = standing.at_work(now)
    beat, since = at_work or (None, None)
    return {
        "articles": standing.articles,
        "done": round(standing.done, 1),
        "slice": standing.part,
        "slices": standing.parts,
        "articles_a_second": pace and round(pace, 2),
        "seconds_left": left and round(left),
        "rejects": standing.rejects,
        "step": beat.step if beat else standing.doing,
        "article": (beat.article or None) if beat else None,
        "characters": (beat.characters or None) if beat else None,
        "for_seconds": since and round(since, 1),
    }
