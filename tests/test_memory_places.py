"""Where the threads of a process that lasts take their memory from."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

# Threads that allocate at one time, then glibc's own list of the places that it has.
_PLACES = """
import ctypes, sys, threading
from transforms.flow.memory import one_arena

if sys.argv[2] == "one":
    one_arena()
c = ctypes.CDLL(None)
together = threading.Barrier(4)

def allocate():
    together.wait()
    kept = [bytes(2000) for _ in range(200)]
    together.wait()
    return kept

threads = [threading.Thread(target=allocate) for _ in range(3)]
for thread in threads:
    thread.start()
together.wait()
together.wait()
c.fopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(c.fopen(sys.argv[1].encode(), b"w"))
c.malloc_info(0, out)
c.fclose(out)
for thread in threads:
    thread.join()
"""


def places(folder: Path, which: str) -> int:
    """How many places glibc has in a process with four threads."""
    told = folder / which
    subprocess.run([sys.executable, "-c", _PLACES, str(told), which], check=True)
    return told.read_text("ascii").count("<heap ")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="needs glibc's malloc_info")
def test_all_threads_take_memory_from_one_place(tmp_path: Path) -> None:
    assert places(tmp_path, "own") > 1
    assert places(tmp_path, "one") == 1
