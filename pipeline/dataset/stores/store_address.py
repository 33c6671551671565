"""Addresses of datasets in object stores, as a user gives them where else a folder is named."""

import re
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.dataset.errors import NotADatasetError

SCHEMES: Final = ("s3", "gs", "az")

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/(?P<rest>.+)")
_ELSEWHERE: Final = {
    "abfs",
    "abfss",
    "adl",
    "azfs",
    "azure",
    "dbfs",
    "file",
    "ftp",
    "gcs",
    "hdfs",
    "http",
    "https",
    "s3a",
    "s3n",
    "sftp",
    "wasb",
}
_SAFE: Final = re.compile(r"[A-Za-z0-9_.=/-]+")  # what neither a glob, nor an address, nor a shell reads otherwise


class Address(NamedTuple):
    """Where a dataset lies: what stands before all its keys in a bucket (of Azure: a container)."""

    scheme: str
    bucket: str
    prefix: str  # without slashes at its ends; empty for a whole bucket

    def __str__(self) -> str:
        return "/".join((f"{self.scheme}://{self.bucket}", *([self.prefix] if self.prefix else ())))


def address_of(path: Path) -> Address | None:
    """The address in a store that a path is meant as, or None for a folder. Raises NotADatasetError for one that no dataset can have.

    Paths make one slash of two: `s3:/news` is taken as `s3://news`. A folder of that name can be named with `./` and its whole path.
    """
    found = _SCHEME.match(str(path))
    scheme = found[1].lower() if found else ""
    if found is None or scheme not in {*SCHEMES, *_ELSEWHERE}:
        return None
    bucket, _, prefix = found["rest"].strip("/").partition("/")
    address = Address(scheme, bucket, prefix)
    if scheme in _ELSEWHERE:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise NotADatasetError(f"{address}: a dataset lies in a folder or in a store ({known}); give one of these as --output")
    if not _SAFE.fullmatch(found["rest"]) or {".", ".."} & set(prefix.split("/")):
        raise NotADatasetError(f"{str(address)!r}: a dataset's address in a store has letters, digits and - _ . = / alone; choose another")
    return address


def shown(path: Path) -> str:
    """A dataset's path as a user gave it."""
    return str(address_of(path) or path)
