"""Archives (zip, tar): each member is read as the file that it is.

A member is unpacked beside the run, one at a time, and under its own name, by which its kind is told. Its records keep their place in it;
`position` counts them on from the number of the member.
"""

import contextlib
import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from schemas.reject import Reject, Scope
from transforms.read.clean import shown_path
from transforms.read.content import CHUNK, LARGEST_INFLATED, LARGEST_RATIO, RATIO_CHECKED_FROM, chunks_of, head_of
from transforms.read.damage import DamageError
from transforms.read.format import format_of
from transforms.read.record import MEMBER, Reading, Record
from transforms.read.source import Origin, Source, is_left_out, sorted_out

MOST_MEMBERS: Final = 100_000
LARGEST_HEADER: Final = 1 << 20  # bytes of what says more of a member of a tar

# What marks a file of an office program, and what to do with it.
_OFFICE: Final = {
    "word/document.xml": "a Word file (.docx): convert it first (pandoc FILE.docx -t plain -o FILE.txt does)",
    "xl/workbook.xml": "an Excel file (.xlsx): save it as CSV first",
    "ppt/presentation.xml": "a PowerPoint file (.pptx): convert it first",
    "META-INF/container.xml": "an e-book (.epub): convert it first (pandoc FILE.epub -t plain -o FILE.txt does)",
    "content.xml": "an OpenDocument file (.odt, .ods): convert it first (pandoc FILE.odt -t plain -o FILE.txt does)",
}
_BROKEN: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    MemoryError,
)
_HEADERS: Final = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_SHOWN: Final = 10  # members that a sentence names

ReadFile = Callable[..., Iterator[Record]]


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive, counted from 1 among all entries, and what opens it."""

    number: int
    name: str
    open: Callable[[], IO[bytes] | None]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class _Within(Container[int]):
    """The wanted positions of one member."""

    wanted: Container[int]
    base: int

    def __contains__(self, position: object) -> bool:
        return isinstance(position, int) and self.base + position in self.wanted


def archive_records(reading: Reading, read_file: ReadFile) -> Iterator[Record]:
    """The records of all members that are of a kind that is read; `read_file` reads a source. What cannot be read is told by its member."""
    path = reading.source.path
    with contextlib.ExitStack() as stack:
        try:
            members = stack.enter_context(_members(path))
        except DamageError as damage:
            yield reading.reject("source", damage.reason, damage.message, retryable=damage.retryable)
            return
        except _BROKEN as error:
            yield reading.reject("source", "corrupt", f"is no whole archive: {_told(error)}")
            return
        yield from _Archive(reading, read_file).records(members)


class _Archive:
    """One archive as it is read."""

    def __init__(self, reading: Reading, read_file: ReadFile) -> None:
        self._reading, self._read_file = reading, read_file
        self._size = max(1, os.path.getsize(reading.source.path))  # noqa: PTH202
        self._made = 0
        self._texts: set[str] = set()
        wanted = reading.positions
        # Only members are unpacked of which something is wanted, where that can be told.
        self._wanted = {position // MEMBER for position in wanted} if isinstance(wanted, frozenset | set) else None

    def records(self, members: Iterable[_Member]) -> Iterator[Record]:
        """The records. What concerns the archive as a whole stands at position 0."""
        named: dict[str, _Member] = {}
        trouble = self._named(members, named)
        if trouble:
            scope: Scope = "part" if named else "source"
            yield self._reading.reject(scope, trouble.reason, trouble.message)
        self._texts = {_stem(name) for name in named if name.lower().endswith(".txt")}
        unknown: list[str] = []
        for member in named.values():
            if not self._is_wanted(member):
                continue
            with tempfile.TemporaryDirectory(prefix="factwire-") as folder:
                try:
                    source = self._source(member, named, Path(folder))
                except DamageError as damage:
                    yield self._told(member, self._reading.reject("part", damage.reason, damage.message))
                    if damage.reason == "unsafe":
                        return
                    continue
                if source:
                    yield from self._records_of(member, source)
                else:
                    unknown.append(member.name)
        if unknown:
            shown = ", ".join(shown_path(name) for name in unknown[:_SHOWN]) + (" and others" if len(unknown) > _SHOWN else "")
            scope = "source" if len(unknown) == len(named) else "part"
            yield self._reading.reject(
                scope, "unsupported", f"holds {len(unknown)} files of no kind that is read, which were left out: {shown}"
            )
        elif not named and not trouble:
            yield self._reading.reject("source", "unsupported", "holds no files of articles")

    def _named(self, members: Iterable[_Member], named: dict[str, _Member]) -> DamageError | None:
        """Enter the members that may be articles under their names; what is wrong with the rest of the archive."""
        try:
            for member in members:
                if len(named) >= MOST_MEMBERS:
                    return DamageError("too_many", f"has more than {MOST_MEMBERS:,} members: the first were read")
                if not is_left_out(member.name):
                    named[member.name] = member
        except DamageError as damage:
            return damage
        except _BROKEN as error:
            return DamageError("corrupt", f"is broken: {_told(error)}; the {len(named)} members before were read")
        return None

    def _is_wanted(self, member: _Member) -> bool:
        """Whether a member is to be unpacked: not what says more of the text beside it, nor what nothing is wanted of."""
        if member.name.endswith(".json") and _stem(member.name) in self._texts:
            return False
        return self._wanted is None or member.number in self._wanted or 0 in self._wanted

    def _records_of(self, member: _Member, source: Source) -> Iterator[Record]:
        base = member.number * MEMBER
        wanted = self._reading.positions
        inner = None if wanted is None else _Within(wanted, base)
        for record in self._read_file(source, defaults=self._reading.defaults, positions=inner):
            yield self._told(member, record)

    def _told(self, member: _Member, record: Record) -> Record:
        """A record of a member as one of the archive's: what is wrong with it names the member."""
        name = shown_path(member.name)
        position = member.number * MEMBER + record.position
        if not isinstance(record.item, Reject):
            return Record(position, record.item)
        item = record.item
        scope = "part" if item.scope == "source" else item.scope  # the archive itself can be read
        where = f"{name}, {item.position}" if item.position else name
        return Record(position, replace(item, scope=scope, position=where, message=f"{name}: {item.message}"))

    def _source(self, member: _Member, named: dict[str, _Member], folder: Path) -> Source | None:
        """The member as a file, with what stands beside it to say more of it; None where it is of no known kind. Raises DamageError."""
        path = self._unpacked(member, folder)
        beside = named.get(_stem(member.name) + ".json")
        if beside and beside is not member and member.name.lower().endswith(".txt"):
            self._unpacked(beside, folder)
        known, _ = sorted_out([str(path)], str(folder))
        if not known:
            return None
        if format_of(str(path), head_of(str(path))) in ("zip", "tar"):
            raise DamageError("unsupported", "is an archive inside an archive: unpack it first")
        place = f"{self._reading.source.relative_path}/{shown_path(member.name)}"
        return Source(str(path), str(folder), outlet=self._reading.source.outlet, origin=Origin(self._reading.source.uri, place))

    def _unpacked(self, member: _Member, folder: Path) -> Path:
        """The member's content in a file of its own name. Raises DamageError."""
        if member.locked:
            raise DamageError("unsupported", "is encrypted: unpack it first, with its password")
        path = folder / _safe_name(member.name)
        try:
            with path.open("wb") as file:
                self._copy(member, file)
        except _BROKEN as error:
            raise DamageError("corrupt", f"cannot be unpacked: {_told(error)}") from error
        return path

    def _copy(self, member: _Member, file: IO[bytes]) -> None:
        packed = member.open()
        if packed is None:
            return
        with packed:
            while piece := packed.read(CHUNK):
                self._made += len(piece)
                if self._made > LARGEST_INFLATED or (self._made > RATIO_CHECKED_FROM and self._made > self._size * LARGEST_RATIO):
                    raise DamageError("unsafe", f"unpacks to more than {self._made >> 20} MiB from {self._size} bytes: it was cut there")
                file.write(piece)


@contextlib.contextmanager
def _members(path: str) -> Iterator[Iterator[_Member]]:
    """The members of an archive, in its order. Raises DamageError, and what its library raises."""
    head = head_of(path)
    with contextlib.ExitStack() as stack:
        if head.startswith(b"PK"):
            yield _zip_members(stack.enter_context(zipfile.ZipFile(path)))
            return
        file = stack.enter_context(tempfile.TemporaryFile(prefix="factwire-"))
        for chunk in chunks_of(path):
            file.write(chunk)
        file.seek(0)
        yield _tar_members(stack.enter_context(tarfile.open(fileobj=file, mode="r:", tarinfo=_TarInfo)))


def _zip_members(archive: zipfile.ZipFile) -> Iterator[_Member]:
    names = set(archive.namelist())
    if office := next((what for name, what in _OFFICE.items() if name in names), None):
        raise DamageError("unsupported", f"is {office}")
    for number, info in enumerate(archive.infolist(), start=1):
        # Not `is_dir`, which raises for a name without a character.
        if info.filename and not info.filename.endswith("/"):
            yield _Member(number, info.filename, lambda info=info: archive.open(info), locked=bool(info.flag_bits & 1))  # type: ignore[misc]


def _tar_members(archive: tarfile.TarFile) -> Iterator[_Member]:
    for number, info in enumerate(archive, start=1):
        if info.isfile() and not info.issparse():
            yield _Member(number, info.name, lambda info=info: archive.extractfile(info))  # type: ignore[misc]


class _TarInfo(tarfile.TarInfo):
    """The head of a member; tarfile reads one that says more of it whole, whatever size it claims."""

    def _proc_member(self, archive: Any) -> Any:
        if self.type in _HEADERS and self.size > LARGEST_HEADER:
            raise tarfile.ReadError(f"the head of a member has {self.size:,} bytes")
        return super()._proc_member(archive)  # type: ignore[misc]


def _safe_name(name: str) -> str:
    """The last part of a member's name, as a file here may be called."""
    last = name.replace("\\", "/").rpartition("/")[2].replace("\0", "")
    _, dot, suffixes = last.partition(".")
    return last if last and len(os.fsencode(last)) <= 200 else f"member{dot}{suffixes[-40:]}"


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
