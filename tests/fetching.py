"""One fetch without a run, for tests of what a fetch refuses."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline.fetch.guard import Guard
from pipeline.fetch.http_client import Answer, Client, FetchError
from pipeline.fetch.turns import HostTurns
from tests.polling import item, rss

XML = {"Content-Type": "application/rss+xml"}
GOOD = rss(item(1), item(2))
INSIDE_TOO = Guard(private=True)
TRUST = httpx.create_ssl_context()


def fetched(address: str, folder: Path, *, guard: Guard = INSIDE_TOO, **more: Any) -> Answer:
    return Client(guard, TRUST, HostTurns(0.0), **more).fetch(address, folder / "body", {})


def refused(address: str, folder: Path, **more: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(address, folder, **more)
    return caught.value
