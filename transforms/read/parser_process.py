"""The process in which untrusted input is parsed (see `apart`): it limits itself and dies rather than stall a run."""

import importlib
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

MEMORY: Final = 512 << 20  # bytes of address space


def serve() -> None:
    """Parse what comes on standard input until it ends, one answer a line on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable()  # what a parser thinks of its input is told by its answer
    # What a parser prints must not get between the answers.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        while request := sys.stdin.buffer.readline():
            answers.write(_answer(json.loads(request), sys.stdin.buffer).encode() + b"\n")
            answers.flush()


def _answer(request: dict[str, Any], incoming: BinaryIO) -> str:
    data = incoming.read(request["size"])
    module, _, name = request["parser"].partition(":")
    parse: Callable[..., Any] = getattr(importlib.import_module(module), name)
    # The default action of SIGPROF ends the process, whatever C code it is in; only time on the processor counts,
    # so that a busy machine fails no input.
    signal.setitimer(signal.ITIMER_PROF, request["seconds"])
    signal.setitimer(signal.ITIMER_REAL, request["patience"])
    try:
        return json.dumps({"result": parse(data, **request["options"])})
    except (MemoryError, RecursionError) as error:
        return json.dumps({"reason": "unsafe", "error": f"is built so that parsing it takes too much memory ({type(error).__name__})"})
    except Exception as error:  # a parser that was written by others may raise anything on hostile input
        return json.dumps({"reason": "corrupt", "error": f"cannot be parsed: {type(error).__name__}: {error}"[:500]})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
