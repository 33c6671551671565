#!/usr/bin/env bash
# distributed 2026.8.0: `Client(address, timeout=3)` gives up after 3 s where nothing listens, but waits on where something accepts the
# connection and says nothing (a port forwarded to nowhere, another service). `asyncio.wait_for` around a first question bounds both.
#
# Seen:
#   nobody listens: OSError after 3 s
#   a silent listener: still waiting after 20 s
#   a silent listener, asked under wait_for: TimeoutError after 3 s
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check dask==2026.8.0 distributed==2026.8.0

cat >"$here/look.py" <<'PY'
import asyncio
import os
import socket
import sys
import threading
import time

from distributed import Client
from distributed.core import rpc


async def identity(address):
    async with rpc(address) as there:
        return await there.identity()


def outcome(what):
    """The error that it ends in and after how many seconds, or that it goes on after 20."""
    told = []

    def tried():
        started = time.monotonic()
        try:
            what()
        except Exception as error:
            told.append(f"{type(error).__name__} after {time.monotonic() - started:.0f} s")

    thread = threading.Thread(target=tried, daemon=True)
    thread.start()
    thread.join(20)
    return told[0] if told else "still waiting after 20 s"


with socket.create_server(("127.0.0.1", 0)) as closed:
    nobody = f"127.0.0.1:{closed.getsockname()[1]}"
silent = socket.create_server(("127.0.0.1", 0))
address = f"127.0.0.1:{silent.getsockname()[1]}"
seen = [
    outcome(lambda: Client(nobody, timeout=3)),
    outcome(lambda: Client(address, timeout=3)),
    outcome(lambda: asyncio.run(asyncio.wait_for(identity(address), 3))),
]
print("nobody listens:", seen[0])
print("a silent listener:", seen[1])
print("a silent listener, asked under wait_for:", seen[2])
sys.stdout.flush()
os._exit(not (seen[0].startswith("OSError") and seen[1].startswith("still") and seen[2].startswith("TimeoutError")))
PY
"$here/venv/bin/python" "$here/look.py" 2>/dev/null
