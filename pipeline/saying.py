"""Sentences on stderr for whoever looks on; objects of JSON, one a line, where --log-json asked for them."""

import datetime as dt
import json
import sys
from typing import Any, Final

_in_json: Final[list[bool]] = []  # empty where sentences are wanted


def say_in_json() -> None:
    """Let all that is said from now on be JSON."""
    _in_json[:] = [True]


def say_in_words() -> None:
    """Let it be sentences: a command line begins."""
    _in_json.clear()


def say(sentence: str, *, event: str = "notice", **told: Any) -> None:
    """Say a sentence; as JSON it is the message of an event, with what else is told of it."""
    if _in_json:
        emit(event, message=sentence, **told)
    else:
        print(f"factwire: {sentence}", file=sys.stderr, flush=True)


def emit(event: str, **told: Any) -> None:
    """Print an event as JSON, with when it was."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    print(json.dumps({"at": at, "event": event, **told}, ensure_ascii=False, default=str), file=sys.stderr, flush=True)
