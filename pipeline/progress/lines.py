"""Progress where there is no terminal: a line each half minute on stderr, and what is set aside as it comes."""

import sys
import time
from typing import TYPE_CHECKING

from pipeline.answers.layout import safe
from pipeline.progress import sentences
from pipeline.progress.beats import Aside
from pipeline.progress.run_standing import Standing
from pipeline.progress.telling import Seldom
from transforms.flow.heartbeat import Beat

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.dataset import Manifest


class Lines(Seldom):
    """Says it in lines. `verbose`: each source, each article, what each slice took."""

    def say(self, line: str) -> None:
        """Print a line."""
        print(line, file=sys.stderr, flush=True)

    def planned(self, account: "Account", articles: int) -> None:
        """Only where all is asked for: a short run prints its account and nothing else."""
        if self._verbose:
            self.say(sentences.of_plan(account, articles))

    def reading(self, number: int, of: int, uri: str) -> None:
        """Each source, where all is asked for."""
        if self._verbose:
            self.say(safe(f"source {number:,} of {of:,}: {uri}"))

    def set_aside(self, reject: Aside, number: int) -> None:
        """The first of them; all where all is asked for."""
        if self._verbose or number <= sentences.SHOWN:
            self.say(sentences.of_aside(reject))
        if not self._verbose and number == sentences.SHOWN:
            self.say("more that is set aside is only counted (--verbose tells each)")

    def long(self, beat: Beat) -> None:
        """Name it."""
        self.say(sentences.of_long(beat))

    def linked(self, beat: Beat) -> None:
        """Each article, where all is asked for."""
        if self._verbose:
            self.say(f"article {sentences.of_article(beat)}")

    def so_far(self, standing: Standing) -> None:
        """A line."""
        self.say(sentences.of_standing(standing, time.time()))

    def committed(self, standing: Standing, number: int, made: "Manifest") -> None:
        """A commit, where all is asked for."""
        if self._verbose:
            self.say(sentences.of_commit(standing, number))
            self.say(sentences.of_timings(made))
