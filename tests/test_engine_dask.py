"""Runs on a Dask cluster: the rows of the local runner, whatever is killed, and a sentence for whatever does not fit."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.dask_cluster import Cluster
from tests.engines import Baseline, baseline  # noqa: F401 - a fixture
from tests.needs import needs

pytestmark = [pytest.mark.engine, needs("proc")]
pytest.importorskip("distributed", reason="needs Dask: install factwire[dask]")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers, the one with a nanny and the other without."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.worker()
        cluster.worker("--no-nanny")
        yield cluster


def on(cluster: Cluster) -> tuple[str, ...]:
    return "--runner", "dask", "--scheduler", cluster.address


def test_400_articles_give_the_rows_of_the_local_runner_and_both_workers_work(
    cluster: Cluster,
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


def test_a_worker_that_is_killed_in_mid_run_changes_nothing(cluster: Cluster, baseline: Baseline, tmp_path: Path) -> None:  # noqa: F811
    process = engines.command("run", baseline.source, "-o", tmp_path / "ds", *on(cluster))
    before = cluster.workers()
    spent = cluster.on_workers(time.process_time)
    engines.wait_for(lambda: min(cluster.on_workers(time.process_time)[w] - spent[w] for w in spent) > 1.0)
    os.kill(min(before.values()), signal.SIGKILL)
    done = engines.ended(process)
    assert (done.code, done.err) == (0, "")
    assert cluster.workers() != before
    assert engines.differences(baseline.dataset, tmp_path / "ds") == {}
