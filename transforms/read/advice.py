"""What to do with files that are not read: told of one that was named, and of those that a folder holds beside articles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final

ADVICE: Final[dict[str, str]] = {
    "archive": "unpack it first",
    "pdf": "convert it to text first (pdftotext FILE.pdf does), or to HTML",
    "rtf": "convert it to text first (pandoc FILE.rtf -t plain -o FILE.txt does)",
    "office": "convert it first (soffice --convert-to txt FILE.doc does; a table to CSV)",
    "image": "give its text, or an item of an agency that describes it",
    "arc": "convert it to WARC first (warcio recompress does)",
}
ELSE: Final = "give .txt, .jsonl, .json, .csv, .parquet, .html, WARC, a feed, or ninjs, NewsML-G2 or NITF"
_BY_NAME: Final = "where it holds text or one of our formats, name it{or_glob}; its content tells the rest"
_OR_GLOB: Final = " or give a glob such as '*{}'"
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "archive": (".7z", ".rar", ".lz4", ".lzma", ".z"),
    "pdf": (".pdf",),
    "rtf": (".rtf",),
    "office": (".doc", ".docx", ".odt", ".ppt", ".pptx", ".odp", ".xls", ".xlsx", ".ods"),
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".svg"),
    "arc": (".arc",),
}
_KIND_OF: Final = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}
_NAMED: Final = 3  # files of a sort that are named


def advice_on(kind: str) -> str:
    """What to do with a file of a kind that has no reader."""
    return ADVICE.get(kind, ELSE)


def unread(paths: Sequence[str]) -> Iterator[str]:
    """A sentence for each sort of file among those that a folder holds and that are not read: which, how many, what to do with them."""
    sorts: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        sorts[PurePath(path).suffix.lower()].append(path)
    for suffix, of_it in sorted(sorts.items()):
        kind = _KIND_OF.get(suffix)
        what_to_do = ADVICE[kind] if kind else _BY_NAME.format(or_glob=_OR_GLOB.format(suffix) if suffix else "")
        names = ", ".join(of_it[:_NAMED]) + (f" and {len(of_it) - _NAMED:,} more" if len(of_it) > _NAMED else "")
        yield f"not read, {suffix or 'without a suffix'}: {names}: {what_to_do}"
