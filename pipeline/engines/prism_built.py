"""`make prism`: Beam's portable runner built with Go, into a place where a second build costs nothing.

Go fetches the sources from the module proxy that it is set to, and checks them against its sum database.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from pipeline.engines.prism_found import PACKAGE, built, version

_TOO_OLD: Final = re.compile(r"requires go >= (\S+) \(running go (\S+?)[;)]")
_NO_GO: Final = "Go is not on PATH; install Go 1.26 or later (https://go.dev/doc/install), and run make prism again"


class BuildError(Exception):
    """Prism was not built; the message is one sentence that says what to do."""


def build(place: Path) -> None:
    """Build Prism of the installed Beam's version, saying so, and put it there when it is whole. Raises BuildError and OSError."""
    go = shutil.which("go")
    if go is None:
        raise BuildError(_NO_GO)
    print(f"building prism {version()} with Go into {place.parent}: two to four minutes of processor time, once", flush=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=place.parent) as folder:
        install = [go, "install", f"{PACKAGE}@v{version()}"]
        done = subprocess.run(install, env=os.environ | {"GOBIN": folder}, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(_why(done.stderr))
        Path(folder, "prism").replace(place)


def _why(said: str) -> str:
    if old := _TOO_OLD.search(said):
        return f"Go {old[2]} is too old for prism {version()}; install Go {old[1]} or later (https://go.dev/doc/install)"
    lines = [line for line in said.splitlines() if line.strip()]
    return f"Go could not build prism: {lines[-1] if lines else 'it said nothing'}; its proxy for modules must be within reach (go env GOPROXY)"


def main() -> int:
    """Build it where it is not there yet, and say what is done; the exit code."""
    place = built()
    if place.exists():
        print(f"prism {version()} is there already: {place}")
        return 0
    try:
        build(place)
    except BuildError as error:
        print(f"factwire: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"factwire: {error.filename or place}: {error.strerror or error}", file=sys.stderr)
        return 1
    print(f"built: {place}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
