"""All tables, in the order in which they are shown."""

from typing import Any, Final

from schemas.actor import Actor
from schemas.article import Article
from schemas.cluster import Cluster
from schemas.correction import Correction
from schemas.date import Date
from schemas.fact import Fact
from schemas.figure import Figure
from schemas.quote import Quote
from schemas.reject import Reject

FACT_TABLES: Final[dict[str, type[Any]]] = {
    "actors": Actor,
    "figures": Figure,
    "dates": Date,
    "quotes": Quote,
    "facts": Fact,
}
TABLES: Final[dict[str, type[Any]]] = (
    {"articles": Article} | FACT_TABLES | {"clusters": Cluster, "rejects": Reject, "corrections": Correction}
)
