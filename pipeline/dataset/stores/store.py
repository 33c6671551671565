"""The one way to a store: objects by key below a dataset's address, and the two conditional writes that commits rest on.

It is obstore, the Python side of Rust's object_store. The choice was between four:

- pyarrow's own filesystems read Parquet by ranges, but have no conditional write at all;
- fsspec with s3fs, gcsfs and adlfs creates an object only if there is none, but replaces one only if it is unchanged on S3 alone, and s3fs ties
  botocore to a version that Beam's extra for S3 need not fit;
- boto3 has both, for S3 alone;
- obstore has both, by the same words on S3, Google and Azure, in one wheel without dependencies, reads ranges, and asks again by itself.
  What it lacks, profiles and `~/.aws`, botocore adds (`settings`).
"""

import contextlib
import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from pipeline.dataset.errors import StoreError
from pipeline.dataset.stores.settings import Settings, settings_for
from pipeline.dataset.stores.store_address import Address

AT_ONCE: Final = 8  # requests

T = TypeVar("T")
R = TypeVar("R")
Tag = Mapping[str, str]  # what tells one state of an object from the next, in the store's own terms

_CODES: Final = (re.compile(r"<Code>(\w+)</Code>"), re.compile(r"status code: (\d+ [A-Za-z ]+)"))  # the first that there is
_NO_BUCKET: Final = re.compile(r"NoSuchBucket|ContainerNotFound|bucket does not exist", re.IGNORECASE)
_REFUSED: Final = re.compile(
    r"AccessDenied|Forbidden|Unauthorized|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|AuthenticationFailed|Credential",
    re.IGNORECASE,
)


class Object(NamedTuple):
    """An object as it was when it was looked at."""

    data: bytes
    tag: Tag
    modified: dt.datetime  # by the store's clock


class Stat(NamedTuple):
    """What a store says of an object."""

    size: int
    tag: Tag
    modified: dt.datetime  # by the store's clock


@dataclass
class Store:
    """What lies below an address. Every call raises StoreError, with a sentence, where the store cannot be asked or refuses."""

    address: Address
    _settings: Settings = field(repr=False)

    @classmethod
    def at(cls, address: Address) -> "Store":
        """The store of an address. Raises StoreError where it cannot be set up; nothing is asked yet."""
        return cls(address, settings_for(address))

    @cached_property
    def _store(self) -> Any:
        from obstore.store import from_url

        with self._told("be set up"):
            return from_url(str(self.address), **self._settings)

    def get(self, key: str) -> Object | None:
        """An object, or None where there is none."""
        import obstore

        with self._told("be read", absent=True):
            found = obstore.get(self._store, key)
            meta = found.meta
            return Object(bytes(found.bytes()), _tag(meta), meta["last_modified"])
        return None

    def range(self, key: str, start: int, end: int) -> bytes | None:
        """Bytes of an object from `start` up to `end`, or None where there is none."""
        import obstore

        with self._told("be read", absent=True):
            return bytes(obstore.get_range(self._store, key, start=start, end=end))
        return None

    def stat(self, key: str) -> Stat | None:
        """What is known of an object, or None where there is none."""
        import obstore

        with self._told("be read", absent=True):
            meta = obstore.head(self._store, key)
            return Stat(meta["size"], _tag(meta), meta["last_modified"])
        return None

    def put(self, key: str, data: bytes) -> None:
        """Put an object, over what was there."""
        import obstore

        with self._told("be written"):
            obstore.put(self._store, key, data)

    def create(self, key: str, data: bytes) -> Tag | None:
        """Put an object where there is none; None where another stands there. Data must be that of one writer alone (see `_ours`)."""
        return self._conditional(key, data, "create")

    def replace(self, key: str, data: bytes, tag: Tag) -> Tag | None:
        """Put an object in the place of what had this tag; None where that has changed or gone. Data as for `create`."""
        return self._conditional(key, data, dict(tag))

    def _conditional(self, key: str, data: bytes, mode: Any) -> Tag | None:
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._told("be written"):
            try:
                return _tag(obstore.put(self._store, key, data, mode=mode))
            except (AlreadyExistsError, PreconditionError):
                return self._ours(key, data)

    def _ours(self, key: str, data: bytes) -> Tag | None:
        """The tag where the object that stands in the way is what was to be written: the first answer was lost, and it was asked again."""
        found = self.get(key)
        return found.tag if found and found.data == data else None

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are gone already are no error."""
        import obstore

        wanted = sorted(set(keys))
        if wanted:
            with self._told("be written"):
                obstore.delete(self._store, wanted)

    def names(self, below: str | None = None) -> list[str]:
        """Keys below a folder, sorted. A store may leave out what is new for a while: nothing that counts is looked for in this way alone."""
        import obstore

        with self._told("be listed"):
            return sorted(meta["path"] for batch in obstore.list(self._store, prefix=below) for meta in batch)

    def some_names(self) -> list[str]:
        """The first keys that there are, a thousand at most."""
        import obstore

        with self._told("be listed"):
            return sorted(meta["path"] for meta in next(iter(obstore.list(self._store, chunk_size=1000)), ()))

    def each(self, work: Callable[[T], R], of: Iterable[T]) -> list[R]:
        """What `work` makes of each, some at once. Raises what the first of them raised, when all have ended."""
        wanted = list(of)
        if len(wanted) < 2:
            return [work(one) for one in wanted]
        with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
            return list(pool.map(work, wanted))

    def now(self) -> dt.datetime:
        """What the store's clock says: that of a machine may be wrong by more than a lease lasts."""
        key = f"_clock.{secrets.token_hex(8)}"
        self.put(key, b"")
        try:
            found = self.stat(key)
        finally:
            self.delete([key])
        if found is None:
            raise StoreError(f"{self.address}: does not show what was just written, so no dataset can be kept in it; choose another store")
        return found.modified

    def check_conditions(self) -> None:
        """Raise StoreError for a store that takes a write over what is there though that was to be refused."""
        key = f"_probe.{secrets.token_hex(8)}"
        first, other, third = (f"{word} {secrets.token_hex(8)}".encode() for word in ("first", "other", "third"))
        lacking = (
            f"{self.address}: the store has no conditional writes (If-None-Match and If-Match), without which two runs at once could "
            "lose each other's rows; choose a store that has, or a folder"
        )
        try:
            tag = self.create(key, first)
            if tag is None or self.create(key, other) is not None:
                raise StoreError(lacking)
            if self.replace(key, other, tag) is None or self.replace(key, third, tag) is not None:
                raise StoreError(lacking)
        except NotImplementedError as error:
            raise StoreError(lacking) from error
        finally:
            self.delete([key])

    @contextlib.contextmanager
    def _told(self, what: str, *, absent: bool = False) -> Iterator[None]:
        """Turn the library's errors into sentences. With `absent`, an object that is not there is none."""
        from obstore.exceptions import BaseError, NotSupportedError

        try:
            yield
        except FileNotFoundError as error:
            if _NO_BUCKET.search(str(error)):
                raise StoreError(f"{self.address}: there is no bucket {self.address.bucket}; make it, or name another") from error
            if not absent:
                raise StoreError(f"{self.address}: cannot {what} ({_said(error)})") from error
        except NotSupportedError as error:
            raise NotImplementedError from error
        except (BaseError, ValueError, OSError) as error:
            raise StoreError(self._sentence(what, error)) from error

    def _sentence(self, what: str, error: Exception) -> str:
        words = str(error)
        if _NO_BUCKET.search(words):
            return f"{self.address}: there is no bucket {self.address.bucket}; make it, or name another"
        if _REFUSED.search(words):
            return f"{self.address}: cannot {what}, the store refuses it ({_said(error)}); look after the credentials and what they may do there"
        return f"{self.address}: cannot {what} ({_said(error)}); what was committed stays, run it again when the store answers"


def _tag(meta: Any) -> Tag:
    return {name: meta[name] for name in ("e_tag", "version") if meta[name] is not None}


def _said(error: Exception) -> str:
    """The store's own code for its trouble; never whole answers, which may hold what nobody should see."""
    words = str(error)
    if code := next((found[1] for each in _CODES if (found := each.search(words))), None):
        return code.strip()
    return "it does not answer" if "error sending request" in words or "timed out" in words else type(error).__name__
