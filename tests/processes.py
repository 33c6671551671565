"""A process with all that it has started: its memory, and its processor time."""

import os
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all that it has started, and they."""
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting += children(each)
    return found


def children(pid: int) -> list[int]:
    """The processes that this one has started. A thread of it that ends meanwhile has none."""
    return [int(child) for thread in _listed(f"/proc/{pid}/task") for child in _read(f"/proc/{pid}/task/{thread}/children").split()]


def memory_of(pid: int) -> float:
    """The memory of all its processes together in MB; what they share counts once."""
    return sum(_memory(each) for each in family(pid))


def _memory(pid: int) -> float:
    """The memory of a process in MB; what it shares with others counts in part."""
    rolled = _read(f"/proc/{pid}/smaps_rollup")
    return next((int(line.split()[1]) / 1024 for line in rolled.splitlines() if line.startswith("Pss:")), 0.0)


def processor_time(pid: int) -> float:
    """The processor time of all its processes, and of those that have ended and were waited for, in seconds."""
    ticks = 0
    for each in family(pid):
        words = _read(f"/proc/{each}/stat").rpartition(")")[2].split()
        ticks += sum(map(int, words[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - of /proc, where a process may have gone
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except OSError:
        return ""
