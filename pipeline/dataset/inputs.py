"""The files of sources that were read. There may be as many as articles: those of before the last fold are loaded when one is asked for."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from pipeline.dataset.manifest import Input
from pipeline.dataset.takedown import without_sources


class Inputs(Mapping[str, Input]):
    """Files of sources that were wholly read, by address, as they were when last read."""

    def __init__(self, folded: Callable[[], Mapping[str, Input]] = dict, since: Mapping[str, Input] = MappingProxyType({})) -> None:
        """`folded` gives those of before the last fold, `since` has those read after it; one that is not done is wholly read no more."""
        self._folded, self.since = folded, since

    def plus(self, read: Iterable[Input]) -> "Inputs":
        """These, once others were read."""
        news = {one.uri: one for one in read}
        return Inputs(self._folded, {**self.since, **news}) if news else self

    def without(self, forgotten: Collection[str]) -> "Inputs":
        """These without what was taken down, none of them of before the last fold any more."""
        return Inputs(since=without_sources(self, forgotten))

    def __getitem__(self, uri: str) -> Input:
        one = self.since[uri] if uri in self.since else self._folded()[uri]
        if not one.done:
            raise KeyError(uri)
        return one

    def __iter__(self) -> Iterator[str]:
        return (uri for uri, one in {**self._folded(), **self.since}.items() if one.done)

    def __len__(self) -> int:
        return sum(1 for _ in self)
