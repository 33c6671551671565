"""What the tests of engines share: 400 articles, their rows by the local runner, whether two datasets hold the same, and who is whose child."""

import fcntl
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest

from pipeline.engines import prism_built, prism_found
from schemas.tables import TABLES
from tests.leftover_guard import alive
from tests.processes import family

ROOT = Path(__file__).parent.parent
ARTICLES = 400
_T = TypeVar("_T")
PATIENCE = 300.0  # seconds: other tests may have the machine
# What a run tells meanwhile: how far it is, where it takes more than half a minute, and what is set aside.
PROGRESS = re.compile(
    r"^(?:[\d,]+ of [\d,]+ articles?.*;.*|starting|asking addresses: .*|looking for what is new: .*|loading Beam .*|committing"
    r"|set aside, .*|more that is set aside .*|a very long article .*)\n",
    re.MULTILINE,
)


def written(folder: Path, count: int = ARTICLES) -> Path:
    """A file of so many articles, those of the seeds and others mixed of their halves; with one that comes twice, and two that are none."""
    seeds = [json.loads(line) for line in (ROOT / "seeds" / "wikinews.jsonl").read_text("utf-8").splitlines()]
    made = [*seeds[:count], *(_mixed(seeds, number) for number in range(len(seeds), count))]
    lines = [json.dumps(article) for article in (*made, made[0], {"id": "empty", "text": ""})]
    lines.insert(count // 2, "{this is no JSON")
    path = folder / "news.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _mixed(seeds: list[dict[str, Any]], number: int) -> dict[str, Any]:
    one, other = seeds[number % len(seeds)], seeds[(number * 7 + number // len(seeds)) % len(seeds)]
    head, tail = one["text"].splitlines(), other["text"].splitlines()
    text = "\n".join([*head[: len(head) // 2 + 1], *tail[len(tail) // 2 :]])
    return {"id": f"mixed-{number}", "title": f"{number} {other['title']}", "text": text, "published_at": one["published_at"]}


@dataclass(frozen=True)
class Done:
    """A run of the command line that has ended."""

    code: int
    out: str
    err: str  # but for what it told meanwhile


def command(*arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> subprocess.Popen[str]:
    """The command line, started."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}),
    )


def ended(process: subprocess.Popen[str]) -> Done:
    """The command line, waited for."""
    out, err = process.communicate(timeout=PATIENCE)
    return Done(process.returncode, out, PROGRESS.sub("", err))


def run(*arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> Done:
    """`factwire run`, from its beginning to its end."""
    return ended(command("run", *arguments, env=env, cwd=cwd))


def check_a_full_disk_is_told(folder: Path, *engine: str, env: dict[str, str] | None = None) -> None:
    """A run whose dataset does not fit on its disk ends in a sentence, and commits nothing."""
    disk = folder / "disk"
    disk.mkdir()
    source = written(folder, 60)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], check=True)
    try:
        done = run(source, "-o", disk / "ds", *engine, env=env)
        assert done.code == 1
        assert "the disk is full" in done.err
        assert "Traceback" not in done.err
        assert not list((disk / "ds" / "_runs").glob("*.json"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@dataclass(frozen=True)
class Baseline:
    """What the local runner makes of the articles."""

    source: Path
    dataset: Path


@pytest.fixture(scope="session")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    """400 articles and their rows by the local runner; once for all processes that run tests."""
    folder = tmp_path_factory.getbasetemp().parent / f"engines-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    folder.mkdir(exist_ok=True)
    made = Baseline(folder / "news.jsonl", folder / "local")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list((made.dataset / "_runs").glob("*.json")):
            done = run(written(folder), "-o", made.dataset, "--workers", "1")
            assert done.code == 0, done.err
    return made


def differences(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """By table, how many rows only the one and only the other dataset has; without run_id and the time of the run."""
    found = {}
    with duckdb.connect() as connection:
        for table in TABLES.keys() - {"corrections"}:  # those are a person's, no run makes any
            left, right = _rows(one, table), _rows(other, table)
            sql = "SELECT count(*) FROM (({}) EXCEPT ALL ({}))"
            counts = [(connection.execute(sql.format(*pair)).fetchone() or (0,))[0] for pair in ((left, right), (right, left))]
            found[table] = (counts[0], counts[1])
    return {table: counts for table, counts in found.items() if any(counts)}


def _rows(dataset: Path, table: str) -> str:
    assert list((dataset / table).rglob("*.parquet")), f"{dataset} has no {table}"
    left_out = {"articles": "run_id, fetched_at", "rejects": "run_id, rejected_at"}.get(table, "run_id")
    return f"SELECT * EXCLUDE ({left_out}) FROM read_parquet('{dataset / table}/**/*.parquet', hive_partitioning=false)"


@functools.cache
def prism() -> Path:
    """The program prism; built where it is not there yet."""
    if found := prism_found.at_hand(None):
        return found
    return _once(prism_found.built(), prism_built.build)


def boot() -> Path:
    """The program that starts a worker in Beam's images, built from its sources."""
    return _once(prism_found.built().with_name("boot"), _build_boot)


def _build_boot(place: Path) -> None:
    package = f"github.com/apache/beam/sdks/v2/python/container@v{prism_found.version()}"
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        subprocess.run(["go", "install", package], env=os.environ | {"GOBIN": folder}, check=True)
        Path(folder, "container").replace(place)


def _once(place: Path, build: Callable[[Path], None]) -> Path:
    """What is built there, by one of the processes that run tests."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            build(place)
    return place


# --- processes, by /proc


def offspring(pid: int) -> list[int]:
    """The processes that this one has started, and theirs."""
    return family(pid)[1:]


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has had; 0 where it has ended."""
    try:
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def named(pids: list[int], name: str) -> list[int]:
    """Those among the processes that are called so."""
    return [pid for pid in pids if alive(pid) and Path(f"/proc/{pid}/comm").read_text().strip() == name]


def wait_for(look: Callable[[], _T]) -> _T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise TimeoutError("it did not come to pass")
