"""Whether an article costs the same in a long run as in a short one, and the run the same memory.

    python -m tests.bench.long --articles FILE.jsonl [--few N] [--rounds N]

One run reads all articles of the file, the other as many as are asked for, taken evenly from all of it. The first slice of each is left out:
the model is loaded in it. Runs are processes of their own and take turns; the cheapest of each counts. Memory is the most that a
worker had in any slice, and the most that all processes of the run had at one time: what deals out and commits merges files while no worker works.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipeline.account import Account
from pipeline.dataset import Dataset, Manifest
from pipeline.options import RunOptions
from pipeline.progress import Progress
from pipeline.run import run
from tests.processes import memory_of, processor_time

FEW: Final = 2_000
SAMPLE: Final = 0.25  # seconds


@dataclass(frozen=True, slots=True)
class LongRun:
    """What a run took."""

    articles: int
    characters: float  # an article
    seconds: float  # of the processor, an article, after the first slice
    worker: float  # MB, the most that the worker had in any slice
    together: float  # MB, the most that all processes had at one time


class _Watching(Progress):
    """Looks at the processor time after each slice."""

    def __init__(self) -> None:
        self.spent: list[float] = []

    def committed(self, number: int, newest: dt.datetime | None, account: Account, made: Manifest) -> None:
        """Take the time."""
        self.spent.append(processor_time(os.getpid()))


class _Peak(threading.Thread):
    """Looks at the memory of this process and all that it has started, until it is stopped."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._most = 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        """Look, again and again."""
        while not self._ended.wait(SAMPLE):
            self._most = max(self._most, memory_of(os.getpid()))

    def stopped(self) -> float:
        """End it; the most that there was at one time, in MB."""
        self._ended.set()
        self.join()
        return self._most


def measured(source: Path) -> LongRun:
    """Run over a file with one worker."""
    watching = _Watching()
    peak = _Peak()
    peak.start()
    with tempfile.TemporaryDirectory() as folder:
        done = run(RunOptions(sources=(str(source),), output=Path(folder) / "ds", workers=1), progress=watching)
        commits = [commit for commit in Dataset.open(Path(folder) / "ds").commits if "worker_peak_mb" in commit.timings]
    first = commits[0].rows["articles"]
    articles = done.account.rows["articles"]
    return LongRun(
        articles,
        sum(len(json.loads(line)["text"]) for line in source.open(encoding="utf-8")) / articles,
        (watching.spent[-1] - watching.spent[0]) / (articles - first),
        max(commit.timings["worker_peak_mb"] for commit in commits),
        peak.stopped(),
    )


def chosen(source: Path, count: int | None, folder: Path) -> Path:
    """A file of so many articles, taken evenly from all; of all, where no count is given."""
    lines = [json.loads(line) for line in source.read_text("utf-8").splitlines() if line.strip()]
    lines = [line for line in lines if (line.get("text") or "").strip()]
    count = min(count or len(lines), len(lines))
    out = folder / f"{count}.jsonl"
    with out.open("w", encoding="utf-8") as file:
        for number in range(count):
            line = lines[number * len(lines) // count]
            dated = {"published_at": line.get("published_at") or line.get("published")}
            kept = {key: line[key] for key in ("id", "title", "text") if line.get(key)} | {k: v for k, v in dated.items() if v}
            file.write(json.dumps(kept) + "\n")
    return out


def _in_a_process(source: Path) -> LongRun:
    argv = [sys.executable, "-m", "tests.bench.long", "--measure", "--articles", str(source)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return LongRun(**json.loads(done.stdout.splitlines()[-1]))


def compared(source: Path, few: int, rounds: int) -> str:
    """Run over few and over all, and tell how they compare."""
    with tempfile.TemporaryDirectory() as tmp:
        files = [chosen(source, count, Path(tmp)) for count in (few, None)]
        taken = [[_in_a_process(file) for file in files] for _ in range(rounds)]
    short, long = (
        LongRun(**{name: min(asdict(run)[name] for run in runs) for name in asdict(runs[0])}) for runs in zip(*taken, strict=True)
    )
    return (
        f"a run over {long.articles:,} articles of {long.characters:,.0f} characters against one over {short.articles:,} of "
        f"{short.characters:,.0f}: an article costs {long.seconds / short.seconds:.3f} times as much "
        f"({1000 * long.seconds:.1f} ms against {1000 * short.seconds:.1f} ms of the processor here); the worker's peak is "
        f"{long.worker / short.worker:.3f} times ({long.worker:.0f} MB against {short.worker:.0f} MB), that of all "
        f"processes together {long.together / short.together:.3f} times ({long.together:.0f} MB against {short.together:.0f} MB)"
    )


def main() -> None:
    """Compare, and print that; or, as one of the processes that take turns, measure one run."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--articles", type=Path, required=True)
    ap.add_argument("--few", type=int, default=FEW)
    ap.add_argument("--rounds", type=int, default=1)
    ap.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    a = ap.parse_args()
    if a.measure:
        print(json.dumps(asdict(measured(a.articles))))
    else:
        print(compared(a.articles, a.few, a.rounds), flush=True)


if __name__ == "__main__":
    main()
