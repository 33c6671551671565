"""Whole runs of the command line that are killed or told to stop: the next one leaves what an undisturbed one would have left.

`python -m tests.torture` does the same forty times; FACTWIRE_TORTURE_RUNS makes them more than five here.
"""

import os
import random
from pathlib import Path

import pytest

from tests.torture import whole

RUNS = int(os.environ.get("FACTWIRE_TORTURE_RUNS", "5"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "in"
    whole.write_sources(folder)
    return folder


@pytest.fixture(scope="module")
def peace(sources: Path) -> whole.Whole:
    return whole.undisturbed(sources)


@pytest.mark.slow
@pytest.mark.hostile(91)
@pytest.mark.parametrize("seed", range(RUNS))
def test_a_whole_run_that_ends_at_a_random_moment(sources: Path, peace: whole.Whole, seed: int) -> None:
    assert whole.at_random(sources, peace, random.Random(seed)) == []
