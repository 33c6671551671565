"""Articles: one row a version of an article, with the text that all offsets point into."""

import datetime as dt
from typing import ClassVar, Literal

from schemas.column import UInt32, column, table
from schemas.fact_row import Stretch

InputFormat = Literal[
    "txt", "jsonl", "json", "csv", "parquet", "arrow", "ninjs", "newsml", "nitf", "rss", "atom", "jsonfeed", "sitemap", "html", "warc"
]
PublishedOrigin = Literal["feed", "metadata", "json_ld", "sidecar", "option", "dateline", "none"]
Precision = Literal["year", "month", "day", "minute", "second"]


@table("articles", version=2)
class Article:
    """One version of one article."""

    TABLE: ClassVar[str]
    VERSION: ClassVar[int]

    article_id: str = column("identity: hash of its address, its feed's guid, its source's own id, or its path")
    version: int = column("counts the distinct texts of this article in commit order, from 1", default=0)
    guid: str | None = column("the source's own id for the article", default=None)
    source_uri: str = column("the file or address it was read from")
    canonical_url: str | None = column("its web address, normalised, without secrets", default=None)
    feed_url: str | None = column("address of the feed that it came in", default=None)
    input_format: InputFormat = column("what the source was")
    outlet: str | None = column("who published it", default=None)
    title: str | None = column("its headline, where the source gives one or the text has one", default=None)
    byline: str | None = column("its author line, as given", default=None)
    published_at: dt.datetime | None = column("when it was published; midnight where only the day is known", unit="UTC", default=None)
    published_local_date: dt.date | None = column(
        "the day of publication where it was published: what relative dates lean on", default=None
    )
    published_precision: Precision | None = column("how exactly published_at is known", default=None)
    published_origin: PublishedOrigin = column("where published_at was taken from", default="none")
    updated_at: dt.datetime | None = column("when the source says that it was last changed", unit="UTC", default=None)
    fetched_at: dt.datetime = column("when this run read it", unit="UTC")
    language: str | None = column("language of the text, ISO 639-1", default=None)
    language_confidence: float | None = column(
        "how sure the detector is; null where the source gave the language", unit="0 to 1", default=None
    )
    item_version: str | None = column("the source's own number of this version, where it numbers them", default=None)
    written_in: str | None = column("the place of writing, as the source names it apart from the text", default=None)
    urgency: int | None = column("how urgent the source calls it: 1 most, 9 least", default=None)
    keywords: tuple[str, ...] = column("keywords and subjects that the source gives, as written", default=())
    text: str | None = column("what was analysed and what all offsets point into; null where the dataset keeps no texts", default=None)
    text_sha256: str = column("sha256 of the text in UTF-8, in hex")
    body_start: int = column("where the body begins, after title and deck", unit="characters", default=0)
    word_count: int = column("words in the text: runs of letters and digits", default=0)
    words_sha256: str | None = column("sha256 of those words in small letters, one space between: equal in exact copies", default=None)
    signature: tuple[UInt32, ...] | None = column(
        "128 MinHash minima of 3-word shingles, for finding near copies; null under 50 words", default=None
    )
    actor_count: int = column("rows in actors", default=0)
    figure_count: int = column("rows in figures", default=0)
    date_count: int = column("rows in dates", default=0)
    quote_count: int = column("rows in quotes", default=0)
    fact_count: int = column("rows in facts", default=0)
    unclaimed: tuple[Stretch, ...] = column("numbers, quotation marks and date words that no row covers", default=())
    run_id: str = column("the run that wrote the row", default="")
