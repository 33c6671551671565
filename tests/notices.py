"""THIRD_PARTY_NOTICES.md: what Factwire brings of others, and what is installed with it, each with its licence.

    python -m tests.notices > THIRD_PARTY_NOTICES.md

A package is here if a plain installation has it: the closure of the requirements in pyproject.toml without extras, on any system and Python.
"""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAD: Final = """# Third-party notices

Factwire's own code is under the Apache License 2.0 (`LICENSE`). Its wheel holds these works of others:

| what | licence |
|---|---|
| `seeds/wikinews.jsonl`, `seeds/feeds/`: articles of Wikinews as published in the MEANTIME corpus | text CC BY 2.5, Wikinews; corpus CC BY 4.0, FBK, VU University Amsterdam, UPV/EHU |
| `seeds/articles/mexico-refuses-troops.txt` | see `seeds/README.md` |

It holds no code of others; the wheel of `make compiled` holds the runtime of mypyc, whose licence (MIT) is at the end of its own copy of these
notices. Installed with it, from their own packages, are:

| package | licence, as the package states it |
|---|---|
"""
_SHORT: Final = 80  # characters: some packages have the whole licence in the field for its name


def packages() -> list[Distribution]:
    """What a plain installation of Factwire has beside itself, by name."""
    found: dict[str, Distribution] = {}
    waiting = [("factwire", frozenset[str]())]
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of another system or Python
            continue
        for line in found[name].requires or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
                waiting.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    del found["factwire"]
    return [found[name] for name in sorted(found)]


def licence(package: Distribution) -> str:
    """Its licence: an SPDX expression, or the shortest of what it states."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    stated = " ".join((told.get("License") or "").split())
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if line.startswith("License :: ")]
    if stated and len(stated) <= _SHORT:
        return stated
    return ", ".join(classified) or stated[:_SHORT]


def page() -> Iterator[str]:
    """The page, in lines."""
    yield HEAD.rstrip("\n")
    for package in packages():
        name = canonicalize_name(package.metadata["Name"])
        yield f"| {name} | {re.sub(r'[|]', '/', licence(package)) or 'none stated: see the package'} |"


if __name__ == "__main__":
    print("\n".join(page()))
