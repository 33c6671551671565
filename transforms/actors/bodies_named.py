"""Which of the names near by "the company", "the club" or "the country" stands for; none where two may be meant."""

import functools
from collections import Counter
from collections.abc import Callable
from typing import Final

from transforms.actors import places
from transforms.actors.mention import Cluster, Name
from transforms.actors.token_view import TokenView
from transforms.words.lexicon import lexicon, words

NamesIn = dict[int, list[tuple[Cluster, Name]]]  # sentence -> the names in it
NEAR: Final = 3  # sentences back within which "the company" finds its name
_APPOSITION: Final = 8  # words of an apposition up to its noun
_OFTEN: Final = 3  # mentions of the body that a text is about
_WITH_MEMBERS: Final = frozenset(["Party", "Club", "Group", "Union", "Alliance", "Movement", "Front", "Coalition"])
DEFINITE: Final = frozenset(["the", "this", "that", "its", "his", "her", "their", "our"])
_STATES: Final = frozenset(["country", "nation", "republic", "kingdom"])
_TOWNS: Final = frozenset(["city", "town", "capital"])
_OTHER: Final = frozenset(
    ["other", "another", "two", "three", "both", "new", "next", "first", "many", "several", "all", "rival", "any", "every", "each", "no"]
)


def body_meant(w: TokenView, index: NamesIn, start: int, head: int) -> Cluster | None:
    """The organisation that "the company" stands for: the only one near before, or the subject of the sentence before."""
    noun = w.lower[head]
    described = next((c for c, n in index.get(w.sentence[head], ()) if n.end == head and c.type == "organisation"), None)
    if described and noun in companies():  # "the Guardian newspaper"
        return described
    if w.text[head + 1 : head + 2] == [","] and (named := _in_apposition(w, index, head + 2)):
        return named
    so_called = _so_described(w, index, start, noun) if head - start == 1 else None
    if so_called is not None and noun not in companies():
        return so_called
    if head - start == 1 and noun not in companies():
        return _by_its_noun(w, index, start, noun)
    if head - start > 2 or noun not in companies() or any(w.lower[i] in _OTHER or w.is_capital(i) for i in range(start + 1, head)):
        return None
    nearest = _nearest(w, index, start, lambda c: c.type == "organisation" and _can_be(noun, c))
    return None if nearest is not None and _is_only_beside(w, index, start, nearest) else nearest or so_called


def _by_its_noun(w: TokenView, index: NamesIn, start: int, noun: str) -> Cluster | None:
    """What "the ministry", "the club" or "the group" stands for: by its name, or as the one that is told of."""
    if noun not in words("actors-organisations", "of_others"):
        called = _called(w, index, start, noun)
        return called or (_told_of_most(w, index, start, noun) if noun in words("actors-organisations", "of_members") else None)
    if w.lower[start] != "the":
        return None
    return _ending_so(w, index, start, noun) or (_told_of_just_now(w, index, start) if noun == "group" else None)


def _in_apposition(w: TokenView, index: NamesIn, at: int) -> Cluster | None:
    """The organisation whose name begins at token `at` and ends an apposition: "The union, Norgrid Workers United (NWU), said"."""
    for cluster, name in index.get(w.sentence[at - 1], ()):
        if name.start == at or (name.start == at + 1 and w.lower[at] == "the"):
            closed = w.text[name.end : name.end + 1] in ([","], ["."], ["("], [":"])
            return cluster if closed and cluster.type == "organisation" else None
    return None


def _so_described(w: TokenView, index: NamesIn, start: int, noun: str) -> Cluster | None:
    """The body that was called so just before, "Jaish, a militant group" or "the charity Reliance": "the group" is that one."""
    for sentence in range(w.sentence[start], w.sentence[start] - NEAR - 1, -1):
        named = [(c, n) for c, n in index.get(sentence, ()) if c.type == "organisation" and n.start < start]
        for cluster, name in sorted(named, key=lambda found: -found[1].start):
            if w.lower[name.start - 1] == noun or noun == _noun_behind(w, name.end):
                return cluster
    return None


def _noun_behind(w: TokenView, comma: int) -> str | None:
    """The last noun of what a comma sets off behind a name: the "group" of ", a militant group outlawed in 2002"."""
    if w.text[comma : comma + 1] != [","] or w.lower[comma + 1 : comma + 2] not in (["a"], ["an"], ["the"], ["another"]):
        return None
    end = w.run_behind(comma + 1, lambda view, i: view.tag[i].startswith(("NN", "JJ", "HYPH", "VBG", "CD")), _APPOSITION)
    return w.lower[end - 1] if w.tag[end - 1] == "NN" else None


def _ending_so(w: TokenView, index: NamesIn, start: int, noun: str) -> Cluster | None:
    """The only body named just before whose name ends with the noun: "the government" is the Halden Provincial Government."""
    near = (found for s in range(w.sentence[start] - NEAR, w.sentence[start] + 1) for found in index.get(s, ()))
    ending = {
        id(c): c for c, n in near if c.type == "organisation" and n.start < start and n.words[-1].lower() == noun and len(n.words) > 1
    }
    return next(iter(ending.values())) if len(ending) == 1 else None


def _told_of_just_now(w: TokenView, index: NamesIn, start: int) -> Cluster | None:
    """The only body named in this sentence and the one before, where it does something: "Halden Relief left. The group said"."""
    here = w.sentence[start]
    near = [(c, n) for s in (here - 1, here) for c, n in index.get(s, ()) if c.type == "organisation" and n.start < start]
    only = len({id(c) for c, _ in near}) == 1 and any(w.is_subject(n.end) for _, n in near)
    return near[0][0] if only and not _is_known(near[0][0].canonical_name) else None


def _named_before(w: TokenView, index: NamesIn, start: int) -> list[tuple[Cluster, Name]]:
    """The names of organisations before token `start`, as they come."""
    return [(c, n) for s in range(w.sentence[start] + 1) for c, n in index.get(s, ()) if c.type == "organisation" and n.start < start]


def _called(w: TokenView, index: NamesIn, start: int, noun: str) -> Cluster | None:
    """The only body named so far with the noun in its name: "the ministry" is the Ministry of Health; none where "a ministry" came after."""
    called = {id(c): (c, n) for c, n in _named_before(w, index, start) if noun in c.canonical_name.lower().split()}
    if len(called) > 1:  # of several universities the one that was named just before
        called = {key: (c, n) for key, (c, n) in called.items() if w.sentence[start] - w.sentence[n.start] <= NEAR}
    if len(called) != 1:
        return None
    (cluster, last), *_ = called.values()
    others = (i for i in range(last.end, start) if w.lower[i] == noun and w.text[i] == noun)
    return None if any(w.tag[i + 1 : i + 2] != ["NN"] and w.lower[i - 1] not in DEFINITE for i in others) else cluster


def _is_only_beside(w: TokenView, index: NamesIn, start: int, near: Cluster) -> bool:
    """Whether a firm was named just once, beside one that the text began with and named more often: "Norvia is not alone. Acme cut jobs, too"."""
    before = _named_before(w, index, start)
    first = before[0][0] if before else near
    here = any(c is near and w.sentence[n.start] == w.sentence[start] for c, n in before)
    return not here and first is not near and sum(c is near for c, _ in before) == 1 and sum(c is first for c, _ in before) >= _OFTEN


def _told_of_most(w: TokenView, index: NamesIn, start: int, noun: str) -> Cluster | None:
    """The body that a text names again and again, and all others far less: "the club" and "the band" are nobody else.

    A club is named once where it is the only body so far.
    """
    before = _named_before(w, index, start)
    counts = Counter(id(c) for c, _ in before if _has_members(c))
    if not counts:
        return None
    (first, most), *others = counts.most_common(2)
    clear = (noun == "club" and not others) or (most >= _OFTEN and (not others or most >= 2 * others[0][1]))
    return next(c for c, _ in before if id(c) == first) if clear else None


def _has_members(cluster: Cluster) -> bool:
    """Whether a body may be a club or a band: no office, outlet, company or service by its form."""
    parts = frozenset(cluster.canonical_name.split())
    others = (words("actors-organisations", "words") | words("actors-organisations", "legal")) - _WITH_MEMBERS
    return not _is_known(cluster.canonical_name) and parts.isdisjoint(others)


def _is_known(name: str) -> bool:
    """Whether a body is known as an office or an outlet by its name."""
    return name in words("actors-organisations", "offices") or name in words("facts-sources", "outlets")


def _can_be(noun: str, cluster: Cluster) -> bool:
    """Offices, parliaments, parties, unions and clubs are no companies; "the magazine" is one only by its name."""
    name = cluster.canonical_name
    if noun in words("actors-organisations", "outlets"):
        return _is_outlet(name, noun)
    if name.split()[-1] in words("actors-organisations", "legal"):  # "First Union Corp"
        return True
    public = name in words("actors-organisations", "offices") or not words("actors-organisations", "public").isdisjoint(name.split())
    club = len(name.split()) > 1 and name.split()[-1] in words("actors-organisations", "club_alone")
    return not ((public or club) and noun in companies())


def _is_outlet(name: str, noun: str) -> bool:
    """Whether a name is known as a newspaper's, magazine's or broadcaster's, or has a title's word in it: "The Norvia Courier"."""
    parts = name.split()
    known = name in words("facts-sources", "outlets") or name.removeprefix("The ") in words("facts-sources", "outlets")
    return known or noun in name.lower().split() or not words("facts-sources", "title_words").isdisjoint(parts)


def place_meant(w: TokenView, index: NamesIn, start: int, head: int) -> Cluster | None:
    if head - start > 1:
        return None
    if w.lower[head + 1 : head + 3] in (["known", "as"], ["called", "the"]):  # "the nation known as the Sultanate"
        return None
    if w.lower[head] in _STATES:
        return _nearest(w, index, start, lambda c: c.known is not None and c.known.key.startswith("country:"))
    if w.lower[head] in _TOWNS:
        return _nearest(w, index, start, lambda c: c.type == "place" and c.canonical_name in places.cities())
    return None


def _nearest(w: TokenView, index: NamesIn, at: int, fits: Callable[[Cluster], bool]) -> Cluster | None:
    """The only fitting one named in the sentences just before; of several the subject of the last of them that names one."""
    sentence = w.sentence[at]
    near = [[(c, n) for c, n in index.get(sentence - back, ()) if n.start < at and fits(c)] for back in range(NEAR + 1)]
    if len({id(c) for here in near for c, _ in here}) == 1:
        return next(c for here in near for c, _ in here)
    last = next((here for here in near if here), [])
    subjects = {id(c): c for c, n in last if w.is_subject(n.end)}
    if len(subjects) == 1:
        return next(iter(subjects.values()))
    return last[0][0] if len({id(c) for c, _ in last}) == 1 else None


@functools.cache
def companies() -> frozenset[str]:
    return frozenset(lexicon("actors-organisations")["nouns"]["company"])


@functools.cache
def bodies() -> frozenset[str]:
    return companies() | frozenset(lexicon("actors-organisations")["nouns"]["body"])
