"""HTML files: one article a page."""

from collections.abc import Iterator

from schemas.article import InputFormat
from transforms.read.apart import ParsingError
from transforms.read.given import Given, records_of
from transforms.read.record import Reading, Record
from transforms.read.sole import SOLE, whole_of
from transforms.read.web_page import LARGEST_PAGE, Page, page_of


def html_records(reading: Reading) -> Iterator[Record]:
    """The one record of a page."""
    data, wrong = whole_of(reading, LARGEST_PAGE)
    yield from wrong
    if data is None:
        return
    source = reading.source
    try:
        page = page_of(data, fetched_at=reading.defaults.fetched_at, address=source.address, content_type=source.content_type)
    except ParsingError as error:
        yield reading.reject("record", error.reason, error.message, position=SOLE)
        return
    yield from page_records(reading, SOLE, page, input_format="html")


def page_records(
    reading: Reading, position: int, page: Page, *, input_format: InputFormat, guid: str | None = None, where: str | None = None
) -> Iterator[Record]:
    """The article of a page, and a reject of scope part for each doubt about it."""
    given = Given(
        text=page.text,
        input_format=input_format,
        title=page.title,
        url=page.url,
        outlet=page.outlet,
        byline=page.byline,
        published=page.published,
        origin=page.origin,
        updated=page.updated,
        guid=guid,
        language=page.language,
    )
    yield from records_of(reading, position, given, where=where)
    for reason, message in page.flags:
        yield reading.reject("part", reason, message if where is None else f"{where} {message}", position=position, where=where)
