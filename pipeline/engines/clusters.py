"""Dask clusters: how one that stands is reached, and one of our own is started. Dask is loaded only here and where graphs are run."""

import importlib.util
import logging
import sys
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipeline.engines.preflight import Answers
from pipeline.options import UsageError

if TYPE_CHECKING:
    from distributed import Client

_ANSWERS: Final = 10.0  # seconds until a scheduler answers, and until it has a worker
_BREAK_OFF: Final = 5.0  # seconds for saying goodbye
# For a cluster of our own: nobody looks at it, and what its memory holds is bounded by the slices.
_QUIET: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.nanny.pre-spawn-environ": {"OPENBLAS_NUM_THREADS": 1},
}


def installed() -> None:
    """Raises UsageError where Dask is not."""
    if importlib.util.find_spec("distributed") is None:
        raise UsageError("the runner dask needs Dask, which is not installed here: pip install 'factwire[dask]'")


@contextmanager
def silence() -> Iterator[None]:
    """Dask tells of a lost connection on many loggers, and of what it drops on stderr: what matters is raised."""
    disabled, hook = logging.root.manager.disable, sys.unraisablehook
    logging.disable(logging.CRITICAL)
    sys.unraisablehook = lambda _: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logging.disable(disabled)
            sys.unraisablehook = hook


@contextmanager
def standing(address: str) -> Iterator["Client"]:
    """A client of the cluster whose scheduler is at this address. Raises UsageError where none answers, or it has no workers."""
    from distributed import Client

    try:
        client = Client(address, timeout=_ANSWERS)
    except Exception as error:  # what Dask makes of an address that is none, and of a listener that is no scheduler, is of many kinds
        why = str(error) or "what listens there is none"
        raise UsageError(f"no Dask scheduler answers at {address} ({why}); start one by `dask scheduler`, or correct --scheduler") from None
    try:
        try:
            client.wait_for_workers(1, timeout=_ANSWERS)
        except TimeoutError:
            raise UsageError(
                f"the Dask scheduler at {address} has no workers; start some by `dask worker {address} --nthreads 1`"
            ) from None
        yield client
    finally:
        client.close(_BREAK_OFF)


@contextmanager
def own(workers: int) -> Iterator["Client"]:
    """A client of a cluster of so many processes of this machine, which others cannot use. It ends with the block, or with this process."""
    import dask
    from distributed import Client, LocalCluster, Security

    with (
        dask.config.set(_QUIET),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            security=Security.temporary(),  # else any user of this machine could have its processes run anything
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def workers_of(client: "Client") -> set[str]:
    """The addresses of the workers that the scheduler has now."""
    return set(client.scheduler_info(n_workers=-1)["workers"])


def asked(client: "Client", expression: str, workers: Collection[str]) -> Answers:
    """What these workers make of an expression, or the error that each met. Those that went away meanwhile are left out."""
    answers = client.run(eval, expression, workers=list(workers), on_error="return")
    return {worker: answers[worker] for worker in sorted(workers_of(client) & set(answers))}
