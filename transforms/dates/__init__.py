"""Dates in an annotated article: TIMEX3 expressions with the days that they mean and what they were reckoned from (dates.anchor_origin).

lexemes (words with their kinds) -> scan (the longest expression that a rule reads at each place) -> readings -> rows.
A rule is patterns over kinds of words and a function that reads a match in its setting (publication day, dates said
before, tense). The division into recognising and normalising follows HeidelTime (Strötgen and Gertz 2013) and SUTime
(Chang and Manning 2012).
"""

from collections.abc import Iterator

from schemas.date import Date
from transforms.annotate import Annotated
from transforms.article.datelines import dateline_day
from transforms.article.writing_day import writing_day
from transforms.dates.lexemes import lexemes_in
from transforms.dates.scan import found_in
from transforms.dates.setting import Setting
from transforms.dates.timex import NO_ANCHOR, Anchor


def dates_in(article: Annotated) -> Iterator[Date]:
    """Yield the dates of an article in text order.

    Relative ones are reckoned from the day of publication (of writing, where the text shows that to be another; else the dateline's), or from a date said before; without any
    of these they stay unresolved: never today's date.
    """
    text = article.text
    if not len(article.doc):
        return
    setting = Setting(article.parse, text, article.layout, lexemes_in(text), _published(article), article.article)
    for found in found_in(setting):
        start, end = setting.lexemes[found.first].start, setting.lexemes[found.last].end
        reading, anchor = found.reading, found.reading.anchor
        yield Date(
            start=start,
            end=end,
            text=text[start:end],
            rule=found.rule,
            timex_type=reading.timex_type,
            timex_value=reading.value,
            start_date=reading.start,
            end_date=reading.end,
            precision=reading.precision,
            modifier=reading.modifier,
            relative=reading.relative,
            anchor_date=anchor.day,
            anchor_origin=anchor.origin,
            anchor_row_id=anchor.ref,
            direction=reading.direction,
            ambiguous=reading.ambiguous,
        )


def _published(article: Annotated) -> Anchor:
    day = writing_day(article.article)
    if day is not None:
        return Anchor("dateline" if article.article.published_origin == "dateline" else "published", day)
    found = dateline_day(article.text)
    return Anchor("dateline", found) if found else NO_ANCHOR
