"""Which datasets of stores this process has at hand. What leads to a store is loaded with the first of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.dataset.stores.store_address import Address, address_of

if TYPE_CHECKING:
    from pipeline.dataset.stores.mirror import Mirror

_mirrors: Final[dict[Address, "Mirror"]] = {}


def mirror_of(path: Path) -> "Mirror | None":
    """The mirror of a dataset, by its address or by the mirror's own folder; None for a folder on a disk. Raises NotADatasetError, StoreError."""
    if found := next((each for each in _mirrors.values() if each.root == path), None):
        return found
    address = address_of(path)
    if address is None:
        return None
    if address not in _mirrors:
        from pipeline.dataset.stores.mirror import Mirror

        _mirrors[address] = Mirror(address)
    return _mirrors[address]


def named(sentence: str) -> str:
    """A sentence in which a mirror's folder is called what the user calls the dataset."""
    for mirror in _mirrors.values():
        sentence = sentence.replace(str(mirror.root), str(mirror.address))
    return sentence
