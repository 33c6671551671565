"""How a process that works on articles holds memory, and gives it back."""

import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

_TRIM_THRESHOLD: Final = -1  # glibc: M_TRIM_THRESHOLD of mallopt(3), bytes free at the heap's end that are kept
_MMAP_THRESHOLD: Final = -3  # glibc: M_MMAP_THRESHOLD, bytes from which on a piece of memory is asked of the system alone
_ARENA_MAX: Final = -8  # glibc: M_ARENA_MAX, places that threads take memory from
_KEPT: Final = 256 << 20
_LARGEST: Final = 32 << 20  # the most that glibc takes
_APART: Final = 256 << 10
_YOUNG: Final = 200_000  # new objects that the collector waits for: articles leave next to no cycles


@functools.cache
def calm_memory() -> None:
    """Once a process: keep what is there out of the collector's walks, and let all of C's memory come from one place.

    Rows hold no cycles, reference counts free them; the collector would walk the model and Beam again and again. Arrow's own allocator
    keeps what it freed, which nothing else can use then: where the model's matrices lie beside it, the peak grew by 45 MB a slice of 150
    articles (measured); what writes Parquet is not reached by this, but by the environment (`pipeline.allocator`). What the model frees
    is kept until `give_memory_back`: a process that was started with a low MALLOC_TRIM_THRESHOLD_, as those of some engines are, hands
    each matrix back and asks for it again (measured: a sixth of its time).
    """
    import pyarrow as pa  # here, since the command line has no use for it

    gc.freeze()
    collect_seldom()
    pa.set_memory_pool(pa.system_memory_pool())
    for parameter, size in ((_TRIM_THRESHOLD, _KEPT), (_MMAP_THRESHOLD, _LARGEST)):
        _of_c("mallopt")(parameter, size)


def collect_seldom() -> None:
    """Let the collector come when there is much that is new: what is loaded stays, and to walk it takes an eighth of a start (measured)."""
    gc.set_threshold(_YOUNG, 20, 100)


def collect_now() -> None:
    """Behind each commit of a process that lasts: by itself the collector comes seldom there, and 0.1 MB a commit waited for it (measured)."""
    gc.collect()


def one_arena() -> None:
    """Let all threads take memory from one place, in a process that lasts: what each has to itself leaves holes of its own, for good.

    A watch has ten such places after some minutes, 7 MB of them free (measured).
    """
    _of_c("mallopt")(_ARENA_MAX, 1)


def give_memory_back() -> None:
    """Give freed memory back to the system: what was large leaves holes that glibc keeps for good."""
    _of_c("malloc_trim")(0)


@contextmanager
def large_pieces_apart() -> Iterator[None]:
    """While whole files are rewritten: ask what is large of the system alone, so that each column goes back when it is done with.

    Three files of articles merged into one of 18 MB took 100 MB at the most so, and 164 MB where holes were left between them (measured).
    """
    _of_c("mallopt")(_MMAP_THRESHOLD, _APART)
    try:
        yield
    finally:
        _of_c("mallopt")(_MMAP_THRESHOLD, _LARGEST)


@functools.cache
def _of_c(name: str) -> Callable[..., Any]:
    """A function of glibc's, or where the C library has none of that name, one that does nothing."""
    import ctypes

    return getattr(ctypes.CDLL(None), name, _nothing)


def _nothing(*_: int) -> None:
    """Do nothing."""
