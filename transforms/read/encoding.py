"""From the bytes of a text to its characters, where nothing says in which encoding they are."""

import re
from dataclasses import dataclass
from typing import Final

from transforms.read.format import bom_of

_SAMPLE: Final = 1 << 16  # bytes that charset-normalizer looks at; it is slow on more and no wiser
_CONTROL: Final = bytes((*range(0x07), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
_MOST_CONTROL: Final = 0.02  # share of bytes; a text has hardly any
_WIDE_ZEROS: Final = 0.7  # share of zero bytes at every other place in UTF-16 of Latin letters
# What Western typists and their programs produce beyond ASCII: quotation marks, dashes, signs of money, accents.
_WESTERN: Final = re.compile(rb"[\x80\x85\x91-\x97\x99\xa0-\xff]*\Z")
_MOST_WESTERN: Final = 0.1  # share of bytes; more is a script of its own
# Those in use on the web (the Encoding Standard's): left to itself the detector takes old Macintosh sets for them.
_IN_USE: Final = "cp1251 koi8_r cp1250 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 gb18030 big5 cp932 euc_jp cp949"
_DECLARED_WITHIN: Final = 1 << 14  # bytes; the HTML standard asks for 1,024, pages keep to less
_META_CHARSET: Final = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# What the Encoding Standard makes of names that mean less than the bytes that stand under them.
_WEB_NAMES: Final = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **{"iso-8859-9": "cp1254", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "tis-620": "cp874"},
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, its encoding, and whether bytes had to be replaced (by U+FFFD) since they are none in it."""

    text: str
    encoding: str
    damaged: bool


def decoded(data: bytes) -> Decoded | None:
    """The text that the bytes hold, or None where they are no text.

    A byte order mark decides, then UTF-8, then UTF-16 told by its zeros, then UTF-8 with a few broken bytes, then
    Windows-1252 where the other bytes are few and usual there, then what charset-normalizer finds.
    """
    if marked := bom_of(data):
        return _decoded_as(data, marked)
    if wide := _wide(data):
        return _decoded_as(data, wide)
    if len(data) - len(data.translate(None, _CONTROL)) > len(data) * _MOST_CONTROL:
        return None
    plain = _decoded_as(data, "utf-8")
    if not plain.damaged or _is_mostly_utf8(plain.text):
        return plain
    high = bytes(byte for byte in data[:_SAMPLE] if byte > 0x7F)
    if len(high) < len(data[:_SAMPLE]) * _MOST_WESTERN and _WESTERN.match(high):
        return _decoded_as(data, "cp1252")
    from charset_normalizer import from_bytes  # seldom needed

    best = from_bytes(data[:_SAMPLE], cp_isolation=_IN_USE.split()).best()
    return _decoded_as(data, best.encoding) if best else None


def decoded_page(data: bytes, content_type: str | None) -> str | None:
    """The text of a web page, or None where it is none.

    Valid UTF-8 is UTF-8 whatever is said of it; then the page's own declarations count, then the server's, each if the
    bytes are text in it; else what `decoded` finds.
    """
    declared = [name.decode("ascii") for name in _META_CHARSET.findall(data[:_DECLARED_WITHIN])]
    if (said := _decoded_as_said(data, declared)) or (said := decoded_as_sent(data, content_type)):
        return said
    found = decoded(data)
    return found.text if found else None


def decoded_as_sent(data: bytes, content_type: str | None) -> str | None:
    """The text in the charset that the server names, or None where the bytes tell another or are none in it."""
    return _decoded_as_said(data, _CHARSET.findall(content_type or ""))


def _decoded_as_said(data: bytes, names: list[str]) -> str | None:
    """The text in the first of the encodings in which all bytes are text; none where they are plainly Unicode."""
    if not names or bom_of(data) or _wide(data) or not _broken_in(data, "utf-8"):
        return None
    encodings = (_WEB_NAMES.get(name.lower(), name) for name in names)
    return next((data.decode(encoding) for encoding in encodings if not _broken_in(data, encoding)), None)


def _broken_in(data: bytes, encoding: str) -> bool:
    """Whether the bytes are not all text in the encoding, or there is no encoding of that name."""
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return True
    return False


def _decoded_as(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, damaged=False)
    except UnicodeDecodeError:
        return Decoded(data.decode(encoding, "replace").removeprefix("\ufeff"), encoding, damaged=True)


def _is_mostly_utf8(replaced: str) -> bool:
    """Whether the sequences that are UTF-8 outnumber those that are not by far: so it is UTF-8, damaged."""
    broken = replaced.count("\ufffd")
    return sum(char > "\x7f" for char in replaced) - broken >= 4 * broken


def _wide(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, where every other byte is mostly zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if not half:
        return None
    if sample[1::2].count(0) > half * _WIDE_ZEROS and sample[::2].count(0) < half * (1 - _WIDE_ZEROS):
        return "utf-16-le"
    if sample[::2].count(0) > half * _WIDE_ZEROS and sample[1::2].count(0) < half * (1 - _WIDE_ZEROS):
        return "utf-16-be"
    return None
