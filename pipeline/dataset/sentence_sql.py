"""SQL that finds the sentence around a stretch of a text, with the stretch marked: no model is at hand when a dataset is asked.

A sentence ends where a full stop, question or exclamation mark is followed by a capital or a digit, and at a line's end. It goes on after
an abbreviation, after an initial ("J. Smith", "the U.S. Army"), and wherever the stretch itself goes on.
"""

from typing import Final

from schemas.sql import sql_text

MARKS: Final = ("«", "»")  # around the stretch: in every font, and rare in English

# Before a name, a month's day or a number: a full stop behind them ends no sentence.
_ABBREVIATED: Final = (
    *("Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Col", "Capt", "Lt", "Sgt", "Sen", "Rep", "Gov", "Rev", "Hon", "St", "Mt", "Messrs"),
    *("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "No", "Nos", "vs", "approx", "est", "Fig"),
)
_REACH: Final = 600  # characters to each side: sentences that people read are shorter
_LEADER: Final = "\u2024"  # a dot that ends nothing, as long as the one whose place it takes

_QUOTES: Final = r"""["'”’)\]]*"""
_END: Final = rf"(?:[^\p{{Lu}}\s.][.]|\p{{Lu}}{{2}}[.]|[!?…]){_QUOTES}"
_NEXT: Final = r"""["'“‘(\[$£€]*[\p{Lu}\p{N}]"""

_DOT: Final = sql_text(rf"\b({'|'.join(_ABBREVIATED)})[.]")
_LEFT: Final = sql_text(rf"(?s)^.*(?:{_END}\s+({_NEXT}.*)|\n([^\n]*))$")
_RIGHT: Final = sql_text(rf"(?s)^(.*?)(?:({_END})\s+{_NEXT}|\s*\n|\s*$).*$")

# What decides where a sentence ends stands partly in the stretch: so three characters of it are looked at on the left, four on the right.
MACROS: Final = rf"""
CREATE MACRO main.masked_text(t) AS regexp_replace(t, {_DOT}, '\1{_LEADER}', 'g');

CREATE MACRO main.sentence_before(t, s) AS right(substring(t, greatest(s - {_REACH}, 0) + 1, least(s, {_REACH})), length(regexp_replace(
    masked_text(substring(t, greatest(s - {_REACH}, 0) + 1, least(s, {_REACH}) + 3)), {_LEFT}, '\1\2')) - least(length(t) - s, 3));

CREATE MACRO main.sentence_after(t, s, e) AS substring(t, e + 1, length(regexp_replace(
    masked_text(substring(t, e + 1 - least(e - s, 4), {_REACH} + 4)), {_RIGHT}, '\1\2')) - least(e - s, 4));

CREATE MACRO main.sentence_at(t, s, e) AS trim(replace(
    sentence_before(t, s) || '{MARKS[0]}' || substring(t, s + 1, e - s) || '{MARKS[1]}' || sentence_after(t, s, e), chr(10), ' '));
"""
