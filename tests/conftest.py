"""What the tests share: articles from plain text, annotated once a session."""

import datetime as dt
import functools
import gc

import pytest
from hypothesis import HealthCheck, settings

from schemas.article import Article
from schemas.ids import text_sha256
from tests.engine import here  # noqa: F401 - a fixture
from tests.leftover_guard import pytest_configure  # noqa: F401 - a hook
from tests.loopback import names, web  # noqa: F401 - fixtures
from tests.memory_broker import broker  # noqa: F401 - a fixture
from tests.needs import look
from tests.polling import articles_only  # noqa: F401 - a fixture
from tests.real_broker import real_broker  # noqa: F401 - a fixture
from transforms.annotate import Annotated
from transforms.annotate.model import annotated
from transforms.extract import rows_of
from transforms.flow.rows import Rows

# No test may depend on how busy the machine is: hypothesis fails an example that took 200 ms, and data that was slow to make. The rest is
# as it is by itself, so that examples are drawn anew here and are always the same where CI is set.
settings.register_profile("busy", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def article_of(text: str, published: dt.date | None = None, *, title: str | None = None, body_start: int = 0) -> Article:
    return Article(
        article_id=text_sha256(text)[:32],
        version=1,
        source_uri="test",
        input_format="txt",
        title=title,
        body_start=body_start,
        fetched_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        text=text,
        text_sha256=text_sha256(text),
        language="en",
        published_at=dt.datetime(published.year, published.month, published.day, tzinfo=dt.UTC) if published else None,
        published_local_date=published,
        published_precision="day" if published else None,
        published_origin="sidecar" if published else "none",
    )


@functools.cache
def annotation_of(text: str, published: dt.date | None = None) -> Annotated:
    return next(annotated([article_of(text, published)]))


@functools.cache
def rows_in(text: str, published: dt.date | None = None) -> Rows:
    """All rows of a text, as the pipeline would write them."""
    return rows_of(annotation_of(text, published))


@pytest.fixture(scope="session")
def rows_for() -> object:
    return rows_in


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    look(item)


def pytest_sessionfinish() -> None:
    """Graphs that ran in this process froze what was there (`memory.calm_memory`): DuckDB's binding takes it for leaked at the end."""
    gc.unfreeze()
