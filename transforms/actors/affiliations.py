"""What an office belongs to: "Northgate" of "Northgate coach", "Norvia Bank" of "an economist at Norvia Bank"."""

from transforms.actors import places
from transforms.actors.persons import abbreviated, honorifics, office_vocabulary
from transforms.actors.token_view import TokenView
from transforms.annotate.tokens import is_word
from transforms.words.lexicon import words

_WITH_PORTFOLIO = ("minister", "secretary", "commissioner")  # of something that is no organisation: "Minister of Industry"


def affiliation_of(w: TokenView, first: int, last: int, cut: int) -> tuple[str | None, str | None]:
    """(what the title belongs to, its country): the title's owner, the name before the role, or the name behind "of"."""
    start, end = _owner_before(w, first, cut)
    behind = next((i for i in range(cut, last) if w.lower[i] in ("of", "for", "at")), last)
    if behind < last and (start == end or _is_place(w, start, end)):
        body = _body_behind(w, behind, last)
        portfolio = w.lower[cut - 1] in _WITH_PORTFOLIO and w.lower[behind] != "at" and w.string(*body) not in places.places()
        if start == end and portfolio:
            return None, None
        if start == end or (body[0] < body[1] and not portfolio and not _is_place(w, *body)):  # "UK director of Norvia Games"
            start, end = body
    if start >= end:
        return None, None
    named = w.string(start, end)
    known = places.places().get(named) or places.nationalities().get(named)
    if known is None:
        return named, None
    return (known.canonical_name if named in places.nationalities() else named), known.country


def _owner_before(w: TokenView, first: int, cut: int) -> tuple[int, int]:
    """The tokens of the owner in front of the role: what a possessive gives it to, or the name that the title begins with."""
    start = end = first
    if first > 1 and w.tag[first - 1] == "POS":
        start = end = first - 1
        while start and w.tag[start - 1].startswith("NNP") and w.is_capital(start - 1) and w.text[start - 1] not in honorifics():
            start -= 1
        return start, end
    while end < cut and _is_of_owner(w, start, end):
        end += 1
        if end - start == 1 and w.text[start] in places.nationalities() and w.doc[start].ent_type_ != "ORG":
            break  # "Argentine Economic Minister" is Argentina's
        if w.text[end : end + 1] == ["-"] and not w.spaced(end):  # "Aix-Norvia University", but not "London-based"
            if not w.is_capital(end + 1):
                return first, first
            end += 1
    return (first, first) if end - start == 1 and _is_common_word(w, start) else (start, end)


def _is_common_word(w: TokenView, i: int) -> bool:
    """Whether a capital is only the sentence's: "Art historian Ann Lee", "Committee chairman Tom Roe"."""
    word = w.text[i]
    if not w.doc[i].is_sent_start or w.doc[i].ent_type_ or not word[1:].islower() or not is_word(word):
        return False
    named = word in places.nationalities() or word in places.places() or word in words("actors-organisations", "companies")
    return not named and all(w.doc[at].is_sent_start for at in w.places_of(word))


def _is_place(w: TokenView, start: int, end: int) -> bool:
    named = w.string(start, end)
    return named in places.nationalities() or named in places.places() or named in places.cities()


def _body_behind(w: TokenView, cut: int, last: int) -> tuple[int, int]:
    """The name in "of the British union Unite": the first run of capitals, the next where the first is a nationality."""
    runs, i = [], cut + 1
    while i < last:
        end = i
        while end < last and (
            w.is_capital(end) or (end > i and w.lower[end] in ("of", "and", "&") and end + 1 < last and w.is_capital(end + 1))
        ):
            end += 1
        if end > i:
            runs.append((i, end))
        i = max(end, i + 1)
    if len(runs) > 1 and w.lower[runs[1][0] - 1] in words("actors-organisations", "nouns", "company"):  # "head of MMS firm Adamind"
        return runs[1]
    if len(runs) > 1 and (w.string(*runs[0]) in places.nationalities() or w.string(*runs[0]) in places.places()):
        return runs[1] if runs[1][0] > runs[0][1] else runs[0]
    return runs[0] if runs else (cut, cut)


def _is_of_owner(w: TokenView, start: int, i: int) -> bool:
    """Whether the owner's name that begins at token `start` goes on with token i: no word of an office, nor "Sen."."""
    if not w.is_capital(i) or w.text[i] in abbreviated() or w.text[i] in honorifics():
        return False
    return w.lower[i] not in office_vocabulary() or _is_office(w, start, i + 1)


def _is_office(w: TokenView, start: int, end: int) -> bool:
    """Whether the words are a body's name, though the last might belong to an office: "White House" Press Secretary."""
    known = words("actors-organisations", "offices") | words("actors-organisations", "companies")
    return end - start > 1 and w.string(start, end) in known
