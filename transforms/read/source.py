"""Sources: which files the arguments of a run name. A file, a folder (read through) or a glob."""

import dataclasses
import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from transforms.read.advice import unread
from transforms.read.clean import shown_path, without_secrets
from transforms.read.content import head_of
from transforms.read.damage import DamageError
from transforms.read.format import Format, format_of_head, format_of_name, names_articles, stem_of, suffix_of
from transforms.user_error import UserError

NO_ARTICLES: Final = ("readme", "license", "licence", "copying", ".")
_OF_NEWS: Final = b"/schemas/sitemap-news/"  # in the namespace of a sitemap of news
# What may be read of the files whose names tell little: XML and JSON are used for much that is no feed.
_MAY_HOLD: Final[dict[str, tuple[Format, ...]]] = {
    "": ("jsonl", "json", "feed", "jsonfeed", "sitemap", "newsml", "nitf", "warc"),
    ".xml": ("feed", "sitemap", "newsml", "nitf"),
    ".json": ("jsonfeed", "json", "jsonl"),
}


class SourceError(UserError):
    """An argument that names no source; its message is one sentence for the user."""


class NothingMatchedError(SourceError):
    """A folder or glob that exists but has no articles in it: which argument it was."""

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(message)
        self.argument = argument


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file was copied from, because it can be had only there (an object store): it keeps that name and identity."""

    address: str  # without secrets
    place: str  # its path from the root that was given
    stamp: tuple[int, int] | None = None  # its size and the time of its last change in ns, where the store tells them
    trouble: str | None = None  # why there is no copy, a sentence that begins behind the address
    is_file: bool = True  # else it is the name of many that could not be listed: there is nothing to be read again by that name


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read, and the folder that its identity is relative to.

    What was fetched lies in a file too, which then has the address that it came from (after redirects, without secrets)
    and the content type that the server gave. Of a feed there may be texts of `pages` beside it (see `feed_pages`), and
    `known` entries: those that are as they were when they were last read, so that nothing of them is read again.
    """

    path: str
    root: str
    address: str | None = None
    content_type: str | None = None
    format: Format | None = None  # what it holds, where that is known better than by looking
    outlet: str | None = None  # who published it, by the user's word
    pages: str | None = None
    known: frozenset[int] = frozenset()
    origin: Origin | None = None

    @property
    def uri(self) -> str:
        """What rows, rejects and the account call it: its address, or its path."""
        return self.address or (self.origin.address if self.origin else shown_path(self.path))

    @property
    def relative_path(self) -> str:
        """The path from the root: the same wherever the root stands."""
        if self.origin:
            return self.origin.place
        return shown_path(PurePath(os.path.relpath(self.path, self.root)).as_posix())


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to read, sorted by path, each real file once; and files of folders that are of no known kind."""

    found: tuple[Source, ...]
    skipped: tuple[str, ...]


def sources_in(arguments: Sequence[str]) -> Sources:
    """All files that the arguments name. Raises SourceError where an argument names nothing.

    A file that is named itself is always a source: reading tells what is wrong with it. In folders and globs
    README, LICENSE, COPYING, hidden files and the sidecars of texts are none.
    """
    found: list[Source] = []
    skipped: set[str] = set()
    for argument in arguments:
        named, unknown = _named_by(argument)
        found += named
        skipped |= unknown
    return Sources(_apart(_once(found)), tuple(sorted(skipped - {s.path for s in found}, key=os.fsencode)))


def _named_by(argument: str) -> tuple[list[Source], set[str]]:
    if not argument:  # a variable that was not set; it would else be the folder at hand
        raise SourceError("a source is empty; name a file, a folder, a glob or an address")
    if _is_folder(Path(argument)):
        named, unknown = sorted_out(_files_below(argument), argument)
        if not named:
            told = "; ".join(unread(sorted(unknown, key=os.fsencode))) or "nothing there is a .txt, .jsonl, .html, .warc or feed file"
            raise NothingMatchedError(argument, f"no articles in the folder {shown_path(argument)}: {told}")
        return named, unknown
    # A file may have a name that looks like a glob, so what exists comes first; a dangling link exists too.
    if os.path.lexists(argument):
        return [Source(argument, str(Path(argument).parent))], set()
    if glob.has_magic(argument):
        return _named_by_glob(argument)
    raise SourceError(f"no such file or folder: {without_secrets(shown_path(argument))}")  # a mistyped address may hold some


def _named_by_glob(pattern: str) -> tuple[list[Source], set[str]]:
    root = _root_of_glob(pattern)
    paths: list[str] = []
    for match in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - pathlib globs no absolute pattern
        paths += _files_below(match) if _is_folder(Path(match)) else [match]
    named, unknown = sorted_out(paths, root)
    if suffix_of(pattern) and not glob.has_magic(suffix_of(pattern)):
        # "*.dat" says what to read as plainly as a name does.
        named += [Source(path, root) for path in unknown if suffix_of(path) == suffix_of(pattern)]
        unknown = {path for path in unknown if suffix_of(path) != suffix_of(pattern)}
    if not named:
        raise NothingMatchedError(pattern, f"nothing matched {shown_path(pattern)}")
    return named, unknown


def _root_of_glob(pattern: str) -> str:
    """The folder before the first part that has a wildcard."""
    parts = PurePath(pattern).parent.parts
    plain = next((number for number, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return str(PurePath(*parts[:plain])) if plain else os.curdir


def _files_below(folder: str) -> Iterator[str]:
    """All files of a folder and its folders."""
    for here, entries in folders_below(folder):
        if isinstance(entries, OSError):
            # A folder that cannot be listed is handed on as a file: reading it gives the reject that tells why.
            yield here + os.sep
        else:
            yield from (entry.path for entry in entries)


def folders_below(folder: str) -> Iterator[tuple[str, list[os.DirEntry[str]] | OSError]]:
    """A folder and its folders but for hidden ones, through links too, each once, so that a loop of links ends.

    With each come its entries that are no folders, or the error where it cannot be listed.
    """
    waiting, seen = [folder], set[str]()
    while waiting:
        here = waiting.pop()
        real = os.path.realpath(here)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = list(os.scandir(here))
        except OSError as error:
            yield here, error
            continue
        files: list[os.DirEntry[str]] = []
        for entry in entries:
            if not _is_folder(entry):
                files.append(entry)
            elif not entry.name.startswith("."):
                waiting.append(entry.path)
        yield here, files


def _is_folder(entry: os.DirEntry[str] | Path) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that points to itself, a name that is too long


def is_left_out(path: str) -> bool:
    """Whether a file of a folder is none of articles by its name, or is hidden or in a hidden folder."""
    *folders, name = path.replace(os.sep, "/").split("/")
    return (
        not name or name.lower().startswith(NO_ARTICLES) or any(part.startswith((".", "__MACOSX")) and part.strip(".") for part in folders)
    )


def sorted_out(paths: Iterable[str], root: str) -> tuple[list[Source], set[str]]:
    """Which of the files are sources, and which are of no known kind."""
    named, unknown = [], set[str]()
    for path in paths:
        name = path.rpartition(os.sep)[2]
        if name.lower().startswith(NO_ARTICLES) or _is_sidecar(path):
            continue
        if not name or (format_of_name(path) if suffix_of(path) not in _MAY_HOLD else _is_known_inside(path)):
            named.append(Source(path, root))
        else:
            unknown.add(path)
    return named, unknown


def _is_sidecar(path: str) -> bool:
    return path.endswith(".json") and any(os.path.lexists(stem_of(path) + text) for text in (".txt", ".txt.gz"))


def _is_known_inside(path: str) -> bool:
    """Whether a file whose name does not tell holds articles; one of XML that cannot be read is to be told of."""
    try:
        head = head_of(path)
        found = format_of_head(head)
        if suffix_of(path) == ".json" and found == "jsonl" and not names_articles(head.decode("utf-8", "ignore")):
            return False
        if found == "sitemap" and _OF_NEWS not in head:  # most are of a site's pages
            return False
        return found in _MAY_HOLD[suffix_of(path)]
    except DamageError:
        return suffix_of(path) == ".xml"


def _once(sources: Iterable[Source]) -> list[Source]:
    """Each real file once: under its own name rather than a link's, and from the outermost root."""
    kept: dict[object, Source] = {}
    for source in sorted(sources, key=lambda s: (_is_link(s.path), os.fsencode(s.path), os.fsencode(s.root))):
        kept.setdefault(_file_of(source.path), source)
    return sorted(kept.values(), key=lambda s: os.fsencode(s.path))


def _is_link(path: str) -> bool:
    try:
        return Path(path).is_symlink()
    except OSError:
        return False


def _file_of(path: str) -> object:
    try:
        status = Path(path).stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino


def _apart(sources: list[Source]) -> tuple[Source, ...]:
    """Two folders with files of one name would give them one identity: such files are told apart from the folder above both."""
    places = Counter(source.relative_path for source in sources)
    clashing = [source.path for source in sources if places[source.relative_path] > 1]
    if not clashing:
        return tuple(sources)
    above = os.path.commonpath([Path(path).absolute() for path in clashing])
    return tuple(dataclasses.replace(s, root=above) if s.path in set(clashing) else s for s in sources)
