"""Two minutes of what `make soak` does for thirty: nothing lost, nothing doubled, memory that does not run away."""

from pathlib import Path

import pytest

from tests.needs import needs
from tests.soak.steady_watch import soaked


@pytest.mark.soak
@needs("proc")
@pytest.mark.parametrize("engine", ["local", pytest.param("prism", marks=[pytest.mark.engine, needs("prism")])])
def test_two_minutes_of_a_steady_flow(tmp_path: Path, engine: str) -> None:
    made = soaked(engine, 2, 1, tmp_path)
    print(made)
    assert (made.missing, made.doubled, made.exit_code) == (0, 0, 0)
    assert made.articles > 50
    assert made.growth < 1.25  # of so short a time much is the beginning; half an hour is to stay below 1.05
