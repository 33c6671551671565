#!/usr/bin/env bash
# apache-beam 2.77.0 (Python): a coder that is registered for a union of types is taken without a word and never used.
#   The registry is asked for a type hint's coder by the class of the hint where the hint is one of Beam's constraints, so by
#   UnionConstraint, not by Union[A, B]. What a step with two kinds of elements hands on is pickled, also where Beam only wants to know its size,
#   though each of the two types has the coder, and the union as well.
#   Cure: register a coder for the class (apache_beam.typehints.typehints.UnionConstraint); its `from_type_hint` is given the union.
#
# Seen:
#   A -> Ours
#   Union[A, B] -> FastPrimitivesCoder
#   in the graph: FastPrimitivesCoder
#   Union[A, B], registered by class -> Ours
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

cat >"$here/unions.py" <<'PY'
"""Two record classes with a coder each, and one for what is either."""
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.coders import FastPrimitivesCoder, registry
from apache_beam.runners.pipeline_context import PipelineContext
from apache_beam.typehints import Union
from apache_beam.typehints.typehints import UnionConstraint


@dataclass(frozen=True)
class A:
    number: int


@dataclass(frozen=True)
class B:
    number: int


class Ours(beam.coders.Coder):
    def encode(self, value):
        return type(value).__name__.encode() + b"%d" % value.number

    def decode(self, encoded):
        return {b"A": A, b"B": B}[encoded[:1]](int(encoded[1:]))

    def is_deterministic(self):
        return True


def either(number: int) -> Iterable[Union[A, B]]:
    yield A(number) if number % 2 else B(number)


def in_the_graph():
    p = beam.Pipeline()
    p | beam.Create([1, 2, 3]) | "Either" >> beam.FlatMap(either)
    parts = p.to_runner_api().components
    (step,) = (t for t in parts.transforms.values() if t.unique_name == "Either")
    (output,) = step.outputs.values()
    return type(PipelineContext(parts).coders.get_by_id(parts.pcollections[output].coder_id))


def asked(hint):
    return type(registry.get_coder(hint))


for hint in (A, B, Union[A, B]):
    registry.register_coder(hint, Ours)
plain, union, graph = asked(A), asked(Union[A, B]), in_the_graph()
registry.register_coder(UnionConstraint, Ours)
print("A ->", plain.__name__)
print("Union[A, B] ->", union.__name__)
print("in the graph:", graph.__name__)
print("Union[A, B], registered by class ->", asked(Union[A, B]).__name__)
sys.exit((plain, union, graph, asked(Union[A, B])) != (Ours, FastPrimitivesCoder, FastPrimitivesCoder, Ours))
PY
PYTHONPATH="$here" "$here/venv/bin/python" -c 'import unions' 2>"$here/words" || { cat "$here/words"; exit 1; }
