#!/usr/bin/env bash
# apache-beam 2.77.0 (PyPI), local runner: what a step is given beside its element, as in `Map(use, "x")`, costs memory. Beam keeps the arguments of the
#   step's last call, with the element among them, until the whole graph is let go: the largest element of a bundle, if it came last, stands
#   in memory through all later stages, one for each such step. A step whose function knows the rest by itself (`Map(partial(use, by="x"))`) keeps nothing.
#   Cure: bind what is not the element, by functools.partial or as an attribute of a DoFn.
#
# Seen (elements of the first stage that live while the second runs):
#   given as an argument: 1
#   bound to the function: 0
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

cat >"$here/kept.py" <<'PY'
import functools
import gc
import logging
import sys

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

logging.disable(logging.CRITICAL)
seen = []


class Large:
    """What only the first stage has: made there, and never sent on."""


def made(number):
    yield Large()


def used(large, by):
    return by, 1


def looked(group):
    gc.collect()
    seen.append(sum(isinstance(each, Large) for each in gc.get_objects()))
    return group


def alive(step):
    seen.clear()
    with beam.Pipeline(runner=FnApiRunner()) as p:
        p | beam.Create([1, 2, 3]) | beam.FlatMap(made) | step | beam.GroupByKey() | beam.Map(looked)
    return seen[-1]


def main():
    argument, bound = alive(beam.Map(used, "x")), alive(beam.Map(functools.partial(used, by="x")))
    print("given as an argument:", argument)
    print("bound to the function:", bound)
    sys.exit((argument, bound) != (1, 0))
PY
cd "$here"
"$here/venv/bin/python" -c "import kept; kept.main()"  # a module, so that the functions are sent by name and meet its list
