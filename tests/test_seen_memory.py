"""What a dataset holds is looked up, not loaded: memory of the seen-check is that of what it is asked, however large the dataset is."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest

from pipeline.dataset import Commit, Dataset, writing
from schemas.arrow import to_table
from schemas.article import Article
from schemas.ids import digest, text_sha256
from tests.needs import needs
from tests.torture.prepared_rows import article
from transforms.flow.write import write_table

_ASKED: Final = 3_000
_ROWS: Final = 5_000  # of a file: a run commits 500 articles at a time, compact makes larger files
_ALL_OF_IT: Final = 400  # bytes that one article's id, hash, version and run take as Python objects, at least

# How much the peak of a process grows by asking for ids that the dataset holds, in bytes. getrusage would tell the peak of whoever
# started it, too.
_MEASURED: Final = """
import re, sys
from pathlib import Path
from pipeline.dataset import Dataset
from pipeline.dataset.seen import seen_in
from schemas.ids import digest
dataset = Dataset.open(Path(sys.argv[1]))
ids = [digest("article", n) for n in range(int(sys.argv[2]))]
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
before = peak()
assert len(seen_in(dataset, ids)) == len(ids)
print(peak() - before)
"""


def dataset_of(root: Path, articles: int) -> Path:
    """A dataset of so many articles, whose texts are the same: only what the check reads differs."""
    alike = to_table(Article, [article(0)]).take(pa.array([0] * _ROWS))
    with writing(Dataset.create(root)) as writer:
        for first in range(0, articles, _ROWS):
            run, numbers = f"run{first}", range(first, first + _ROWS)
            own = {"article_id": [digest("article", n) for n in numbers], "text_sha256": [text_sha256(str(n)) for n in numbers]}
            rows = alike
            for name, values in own.items():
                at = rows.schema.get_field_index(name)
                rows = rows.set_column(at, rows.schema.field(at), pa.array(values, pa.string()))
            staged = write_table("articles", rows, writer.staging(run, "0000"), "0000")
            writer.commit(Commit(run=run, slice="0000", staged=[staged], rows={"articles": _ROWS}))
    return root


def growth(root: Path) -> int:
    argv = [sys.executable, "-c", _MEASURED, str(root), str(_ASKED)]
    return int(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
@needs("proc")
def test_memory_of_the_seen_check_does_not_grow_with_the_dataset(tmp_path: Path) -> None:
    few, many = _ROWS, 200_000
    small, large = growth(dataset_of(tmp_path / "small", few)), growth(dataset_of(tmp_path / "large", many))
    assert (
        large - small < (many - few) * _ALL_OF_IT / 2
    )  # 26 MB were measured for 195,000 rows more, and for 395,000: what is kept of files
