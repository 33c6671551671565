"""ninjs, the JSON of news agencies (IPTC): one item an object. Versions 1, 2 and 3 have other names for the same; all are read.

Version 1 has `body_text`, `body_html`, `headline`; version 2 `bodies`, `headlines` and names in camel case (`versionCreated`); version 3
the lists of version 2 under the names of version 1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from transforms.read.column_names import AGENCY_NAMES, Columns
from transforms.read.fields import FieldError, kind_of, text_of
from transforms.read.item import NewsItem
from transforms.read.markup import plain_text

_PLAIN_BODIES: Final = ("bodyxhtml", "bodyhtml", "bodytext")
_MARKED_UP: Final = re.compile(r"(?i)x?html|nitf|xml")
_MAIN: Final = ("main", "body", "headline", "text", "")  # roles of the body, or of the headline, among several; else the first
MOST_KEYWORDS: Final = 100


def is_ninjs(record: Mapping[str, Any], columns: Columns) -> bool:
    """Whether an object is an item of ninjs, and not a record of our own or of what the user named."""
    if "text" in record or any(name in record for field, name in columns.named if field == "text"):
        return False
    return isinstance(record.get("uri"), str) and not AGENCY_NAMES.isdisjoint(map(str.lower, record))


def item_of(record: Mapping[str, Any]) -> NewsItem:
    """What an item of ninjs says. Raises FieldError where a field that decides over its use or text is of another type."""
    fields = {_plain(name): value for name, value in record.items()}
    described = _marked(fields, "descriptions", "description", "descriptiontext")
    kind = text_of(fields, "type") or "text"
    return NewsItem(
        input_format="ninjs",
        guid=text_of(fields, "uri"),
        version=_identifier(fields.get("version")),
        text=_body(fields),
        title=_plain_of(_marked(fields, "headlines", "headline", "title")) or _plain_of(described if kind == "text" else ""),
        byline=_byline(fields),
        outlet=next(_names(fields.get("infosources") or fields.get("infosource")), None) or _loose(fields.get("copyrightholder")),
        language=_loose(fields.get("language")),
        first_created=text_of(fields, "firstcreated"),
        version_created=text_of(fields, "versioncreated"),
        status=text_of(fields, "pubstatus"),
        embargo=text_of(fields, "embargoed"),
        kind=kind,
        located=_loose(fields.get("located")),
        urgency=fields["urgency"] if type(fields.get("urgency")) is int and 1 <= fields["urgency"] <= 9 else None,
        keywords=tuple(dict.fromkeys(_keywords(fields)))[:MOST_KEYWORDS],
    )


def _body(fields: Mapping[str, Any]) -> str:
    """The text: of several bodies the one that is marked as the article's."""
    if "bodies" in fields:
        return _marked(fields, "bodies")
    for name in _PLAIN_BODIES:
        if body := text_of(fields, name):
            return plain_text(body) if name != "bodytext" else body
    return ""


def _marked(fields: Mapping[str, Any], several: str, *single: str) -> str:
    """The value of a list of {role, contenttype, value}, or of the first of the fields that held one in version 1."""
    values = fields.get(several)
    if values is None:
        return next((value for name in single if (value := text_of(fields, name))), "")
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        raise FieldError("bad_type", f"`{several}` must be a list of objects, not {kind_of(values)}")
    plain = [{_plain(name): value for name, value in each.items()} for each in values]
    ranked = sorted(plain, key=lambda each: _rank(each.get("role")))
    for each in ranked:
        value = text_of(each, "value")
        if value and value.strip():
            kind = each.get("contenttype") or ""
            marked = several == "bodies" and isinstance(kind, str) and _MARKED_UP.search(kind)
            return plain_text(value) if marked else value
    return ""


def _rank(role: Any) -> int:
    name = role.rpartition(":")[2].lower() if isinstance(role, str) else ""
    return _MAIN.index(name) if name in _MAIN else len(_MAIN)


def _byline(fields: Mapping[str, Any]) -> str | None:
    """The line as it is to be printed, or the people who are its creators."""
    line = fields.get("byline") or fields.get("by")
    if isinstance(line, list):
        return ", ".join(_names(line)) or None
    return _loose(line)


def _keywords(fields: Mapping[str, Any]) -> Iterator[str]:
    given = fields.get("keywords") or fields.get("keyword")
    yield from (each.strip() for each in (given if isinstance(given, list) else [given]) if isinstance(each, str) and each.strip())
    for name in ("subjects", "subject"):
        yield from _names(fields.get(name))


def _names(values: Any) -> Iterator[str]:
    for each in values if isinstance(values, list) else ():
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and name.strip():
            yield " ".join(name.split())


def _plain_of(value: str) -> str | None:
    return plain_text(value) or None


def _loose(value: Any) -> str | None:
    """A text that only says more of the item: of another type it says nothing."""
    return value if isinstance(value, str) and value.strip() else None


def _identifier(value: Any) -> str | None:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _loose(value)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
