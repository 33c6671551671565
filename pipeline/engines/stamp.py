"""What code this process runs: the hash of our source files as they were when it was asked first.

A worker of a cluster keeps what it has loaded when its files are replaced by an upgrade. It is asked before the first run that it works
for, and says the same until it is started anew.
"""

import hashlib
import importlib.util
from pathlib import Path
from typing import Final

PACKAGES: Final = ("schemas", "transforms", "pipeline")
_KINDS: Final = (".py", ".toml")


def _stamp() -> str:
    digest = hashlib.sha256()
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        for folder in sorted(spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(Path(folder).rglob("*")):
                if file.suffix in _KINDS:
                    digest.update(f"{package}/{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


STAMP: Final = _stamp()
