"""Bodies with "and" inside their name, which the model cuts in two: "West Yorkshire Fire and Rescue Service"; and those that it overlooks.

What "and" joins in them are fields that a body works in, on both sides ("Fire" and "Rescue"), and never two names: so
"Fiat and Acme Union" stay two. The name ends with the noun for a body, or with a place, or has begun with the noun ("Union of ...").
"""

from collections.abc import Iterator

from transforms.actors import places
from transforms.actors.persons import roles
from transforms.actors.token_view import NAME_TAGS, TokenView
from transforms.words.lexicon import words

_LONGEST = 6  # words of either half
_TAGS = ("NNP", "NNPS", "JJ", "NN", "NNS")


def by_and(w: TokenView) -> Iterator[tuple[int, int]]:
    """The tokens of bodies whose name has "and" between two fields."""
    fields = words("actors-organisations", "fields")
    for i, word in enumerate(w.lower):
        if word not in ("and", "&") or not w.headline < i < len(w) - 1 or w.sentence[i + 1] != w.sentence[i - 1]:
            continue
        if _are_of_two_places(w, i):
            yield i - 1, i + 3
        if w.text[i - 1] not in fields or w.text[i + 1] not in fields:
            continue
        start, begun = _start(w, i)
        end = _end(w, i + 1, begun=begun)
        if end:
            yield start, end


def _are_of_two_places(w: TokenView, i: int) -> bool:
    """Whether "and" joins the two counties of one force: "Devon and Cornwall Police"."""
    if words("actors-organisations", "of_counties").isdisjoint(w.text[i + 2 : i + 3]):
        return False
    return all(at in places.subdivisions() or at in places.places() or at in places.cities() for at in (w.text[i - 1], w.text[i + 1]))


def by_tails(w: TokenView) -> Iterator[tuple[int, int]]:
    """The tokens of bodies in which the model sees nothing, and whose last word is one that companies end with: "Halvorsen Chemicals"."""
    tails = words("actors-organisations", "generic_tail")
    for i, word in enumerate(w.text):
        if word not in tails or i <= w.headline or not _is_free(w, i) or (i + 1 < len(w) and w.tag[i + 1] in ("NNP", "NNPS", "NN", "NNS")):
            continue
        start = w.run_before(i, _is_free, _LONGEST)
        if start < i:
            yield start, i + 1


def _is_free(w: TokenView, i: int) -> bool:
    return w.tag[i] in NAME_TAGS and w.is_capital(i) and not w.doc[i].ent_type_ and w.lower[i] not in roles()


def _start(w: TokenView, at: int) -> tuple[int, bool]:
    """Where the half before "and" begins; and whether with the noun for a body, before "of" or "for" and further fields."""
    heads, fields = words("actors-organisations", "words"), words("actors-organisations", "fields")
    start = _run(w, at)
    first = start
    while first > 1 and w.text[first - 1] == "," and w.text[first - 2] in fields:  # "Rail, Maritime and Transport"
        first = _run(w, first - 1)
    if first > 1 and w.lower[first - 1] in ("of", "for", "on") and w.text[first - 2] in heads:
        return _run(w, first - 1), True
    return start, False


def _run(w: TokenView, end: int) -> int:
    """Where the capitalised words that end before token `end` begin."""
    start, sentence = end, w.sentence[end - 1]
    while start > max(w.headline, end - _LONGEST) and _is_word(w, start - 1) and w.sentence[start - 1] == sentence:
        start -= 1
        if start > 1 and w.text[start - 1] == "-" and not w.spaced(start):  # "US-China Economic and Security Commission"
            start -= 1
    return start


def _end(w: TokenView, first: int, *, begun: bool) -> int | None:
    """Where the half behind "and" ends: behind its last noun for a body, or behind the place that follows the field."""
    heads = words("actors-organisations", "words") | words("actors-organisations", "joined")
    stop = w.run_behind(first - 1, _is_word, _LONGEST)
    ends = [i + 1 for i in range(first + 1, stop) if w.text[i] in heads]
    if ends:
        return ends[-1]
    if begun:
        return None if any(w.lower[i] in roles() for i in range(first, stop)) else stop
    return stop if stop - first > 1 and w.string(first + 1, stop) in places.places() else None


def _is_word(w: TokenView, i: int) -> bool:
    return w.tag[i] in _TAGS and w.is_capital(i)
