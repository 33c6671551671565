"""The graph as an engine is given it, Beam's portable form: its steps, their coders, and nothing that an engine may lose."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import Coder, IterableCoder, StrUtf8Coder, TupleCoder
from apache_beam.internal import pickler
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.pipeline_context import PipelineContext

from pipeline import Extract, read_record
from pipeline.build import build
from pipeline.graph import Graph
from tests.conftest import annotation_of
from transforms.extract import EXTRACTORS, rows_of
from transforms.flow.take import FromSource
from transforms.read import Defaults, Source
from transforms.steps import HandoverCoder, PackedCoder

NOW = dt.datetime(2024, 5, 7, tzinfo=dt.UTC)
OURS = {
    "Read/Items",
    "Articles",
    "Annotate/Key",
    "Annotate/Batch",
    "Annotate/Model",
    "Annotated",
    "Heads",
    *(f"Extract{kind.title()}" for kind in EXTRACTORS),
    "Drafts",
    "Link/Meet",
    "Link/Link",
    "Unread",
    "Failed",
    "Rejects",
    "PackRejects",
    "Rows",
    "Write/Shard",
    "Write/Files",
}
PACKED = {"Link/Link", "PackRejects", "Rows", "Write/Shard"}  # those are squeezed already
TEXT = (
    'Acme Corp said on Monday that it had cut 1,200 jobs. "We are sorry," said its chairman, Tom Reed, in Oslo.\n\n'
    "The company has 30,000 staff and plans to hire again in June. He refused to say how many."
)


class Portable:
    """A graph in Beam's portable form."""

    def __init__(self, p: beam.Pipeline) -> None:
        self.components = p.to_runner_api().components
        self.coders = PipelineContext(self.components).coders

    @property
    def steps(self) -> Iterator[tuple[str, Any]]:
        """The steps that have no steps of their own."""
        return ((step.unique_name, step) for step in self.components.transforms.values() if not step.subtransforms)

    @property
    def functions(self) -> Iterator[tuple[str, beam.DoFn]]:
        """What each ParDo calls."""
        for name, step in self.steps:
            if step.spec.urn == common_urns.primitives.PAR_DO.urn:
                payload = beam_runner_api_pb2.ParDoPayload.FromString(step.spec.payload)
                yield name, pickler.loads(payload.do_fn.payload)[0]

    def coder_of(self, step: Any) -> Coder:
        """The coder of what a step makes."""
        (output,) = step.outputs.values()
        return self.coders.get_by_id(self.components.pcollections[output].coder_id)


def of_a_run() -> beam.Pipeline:
    """Two sources with 200 articles each."""
    takes = [FromSource(Source(f"/in/{i}.jsonl", "/in"), Defaults(NOW), tuple((n, 1) for n in range(200))) for i in range(2)]
    p = beam.Pipeline()
    build(p, Graph(tuple(takes), 400, "m", "full", Path("/out"), "r"))
    return p


def of_others() -> beam.Pipeline:
    """A pipeline of somebody else's that extracts."""
    p = beam.Pipeline()
    tables = p | beam.Create([{"text": TEXT}]) | beam.FlatMap(read_record) | Extract()
    assert len(tables) > len(EXTRACTORS)
    return p


@pytest.fixture(scope="module")
def portable() -> Portable:
    return Portable(of_a_run())


@pytest.fixture(scope="module", params=[of_a_run, of_others], ids=["run", "others"])
def either(request: pytest.FixtureRequest) -> Portable:
    return Portable(request.param())


def test_every_step_is_named_and_nothing_else_is_in_it_but_beams_own_deal_of_the_takes(portable: Portable) -> None:
    names = {name for name, _ in portable.steps}
    assert {name for name in names if not name.startswith("Read/Takes/")} == OURS


def test_no_step_has_tagged_outputs(either: Portable) -> None:
    assert {name: list(step.outputs) for name, step in either.steps if len(step.outputs) != 1} == {}


def test_no_step_keeps_anything_until_the_end_of_a_bundle(either: Portable) -> None:
    functions = list(either.functions)
    assert len(functions) > len(EXTRACTORS)
    for name, function in functions:
        for of_bundles in ("start_bundle", "finish_bundle"):
            assert getattr(type(function), of_bundles) is getattr(beam.DoFn, of_bundles), f"{name} has a {of_bundles}"


def test_batches_meet_by_a_stable_key(portable: Portable) -> None:
    """An engine groups by the key's bytes."""
    for name, step in portable.steps:
        if step.spec.urn == common_urns.primitives.GROUP_BY_KEY.urn and name in OURS:
            coder = portable.coder_of(step)
            assert isinstance(coder, TupleCoder)
            assert isinstance(coder.coders()[0], StrUtf8Coder), name
            assert isinstance(coder.coders()[1], IterableCoder), name


def innermost(coder: Coder) -> Coder:
    """The coder of what a key or a group holds."""
    if isinstance(coder, TupleCoder):
        return innermost(coder.coders()[1])
    return innermost(coder.value_coder()) if isinstance(coder, IterableCoder) else coder


def test_what_is_large_has_the_coder_that_was_made_for_it(portable: Portable) -> None:
    coders = {name: type(innermost(portable.coder_of(step))) for name, step in portable.steps if name in OURS}
    assert {name for name, coder in coders.items() if coder is PackedCoder} == PACKED
    assert {coder for name, coder in coders.items() if name not in PACKED} == {HandoverCoder}


def test_a_doc_goes_there_and_back(portable: Portable) -> None:
    """Through the graph's own coder: the same tokens, tags, parse and entities, and the rows that come of them."""
    coder = portable.coder_of(dict(portable.steps)["Annotate/Model"])
    here = annotation_of(TEXT, dt.date(2024, 5, 7))
    there = coder.decode(coder.encode(here))
    assert there.article == here.article
    assert [(t.text, t.idx, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.is_sent_start, t.ent_iob_, t.ent_type_) for t in there.doc] == [
        (t.text, t.idx, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.is_sent_start, t.ent_iob_, t.ent_type_) for t in here.doc
    ]
    assert there.doc.text == here.doc.text == TEXT
    assert there.doc.user_data == here.doc.user_data
    assert rows_of(there) == rows_of(here)
    assert there.doc is not here.doc
    assert coder.estimate_size(here) < 100_000, "Beam asks it of a sample: it must not encode them"
