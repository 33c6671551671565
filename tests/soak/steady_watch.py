"""A watch under a steady flow: its memory, how long an article takes from the poll to its committed row, and that none is lost.

python -m tests.soak watch [--engine local|prism] [--minutes N] [--rate N]
"""

import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from pipeline.dataset import Dataset, DatasetError
from tests.loopback import Loopback
from tests.processes import memory_of, processor_time
from tests.soak.flowing import Flow

EVERY: Final = "1s"
WINDOW: Final = "10s"
SAMPLE: Final = 2.0  # seconds
PATIENCE: Final = 600.0  # seconds, for what is under way when the flow ends


@dataclass(frozen=True, slots=True)
class Soaked:
    """How a watch fared."""

    engine: str
    minutes: float
    articles: int
    commits: int
    manifests: int  # that stand in the end
    memory_middle: float  # MB, the mean over the middle third of the time, of all its processes together
    memory_last: float  # the same over the last third
    latency_median: float  # seconds from the poll to the commit
    latency_99: float
    processor: float  # seconds an article, of all its processes
    missing: int  # items that were shown and are no article
    doubled: int
    exit_code: int

    @property
    def growth(self) -> float:
        """The last third's memory as a multiple of the middle third's."""
        return self.memory_last / self.memory_middle

    def __str__(self) -> str:
        return (
            f"watch on {self.engine}, {self.minutes:g} minutes: {self.articles:,} articles in {self.commits:,} commits, "
            f"{self.missing} missing, {self.doubled} doubled; memory {self.memory_middle:.0f} MB in the middle third, "
            f"{self.memory_last:.0f} MB in the last ({self.growth:.3f} times); from poll to commit {self.latency_median:.1f} s in the median, "
            f"{self.latency_99:.1f} s for 99 %; {self.processor:.2f} s of the processor an article; {self.manifests} files in _runs; "
            f"ended with {self.exit_code}"
        )

    def as_json(self) -> str:
        """The figures for machines."""
        return json.dumps(asdict(self) | {"growth": self.growth})


def soaked(engine: str, minutes: float, rate: float, folder: Path) -> Soaked:
    """Let a watch run for so long, and stop it when all that was shown is committed."""
    server = Loopback()
    flow = Flow(rate, server)
    out = folder / "out.jsonl"
    argv = [sys.executable, "-m", "pipeline", "watch", flow.address, "--output", str(folder / "ds"), "--every", EVERY, "--json"]
    argv += ["--window", WINDOW, "--runner", engine, "--workers", "1", "--allow-private"]
    with out.open("wb") as to, (folder / "err.txt").open("wb") as err:
        process = subprocess.Popen(argv, stdout=to, stderr=err)
    try:
        memory = _memory_while(process, minutes * 60, folder / "err.txt")
        flow.stop()
        _until_committed(process, flow, folder / "ds")
        used = processor_time(process.pid)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
        server.close()
    return _told(engine, minutes, folder, flow, memory, used, code, [json.loads(line) for line in out.read_text("utf-8").splitlines()])


def _memory_while(process: "subprocess.Popen[bytes]", seconds: float, words: Path) -> list[float]:
    """The memory of all its processes together, in MB, sample by sample. Raises RuntimeError, with its last words, where it ends meanwhile."""
    samples, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the watch ended with {process.returncode}: {words.read_text('utf-8', 'replace')[-2000:]}")
        samples.append(memory_of(process.pid))
        time.sleep(SAMPLE)
    return samples


def _until_committed(process: "subprocess.Popen[bytes]", flow: Flow, dataset: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not (flow.complete and _articles(dataset) >= len(flow.shown)):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{_articles(dataset)} of {len(flow.shown)} articles were committed (exit code {process.poll()})")
        time.sleep(1)


def _articles(dataset: Path) -> int:
    try:
        return sum(file.rows for file in Dataset.open(dataset).live_files("articles"))
    except DatasetError:
        return 0


def _told(
    engine: str, minutes: float, folder: Path, flow: Flow, memory: list[float], used: float, code: int, lines: list[dict[str, Any]]
) -> Soaked:
    opened = Dataset.open(folder / "ds")
    columns = ["canonical_url", "text"]
    rows = [row for path in opened.paths("articles") for row in pq.ParquetFile(path).read(columns=columns).to_pylist()]
    held = [(row["canonical_url"], row["text"]) for row in rows]
    third = len(memory) // 3
    latencies = sorted(line["lag"]["poll"] for line in lines for _ in range(line["articles"]))
    return Soaked(
        engine=engine,
        minutes=minutes,
        articles=len(held),
        commits=len(lines),
        manifests=sum(1 for path in (folder / "ds" / "_runs").rglob("*") if path.is_file()),
        memory_middle=statistics.mean(memory[third : 2 * third]),
        memory_last=statistics.mean(memory[2 * third :]),
        latency_median=statistics.median(latencies),
        latency_99=latencies[int(0.99 * (len(latencies) - 1))],
        processor=used / len(held),
        missing=len(flow.shown - set(held)),
        doubled=len(held) - len(set(held)),
        exit_code=code,
    )


def main(engine: str, minutes: float, rate: float, *, as_json: bool) -> int:
    """Soak one engine, tell how it fared, and give the exit code: 0 where all held."""
    with tempfile.TemporaryDirectory(prefix="factwire-soak-") as folder:
        made = soaked(engine, minutes, rate, Path(folder))
    print(made.as_json() if as_json else made, flush=True)
    return int(made.missing > 0 or made.doubled > 0 or made.exit_code != 0 or made.growth > 1.05)
