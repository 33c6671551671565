"""Progress in words for people."""

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

from pipeline.answers.layout import safe
from pipeline.progress.beats import Aside
from pipeline.progress.run_standing import DOING, Standing
from pipeline.wording import many
from transforms.flow.heartbeat import Beat

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.dataset import Manifest

SHOWN: Final = 20  # rejects that are told one by one, unless all are asked for
_STILL: Final = 5  # seconds from which on it is told for how long a worker is at the same thing
_NAME: Final = 60  # characters of an article's title


def of_plan(account: "Account", articles: int) -> str:
    """What is to be done."""
    total = account.total
    return f"{many(total.records, 'record')}: {articles:,} new, {total.unchanged:,} unchanged, {total.rejects - total.held:,} bad"


def of_aside(aside: Aside) -> str:
    """A reject with its reason."""
    return safe(f"set aside, {aside.reason}: {aside.source}: {aside.message}")


def of_article(beat: Beat) -> str:
    """The article that a worker is at, with its length."""
    name = beat.article if len(beat.article) <= _NAME else beat.article[: _NAME - 1] + "…"
    return safe(f"{name} ({many(beat.characters, 'character')})")


def of_long(beat: Beat) -> str:
    """A very long article."""
    return f"a very long article is at work: {of_article(beat)}"


def of_work(standing: Standing, now: float) -> str:
    """What is done at the moment: the step, and at which article, since when."""
    slices = f"slice {standing.part:,} of {standing.parts:,}: " if standing.part and standing.parts > 1 else ""
    at_work = standing.at_work(now)
    if at_work is None:
        return slices + safe(standing.doing)
    beat, seconds = at_work
    what = f"{DOING[beat.step]} {many(beat.together, 'article')}, the longest " if beat.together > 1 else f"{DOING[beat.step]} "
    since = f", for {lasting(seconds)}" if seconds >= _STILL else ""
    return f"{slices}{what}{of_article(beat) if beat.together else 'files'}{since}"


def of_standing(standing: Standing, now: float) -> str:
    """How far it is, in one line."""
    if not standing.articles:
        return of_work(standing, now)
    told = f"{math.floor(standing.done):,} of {many(standing.articles, 'article')}"
    pace, left = standing.pace(now), standing.left(now)
    rate = f", {pace:.1f} a second" if pace else ""
    rest = f", {lasting(left)} left" if left else ""
    bad = f", {standing.rejects:,} set aside" if standing.rejects else ""
    return f"{told}{rate}{rest}{bad}; {of_work(standing, now)}"


def of_commit(standing: Standing, number: int) -> str:
    """A slice that is done."""
    return f"slice {number + 1:,} of {standing.parts:,} is committed: {standing.through:,} of {many(standing.articles, 'article')}, {many(standing.rows, 'row')} so far"


def of_timings(made: "Manifest") -> str:
    """What a slice took."""
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in made.timings.items() if name != "worker_peak_mb")
    return f"  it took: {parts}; a worker had at most {made.timings.get('worker_peak_mb', 0.0):,.0f} MB"


def lasting(seconds: float) -> str:
    """A time as 0:07, 12:30, 3:05:00."""
    whole = dt.timedelta(seconds=round(seconds))
    hours, rest = divmod(int(whole.total_seconds()), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours:,}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
