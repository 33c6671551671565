"""Files of object stores and HDFS, had through the filesystems that Beam has for them.

The driver lists them, and copies those in which there may be news beside the run, where they are read as any file: workers
need no way to the store. Rows, rejects and manifests know them by their names in the store. Beam is loaded only where such a
source is given.
"""

import contextlib
import importlib.util
import logging
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from transforms.read.clean import one_line, shown_path, without_secrets
from transforms.read.format import format_of_name, stem_of, suffix_of
from transforms.read.source import NO_ARTICLES, NothingMatchedError, Origin, Source, SourceError, Sources

_REMOTE: Final = re.compile(r"\s*(?!https?://)([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_WILD: Final = re.compile(r"[*?\[]")
# What each of Beam's filesystems needs: its extra, and a module that comes with it alone.
_EXTRAS: Final = {
    "gs": ("gcp", "google.cloud.storage"),
    "s3": ("aws", "boto3"),
    "azfs": ("azure", "azure.storage.blob"),
    "hdfs": ("hadoop", "hdfs"),
}
_MOST_PATTERNS: Final = 8  # that one pattern becomes; three times "**/"
_PIECE: Final = 1 << 20  # bytes
_LONGEST_NAME: Final = 200  # bytes, of the copy's
_LONGEST_WORDS: Final = 200  # characters, of what a store says of its trouble
_RETRIES: Final = logging.getLogger("apache_beam.utils.retry")


class StoreError(Exception):
    """A store did not give what it was asked for: its own words."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file in a store."""

    path: str
    stamp: tuple[int, int] | None


class _Wait(logging.Handler):
    """Says in a line that Beam waits for a store and asks again: it would show a traceback each time, for up to nine minutes."""

    def emit(self, record: logging.LogRecord) -> None:
        seconds = record.args[0] if isinstance(record.args, tuple) and record.args else None
        when = f" in {seconds:.0f} s" if isinstance(seconds, float | int) else ""
        sys.stderr.write(f"factwire: a store does not answer, it is asked again{when}\n")


def is_remote(source: str) -> bool:
    """Whether a source of a run lies in a store that is not the Web."""
    return _REMOTE.match(source) is not None


def listed(arguments: Sequence[str], beam_options: Sequence[str]) -> Sources:
    """The files that the arguments name, none of them copied yet; of folders and globs those whose names are of a kind that is read.

    A store that cannot be asked gives a source that says so. Raises SourceError for what names nothing, and where a store's
    filesystem is not installed or not set up.
    """
    found: dict[str, Source] = {}
    skipped: set[str] = set()
    for argument in arguments:
        named, unknown = _named_by(_with_filesystem(argument, beam_options))
        for source in named:
            other = found.setdefault(source.path, source)
            if len(source.root) < len(other.root):
                found[source.path] = source
        skipped |= unknown
    return Sources(tuple(found[path] for path in sorted(found)), tuple(sorted(skipped - {s.uri for s in found.values()})))


def told_apart(remote: Sequence[Source], local: Sequence[Source]) -> list[Source]:
    """The remote sources; one whose path below its root another source has too is known by its whole address."""
    places = Counter(source.relative_path for source in (*remote, *local))
    return [replace(s, origin=replace(s.origin, place=s.origin.address)) if s.origin and places[s.relative_path] > 1 else s for s in remote]


def copied(source: Source, folder: Path) -> Source:
    """The source with a copy of its file in `folder`, which is made; or with what kept it from being copied. Raises OSError of this disk."""
    if source.origin is None or source.origin.trouble:
        return source
    folder.mkdir(parents=True)
    copy = folder / _safe_name(source.path)
    try:
        size = _copy(source.path, copy)
        if source.origin.stamp and size < source.origin.stamp[0]:
            raise StoreError(f"it ended at byte {size} of {source.origin.stamp[0]}")
        if format_of_name(source.path) == "txt":
            _copy_sidecar(stem_of(source.path) + ".json", Path(stem_of(str(copy)) + ".json"))
    except StoreError as error:
        trouble = f"cannot be read to its end: {error}; nothing of it was read, run it again"
        return replace(source, origin=replace(source.origin, trouble=trouble))
    return replace(source, path=str(copy), root=str(folder))


def _with_filesystem(argument: str, beam_options: Sequence[str]) -> str:
    """The argument with its scheme in small letters, once Beam has a filesystem for it. Raises SourceError where it has none."""
    argument = argument.strip()
    scheme, rest = argument.split("://", 1)
    scheme = scheme.lower()
    shown = without_secrets(shown_path(argument))
    extra, module = _EXTRAS.get(scheme, ("", ""))
    missing = f'{shown}: what reads {scheme}:// is not installed; install it with pip install "apache-beam[{extra}]"'
    if extra and not _is_installed(module):
        raise SourceError(missing)
    if scheme == "file":
        raise SourceError(f"{shown}: give the path alone, without file://")
    with _quietly():
        from apache_beam.io.filesystem import FileSystem
        from apache_beam.io.filesystems import FileSystems
        from apache_beam.options.pipeline_options import PipelineOptions

    if scheme not in {each.scheme() for each in FileSystem.get_all_subclasses()}:
        known = ", ".join(("http", "https", *_EXTRAS))
        raise SourceError(missing if extra else f"{shown}: there is nothing that reads {scheme}://; give a file, or an address of {known}")
    FileSystems.set_options(PipelineOptions(list(beam_options)))
    _RETRIES.handlers, _RETRIES.propagate = [_Wait()], False
    return f"{scheme}://{rest}"


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep to itself what Beam has to say of extras that nobody asked for as it is loaded."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of what it is a part of
        return False


def _named_by(argument: str) -> tuple[list[Source], set[str]]:
    shown = without_secrets(shown_path(argument))
    wild = _WILD.search(argument)
    folder = argument.rstrip("/") + "/"
    try:
        # A name may look like a glob, so what exists comes first.
        if not argument.endswith("/") and (exact := _exactly(argument)):
            return [_source(exact, argument.rpartition("/")[0] + "/")], set()
        _check_depth(argument if wild else folder + "**", shown)
        found = _matching(argument if wild else folder + "**")
    except StoreError as error:
        trouble = f"cannot be listed: {error}; nothing of it was read, run it again"
        return [Source(argument, argument, origin=Origin(shown, shown, trouble=trouble, is_file=False))], set()
    root = argument[: wild.start()].rpartition("/")[0] + "/" if wild else folder
    named, unknown = _sorted_out(found, root, suffix_of(argument) if wild else "")
    if not named:
        if wild or found or argument.endswith("/"):
            raise NothingMatchedError(argument, f"nothing matched {shown}")
        raise SourceError(f"no such file or folder: {shown}")
    return named, unknown


def _check_depth(pattern: str, shown: str) -> None:
    wild = _WILD.search(pattern)
    if pattern.startswith("hdfs://") and wild and "/" in pattern[wild.start() :] + ("/" if "**" in pattern else ""):
        raise SourceError(
            f"{shown}: Beam lists one folder of HDFS at a time; name the files, or give a glob in one folder (.../news/*.jsonl)"
        )


def _sorted_out(found: Sequence[_Found], root: str, suffix: str) -> tuple[list[Source], set[str]]:
    """Which of the files are sources by their names, and which are of no known kind. `suffix` is one that the user asked for."""
    paths = {each.path for each in found}
    named, unknown = [], set[str]()
    for each in found:
        below = each.path.removeprefix(root).lower().split("/")
        if below[-1].startswith(NO_ARTICLES) or any(part.startswith(".") for part in below) or _is_sidecar(each.path, paths):
            continue
        if format_of_name(each.path) or (suffix and suffix_of(each.path) == suffix):
            named.append(_source(each, root))
        elif below[-1]:  # stores without folders keep empty files in their places
            unknown.add(without_secrets(shown_path(each.path)))
    return named, unknown


def _is_sidecar(path: str, paths: Collection[str]) -> bool:
    return path.endswith(".json") and any(stem_of(path) + text in paths for text in (".txt", ".txt.gz"))


def _source(found: _Found, root: str) -> Source:
    shown = without_secrets(shown_path(found.path))
    return Source(found.path, root, origin=Origin(shown, shown_path(found.path.removeprefix(root)), found.stamp))


def _exactly(path: str) -> _Found | None:
    """The file of that name. Raises StoreError."""
    from apache_beam.io.filesystems import FileSystems

    with _asking(path):
        filesystem = FileSystems.get_filesystem(path)
        return _of(filesystem.metadata(path)) if filesystem.exists(path) else None


def _matching(pattern: str) -> list[_Found]:
    from apache_beam.io.filesystems import FileSystems

    with _asking(pattern):
        results = FileSystems.match(_as_beam_has_it(pattern))
        return list({each.path: _of(each) for result in results for each in result.metadata_list}.values())


def _as_beam_has_it(pattern: str) -> list[str]:
    """What to ask Beam for so that a pattern means what it means on disk.

    Beam's "**" is any text, so its "**/" wants a folder: "news/**/a.txt" would leave out "news/a.txt" without a word. And a "**" that is not
    all of a part ("a**.txt") would reach into folders.
    """
    *folders, name = pattern.split("/")
    patterns = [""]
    for folder in folders:
        plain = "**" if folder == "**" else folder.replace("**", "*")
        deeper = [f"{each}{plain}/" for each in patterns]
        patterns = [*deeper, *patterns] if folder == "**" and len(patterns) < _MOST_PATTERNS else deeper
    return [each + (name if name == "**" else name.replace("**", "*")) for each in patterns]


def _of(told: Any) -> _Found:
    changed = told.last_updated_in_seconds
    return _Found(told.path, (told.size_in_bytes, round(changed * 1e9)) if changed else None)


def _copy(path: str, into: Path) -> int:
    """Copy a file, and say how many bytes it had. Raises StoreError, and OSError where it cannot be written."""
    size = 0
    with into.open("wb") as file:
        for piece in _pieces(path):
            file.write(piece)
            size += len(piece)
    return size


def _copy_sidecar(path: str, into: Path) -> None:
    if _exactly(path):
        _copy(path, into)


def _pieces(path: str) -> Iterator[bytes]:
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    with _asking(path):
        reader = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    with contextlib.closing(reader):
        while True:
            with _asking(path):
                piece = reader.read(_PIECE)
            if not piece:
                return
            yield piece


@contextlib.contextmanager
def _asking(path: str) -> Iterator[None]:
    """What a store's library raises, whatever it is, as StoreError; SourceError where the store is not set up."""
    try:
        yield
    except Exception as error:
        details = getattr(error, "exception_details", None)
        cause = next(iter(details.values()), error) if isinstance(details, dict) else error
        words = without_secrets(one_line(str(cause)) or type(cause).__name__)[:_LONGEST_WORDS]
        if isinstance(cause, ValueError | ImportError | AssertionError):
            shown = without_secrets(shown_path(path))
            raise SourceError(f"{shown}: cannot be asked for ({words}); give Beam what it wants behind --") from error
        raise StoreError(words) from error


def _safe_name(path: str) -> str:
    """The file's own name where this disk can have it, else one that tells as much of its kind."""
    name = path.rpartition("/")[2]
    if name not in ("", ".", "..") and "\0" not in name and len(name.encode("utf-8", "surrogateescape")) <= _LONGEST_NAME:
        return name
    kind = suffix_of(path) if format_of_name(path) else ""
    return "file" + kind + (".gz" if path.lower().endswith(".gz") else "")
