"""HTML as feeds carry it, to plain text: paragraphs stay paragraphs, scripts and styles go.

It is cut into tags and text here and not by Python's html.parser, which reads a tag that is cut off, a comment and an iframe in another way
from one patch release to the next (3.13.5 and 3.13.6, 3.11.13 and 3.11.14): the same feed gave other rows.
"""

import html
import re
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
_WIDE: Final = re.compile(r"(?<![\s.!?:;,”\"])\xa0{2,}(?=\S)")  # as lists of headlines set off whose each is
_ESCAPED: Final = re.compile(
    r"<(p|div|span|ul|ol|table|section|article|h[1-6]|blockquote|figure)\b[^<>]*>.*</(?:\1|p|div|ul|ol|figure)\s*>\s*\Z",
    re.DOTALL | re.IGNORECASE,
)
_MOST_ESCAPED: Final = 2
_SOFT_HYPHEN: Final = "\xad"
_LINE_EDGES: Final = re.compile(r" *\n *")
_BLANK_LINES: Final = re.compile(r"\n{3,}")

# As HTML's standard cuts a document up. A quotation mark that is never closed is no mark, lest it hide the article.
_START: Final = re.compile("<(?=[a-zA-Z!?]|/.)", re.DOTALL)
_TAG: Final = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][^ \t\n\r\f/>]*+)
    (?:[ \t\n\r\f]++|(?P<closed>/(?=>))|/
      |[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+                                           # an attribute's name, and its value
       (?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^ \t\n\r\f>]++))?+
    )*+>""",
    re.VERBOSE,
)
_EMPTY_COMMENT: Final = re.compile("-?>")
_COMMENT_END: Final = re.compile("--!?>")
_RAW_END: Final = {name: re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE) for name in _RAW}


def plain_text(value: str) -> str:
    """The text of a value that may be HTML. Without any tag it is text already, but for character references.

    Where these give HTML again, from its first tag to its last, the value was escaped once too often: it is read again.
    """
    for _ in range(_MOST_ESCAPED):
        text = _plain_once(value)
        if text == value or not _ESCAPED.match(text):
            return text
        value = text
    return _plain_once(value)


def _plain_once(value: str) -> str:
    if not _MARKUP.search(value):
        return html.unescape(value).replace("\xa0", " ").strip()
    parser = _Plain()
    parser.read(value)
    text = _WIDE.sub("\n", "".join(parser.pieces).replace(_SOFT_HYPHEN, ""))
    text = _SPACES.sub(" ", text)
    return _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text)).strip()


class _Plain:
    """Collects the text of a document, with blank lines where a browser would begin a block."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._unseen: list[tuple[str, int]] = []  # open elements that no reader sees, and where their content begins
        self._kept_lines = 0  # depth of <pre>
        self._comments_end = True

    def read(self, value: str) -> None:
        """Read a document. What is still open at its end is seen, a comment too, lest one forgotten tag hide the article.

        Program text is not, nor is a tag that is cut off.
        """
        at = 0
        while found := _START.search(value, at):
            self._text(value[at : found.start()])
            at = self._markup(value, found.start())
        self._text(value[at:])
        for tag in _RAW:
            self._drop(tag)

    def _markup(self, value: str, start: int) -> int:
        """Read what begins with the "<" there; where it ends."""
        if tag := _TAG.match(value, start):
            name = tag["name"].lower()
            if tag["end"]:
                self._end(name)
            elif not tag["closed"]:
                self._start(name)
                if name in _RAW:
                    end = _RAW_END[name].search(value, tag.end())
                    return end.start() if end else len(value)
            elif name not in _UNSEEN:
                self._start(name)
            return tag.end()
        following = value[start + 1 : start + 4]
        if following == "!--":
            ends = _EMPTY_COMMENT.match(value, start + 4) or (self._comments_end and _COMMENT_END.search(value, start + 4))
            self._comments_end = bool(ends)  # where one does not, no later one does: it is not looked for again and again
            return ends.end() if ends else start + 4
        if following[0] in "!?/":
            return value.find(">", start) + 1 or len(value)
        return len(value)  # a tag that is cut off

    def _text(self, data: str) -> None:
        data = html.unescape(data)
        self.pieces.append(data if self._kept_lines else data.replace("\n", " "))

    def _start(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen.append((tag, len(self.pieces)))
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in _BLOCKS:
            self._kept_lines += tag == "pre"
            self._break(tag)

    def _end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._drop(tag)
        elif tag in _BLOCKS:
            self._kept_lines = max(0, self._kept_lines - (tag == "pre"))
            self._break(tag)

    def _drop(self, tag: str) -> None:
        """Take back what was collected since the last such element began; those left open inside end with it."""
        for number in range(len(self._unseen) - 1, -1, -1):
            if self._unseen[number][0] == tag:
                del self.pieces[self._unseen[number][1] :]
                del self._unseen[number:]
                return

    def _break(self, tag: str) -> None:
        self.pieces.append(" " if tag in _CELLS else "\n\n")
