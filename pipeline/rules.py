"""The shipped list of rules: which table's rows each makes, why it is there, and how often it was right on our own gold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.tables import FACT_TABLES
from transforms.words.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of one table. `precision` is a share from 0 to 1 of `support` rows; both are None where the gold cannot judge it."""

    table: str
    name: str
    reason: str
    precision: float | None
    support: int | None


def rules(tables: Iterable[str] = tuple(FACT_TABLES)) -> Iterator[Rule]:
    """The rules of the tables, by name; a table that no rule makes has none."""
    for table in tables:
        if table in FACT_TABLES:
            for name, rule in sorted(lexicon(f"rules/{table}").items()):
                yield Rule(table, name, rule["reason"], rule.get("precision"), rule.get("support"))
