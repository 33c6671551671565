"""Where Prism is: Beam's own portable runner, one program written in Go, which no package for Python carries."""

import contextlib
import importlib.metadata
import mmap
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.engines.beam_options import silenced
from pipeline.options import UsageError
from pipeline.saying import say
from transforms.words.kept_table import cache_folder

VARIABLE: Final = "FACTWIRE_PRISM"
PACKAGE: Final = "github.com/apache/beam/sdks/v2/go/cmd/prism"  # stands in every program that Go built from it
HOW: Final = "make prism builds it with Go, and --prism-location PATH names one that is elsewhere"
_PATIENCE: Final = 30.0  # seconds without an answer, where it is downloaded; Beam itself would wait for ever


def version() -> str:
    """The version of Beam that is installed: Prism's must be the same."""
    return importlib.metadata.version("apache-beam")


def built() -> Path:
    """Where `make prism` puts it: in the user's cache, by version, so that no checkout builds it a second time."""
    return cache_folder() / f"prism-{version()}" / "prism"


def found(given: Path | None) -> Path:
    """The program: as given, by FACTWIRE_PRISM, on PATH, as built by `make prism`, or as Beam downloads it. Raises UsageError."""
    return at_hand(given) or _downloaded()


def at_hand(given: Path | None) -> Path | None:
    """The program where it is on this machine, as `found` says. Raises UsageError where what was named is none."""
    if given is not None:
        return _named(given, "--prism-location")
    if variable := os.environ.get(VARIABLE):
        return _named(Path(variable), VARIABLE)
    on_path = shutil.which("prism")
    if on_path and _is_beams(Path(on_path)):
        return Path(on_path)
    return built() if _runs(built()) else None


def _named(path: Path, by: str) -> Path:
    if not _runs(path):
        raise UsageError(f"{by} names {path}, which is no program; {HOW}")
    return path.absolute()


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _is_beams(path: Path) -> bool:
    """Whether it is Beam's: a model checker and a server for interfaces go by the same name."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(PACKAGE.encode()) >= 0
    except (OSError, ValueError):  # it may not be read, or is empty
        return False


def _downloaded() -> Path:
    """The program from Beam's cache, or from where its releases are; what was not there before and stays empty is taken away again."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_PATIENCE)
    try:
        with silenced():
            from apache_beam.options.pipeline_options import PipelineOptions
            from apache_beam.runners.portability.prism_runner import PrismJobServer
        cache = Path(PrismJobServer.BIN_CACHE)
        with silenced(), _left_clean(cache):
            address = PrismJobServer(PipelineOptions([])).path_to_binary()
            if not (cache / Path(address).name).exists():
                say(f"fetching prism from {address}")
            return Path(PrismJobServer.local_bin(address))
    except Exception as error:  # no network, no such release, no such system, a damaged archive: Beam names them in many ways
        raise UsageError(f"prism is not on this machine, and Beam could not fetch it ({error}); {HOW}") from error
    finally:
        socket.setdefaulttimeout(before)


@contextlib.contextmanager
def _left_clean(folder: Path) -> Iterator[None]:
    made = [f for f in (folder, *folder.parents) if not f.exists()]
    try:
        yield
    except BaseException:
        for half in folder.glob("*.tmp"):
            half.unlink()
        with contextlib.suppress(OSError):  # something else is in it by now
            for each in made:
                each.rmdir()
        raise
