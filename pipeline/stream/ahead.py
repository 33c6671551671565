"""What looks have told of addresses and files and no commit holds yet: the next look goes by it as if it were committed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.dataset import Dataset, Input, Manifest


@dataclass(frozen=True, slots=True)
class Ahead:
    """States of addresses, and files wholly read."""

    feeds: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)

    def plus(self, other: "Ahead") -> "Ahead":
        """Both together; the other is the later one."""
        return Ahead({**self.feeds, **other.feeds}, {**self.inputs, **other.inputs})

    def beyond(self, dataset: Dataset) -> "Ahead":
        """What of this the dataset does not hold."""
        feeds = {address: state for address, state in self.feeds.items() if dataset.feeds.get(address) != state}
        return Ahead(feeds, {uri: read for uri, read in self.inputs.items() if dataset.inputs.get(uri) != read})

    def of(self, dataset: Dataset) -> Dataset:
        """The dataset as it would stand if all this were committed."""
        if not self.feeds and not self.inputs:
            return dataset
        made = Manifest(
            sequence=dataset.log.sequence + 1,
            run="ahead",
            slice="ahead",
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            factwire="",
            feeds=self.feeds,
            inputs=tuple(self.inputs.values()),
        )
        return dataclasses.replace(dataset, log=dataset.log.plus([made]))


NOTHING: Final = Ahead()
