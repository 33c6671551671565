"""The whole graph of one slice on one screen."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import apache_beam as beam

from pipeline.graph import Graph, Work
from transforms.extract import EXTRACTORS
from transforms.flow.at_hand import PlaceAtHand, TakesAtHand
from transforms.flow.memory import calm_memory
from transforms.flow.place import Place
from transforms.steps import (
    Annotate,
    Draft,
    LinkArticles,
    Readable,
    ReadTakes,
    WriteTables,
    annotated_among,
    articles_among,
    draft,
    draft_head,
    pack_reject,
    rejects_among,
)


def build(p: beam.Pipeline, graph: Graph) -> Any:
    """Wire one slice of a run. Returns PCollection[Receipt]."""
    return wired(p, graph.takes, graph.work, graph.place)


def build_to_keep(p: beam.Pipeline, work: Work) -> Any:
    """Wire a slice whose takes and place are those that the process has at hand when the graph runs."""
    return wired(p, [TakesAtHand()], work, PlaceAtHand())


def wired(p: beam.Pipeline, takes: Sequence[Readable], work: Work, place: Place | PlaceAtHand) -> Any:
    """Read, extract, write: for an engine that has takes or work of its own. Returns PCollection[Receipt]."""
    return extract(p | "Read" >> ReadTakes(takes), work) | "Write" >> WriteTables(place)


def extract(read: Any, work: Work) -> Any:
    """From what was read to rows on their way to the writer. Returns PCollection[(shard, Packed)]."""
    drafts, rejects = drafted(read, work, calm_memory)
    linked = drafts | "Link" >> LinkArticles(work.shards, work.texts, work.own)
    return (linked, rejects | "PackRejects" >> beam.Map(pack_reject)) | "Rows" >> beam.Flatten()


def drafted(read: Any, work: Work, ready: Callable[[], None]) -> tuple[Any, Any]:
    """From what was read to drafts: annotate, five extractors side by side. Returns PCollection[(key, Draft)], PCollection[Reject].

    `ready` is what each process that annotates is made ready by.
    """
    articles = read | "Articles" >> beam.FlatMap(articles_among)
    tried = articles | "Annotate" >> Annotate(work.model, work.batches, work.own, ready)
    annotated = tried | "Annotated" >> beam.FlatMap(annotated_among)
    heads = annotated | "Heads" >> beam.Map(partial(draft_head, own=work.own))
    found = [annotated | f"Extract{kind.title()}" >> beam.Map(partial(draft, kind=kind, own=work.own)) for kind in EXTRACTORS]
    unread, failed = read | "Unread" >> beam.FlatMap(rejects_among), tried | "Failed" >> beam.FlatMap(rejects_among)
    drafts = (heads, *found) | "Drafts" >> beam.Flatten().with_output_types(tuple[str, Draft])
    return drafts, (unread, failed) | "Rejects" >> beam.Flatten()
