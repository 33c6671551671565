"""Identifiers: hashes of what a thing is, so that the same input gives the same id on every machine and in every run."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

ID_LENGTH: Final = 32  # hex digits: 128 bits


def digest(*parts: str | int) -> str:
    """32 hex digits of sha256 over the parts; a separator that cannot stand in text keeps ("a", "bc") and ("ab", "c") apart."""
    return hashlib.sha256(_in_bytes(parts)).hexdigest()[:ID_LENGTH]


def _in_bytes(parts: Iterable[str | int]) -> bytes:
    return "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")


def text_sha256(text: str) -> str:
    """The full sha256 of a text in UTF-8, which is what a stranger would compute."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def article_id(
    *,
    canonical_url: str | None = None,
    feed_url: str | None = None,
    guid: str | None = None,
    outlet: str | None = None,
    record_id: str | None = None,
    relative_path: str = "",
    record_number: int = 0,
) -> str:
    """The identity of an article: the first of its address, its feed's guid, its source's own id, and where it stood."""
    if canonical_url:
        return digest("url", canonical_url)
    if feed_url and guid:
        return digest("feed", feed_url, guid)
    if record_id:
        return digest("record", outlet or "", record_id)
    return digest("path", relative_path, record_number)


def text_key(article: str, text_hash: str) -> str:
    """What one text of one article is known by, in a reject or in the state of a stream."""
    return digest("text", article, text_hash)


def reject_key(source_uri: str, reason: str, record_key: str | None, position: str | None, payload: str | None) -> str:
    """What a reject is known by: of which source, why, and the record's own key; where it has none its place and what stood there."""
    place = ("key", record_key) if record_key else ("at", position or "", payload or "")
    return digest("reject", source_uri, reason, *place)


def row_id(table: str, article: str, text_hash: str, start: int, end: int, number: int) -> str:
    """The identity of a fact row: where it stands in which text, and which of the rows of that span it is."""
    return digest(table, article, text_hash, start, end, number)


def row_ids(table: str, article: str, text_hash: str) -> Callable[[int, int, int], str]:
    """`row_id` for many rows of a text: what is the same of all is hashed once."""
    begun = hashlib.sha256(_in_bytes((table, article, text_hash, "")))

    def of(start: int, end: int, number: int) -> str:
        made = begun.copy()
        made.update(b"%d\x1f%d\x1f%d" % (start, end, number))
        return made.hexdigest()[:ID_LENGTH]

    return of


def actor_id(article: str, text_hash: str, start: int, end: int) -> str:
    """The identity of a cluster of mentions inside one text: that of its first mention."""
    return digest("actor", article, text_hash, start, end)
