"""Persons' names that marks, particles or apostrophes part, so that the model cuts them: "Earvin “Magic” Johns", "Erik ten Hagen", "Michael O' Leary"."""

from collections.abc import Iterator

from transforms.actors import places
from transforms.actors.persons import first_names, honorifics, roles
from transforms.actors.token_view import TokenView
from transforms.parse.token_tree import INSIDE
from transforms.words.lexicon import words

_OPENING = {'"': '"', "“": "”", "‘": "’", "'": "'", "``": "''"}  # mark -> the one that closes it
_LONGEST = 3  # words of a nickname
# What stands in small letters inside a surname. "la", "do" and the like are words in other places, so a person has to stand before them.
PARTICLES = frozenset(
    ["de", "da", "di", "do", "du", "del", "della", "der", "den", "van", "von", "bin", "bint", "ibn", "al", "el", "la", "le", "dos", "das"]
) | frozenset(["ten", "ter", "te", "zu", "zum", "y", "abu", "af", "av", "dela", "los", "las", "dal", "dalla", "degli", "lo", "mac", "ul"])


def parted(w: TokenView) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Tokens start..end of such names, with the words that make the name: a nickname is none of them."""
    for i in range(w.headline, len(w) - 2):
        if w.tag[i] != "NNP" or not w.is_capital(i) or not w.text[i][-1].isalnum() or w.sentence[i] != w.sentence[i + 1]:
            continue
        end = _behind_nickname(w, i + 1)
        if end and _is_person(w, i, end):
            start = _with_first_names(w, i)
            yield start, end, (*w.text[start : i + 1], w.text[end - 1])
        end = _behind_particles(w, i + 1) or _behind_apostrophe(w, i + 1)
        if end and _is_person(w, i, end):
            start = _with_first_names(w, i)
            yield start, end, tuple(w.text[start:end])


def over_links(w: TokenView, end: int) -> int:
    """Where a name that ends before token `end` ends with what hyphens tie to it over a small word: "Halden-upon-Tarn", "Kelby-on-the-Wold"."""
    if end + 3 >= len(w) or w.text[end] != "-" or w.text[end + 1] not in words("actors-places", "links"):
        return end
    last = end + 3 if w.text[end + 3] not in words("actors-places", "links") else end + 5
    tied = last < len(w) and all(w.text[i] == "-" for i in range(end, last, 2)) and not any(w.spaced(i) for i in range(end, last + 1))
    return last + 1 if tied and w.is_capital(last) else end


def _with_first_names(w: TokenView, i: int) -> int:
    """Where the name begins whose word i stands before the part: "Maria Luisa de Souza"."""
    return w.run_before(i, lambda w, k: w.text[k] in first_names() and w.tag[k] == "NNP", len(w))


def _behind_nickname(w: TokenView, at: int) -> int | None:
    """Where the name ends whose nickname opens at token `at`: a surname follows the closing mark."""
    closing = _OPENING.get(w.text[at])
    if closing is None or not w.spaced(at) or w.spaced(at + 1) or not w.is_capital(at + 1):
        return None
    last = next((i for i in range(at + 2, min(len(w) - 1, at + 2 + _LONGEST)) if w.text[i] == closing), None)
    if last is None or w.spaced(last) or not w.spaced(last + 1):
        return None
    inner = all(w.is_capital(i) or w.lower[i] in ("the", "of", "-", "'s", "’s") for i in range(at + 1, last))
    return last + 2 if inner and w.tag[last + 1] == "NNP" and w.is_capital(last + 1) else None


def _behind_particles(w: TokenView, at: int) -> int | None:
    """Where the name ends that goes on with particles at token `at` and a capital behind them."""
    end = at
    while end < len(w) - 1 and w.text[end] in PARTICLES and end - at < _LONGEST:
        end += 1
    return end + 1 if end > at and w.is_capital(end) and w.tag[end] in ("NNP", "NNPS") and w.sentence[end] == w.sentence[at] else None


def _behind_apostrophe(w: TokenView, at: int) -> int | None:
    """Where "O' Leary" ends, which writers part with a blank."""
    if w.text[at] in ("O'", "O’"):
        end = at + 1
    elif w.text[at] == "O" and w.text[at + 1] in ("'", "’") and not w.spaced(at + 1):
        end = at + 2
    else:
        return None
    return end + 1 if end < len(w) and w.is_capital(end) and w.tag[end].startswith("NNP") and not w.text[end].isupper() else None


def _is_person(w: TokenView, start: int, end: int) -> bool:
    """Whether tokens start..end may be a person's name: a first name begins it, or the model sees a person in it, and no place or body is called so."""
    named = w.string(start, end)
    if w.text[end - 1] in words("actors-not", "ends") or w.text[start] in honorifics() or w.lower[start] in roles():
        return False
    if named in places.cities() or named in places.places():
        return False
    kinds = {w.doc[i].ent_type_ for i in (start, end - 1)}
    whole = w.doc[start].ent_type_ == w.doc[end - 1].ent_type_ in ("ORG", "GPE", "LOC", "FAC", "WORK_OF_ART") and all(
        w.doc[i].ent_iob == INSIDE for i in range(start + 1, end)
    )
    return not whole and (w.text[start] in first_names() or "PERSON" in kinds)
