"""Digests of WARC records: whether what is there is what was archived."""

import base64
import hashlib
from typing import Final

_ALGORITHMS: Final = ("md5", "sha1", "sha256", "sha512")


class Digest:
    """The digest that a record gives of its content, and that of the bytes taken."""

    def __init__(self, algorithm: str, written: str) -> None:
        self._hash = hashlib.new(algorithm, usedforsecurity=False)
        self._written = written.strip()

    @classmethod
    def of(cls, field: str, content: bytes = b"") -> "Digest | None":
        """From the field's value, "sha1:" and the digest, or None where the algorithm is not known."""
        algorithm, _, written = field.partition(":")
        known = algorithm.strip().lower().replace("-", "")
        if not written.strip() or known not in _ALGORITHMS:
            return None
        digest = cls(known, written)
        digest.take(content)
        return digest

    def take(self, piece: bytes) -> None:
        self._hash.update(piece)

    @property
    def differs(self) -> bool:
        """Whether it is another digest, however it is written: base 32 is usual, hex and base 64 are met."""
        digest = self._hash.digest()
        plain = self._written.rstrip("=")
        small = {base64.b32encode(digest).decode("ascii").rstrip("=").lower(), digest.hex()}
        exact = {encode(digest).decode("ascii").rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)}
        return plain.lower() not in small and plain not in exact
