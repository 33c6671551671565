"""NewsML-G2 and NITF (IPTC) from bytes to plain values; runs apart (see `apart`), since XML can be built to stall its parser.

Elements are known by their local names: agencies declare the namespaces of many versions, and some none.
"""

import copy
import dataclasses
import io
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from transforms.read.item import NewsItem
from transforms.read.markup import plain_text

MOST_ITEMS: Final = 2_000
MOST_KEYWORDS: Final = 100

_NEWS: Final = "newsItem"
_ITEMS: Final = {
    "newsItem": "text",
    "packageItem": "package",
    "conceptItem": "concept",
    "knowledgeItem": "list of concepts",
    "planningItem": "plan",
    "catalogItem": "catalog",
    "nitf": "text",
}
_END: Final = re.compile(rb"</(?:[\w.-]+:)?(?:newsMessage|\w+Item|nitf)\s*>\s*(?:<!--[^>]*-->\s*)?\Z")
_TAIL: Final = 1000  # bytes in which the end of a whole document stands
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_UNSEEN: Final = ("media", "nitf-table-metadata", "note")  # of an NITF body: captions, and words to editors
_HEADS: Final = {"hl1": "h1", "hl2": "h2", "hedline": "div"}  # what NITF calls what HTML has too

_Element = Any  # lxml has no types


def parsed_items(data: bytes) -> dict[str, Any]:
    """`items`, the fields of a NewsItem each, and `wrong`: (reason, message) where the file could not be read to its end."""
    items: list[NewsItem] = []
    wrong: tuple[str, str] | None = None
    try:
        for element in _elements(data):
            if len(items) == MOST_ITEMS:
                wrong = ("too_many", f"has more than {MOST_ITEMS:,} items: the first were read")
                break
            items.append(_nitf(element) if _name(element) == "nitf" else _item(element))
            element.clear()
    except etree.XMLSyntaxError as error:
        told = f"{str(error)[:200]}; the {len(items)} items before were read"
        wrong = ("truncated", f"is cut off: {told}") if not _END.search(data[-_TAIL:]) else ("corrupt", f"is no XML: {told}")
    if not items and not wrong:
        wrong = ("unsupported", "holds no item of NewsML-G2 or NITF")
    return {"items": [dataclasses.asdict(item) for item in items], "wrong": wrong}


def _elements(data: bytes) -> Iterator[_Element]:
    """The items that are in no other item, each when it is whole. Entities that a document type declares are not expanded."""
    inside = 0
    events = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for event, element in events:
        if _name(element) in _ITEMS:
            inside += 1 if event == "start" else -1
            if event == "end" and not inside:
                yield element


def _item(item: _Element) -> NewsItem:
    """An item of NewsML-G2."""
    meta, content = _child(item, "itemMeta"), _child(item, "contentMeta")
    kind = _kind(item, meta)
    inner = next(_below(_child(item, "contentSet"), "nitf"), None)
    inside = _nitf(inner) if inner is not None else NewsItem(input_format="nitf")
    text, is_elsewhere = _text_of(item)
    embargoed = _child(meta, "embargoed")
    return NewsItem(
        input_format="newsml",
        guid=item.get("guid"),
        version=item.get("version"),
        text=text,
        title=_headline(content) or inside.title or _line(_child(meta, "title")),
        byline=_line(_child(content, "by")) or ", ".join(_named(content, "creator")) or inside.byline,
        outlet=next(_named(meta, "provider"), None),
        language=next((each.get("tag") for each in _children(content, "language") if each.get("tag")), None) or _language(item),
        first_created=_line(_child(meta, "firstCreated")),
        version_created=_line(_child(meta, "versionCreated")),
        status=_status(meta),
        embargo=None if embargoed is None else _line(embargoed) or "",
        kind="reference to a text that lies elsewhere" if is_elsewhere and kind == "text" else kind,
        located=next(_named(content, "located"), None) or _line(_child(content, "dateline")) or inside.located,
        urgency=_urgency(_line(_child(content, "urgency"))),
        keywords=_once([*filter(None, map(_line, _children(content, "keyword"))), *_named(content, "subject")]),
    )


def _kind(item: _Element, meta: _Element | None) -> str:
    """text, picture, ...: the class that the item gives itself."""
    kind = _ITEMS[_name(item)]
    given = _child(meta, "itemClass") if _name(item) == _NEWS else None
    code = _code(given) if given is not None else None
    return code or kind


def _status(meta: _Element | None) -> str | None:
    status = _child(meta, "pubStatus")
    return None if status is None else status.get("qcode") or status.get("uri") or status.get("literal") or _line(status)


def _code(element: _Element) -> str | None:
    given = element.get("qcode") or element.get("uri") or element.get("literal") or ""
    return given.replace("/", ":").rpartition(":")[2] or None


def _text_of(item: _Element) -> tuple[str, bool]:
    """The first content that gives a text, and whether what there is of it lies elsewhere."""
    contents = _child(item, "contentSet")
    for inline in (*_children(contents, "inlineXML"), *_children(contents, "inlineData")):
        if _name(inline) == "inlineXML":
            text = _inline(inline)
        elif inline.get("encoding"):
            continue
        else:
            text = "".join(inline.itertext())
            text = plain_text(text) if "html" in (inline.get("contenttype") or "") else text
        if text.strip():
            return text, False
    return "", next(_children(contents, "remoteContent"), None) is not None


def _inline(inline: _Element) -> str:
    """The text of XHTML, of NITF, or of any other XML inside an item."""
    for name in ("body.content", "body"):
        if (body := next(_below(inline, name), None)) is not None:
            return _plain(body)
    return _plain(inline)


def _headline(content: _Element | None) -> str | None:
    """The headline; of several the one whose role is that of the main one, else the first."""
    lines = list(_children(content, "headline"))
    main = [line for line in lines if (line.get("role") or "").rpartition(":")[2].lower() in ("", "main", "hlmain", "full", "long")]
    return next(filter(None, map(_line, main + lines)), None)


def _nitf(root: _Element) -> NewsItem:
    """A document of NITF."""
    docdata = next(_below(root, "docdata"), None)
    head, body = next(_below(root, "body.head"), None), next(_below(root, "body.content"), None)
    identity = _child(docdata, "doc-id")
    name = identity.get("id-string") if identity is not None else None
    source = identity.get("regsrc") if identity is not None else None
    published = next(_below(root, "pubdata"), None)
    release = _norm(docdata, "date.release")
    status = (docdata.get("management-status") if docdata is not None else None) or ""
    embargoed = status.lower() == "embargoed"
    return NewsItem(
        input_format="nitf",
        guid=f"{source}:{name}" if source and name else name,
        version=next((each.get("version") for each in _below(docdata, "du-key") if each.get("version")), None),
        text=_plain(body) if body is not None else "",
        title=_line(next(_below(head, "hl1"), None)) or _line(next(_below(root, "title"), None)),
        byline=_line(next(_below(head, "byline"), None), without="byttl"),
        outlet=(published.get("name") if published is not None else None) or _line(next(_below(head, "distributor"), None)) or source,
        language=_language(root),
        first_created=(published.get("date.publication") if published is not None else None) or _norm(docdata, "date.issue"),
        status=None if embargoed else status or None,
        embargo=release or ("" if embargoed else None),
        kind="text",
        located=_line(next(_below(next(_below(head, "dateline"), None), "location"), None)),
        urgency=_urgency(next((each.get("ed-urg") for each in _below(docdata, "urgency")), None)),
        keywords=_once([each.get("key") or "" for each in _below(docdata, "keyword")]),
    )


def _norm(docdata: _Element | None, name: str) -> str | None:
    element = _child(docdata, name)
    return None if element is None else element.get("norm") or None


def _plain(body: _Element) -> str:
    """The text of a body in XHTML or NITF, as of any HTML."""
    body = copy.deepcopy(body)  # under other names, nobody would find in it what they look for
    for element in list(body.iter()):
        name = _name(element)
        if name in _UNSEEN and element is not body:
            _take_out(element)
        elif name:
            element.tag = _HEADS.get(name, name)
    body.tag = "div"
    return plain_text(etree.tostring(body, encoding="unicode", with_tail=False))


def _take_out(element: _Element) -> None:
    """Take an element out of its parent but for the text behind it."""
    element.clear(keep_tail=True)
    element.tag = "span"


def _line(element: _Element | None, without: str | None = None) -> str | None:
    """The text of an element on one line, but for that of elements of a name."""
    if element is None:
        return None
    copied = copy.deepcopy(element)
    for each in list(_below(copied, without) if without else ()):
        if each is not copied:
            _take_out(each)
    return " ".join(_plain(copied).split()) or None


def _named(parent: _Element | None, name: str) -> Iterator[str]:
    """The names of children that are concepts: in words, or else as they are coded."""
    for each in _children(parent, name):
        if found := _line(_child(each, "name")) or each.get("literal") or (_code(each) if name == "provider" else None):
            yield found


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))[:MOST_KEYWORDS]


def _urgency(given: str | None) -> int | None:
    return int(given) if given and given in tuple("123456789") else None


def _language(element: _Element) -> str | None:
    return element.get(_LANGUAGE) or next((each.get(_LANGUAGE) for each in element.iter() if each.get(_LANGUAGE)), None)


def _name(element: _Element | None) -> str:
    """The local name of an element; empty for a comment, an entity and the like."""
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(parent: _Element | None, name: str) -> Iterator[_Element]:
    return (each for each in (parent if parent is not None else ()) if _name(each) == name)


def _child(parent: _Element | None, name: str) -> _Element | None:
    return next(_children(parent, name), None)


def _below(parent: _Element | None, name: str) -> Iterator[_Element]:
    return (each for each in (parent.iter() if parent is not None else ()) if _name(each) == name)
