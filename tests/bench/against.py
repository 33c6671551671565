"""What a run costs as a user starts it, here or in a checkout of another commit: processor time of all its processes.

Runs with one worker, each into a dataset of its own. A checkout is a folder with an environment in `.venv`, such as a worktree:

    git worktree add ../old 01c1513 && make -C ../old test    # the first target makes the environment
    python -m tests.bench --against ../old

A wheel does as well, with this environment: that of `make compiled`.
"""

import importlib.machinery
import os
import resource
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent.parent.parent
# One thread a process; modules are compiled once, as where a user has them.
ENVIRONMENT: Final = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"OPENBLAS_NUM_THREADS": "1"}

# The most that any worker of a dataset's slices had, as the workers measured it themselves.
_PEAK: Final = """
import sys
from pathlib import Path
from pipeline.dataset import Dataset
print(max(commit.timings["worker_peak_mb"] for commit in Dataset.open(Path(sys.argv[1])).commits if "worker_peak_mb" in commit.timings))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What runs cost: seconds of the processor, and the most megabytes of a worker."""

    whole: float  # over all articles
    start: float  # over the first of them alone
    nothing_new: float  # over that one once more
    peak: float

    @property
    def net(self) -> float:
        """Seconds that all articles but the first took after start-up."""
        return self.whole - self.start

    @classmethod
    def of(cls, checkout: Path, many: Path, one: Path) -> "Cost":
        """Measure it over a file of many articles and one of the first of them. Raises SystemExit with the words of a run that failed."""
        with tempfile.TemporaryDirectory() as tmp:
            whole = _run(checkout, many, Path(tmp, "many"))
            start, nothing_new = (_run(checkout, one, Path(tmp, "one")) for _ in range(2))
            peak = float(_done(checkout, "-c", _PEAK, str(Path(tmp, "many"))))
        return cls(whole, start, nothing_new, peak)

    @classmethod
    def least(cls, rounds: "list[Cost]") -> "Cost":
        """The least of each: what another process took from the machine is no cost of ours. Of memory the most."""
        least = {f.name: min(getattr(each, f.name) for each in rounds) for f in fields(cls)}
        return cls(**least | {"peak": max(each.peak for each in rounds)})


def unpacked(wheel: Path, folder: Path) -> Path:
    """A checkout in a folder: what is in a wheel, and this environment. Raises SystemExit where the wheel is of another Python."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    (folder / ".venv").symlink_to(HERE / ".venv")
    suffixes = tuple(importlib.machinery.EXTENSION_SUFFIXES)
    compiled = [file for file in folder.rglob("*") if file.suffix in (".so", ".pyd")]
    if not all(file.name.endswith(suffixes) for file in compiled):
        raise SystemExit(f"{wheel.name} was compiled for another Python or machine; make compiled makes one for this")
    return folder


def compared(of: Path, many: Path, one: Path, rounds: int) -> str:
    """This checkout against that of another commit, alternated."""
    measured = [(Cost.of(HERE, many, one), Cost.of(of, many, one)) for _ in range(rounds)]
    ours, theirs = (Cost.least(list(each)) for each in zip(*measured, strict=True))
    return (
        f"against {of.name}, one worker: {theirs.net / ours.net:.2f} times as fast after start-up ({ours.net:.1f} s against {theirs.net:.1f} s "
        f"of the processor here); start-up to the first article {ours.start / theirs.start:.2f} of it ({ours.start:.2f} s), a run with nothing "
        f"new {ours.nothing_new / theirs.nothing_new:.2f} ({ours.nothing_new:.2f} s), peak memory of a worker {ours.peak / theirs.peak:.2f} "
        f"({ours.peak:.0f} MB)"
    )


def _run(checkout: Path, source: Path, output: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _done(checkout, "-m", "pipeline", "run", str(source), "--output", str(output), "--workers", "1", "--quiet")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _done(checkout: Path, *argv: str) -> str:
    """What a checkout's Python prints."""
    python = str(checkout / ".venv/bin/python")
    done = subprocess.run([python, *argv], cwd=checkout, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"a run in {checkout} ended {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout
