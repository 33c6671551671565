"""From one text to its facts, in Python: no dataset, no Beam."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa

from schemas.arrow import to_table
from schemas.article import Article
from schemas.tables import FACT_TABLES
from transforms.annotate.language import recognised
from transforms.annotate.model import annotated
from transforms.extract import rows_of
from transforms.flow.check import checked
from transforms.flow.rows import Rows
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.read import Defaults, Record, Source, records_in
from transforms.read.record import Reading
from transforms.read.text_file import text_records
from transforms.repeats import fingerprint
from transforms.user_data import NONE, UserData, using


def extract(text: str, *, published_at: dt.date | str | None = None, model: str = PINNED_MODEL) -> dict[str, pa.Table]:
    """The facts of one text: `{table: pyarrow.Table}` for actors, figures, dates, quotes and facts.

    The text is taken as a .txt file is: its first line may be a title, its second paragraph a deck. `published_at` is the day that
    "yesterday" leans on, a date or "2025-05-05". Rows are those that `factwire run` writes for the same text, but for the article's
    identity and run_id. Raises ValueError for a date that is none and for a text with nothing in it, and ModelMissingError.
    """
    day = dt.date.fromisoformat(published_at) if isinstance(published_at, str) else published_at
    rows = rows_from(article_of_text(text, published_at=day), model=model)
    return {table: to_table(cls, getattr(rows, table)) for table, cls in FACT_TABLES.items()}


def rows_from(article: Article, *, model: str = PINNED_MODEL, own: UserData = NONE) -> Rows:
    """All rows of one article that was read, by the user's own lexicons and gazetteer if there are any. Raises ModelMissingError."""
    with using(own):
        known = recognised(replace(article, version=1, **fingerprint(article.text or "")._asdict()))
        rows, _ = checked(rows_of(next(annotated([known], model_name=model))))
    return rows


def article_of_text(text: str, *, published_at: dt.date | None) -> Article:
    """The article that a text is. Raises ValueError where it is none."""
    reading = Reading(Source("-", "-"), Defaults(dt.datetime.now(dt.UTC), published_at))
    return only("the text", text_records(reading, text))


def article_of_file(path: str, *, published_at: dt.date | None) -> Article:
    """The article in a file of any format that can be read. Raises ValueError where it holds none, or more than one."""
    return only(path, records_in(Source(path, path), defaults=Defaults(dt.datetime.now(dt.UTC), published_at)))


def only(what: str, records: Iterable[Record]) -> Article:
    """The one article among the records of what is so called. Raises ValueError where there is none, or more than one."""
    items = [r.item for r in records]
    articles = [i for i in items if isinstance(i, Article)]
    if len(articles) == 1:
        return articles[0]
    if articles:
        raise ValueError(f"{what} holds {len(articles)} articles; use `factwire run` for more than one")
    raise ValueError(f"{what}: {items[0].message}" if items and not isinstance(items[0], Article) else f"{what} is empty")
