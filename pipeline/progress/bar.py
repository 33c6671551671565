"""Progress on a terminal: a bar with pace and time left, below it what is done at the moment; what is set aside scrolls away above."""

import math
import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from pipeline.answers.layout import safe
from pipeline.progress import sentences
from pipeline.progress.beats import Aside
from pipeline.progress.run_standing import Standing
from pipeline.progress.telling import Voice
from transforms.flow.heartbeat import Beat

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.dataset import Manifest

_WIDEST: Final = 40  # columns of the bar
_NARROWEST: Final = 8


class Bar(Voice):
    """Draws it. `verbose`: each source, each article and what each slice took, as lines above. What is long stands below it anyway."""

    every = 0.2

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose, self._standing = verbose, Standing()
        # A handle of its own: an engine may turn stderr away meanwhile, for what libraries have to say (`execute.words_to`).
        self._stderr = os.fdopen(os.dup(2), "w", encoding="utf-8")
        self._console = Console(file=self._stderr, highlight=False)
        self._live = Live(self, console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False)
        self._live.start()

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)

    def planned(self, account: "Account", articles: int) -> None:
        """Say what is to be done."""
        self._say(sentences.of_plan(account, articles))

    def reading(self, number: int, of: int, uri: str) -> None:
        """Each source, where all is asked for."""
        if self._verbose:
            self._say(safe(f"source {number:,} of {of:,}: {uri}"))

    def set_aside(self, reject: Aside, number: int) -> None:
        """The first of them; all where all is asked for."""
        if self._verbose or number <= sentences.SHOWN:
            self._say(sentences.of_aside(reject))

    def linked(self, beat: Beat) -> None:
        """Each article, where all is asked for."""
        if self._verbose:
            self._say(f"article {sentences.of_article(beat)}")

    def moved(self, standing: Standing) -> None:
        """Draw it anew."""
        self._standing = standing
        self._live.refresh()

    def committed(self, standing: Standing, number: int, made: "Manifest") -> None:
        """Say that a slice is done."""
        self._say(sentences.of_commit(standing, number))
        if self._verbose:
            self._say(sentences.of_timings(made))

    def end(self) -> None:
        """Take the bar away: what it told stands in the account."""
        self._live.stop()
        self._stderr.close()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The bar as it is now."""
        now = time.time()
        work = Text(sentences.of_work(self._standing, now), style="dim", no_wrap=True, overflow="ellipsis")
        yield Group(self._drawn(now), work) if self._standing.articles else work

    def _drawn(self, now: float) -> RenderableType:
        standing = self._standing
        pace, left = standing.pace(now), standing.left(now)
        told = [
            f"{math.floor(standing.done):,}/{standing.articles:,} articles",
            f"{pace:.1f} a second" if pace else "",
            f"{sentences.lasting(left)} left" if left is not None else "",
            f"{standing.rejects:,} set aside" if standing.rejects else "",
        ]
        words = "  ".join(filter(None, told))
        width = max(_NARROWEST, min(_WIDEST, self._console.width - len(words) - 2))
        row = Table.grid(padding=(0, 2))
        row.add_row(
            ProgressBar(total=standing.articles, completed=standing.done, width=width), Text(words, no_wrap=True, overflow="ellipsis")
        )
        return row
