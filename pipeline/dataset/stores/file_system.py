"""The data files of a store as DuckDB and pyarrow want them: an fsspec file system that reads ranges, and nothing else.

obstore has one of its own, which asks the store for an object's size at each look: DuckDB looks seven times at a file (measured). A data file
never changes, so here it is asked once.
"""

from typing import Any, Final

from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from pipeline.dataset.stores.store import Stat, Store

_BLOCK: Final = 1 << 20  # bytes read at once; a smaller file is read whole


class Files(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """The files below a store's address, by whole addresses."""

    cachable = False  # fsspec would keep one for all stores

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.protocol = store.address.scheme
        self._store, self._stats = store, dict[str, Stat]()
        self._root = self._strip_protocol(str(store.address)) + "/"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path.rpartition("://")[2]

    def key_of(self, path: str) -> str:
        """The key of a file by its address. Raises FileNotFoundError for one that lies elsewhere."""
        key = self._strip_protocol(path)
        if not key.startswith(self._root):
            raise FileNotFoundError(path)
        return key.removeprefix(self._root)

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """What is known of a file. Raises FileNotFoundError, StoreError."""
        key = self.key_of(path)
        if (stat := self._stats.get(key)) is None:
            stat = self._store.stat(key)
            if stat is None:
                raise FileNotFoundError(path)
            self._stats[key] = stat
        return {"name": self._strip_protocol(path), "size": stat.size, "type": "file", "last_modified": stat.modified}

    def modified(self, path: str) -> Any:
        """When a file was put there. Raises as `info`."""
        return self.info(path)["last_modified"]

    def range_of(self, path: str, start: int, end: int) -> bytes:
        """Bytes of a file. Raises FileNotFoundError, StoreError."""
        found = self._store.range(self.key_of(path), start, end)
        if found is None:
            raise FileNotFoundError(path)
        return found

    def _open(self, path: str, mode: str = "rb", **_: Any) -> "_File":
        if mode != "rb":
            raise OSError(f"{path}: is read only")
        size = self.info(path)["size"]
        kind = "all" if size <= _BLOCK else "readahead"
        return _File(self, path, mode, block_size=_BLOCK, cache_type=kind, size=size)


class _File(AbstractBufferedFile):  # type: ignore[misc]
    """A file that is open for reading."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        found: bytes = self.fs.range_of(self.path, start, end)
        return found
