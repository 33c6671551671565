"""One article at a web address, for who wants its facts at once: fetched as a run fetches, read as a run reads."""

import datetime as dt
import tempfile
from pathlib import Path

from pipeline.api import only
from pipeline.fetch.feed_list import feed_list
from pipeline.fetch.poll import poll
from pipeline.options import Fetching
from schemas.article import Article
from transforms.read import Defaults, records_in


def article_at(address: str, fetching: Fetching, *, published_at: dt.date | None) -> Article:
    """The article at a web address, a page or a feed of one entry, fetched as `factwire run` does.

    Raises ValueError where it is not to be had or holds none, or more than one; UsageError for what is no address to fetch.
    """
    now = dt.datetime.now(dt.UTC)
    (feed,) = feed_list([address], None).feeds
    with tempfile.TemporaryDirectory(prefix="factwire-") as folder:
        made = poll([feed], {}, fetching, folder=Path(folder), now=now)
        (polled,) = made.polled
        if polled.source is None:
            raise ValueError(f"{feed.key}: {made.lost or polled.trouble or 'gave nothing to read'}")
        return only(feed.key, records_in(polled.source, defaults=Defaults(now, published_at)))
