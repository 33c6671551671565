"""Where Arrow takes its memory from in a process of the command line: asked in one of its own, since it is chosen once."""

import os
import subprocess
import sys

import pytest

from pipeline.allocator import CHOSEN_BY

_WRITES = """
import sys
from pipeline.cli import main
main(["--version"])
assert "pyarrow" not in sys.modules, "it was loaded before the allocator was chosen, or --version loads it"
import io
import pyarrow as pa
import pyarrow.parquet as pq
pq.write_table(pa.table({"text": [str(n) for n in range(100_000)]}), io.BytesIO())
print(*(f"{name}:{getattr(pa, f'{name}_memory_pool')().total_bytes_allocated() > 1_000_000}" for name in pa.supported_memory_backends()))
"""


@pytest.mark.parametrize(("chosen", "used"), [(None, "system"), ("mimalloc", "mimalloc")])
def test_what_writes_parquet_takes_its_memory_where_it_should(chosen: str | None, used: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != CHOSEN_BY} | ({CHOSEN_BY: chosen} if chosen else {})
    done = subprocess.run([sys.executable, "-c", _WRITES], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pools = dict(each.split(":") for each in done.stdout.splitlines()[-1].split())
    if used not in pools:
        pytest.skip(f"this Arrow has no {used}")
    assert [name for name, has in pools.items() if has == "True"] == [used]
