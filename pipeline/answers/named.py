"""Queries that people came for: what each answers, and which options narrow it down."""

import datetime as dt
import re
import tomllib
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.options import UsageError
from schemas.fact import Modality, Status
from schemas.tables import FACT_TABLES

if TYPE_CHECKING:
    import duckdb

_QUERIES: Final = Path(__file__).parent / "queries.toml"
_STATUSES: Final = (*typing.get_args(Status), *typing.get_args(Modality))

HOME: Final = (
    "title",
    "outlet",
    "day",
    "sentence",
    "source",
    "corrected",
    "row_id",
    "article_id",
)  # where a row was read, behind a query's own columns
_KEYS: Final = ("row_id", "article_id", "start", "end")  # what leads there
_DAY: Final = "coalesce(r.published_local_date, CAST(r.published_at AS DATE))"
_CORRECTED: Final = "SELECT row_id, string_agg(DISTINCT why, '; ') AS corrected FROM corrections WHERE holds GROUP BY row_id"
_SENTENCE: Final = 'sentence_at(r.text, answer."start", answer."end")'


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query by its name. `about`, `person` and `status` are the columns in which these options look; empty: it does not take it."""

    name: str
    question: str
    sql: str
    about: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    days: tuple[str, str] | None = None  # first and last day that --since and --until are told of; None: the day of publication

    @property
    def takes(self) -> list[str]:
        """The options that narrow it down."""
        own = [f"--{name}" for name in ("about", "person", "status") if getattr(self, name)]
        return [*own, "--outlet", "--since", "--until", "--limit", "--copies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What of an answer is wanted."""

    about: str | None = None
    person: str | None = None
    status: str | None = None
    outlet: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    limit: int | None = None
    copies: bool = False  # those of copies of an article too

    def __post_init__(self) -> None:
        for option in ("about", "person", "outlet"):
            given = getattr(self, option)
            if given is not None and not given.strip():
                raise UsageError(f"--{option} is empty; give it a word or leave it out")
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"--limit is a number of rows from 1, not {self.limit}")
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"--since {self.since} is after --until {self.until}")
        if self.status is not None and self.status not in _STATUSES:
            raise UsageError(f"there is no status {self.status!r}; they are {', '.join(_STATUSES)}")

    def given(self) -> list[str]:
        """The options that were given."""
        return [f"--{name}" for name in ("about", "person", "status", "outlet", "since", "until", "limit", "copies") if getattr(self, name)]


def named_queries() -> list[NamedQuery]:
    """The named queries, in the order in which they are shown."""
    return [_query(name, q) for name, q in tomllib.loads(_QUERIES.read_text("utf-8")).items()]


def _query(name: str, q: dict[str, typing.Any]) -> NamedQuery:
    columns = {key: tuple(q.get(key, ())) for key in ("about", "person", "status")}
    days = (q["days"][0], q["days"][1]) if "days" in q else None
    return NamedQuery(name, q["question"], q["sql"].strip(), **columns, days=days)


def narrowed(connection: "duckdb.DuckDBPyConnection", query: NamedQuery, wanted: Narrowed) -> str:
    """Answer a named query into temporary tables, and return the SQL of its rows, led home. Raises UsageError, duckdb.Error."""
    if refused := [option for option in wanted.given() if option not in query.takes]:
        raise UsageError(f"{query.name} takes no {refused[0]}; it takes {', '.join(query.takes)}")
    connection.execute(scope(wanted, query))
    connection.execute(f"CREATE TEMP TABLE answer AS {query.sql}")
    columns = [name for name, *_ in connection.execute("DESCRIBE answer").fetchall()]
    keyed = "article_id" in columns
    own = [f'answer."{name}"' for name in columns if not keyed or name not in _KEYS]
    if not keyed:
        return f"SELECT {', '.join(own)} FROM answer{_where(_conditions(query, wanted, columns))} ORDER BY answer.rowid{_limit(wanted)}"
    home = ["r.title", "r.outlet", f"{_DAY} AS day", f"{_SENTENCE} AS sentence", "coalesce(r.canonical_url, r.source_uri) AS source"]
    keys = ["k.corrected", "answer.row_id", "answer.article_id"]
    return (
        f"SELECT {', '.join([*own, *home, *keys])} FROM answer LEFT JOIN articles r USING (article_id)"
        f" LEFT JOIN ({_CORRECTED}) k ON k.row_id = answer.row_id"
        f"{_where(_conditions(query, wanted, columns))} ORDER BY answer.rowid{_limit(wanted)}"
    )


def scope(wanted: Narrowed, query: NamedQuery) -> str:
    """SQL for temporary views that stand before the tables of the same names: those of the articles that are wanted."""
    conditions = [] if wanted.copies else ["r.is_canonical"]
    rejected = []
    if wanted.outlet:
        conditions.append(f"contains(lower(r.outlet), {_sql(wanted.outlet.strip().lower())})")
        rejected.append("false")  # nobody has published what became no article
    if query.days is None:
        conditions += _between(wanted, _DAY, _DAY)
        rejected += _between(wanted, "CAST(rejected_at AS DATE)", "CAST(rejected_at AS DATE)")
    for option, columns in (("about", query.about), ("person", query.person)):
        if "article" in columns and (words := getattr(wanted, option)):
            conditions.append(_in_article(option, words))
    return scoped(conditions, rejected)


def scoped(conditions: Sequence[str], rejected: Sequence[str]) -> str:
    """SQL for temporary views of the articles `r` of which all conditions hold, of their rows, and of the rejects of which `rejected` hold."""
    views = [f"CREATE TEMP VIEW articles AS SELECT * FROM memory.main.articles r{_where(conditions)}"]
    views += [
        f"CREATE TEMP VIEW {table} AS FROM memory.main.{table} SEMI JOIN articles USING (article_id, version)" for table in FACT_TABLES
    ]
    views += [f"CREATE TEMP VIEW rejects AS FROM memory.main.rejects{_where(rejected)}"]
    return ";".join(views)


def _in_article(option: str, words: str) -> str:
    """An article that has the words; of one that is kept without text, its title or one of its facts. Of a person, one that names it."""
    named = f"r.article_id IN (SELECT article_id FROM memory.main.actors WHERE {_mentions('canonical_name', words)})"
    if option == "person":
        return named
    told = f"(r.text IS NULL AND r.article_id IN (SELECT article_id FROM memory.main.facts WHERE {_mentions('text', words)}))"
    return f"({_mentions('r.title', words)} OR {_mentions('r.text', words)} OR {told})"


def _conditions(query: NamedQuery, wanted: Narrowed, columns: Sequence[str]) -> list[str]:
    """What must hold of a row of the answer."""
    conditions = []
    for option in ("about", "person"):
        words = getattr(wanted, option)
        looked_in = [name for name in getattr(query, option) if name != "article"]
        if words and looked_in:
            each = [_mentions(_SENTENCE if name == "sentence" else f'answer."{name}"', words) for name in looked_in]
            conditions.append(f"({' OR '.join(each)})")
    if wanted.status:
        conditions.append(f"{_sql(wanted.status)} IN ({', '.join(f'answer.{name}' for name in query.status)})")
    if query.days:
        conditions += _between(wanted, *query.days)
    return conditions


def _between(wanted: Narrowed, first: str, last: str) -> list[str]:
    since = [f"coalesce({last}, {first}) >= DATE '{wanted.since}'"] if wanted.since else []
    return since + ([f"{first} <= DATE '{wanted.until}'"] if wanted.until else [])


def _mentions(text: str, words: str) -> str:
    """SQL for whether a text has the words, one behind the other, each from its beginning; in any case, with or without accents."""
    each = r"[^\p{L}\p{N}]+".join(re.escape(word) for word in words.split())
    pattern = _sql(rf"(?i)(?:^|[^\p{{L}}\p{{N}}])(?:{each})")
    return f"coalesce(regexp_matches(strip_accents({text}), strip_accents({pattern})), false)"


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _limit(wanted: Narrowed) -> str:
    return f" LIMIT {wanted.limit}" if wanted.limit else ""


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
