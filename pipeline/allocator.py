"""Where Arrow takes its memory from in the processes of the command line."""

import os

CHOSEN_BY = "ARROW_DEFAULT_MEMORY_POOL"


def one_allocator() -> None:
    """Let Arrow take memory where all else does, here and in processes started from here, unless the user has chosen; before it is loaded.

    `pyarrow.set_memory_pool` is not enough: what writes Parquet goes on with the pool chosen at the start (pyarrow 25.0.1, measured), which
    keeps what it freed. A process that had merged files twice kept 60 MB of that, with one allocator 6 MB.
    """
    os.environ.setdefault(CHOSEN_BY, "system")
