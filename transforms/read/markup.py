"""HTML as feeds carry it, to plain text: paragraphs stay paragraphs, scripts and styles go."""

import html
import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_CELLS: Final = frozenset(("td", "th"))
_UNSEEN: Final = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "iframe",
        "map",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "br",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "u",
        "body",
        "head",
        "html",
        "iframe",
    ]
)
_MARKUP: Final = re.compile(
    rf"</?(?:{'|'.join(sorted(_BLOCKS | _INLINE | _UNSEEN - {'map', 'object', 'title'}))})(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_SPACES: Final = re.compile(r"[ \t\r\f\v\xa0]+")
_SOFT_HYPHEN: Final = "\xad"
_LINE_EDGES: Final = re.compile(r" *\n *")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def plain_text(value: str) -> str:
    """The text of a value that may be HTML. Without any tag it is text already, but for character references."""
    if not _MARKUP.search(value):
        return html.unescape(value).strip()
    parser = _Plain()
    parser.feed(value)
    parser.close()
    text = _SPACES.sub(" ", "".join(parser.pieces).replace(_SOFT_HYPHEN, ""))
    return _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text)).strip()


class _Plain(HTMLParser):
    """Collects the text of a document, with blank lines where a browser would begin a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []  # open elements whose content no reader sees
        self._kept_lines = 0  # depth of <pre>

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "br":
            self._add("\n")
        elif tag in _BLOCKS:
            self._kept_lines += tag == "pre"
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            # An element left open inside ends with the one around it.
            del self._unseen[self._unseen.index(tag) :]
        elif tag in _BLOCKS:
            self._kept_lines = max(0, self._kept_lines - (tag == "pre"))
            self._break(tag)

    def handle_data(self, data: str) -> None:
        self._add(data if self._kept_lines else data.replace("\n", " "))

    def _break(self, tag: str) -> None:
        self._add(" " if tag in _CELLS else "\n\n")

    def _add(self, piece: str) -> None:
        if not self._unseen:
            self.pieces.append(piece)
