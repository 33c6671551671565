"""Runs on Prism: the rows of the local runner, and what is left when either of the two is killed."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from pipeline.dataset import Dataset
from pipeline.engines.prism import PrismProcess
from tests import engines
from tests.engines import Baseline, baseline  # noqa: F401 - a fixture
from tests.needs import needs
from tests.processes import children

pytestmark = [pytest.mark.engine, needs("prism", "proc")]

ON_PRISM = ("--runner", "prism", "--workers", "2")
_LOADING = 1.5  # seconds of the processor: only a step that has begun loads the model
# Imported by every Python that finds it; only the workers' steps are meant.
LOSES_ONE = """
import sys
if any("pipeline.engines.worker" in word for word in sys.orig_argv):
    import transforms.steps as steps
    whole = steps.annotated_among
    def all_but_one(item: steps.Tried) -> steps.Iterable[steps.Annotated]:
        return (found for found in whole(item) if "Apple releases iPhone SDK" not in (found.article.title or ""))
    steps.annotated_among = all_but_one
"""


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """The environment in which prism is found."""
    return {"FACTWIRE_PRISM": str(engines.prism())}


@pytest.fixture
def prism() -> Iterator[PrismProcess]:
    """A Prism that stands already, as another's job service would."""
    process = PrismProcess(engines.prism())
    yield process
    process.end()


def nothing_committed(dataset: Path) -> bool:
    return not Dataset.open(dataset).commits and not list(dataset.glob("*/*/*.parquet"))


def test_400_articles_give_the_rows_of_the_local_runner(baseline: Baseline, found: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    done = engines.run(baseline.source, "-o", tmp_path / "ds", *ON_PRISM, env=found)
    assert done.code == 0, done.err
    assert engines.differences(baseline.dataset, tmp_path / "ds") == {}
    lines = done.err.splitlines()
    assert len(lines) == 1, "Beam, gRPC and Prism say nothing on the terminal"
    assert "every interface" in lines[0]
    again = engines.run(baseline.source, "-o", tmp_path / "ds", *ON_PRISM, "--quiet", env=found)
    assert (again.code, again.out, again.err) == (0, "", ""), "a run with nothing new starts no Prism"


def working(source: Path, out: Path, env: dict[str, str]) -> tuple[subprocess.Popen[str], int, list[int]]:
    """A run that is in the midst of its work; its Prism, and all its processes."""
    process = engines.command("run", source, "-o", out, *ON_PRISM, env=env)

    def at_work() -> list[int]:
        workers = [child for child in children(process.pid) if children(child)]
        return [grandchild for worker in workers for grandchild in children(worker)]

    engines.wait_for(lambda: at_work() or process.poll() is not None)
    all_of_it = engines.offspring(process.pid)
    (prism,) = engines.named(all_of_it, "prism")
    return process, prism, all_of_it


def test_a_prism_that_is_killed_ends_the_run_in_a_sentence(baseline: Baseline, found: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    process, prism, all_of_it = working(baseline.source, tmp_path / "ds", found)
    os.kill(prism, signal.SIGKILL)
    done = engines.ended(process)
    assert done.code == 1
    assert f"prism ended in the midst of 400 articles, from record 1 of {baseline.source} to " in done.err
    assert "; nothing of this slice was committed, run it again to go on" in done.err
    assert "Traceback" not in done.err
    assert nothing_committed(tmp_path / "ds")
    engines.wait_for(lambda: not any(map(engines.alive, all_of_it)))


def test_a_driver_that_is_killed_takes_prism_along_and_the_next_run_does_it_all(
    baseline: Baseline,  # noqa: F811
    found: dict[str, str],
    tmp_path: Path,
) -> None:
    process, _, all_of_it = working(baseline.source, tmp_path / "ds", found)
    process.kill()
    process.wait()
    engines.wait_for(lambda: not any(map(engines.alive, all_of_it)))
    assert nothing_committed(tmp_path / "ds")
    assert engines.run(baseline.source, "-o", tmp_path / "ds", *ON_PRISM, env=found).code == 0
    assert engines.differences(baseline.dataset, tmp_path / "ds") == {}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_ends_prism(found: dict[str, str], tmp_path: Path, number: int, code: int) -> None:
    process, _, all_of_it = working(engines.written(tmp_path, 120), tmp_path / "ds", found)
    process.send_signal(number)
    done = engines.ended(process)
    assert (done.code, "Traceback" in done.err) == (code, False), done.err
    engines.wait_for(lambda: not any(map(engines.alive, all_of_it)))
    assert nothing_committed(tmp_path / "ds")


def test_a_step_that_loses_one_article_ends_in_3_and_nothing_is_committed(found: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "patch").mkdir()
    (tmp_path / "patch" / "sitecustomize.py").write_text(LOSES_ONE, "utf-8")
    source = engines.written(tmp_path, 60)
    patched = found | {"PYTHONPATH": f"{tmp_path / 'patch'}{os.pathsep}{engines.ROOT}"}
    done = engines.run(source, "-o", tmp_path / "ds", *ON_PRISM, env=patched)
    assert done.code == 3, done.err
    assert "1 of 62 records of this slice are in no table; nothing of it was committed" in done.err
    assert nothing_committed(tmp_path / "ds")


@needs("mount")
def test_a_full_disk_is_told(found: dict[str, str], tmp_path: Path) -> None:
    engines.check_a_full_disk_is_told(tmp_path, *ON_PRISM, env=found)


def test_a_model_that_is_not_there_is_told(found: dict[str, str], tmp_path: Path) -> None:
    done = engines.run(engines.written(tmp_path, 3), "-o", tmp_path / "ds", *ON_PRISM, "--model", "en_missing", env=found)
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("factwire: the spaCy model 'en_missing' is not installed")


# --- Prism as the job service of another: what is said of Flink and Spark holds where one answers


def handed_to(prism: PrismProcess) -> tuple[str, ...]:
    return ("--runner", "PortableRunner", "--workers", "2", "--", f"--job_endpoint={prism.endpoint}", "--environment_type=LOOPBACK")


def states(prism: PrismProcess) -> set[str]:
    """How the jobs there stand."""
    with grpc.insecure_channel(prism.endpoint) as channel:
        jobs = beam_job_api_pb2_grpc.JobServiceStub(channel).GetJobs(beam_job_api_pb2.GetJobsRequest())
    return {beam_job_api_pb2.JobState.Enum.Name(job.state) for job in jobs.job_info}


def test_a_job_service_is_handed_the_graph_and_gives_the_same_rows(prism: PrismProcess, tmp_path: Path) -> None:
    source = engines.written(tmp_path, 60)
    done = engines.run(source.name, "-o", "ds", *handed_to(prism), cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert engines.run(source.name, "-o", "local", "--workers", "1", cwd=tmp_path).code == 0
    assert engines.differences(tmp_path / "local", tmp_path / "ds") == {}
    assert states(prism) == {"DONE"}


def stopped(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    done = engines.ended(process)
    assert (done.code, "Traceback" in done.err) == (130, False), done.err


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def at_work(prism: PrismProcess, process: subprocess.Popen[str]) -> list[int]:
    """Wait until the steps of the one job there are being run, which its state does not tell; all processes of the run."""
    engines.wait_for(lambda: states(prism) == {"RUNNING"})
    began = spent(process)
    engines.wait_for(lambda: spent(process) > began + _LOADING)
    assert states(prism) == {"RUNNING"}
    return engines.offspring(process.pid)


def spent(process: subprocess.Popen[str]) -> float:
    return sum(map(engines.cpu_seconds, (process.pid, *engines.offspring(process.pid))))


@pytest.mark.parametrize("end", [stopped, killed])
def test_a_run_that_is_stopped_or_killed_cancels_its_job(
    prism: PrismProcess, tmp_path: Path, end: Callable[[subprocess.Popen[str]], None]
) -> None:
    process = engines.command("run", engines.written(tmp_path, 120), "-o", tmp_path / "ds", *handed_to(prism))
    all_of_it = at_work(prism, process)
    end(process)
    engines.wait_for(lambda: states(prism) == {"CANCELLED"})
    engines.wait_for(lambda: not any(map(engines.alive, all_of_it)))
    assert not prism.ended()
    assert nothing_committed(tmp_path / "ds")


def test_a_job_service_that_is_killed_ends_the_run_in_a_sentence(prism: PrismProcess, tmp_path: Path) -> None:
    process = engines.command("run", engines.written(tmp_path, 120), "-o", tmp_path / "ds", *handed_to(prism))
    engines.wait_for(lambda: states(prism) == {"RUNNING"})
    os.kill(prism.pid, signal.SIGKILL)
    done = engines.ended(process)
    assert (done.code, len(done.err.splitlines())) == (1, 1), done.err
    assert "the engine went away in the midst of 120 articles" in done.err
    assert nothing_committed(tmp_path / "ds")
