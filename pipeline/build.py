"""The whole graph of one slice on one screen."""

from typing import Any

import apache_beam as beam

from pipeline.graph import Graph
from transforms.extract import EXTRACTORS
from transforms.steps import REJECTS, Annotate, Draft, LinkArticles, Read, WriteTables, draft, draft_head, pack_reject, shards_for


def build(p: beam.Pipeline, graph: Graph) -> Any:
    """Wire one slice of a run: read, annotate, five extractors side by side, link and check, write. Returns PCollection[Receipt]."""
    read = p | "Read" >> Read(graph.takes)
    annotated = read["articles"] | "Annotate" >> Annotate(graph.model, graph.articles, graph.own)
    heads = annotated["annotated"] | "Heads" >> beam.Map(draft_head, graph.own)
    found = [annotated["annotated"] | f"Extract{kind.title()}" >> beam.Map(draft, kind, graph.own) for kind in EXTRACTORS]
    drafts = (heads, *found) | "Drafts" >> beam.Flatten().with_output_types(tuple[str, Draft])
    linked = drafts | "Link" >> LinkArticles(shards_for(graph.articles), graph.texts, graph.own)
    rejects = (read[REJECTS], annotated[REJECTS]) | "Rejects" >> beam.Flatten() | "PackRejects" >> beam.Map(pack_reject)
    rows = (linked, rejects) | "Rows" >> beam.Flatten()
    return rows | "Write" >> WriteTables(graph.staging, graph.run_id, graph.share)
