"""The topics that are watched, what is known of each, and when they are to be read again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.kafka.client_options import options_in
from pipeline.kafka.offsets import MOST
from pipeline.kafka.topic_address import Topic
from pipeline.kafka.topic_state import TopicState, states_of
from pipeline.options import RunOptions
from pipeline.plan import Plan
from pipeline.sources import topics_of

if TYPE_CHECKING:
    from pipeline.kafka.topic_files import Took


@dataclass(slots=True)
class Topics:
    """The topics, and the states of all."""

    run: RunOptions
    every: dt.timedelta
    due_at: dt.datetime | None = None  # None: there is none to be read
    states: dict[str, TopicState] = field(default_factory=dict)
    pending: dict[str, TopicState] = field(default_factory=dict)  # states that no commit has yet
    _topics: tuple[Topic, ...] = ()
    _options: Mapping[str, str] = field(default_factory=dict)

    def begin(self, now: dt.datetime) -> None:
        """Raises UsageError for what is no topic, or cannot be read here."""
        self._topics, self._options = topics_of(self.run), options_in(self.run.kafka_options)
        self.due_at = now if self._topics else None

    def learn(self, told: Mapping[str, Any]) -> None:
        """Take over what a dataset knows. Where another run has read on meanwhile, what is read twice adds nothing."""
        self.states = states_of(told) | self.pending

    def look(self, now: dt.datetime, folder: Path) -> "Sequence[Took]":
        """Read what is new, so many messages at once, into `folder`; nothing where it is not time.

        Raises UsageError for options that the client does not take, OSError.
        """
        if self.due_at is None or now < self.due_at:
            return ()
        from pipeline.kafka.topic_files import HowToRead, take

        taken = take(self._topics, self.states, HowToRead(self._options, folder, MOST))
        self.due_at = now if any(took.has_more for took in taken) else now + self.every
        return taken

    def told(self, taken: "Sequence[Took]", plan: Plan, now: dt.datetime) -> dict[str, TopicState]:
        """Enter into the account of a plan how they fared; what is to be remembered."""
        if not taken:
            return {}
        from pipeline.kafka.topic_files import told_of_topics

        return told_of_topics(taken, plan, self.states, now)

    def remember(self, told: Mapping[str, TopicState]) -> None:
        """What is known now of those that were read; it waits to be committed."""
        self.states |= told
        self.pending |= told

    def kept(self, told: Mapping[str, TopicState]) -> None:
        """All that waited is committed, and with it what is told now."""
        self.states |= told
        self.pending.clear()

    def to_keep(self, told: Mapping[str, TopicState]) -> dict[str, Any]:
        """What waited and what is told now, as a commit takes it."""
        return {uri: state.as_json() for uri, state in (self.pending | dict(told)).items()}
