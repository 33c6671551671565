"""Beam's graph as bags of Dask's: Beam's own runner for Dask, with shuffles that fit our graph.

Beam makes a Flatten of six branches six times as many partitions, and a GroupByKey as many again, each of which then deals out to all: 3,092
tasks for 500 articles in 8 partitions, where these make 441 (measured), and where branches of one partition may meet on one worker, so
that no Doc travels.
"""

import zlib
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.dask.dask_runner import DaskRunner, DaskRunnerResult
from apache_beam.runners.dask.overrides import _Flatten, _GroupByKeyOnly, dask_overrides
from apache_beam.runners.dask.transform_evaluator import TRANSLATIONS, DaskBagOp, defenestrate
from dask import bag
from dask.base import tokenize
from dask.highlevelgraph import HighLevelGraph
from distributed import Client

Pair = tuple[str, Any]  # key and element, or key and elements


class OnBags(DaskRunner):
    """Runs a graph on the cluster of a client, in so many partitions."""

    def __init__(self, client: Client, partitions: int) -> None:
        super().__init__()
        self._client, self._partitions = client, partitions

    def run_pipeline(self, pipeline: beam.Pipeline, options: PipelineOptions) -> DaskRunnerResult:
        """Hand the graph over; its last step's elements are what the one future of the result gives."""
        pipeline.replace_all(dask_overrides())
        made: Any = self.to_dask_bag_visitor({"npartitions": self._partitions})
        pipeline.visit(made)
        return DaskRunnerResult(self._client, [self._client.compute(list(made.bags.values())[-1])])


class Beside(DaskBagOp):
    """Flatten: what is made of one partition stays in one partition."""

    def apply(self, input_bag: Any, side_inputs: Any = None) -> bag.Bag:
        """The bags, a list, side by side."""
        name = f"beside-{tokenize(*input_bag)}"
        count = max(each.npartitions for each in input_bag)
        parts: dict[Any, Any] = {(name, n): (joined, [(each.name, n) for each in input_bag if n < each.npartitions]) for n in range(count)}
        return bag.Bag(HighLevelGraph.from_collections(name, parts, dependencies=input_bag), name, count)


class Grouped(DaskBagOp):
    """GroupByKey: each partition deals its elements out by key, to as many as there are to be."""

    def apply(self, input_bag: Any, side_inputs: Any = None) -> bag.Bag:
        """The elements of each key together."""
        count = self.bag_kwargs["npartitions"]
        dealt = input_bag.map_partitions(dealt_out, count)
        token = tokenize(dealt, count)
        name, dealing = f"grouped-{token}", f"dealt-{token}"
        parts: dict[Any, Any] = {(dealing, n, to): (hand, (dealt.name, n), to) for n in range(dealt.npartitions) for to in range(count)}
        parts |= {(name, to): (met, [(dealing, n, to) for n in range(dealt.npartitions)]) for to in range(count)}
        return bag.Bag(HighLevelGraph.from_collections(name, parts, dependencies=[dealt]), name, count)


def joined(parts: Iterable[Iterable[Any]]) -> list[Any]:
    """All elements of these partitions."""
    return list(chain.from_iterable(parts))


def dealt_out(part: Iterable[Pair], count: int) -> list[list[Pair]]:
    """The pairs by which of so many partitions their key belongs to. Numbers that follow each other are dealt out evenly."""
    hands: list[list[Pair]] = [[] for _ in range(count)]
    for pair in part:
        hands[zlib.crc32(pair[0].encode()) % count].append(pair)
    return hands


def hand(hands: Sequence[list[Pair]], to: int) -> list[Pair]:
    """What one partition gets of another."""
    return hands[to]


def met(hands: Iterable[Iterable[Pair]]) -> list[Pair]:
    """Each key with its elements."""
    groups: dict[str, list[Any]] = {}
    for key, element in chain.from_iterable(hands):
        groups.setdefault(key, []).append(defenestrate(element))
    return list(groups.items())


TRANSLATIONS.update({_Flatten: Beside, _GroupByKeyOnly: Grouped})  # in the place of Beam's
