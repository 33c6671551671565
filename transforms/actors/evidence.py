"""Of what type a name is: the evidence of all its mentions, weighed by the table `actors-evidence`.

Person, organisation and place are decided for a cluster as a whole, never for one mention.
"""

import functools
from collections import Counter
from collections.abc import Sequence

from schemas.actor import ActorType
from transforms.actors import places
from transforms.actors.mention import Name
from transforms.actors.persons import first_names, roles
from transforms.actors.words import Words
from transforms.lexicon import lexicon, words

Votes = Counter[ActorType]
_REMEMBERED = 50_000  # forms kept a process: bounded, so that memory stays flat over a long run
_WITHIN = frozenset(["in", "near", "across", "outside", "around", "inside", "throughout"])


@functools.cache
def _weight(kind: ActorType, sign: str) -> float:
    return float(lexicon("actors-evidence")[kind][sign])


def votes_for(w: Words, names: Sequence[Name]) -> Votes:
    """The weighed evidence for each type, from what the name is and from where its mentions stand."""
    votes: Votes = Counter()
    known = next((n.known for n in names if n.known), None)
    if known:
        votes[known.type] += _weight(known.type, "known") if known.type in ("place", "group") else 8.0
    votes.update(_by_form(names[0].words))
    labels = Counter(n.label for n in names if n.label)
    cap = lexicon("actors-evidence")["limits"]["model_cap"]
    for label, count in labels.items():
        votes[label] += min(cap, _weight(label, "model") * count)
    for name in names:
        _by_context(w, name, votes)
    return votes


@functools.lru_cache(maxsize=_REMEMBERED)
def _by_form(form: tuple[str, ...]) -> dict[ActorType, float]:
    """What the words of a name say by themselves."""
    votes: Votes = Counter()
    text, first, last = " ".join(form), form[0], form[-1]
    begins = lexicon("actors-organisations")["begins"]
    if last in words("actors-organisations", "legal") and len(form) > 1:
        votes["organisation"] += _weight("organisation", "legal_form")
    elif text in words("actors-organisations", "offices"):
        votes["organisation"] += _weight("organisation", "office")
    elif not words("actors-organisations", "words").isdisjoint(form) or any(text.startswith(b) for b in begins):
        votes["organisation"] += _weight("organisation", "word")
    elif len(form) > 1:
        votes["person"] += _first_name_weight(form)
    if len(form) == 1 and first.isupper() and len(first) <= 5:
        votes["organisation"] += _weight("organisation", "acronym")
    if len(form) > 1 and (last in words("actors-places", "ends") or first in words("actors-places", "begins")):
        votes["place"] += _weight("place", "word")
    if text in places.capitals():
        votes["place"] += _weight("place", "capital")
    elif text in places.cities():
        votes["place"] += _weight("place", "city")
    elif text in places.subdivisions():
        votes["place"] += _weight("place", "subdivision")
    return dict(votes)


def _first_name_weight(form: tuple[str, ...]) -> float:
    if form[0] in first_names() and len(form) <= 5:
        rare = form[0] in places.cities() or first_names()[form[0]] == "either"
        return _weight("person", "rare_first_name" if rare else "first_name")
    initial = len(form) == 3 and len(form[1].rstrip(".")) == 1  # "Lewis W. Teperman"
    return _weight("person", "first_name") if initial else 0.0


def _by_context(w: Words, name: Name, votes: Votes) -> None:
    before = w.lower[name.start - 1] if name.start else ""
    after = w.lower[name.end] if name.end < len(w) else ""
    if name.title:
        sign = "honorific" if name.title.text is None and name.title.head is None else "title"
        votes["person"] += _weight("person", sign)
    if after == "," and name.end + 2 < len(w) and _is_age(w, name.end + 1):
        votes["person"] += _weight("person", "age")
    if after == "who" or (after == "," and name.end + 1 < len(w) and w.lower[name.end + 1] == "who"):
        votes["person"] += _weight("person", "relative")
    if after in words("actors-organisations", "after") or (after in ("'s", "’s") and w.lower[name.end + 1 : name.end + 2] == ["shares"]):
        votes["organisation"] += _weight("organisation", "belongings")
    if before in ("of", "at", "for") and name.start > 1 and w.lower[name.start - 2] in _leading():
        votes["organisation"] += _weight("organisation", "led")
    if before in _bodies() or _is_body_behind(w, name.end):
        votes["organisation"] += _weight("organisation", "described")
    if before == "of" and name.start > 1 and w.lower[name.start - 2] in words("actors-places", "nouns"):
        votes["place"] += _weight("place", "described")
    if before in _WITHIN:
        votes["place"] += _weight("place", "inside")


def _is_age(w: Words, i: int) -> bool:
    return w.text[i].isdigit() and len(w.text[i]) <= 2 and i + 1 < len(w) and w.text[i + 1] in (",", ".", ")")


def _is_body_behind(w: Words, end: int) -> bool:
    """Whether an apposition calls the name a company or body: "NPD Group, a market research firm"."""
    if end + 2 >= len(w) or w.text[end] != "," or w.lower[end + 1] not in ("a", "an", "the", "one"):
        return False
    for i in range(end + 2, min(end + 10, len(w))):
        if not (w.tag[i].startswith(("NN", "JJ", "HYPH")) or w.tag[i] in ("POS", "RBS", "VBG", "CD")):
            return False
        if w.lower[i] in _bodies():
            return i + 1 >= len(w) or not w.tag[i + 1].startswith("NN")
    return False


@functools.cache
def _bodies() -> frozenset[str]:
    nouns = lexicon("actors-organisations")["nouns"]
    return frozenset(nouns["company"]) | frozenset(nouns["body"])


@functools.cache
def _leading() -> frozenset[str]:
    """Roles that somebody has in an organisation rather than in a place."""
    return frozenset(
        ["executive", "officer", "ceo", "chairman", "founder", "co-founder", "director", "head", "boss", "employee"]
    ) & frozenset(roles())


def decided(votes: Votes) -> ActorType:
    """The type with the most evidence; ties go to the earlier of person, organisation, place, group."""
    order: tuple[ActorType, ...] = ("person", "organisation", "place", "group")
    return max(order, key=votes.__getitem__)
