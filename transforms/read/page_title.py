"""The title of a page without what sites put behind it: their own name, the section, the day, the author.

The page itself tells where its headline ends, in its heading or in JSON-LD; where it does not, the names by which it calls its site do.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MOST_TAILS: Final = 3  # outlet, section, day: no site was seen to put more behind a title

# A mark between spaces, or one that needs none: a bar, two hyphens, the full-width colon of Japanese sites.
_MARK: Final = re.compile(r"\s+(?:--|::|[-–—―|｜·•»«:*~/])\s+|\s*(?:[|｜：]|--)\s*")
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_OWN_MARKS: Final = re.compile(r"[^\w\s|｜：-]*")  # with which a headline ends: "?", "”"
_DAY: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}")
_BY: Final = re.compile(r"(?:by|von|par|por|di|door|av|af)\s+[^\W\d_].*", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"(?:https?://)?([\w-]{2,}(?:\.[\w-]{2,}){1,3})/?", re.IGNORECASE)
_ARTICLES: Final = frozenset(["the", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo", "de", "het"])
# Words that a site puts behind its name in titles and leaves out elsewhere: "CBC News".
_OF_OUTLETS: Final = frozenset(["news", "online", "digital", "web", "haber", "haberleri", "noticias", "nachrichten", "nieuws", "nyheter"])


@dataclass(frozen=True, slots=True)
class Names:
    """What a page calls its site and its sections, by which they are known again. All are keys, see `key_of`."""

    outlets: frozenset[str]
    sections: frozenset[str]

    @classmethod
    def of(cls, outlets: Iterable[str | None], sections: Iterable[str | None]) -> "Names":
        """From names and addresses of the site, and names of sections."""
        named = (form for name in outlets if name for form in (*_forms(name), _initials(name)))
        return cls(frozenset(filter(None, named)), frozenset(key_of(section) for section in sections if section))

    def is_outlet(self, text: str) -> bool:
        """Whether a text is a name of the site: "CBC News", "Golem.de", "DW"."""
        words = [word for word in text.split() if key_of(word) not in _OF_OUTLETS]
        return any(form in self.outlets for form in (*_forms(text), *_forms(" ".join(words))))


def without_tail(title: str | None, headlines: Iterable[str | None], names: Names) -> str | None:
    """The title as far as a headline of the page goes, or else without the outlets, sections, days and authors at its end."""
    if not title:
        return title
    ends = (_end_of(headline, title) for headline in headlines if headline)
    end = next((end for end in ends if end is not None), None)
    return title[: _end_of_known(title, names) if end is None else end].strip()


def day_behind(title: str | None) -> str | None:
    """The day that a site puts behind the title, as it is written there."""
    tails = [title[mark.end() :].strip() for mark in _MARK.finditer(title)] if title else []
    return tails[-1] if tails and _DAY.fullmatch(tails[-1]) else None


def key_of(text: str) -> str:
    """The letters and digits of a text in small letters, without accents: what it says, however it is set."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKD", text).casefold())


def _end_of(headline: str, title: str) -> int | None:
    """Where the headline ends that the title begins with, if what follows is shorter and set off by a mark."""
    wanted, end, found = key_of(headline), 0, ""
    while len(found) < len(wanted) and end < len(title):
        found += key_of(title[end])
        end += 1
    if not wanted or found != wanted:
        return None
    own = _OWN_MARKS.match(title, end)
    mark = _MARK.match(title, own.end() if own else end)
    rest = key_of(title[mark.end() :]) if mark else ""
    return mark.start() if mark and 0 < len(rest) < len(wanted) else None


def _end_of_known(title: str, names: Names) -> int:
    """Where the title ends without the segments at its end that are known, one of which must be the site or a day.

    A section or an author alone may be part of the headline.
    """
    marks = list(_MARK.finditer(title))
    whole = next((mark for mark in marks if names.is_outlet(title[mark.end() :])), None)  # a name may have marks in it
    end = cut = whole.start() if whole else len(title)
    for mark in [mark for mark in marks if mark.end() < end][: -MOST_TAILS - 1 : -1]:
        tail = title[mark.end() : end].strip()
        sure = names.is_outlet(tail) or _DAY.fullmatch(tail)
        if not (sure or key_of(tail) in names.sections or _BY.fullmatch(tail)) or not key_of(title[: mark.start()]):
            break
        end = mark.start()
        cut = end if sure or cut < len(title) else cut
    return cut


def _forms(name: str) -> Iterator[str]:
    """The keys of a name: whole, without an article, and of an address its host and the name in it."""
    words = [key_of(word) for word in re.split(r"[\s_]+", name)]
    yield "".join(words)
    yield "".join(word for word in words if word not in _ARTICLES)
    if domain := _DOMAIN.fullmatch(name.strip()):
        parts = domain[1].lower().removeprefix("www.").split(".")
        yield key_of("".join(parts))
        # "post.example", "post.co.example"
        yield key_of(parts[-3] if len(parts) > 2 and len(parts[-2]) < 4 else parts[-2] if len(parts) > 1 else "")


def _initials(name: str) -> str:
    """Its words' first letters, "dw" of "Deutsche Welle"; one alone is none."""
    letters = "".join(key_of(word)[:1] for word in name.split() if key_of(word) not in _ARTICLES)
    return letters if len(letters) > 1 else ""
