"""A run that finds nothing new costs what it costs over an empty dataset, and loads neither Beam nor the model."""

from pathlib import Path

import pytest

from tests.bench.nothing_new import compared


@pytest.mark.slow
def test_what_is_known_costs_nothing(tmp_path: Path) -> None:
    found = compared(10_000, 2, tmp_path)  # python -m tests.bench --nothing-new takes 100,000
    assert found.full.unchanged == 10_000
    assert found.full.heavy == ()
    assert found.ratio <= 1.5
