"""The whole graph of one slice on one screen."""

from collections.abc import Sequence
from typing import Any

import apache_beam as beam

from pipeline.graph import Graph, Work
from transforms.at_hand import PlaceAtHand, TakesAtHand
from transforms.extract import EXTRACTORS
from transforms.place import Place
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
    """From what was read to rows: annotate, five extractors side by side, link and check. Returns PCollection[(shard, Packed)]."""
    articles = read | "Articles" >> beam.FlatMap(articles_among)
    tried = articles | "Annotate" >> Annotate(work.model, work.batches, work.own)
    annotated = tried | "Annotated" >> beam.FlatMap(annotated_among)
    heads = annotated | "Heads" >> beam.Map(draft_head, work.own)
    found = [annotated | f"Extract{kind.title()}" >> beam.Map(draft, kind, work.own) for kind in EXTRACTORS]
    drafts = (heads, *found) | "Drafts" >> beam.Flatten().with_output_types(tuple[str, Draft])
    linked = drafts | "Link" >> LinkArticles(work.shards, work.texts, work.own)
    unread, failed = read | "Unread" >> beam.FlatMap(rejects_among), tried | "Failed" >> beam.FlatMap(rejects_among)
    rejects = (unread, failed) | "Rejects" >> beam.Flatten() | "PackRejects" >> beam.Map(pack_reject)
    return (linked, rejects) | "Rows" >> beam.Flatten()
