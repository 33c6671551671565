"""Plain text files: one article a file, with title, deck and what a sidecar NAME.json says of it."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from transforms.read.clean import clean_text
from transforms.read.content import all_of
from transforms.read.encoding import decoded
from transforms.read.fields import FieldError, moment_of, object_in, text_of
from transforms.read.format import stem_of
from transforms.read.given import LONGEST_TEXT, Given, records_of, title_line, with_title
from transforms.read.record import Reading, Record
from transforms.read.sole import SOLE, whole_of

LONGEST_TITLE_LINE: Final = 200  # characters
LONGEST_DECK: Final = 250  # characters
LARGEST_TEXT_FILE: Final = 4 * LONGEST_TEXT + 4  # bytes: the longest text in the widest encoding
LARGEST_SIDECAR: Final = 1 << 20  # bytes

_TITLE: Final = re.compile(r"\s*(?P<title>\S[^\n]*)\n[ \t]*\n\s*")
_BLANKS: Final = re.compile(r"\s*")
_MARGIN: Final = 50  # characters of blanks at the end of a deck
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n\s*")
# The end of a sentence inside a paragraph, but for "Mr. Smith", "U.S. President" and the like.
_SENTENCE_BREAK: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Lt|Jr|Sr|No|vs))(?<!\b(?:Mrs|Gen|Sen|Rep|Gov|Col|Sgt|Inc|Ltd))(?<!\bProf)[.!?…][\"'”’)]*\s+[\"'“‘(]*[A-Z0-9]"
)


def text_file_records(reading: Reading) -> Iterator[Record]:
    """The one record of a text file, and what is wrong with its sidecar; an empty file has no record."""
    data, wrong = whole_of(reading, LARGEST_TEXT_FILE)
    yield from wrong
    if not data:
        return
    text = decoded(data)
    if text is None:
        yield reading.reject("record", "binary", "is no text: its bytes are in no known encoding", position=SOLE)
        return
    if text.damaged:
        message = f"has bytes that are no {text.encoding}: they were replaced"
        yield reading.reject("part", "bad_encoding", message, position=SOLE)
    sidecar, rejects = _sidecar(reading)
    yield from rejects
    yield from text_records(reading, text.text, **sidecar)


def text_records(reading: Reading, text: str, **said: Any) -> Iterator[Record]:
    """The one record of a text; `said` is what is known beside it, in the names of Given."""
    yield from records_of(reading, SOLE, _given(clean_text(text), said))


def titled(text: str) -> tuple[str | None, int]:
    """The title that stands in the text, and where its body begins.

    The first line is the title if it is under 200 characters and a blank line follows; the next paragraph is the
    deck if it is one sentence under 250 characters and another paragraph follows.
    """
    line = _TITLE.match(text)
    if line is None or len(line["title"].rstrip()) >= LONGEST_TITLE_LINE:
        return None, 0
    return line["title"].rstrip(), after_deck(text, line.end())


def after_deck(text: str, offset: int) -> int:
    """Where the body begins if what stands at the offset may be a deck."""
    # Only where a deck may end is looked at: what follows may be millions of blanks.
    end = _BLANK_LINE.search(text, offset, offset + LONGEST_DECK + _MARGIN)
    deck = text[offset : end.start()].rstrip() if end else ""
    if end is None or len(deck) >= LONGEST_DECK or _SENTENCE_BREAK.search(deck):
        return offset
    body = _BLANKS.match(text, end.end())
    return body.end() if body and body.end() < len(text) else offset


def _given(text: str, sidecar: dict[str, Any]) -> Given:
    title, body_start = titled(text)
    if own := title_line(sidecar.pop("title", None)):
        if own != title:
            text, body_start = with_title(text, own)
        title = own
    return Given(text=text, input_format="txt", title=title, body_start=body_start, **sidecar)


def _sidecar(reading: Reading) -> tuple[dict[str, Any], list[Record]]:
    """What NAME.json says, in the names of Given; and a reject for each part of it that says nothing."""
    path = stem_of(reading.source.path) + ".json"
    if not os.path.lexists(path):
        return {}, []
    data, damage = all_of(path, LARGEST_SIDECAR)
    if damage:
        told = f"is larger than {LARGEST_SIDECAR >> 20} MiB" if damage.reason == "too_large" else damage.message
        return {}, [_left_out(reading, path, FieldError(damage.reason, told))]
    try:
        record = object_in(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, [_left_out(reading, path, FieldError("bad_encoding", "is no UTF-8"))]
    except FieldError as error:
        return {}, [_left_out(reading, path, error)]
    fields: dict[str, Any] = {}
    rejects = []
    readers: dict[str, tuple[str, Callable[[dict[str, Any], str], Any]]] = {
        "title": ("title", text_of),
        "url": ("url", text_of),
        "outlet": ("outlet", text_of),
        "byline": ("byline", text_of),
        "published": ("published_at", moment_of),
    }
    for field, (name, read) in readers.items():
        try:
            fields[field] = read(record, name)
        except FieldError as error:
            rejects.append(_left_out(reading, path, error))
    return fields | {"origin": "sidecar"}, rejects


def _left_out(reading: Reading, path: str, error: FieldError) -> Record:
    message = f"the sidecar {Path(path).name}: {error.message}; it was left out"
    return reading.reject("part", error.reason, message, position=SOLE)
