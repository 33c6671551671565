"""HTML as feeds carry it, to plain text: paragraphs stay paragraphs, scripts and styles go."""

import html
import re
from html.parser import HTMLParser
from typing import Final

_BLOCK_NAMES: Final = (
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_RAW_NAMES: Final = "script style"
_UNSEEN_NAMES: Final = "audio button canvas iframe map noscript object select svg template textarea title video"
_OTHER_NAMES: Final = (
    "a abbr acronym applet area b base basefont bdi bdo big blink body br cite code col colgroup data datalist del dfn dialog em embed font "
    "frame frameset head html i img input ins kbd label link mark marquee math menu meta nobr optgroup option output param picture progress "
    "q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_CELLS: Final = frozenset(("td", "th"))
_RAW: Final = frozenset(_RAW_NAMES.split())
_UNSEEN: Final = _RAW | frozenset(_UNSEEN_NAMES.split())
_TAGS: Final = "|".join(sorted(_BLOCKS | _UNSEEN | frozenset(_OTHER_NAMES.split())))
_MARKUP: Final = re.compile(rf"</?(?:{_TAGS})(?:[\s/][^<>]*)?>|<!--", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\r\f\v\xa0]+")
_SOFT_HYPHEN: Final = "\xad"
_LINE_EDGES: Final = re.compile(r" *\n *")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def plain_text(value: str) -> str:
    """The text of a value that may be HTML. Without any tag it is text already, but for character references."""
    if not _MARKUP.search(value):
        return html.unescape(value).replace("\xa0", " ").strip()
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
        self._unseen: list[tuple[str, int]] = []  # open elements that no reader sees, and where their content begins
        self._kept_lines = 0  # depth of <pre>

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append((tag, len(self.pieces)))
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in _BLOCKS:
            self._kept_lines += tag == "pre"
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._drop(tag)
        elif tag in _BLOCKS:
            self._kept_lines = max(0, self._kept_lines - (tag == "pre"))
            self._break(tag)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data if self._kept_lines else data.replace("\n", " "))

    def close(self) -> None:
        """End the document. What is still open is seen, lest one forgotten tag hide the article; but no program text."""
        super().close()
        for tag in _RAW:
            self._drop(tag)

    def _drop(self, tag: str) -> None:
        """Take back what was collected since the last such element began; those left open inside end with it."""
        for number in range(len(self._unseen) - 1, -1, -1):
            if self._unseen[number][0] == tag:
                del self.pieces[self._unseen[number][1] :]
                del self._unseen[number:]
                return

    def _break(self, tag: str) -> None:
        self.pieces.append(" " if tag in _CELLS else "\n\n")
