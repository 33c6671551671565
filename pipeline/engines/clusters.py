"""Dask clusters: how one that stands is reached, and one of our own is started. Dask is loaded only here and where graphs are run."""

import asyncio
import importlib.util
import logging
import sys
import warnings
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipeline.engines.preflight import Answers
from pipeline.options import UsageError

if TYPE_CHECKING:
    from distributed import Client

_ANSWERS: Final = 10.0  # seconds until a scheduler answers, and until it has a worker
_HANGS: Final = 60.0  # seconds until a worker has answered: it may have to import what it was not asked for yet
_BREAK_OFF: Final = 5.0  # seconds for saying goodbye
# For a cluster of our own, which nobody looks at.
_QUIET: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
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

    with ThreadPoolExecutor(1) as apart:  # where this thread runs an event loop of its own
        apart.submit(_look_for, address).result()
    client = Client(address, timeout=_ANSWERS)
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


def _look_for(address: str) -> None:
    """Ask who is there: a client would wait for minutes for a listener that says nothing, whatever its timeout."""
    try:
        found = asyncio.run(asyncio.wait_for(_who_is_at(address), _ANSWERS))
    except Exception as error:  # what Dask makes of an address that is none, and of a listener that is no scheduler, is of many kinds
        why = str(error) or f"not within {_ANSWERS:.0f} s"
    else:
        if found == "Scheduler":
            return
        why = f"who answers is a {found.lower()}"
    raise UsageError(f"no Dask scheduler answers at {address} ({why}); start one by `dask scheduler`, or correct --scheduler")


async def _who_is_at(address: str) -> str:
    from distributed import Security
    from distributed.core import rpc

    async with rpc(address, connection_args=Security().get_connection_args("client")) as there:
        return str((await there.identity())["type"])


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
            memory_limit=0,  # none: what it holds is bounded by the slices
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
    """What these workers make of an expression, or the error that each met; without those that went away meanwhile.

    Raises UsageError where one does not answer.
    """
    try:
        answers = client.sync(client.run, eval, expression, workers=list(workers), on_error="return", callback_timeout=_HANGS)
    except TimeoutError:
        raise UsageError(
            f"of the workers {', '.join(sorted(workers))} not all answer; see which of them hangs, and start it anew"
        ) from None
    return {worker: answers[worker] for worker in sorted(workers_of(client) & set(answers))}
