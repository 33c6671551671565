"""What the words of a name say by themselves of what it names: a legal form, a first name, a word of places."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator

from transforms.actors import places
from transforms.actors.persons import first_names
from transforms.annotate.tokens import is_word, only_noun
from transforms.words.lexicon import lexicon, words

Votes = defaultdict[str, float]  # an ActorType or "thing" -> weight
_REMEMBERED = 50_000  # forms kept a process: bounded, so that memory stays flat over a long run
_LONGEST_ACRONYM = 5


@functools.cache
def weight_of(kind: str, sign: str) -> float:
    """How much a sign of a type weighs, by its name in actors-evidence.toml."""
    return float(lexicon("actors-evidence")[kind][sign])


@functools.lru_cache(maxsize=_REMEMBERED)
def by_form(text: str, form: tuple[str, ...]) -> dict[str, float]:
    """What the words of a name say by themselves."""
    alone, first, last = len(form) == 1, form[0], form[-1]
    initialled = len(form) == 2 and _are_initials(first)  # "A Olsen", "JK Olsen"
    votes: Votes = defaultdict(float)
    votes["organisation"] += _weights("organisation", _signs_of_body(text, form))
    votes["place"] += _place_word_weight(form) + _weights("place", _signs_of_place(text))
    votes["person"] += 0.0 if alone else _first_name_weight(form)
    votes["person"] += weight_of("person", "known_surname") * (alone and first in words("actors-titles", "surnames", "words"))
    votes["person"] += weight_of("person", "initial") * (initialled and _is_surname(last))
    votes["ending"] += not last.endswith(("s", "i", "an", "ese", "ish"))
    votes["common noun"] += alone and _is_common_noun(first)
    votes["common plural"] += (
        alone and first.endswith("s") and _is_common_noun(first) and first not in words("actors-organisations", "clubs")
    )
    votes["no person"] += not alone and not words("actors-not", "in_no_person").isdisjoint(form[1:] if initialled else form)
    return dict(votes)


def _are_initials(word: str) -> bool:
    """Whether a word is one letter, or two capitals that are no state's."""
    return len(word) == 1 or (len(word) == 2 and word.isalpha() and word.isupper() and places.country_of(word) is None)


def _signs_of_body(text: str, form: tuple[str, ...]) -> Iterator[str]:
    """The first sign of an organisation that a name has, and that it looks like an acronym."""
    lex = lexicon("actors-organisations")
    several, last = len(form) > 1, form[-1]
    signs = {
        "legal_form": several and last in words("actors-organisations", "legal"),
        "office": text in words("actors-organisations", "offices"),
        "company": text in words("actors-organisations", "companies"),
        "word": not words("actors-organisations", "words").isdisjoint(form)
        or any(text.startswith(b) for b in lex["begins"])
        or _is_centre(form),
        "club": several and last in words("actors-organisations", "clubs"),
        "tail": several and last in words("actors-organisations", "generic_tail"),
    }
    yield from [sign for sign, there in signs.items() if there][:1]
    if not several and last.isupper() and len(last) <= _LONGEST_ACRONYM:
        yield "acronym"


def _is_centre(form: tuple[str, ...]) -> bool:
    """Whether a centre is a body by what it does: "the Halden Litigation Centre", but not "the Halden Shopping Centre"."""
    return form[-1] in ("Centre", "Center") and not words("actors-organisations", "of_centres").isdisjoint(form)


def _signs_of_place(text: str) -> list[str]:
    """Whether the tables have a capital, else a city, else a region of that name."""
    signs = {"capital": text in places.capitals(), "city": text in places.cities(), "subdivision": text in places.subdivisions()}
    return [sign for sign, there in signs.items() if there][:1]


def _is_common_noun(word: str) -> bool:
    return word.istitle() and (only_noun(word) or (word.endswith("s") and is_word(word)))


def _weights(kind: str, signs: Iterable[str]) -> float:
    return sum((weight_of(kind, sign) for sign in signs), 0.0)


def _is_surname(word: str) -> bool:
    """Whether what stands behind an initial is a surname, and no place or other word: "C Hodgson", not "S Korea", "D Day"."""
    return len(word) > 2 and word.istitle() and word not in places.places() and not is_word(word)


def _place_word_weight(form: tuple[str, ...]) -> float:
    if len(form) > 1 and form[-1] in words("actors-places", "sure_ends"):
        return weight_of("place", "sure_word")
    named_so = form[-1] in words("actors-places", "ends") or form[0] in words("actors-places", "begins")
    return weight_of("place", "word") if len(form) > 1 and named_so else 0.0


def _first_name_weight(form: tuple[str, ...]) -> float:
    if form[-1] in words("actors-places", "no_surnames") or form[-1] in words("actors-places", "sure_ends"):  # "Franklin County"
        return 0.0
    if form[0] in first_names() and len(form) <= 5:
        rare = form[0] in places.cities() or first_names()[form[0]] == "either"
        return weight_of("person", "rare_first_name" if rare else "first_name")
    initial = len(form) == 3 and len(form[1].rstrip(".")) == 1  # "Lewis W. Teperman"
    return weight_of("person", "first_name") if initial else 0.0
