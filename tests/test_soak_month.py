"""A day of commits each minute, and the night after it: what `make soak` does for a month."""

from pathlib import Path

import pytest

from tests.soak.month import A_DAY, TABLES, soaked


@pytest.mark.soak
def test_a_day_of_commits_each_minute(tmp_path: Path) -> None:
    told = soaked(tmp_path / "ds", 1)
    assert told.commits == A_DAY
    assert told.most_manifests <= 128
    assert told.most_in_log <= 128 + 40  # parts, those of the fold before, the fold and a checkpoint
    assert told.most_files <= 40
    assert told.most_kept <= 40 * len(TABLES)
    assert told.amplification <= 6
    assert told.bytes_of_log <= told.commits * 12 * 1024


def test_nights_that_come_soon(tmp_path: Path) -> None:
    told = soaked(tmp_path / "ds", 4, a_day=60)
    assert told.commits == 240
    assert set(told.files.values()) <= set(range(3 + 1, 3 + 30))  # one a day that is over, and a few of the last
    assert told.amplification <= 6
    assert told.most_manifests <= 128
