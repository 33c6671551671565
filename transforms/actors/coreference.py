"""Which names are one actor: the same words, a surname and its full name, a short form, an acronym and its expansion.

Names are joined by form first, within what their evidence allows; a surname that two people share goes to the one
who was named last before it.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.actors import places
from transforms.actors.evidence import decided, total
from transforms.actors.mention import IN_CAPITALS, Cluster, Name, Title
from transforms.actors.name_forms import Votes
from transforms.actors.persons import first_names, gender_of
from transforms.actors.split_names import PARTICLES
from transforms.actors.token_view import TokenView
from transforms.words.lexicon import lexicon, words

_SUFFIXES = frozenset(["Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV", "Junior", "Senior"])
_FAR_MORE = 3
_JUST = 2  # sentences over which a surname goes on with whoever of several people was named last
_DOUBTFUL = 3.0  # evidence below which a first name may still be a person's
_NOBODY = 3.0  # evidence of a person below which a name may be a body's short form
_STRONG = 6.0  # evidence past which a bare surname is rather the place or organisation of that name


class _Groups:
    """Keys joined into groups: union-find over a few dozen strings."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._above = {key: key for key in keys}

    def of(self, key: str) -> str:
        while self._above[key] != key:
            key = self._above[key]
        return key

    def join(self, key: str, other: str) -> None:
        self._above[self.of(key)] = self.of(other)


def clusters_of(w: TokenView, names: Sequence[Name]) -> list[Cluster]:
    """The names grouped by actor, each group with its type, in order of first mention."""
    by_key: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        by_key[name.key].append(name)
    votes = {key: total(group) for key, group in by_key.items()}
    groups = _Groups(list(by_key))
    free = {key: group for key, group in by_key.items() if not group[0].known}
    _join_capitals(free, groups)
    _join_acronyms(w, free, votes, groups)
    _join_short_forms(free, votes, groups)
    _join_people(free, votes, groups)
    shared = _surnames(w, free, votes, groups)
    made: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        made[shared.get(name) or groups.of(name.key)].append(name)
    found = (_cluster(group) for group in made.values())
    return sorted((c for c in found if c), key=lambda c: c.first)


def _cluster(names: list[Name]) -> Cluster | None:
    """The cluster of some names with its type; None where they name a thing."""
    names.sort(key=lambda n: n.start)
    known = next((n.known for n in names if n.known), None)
    kind = known.type if known else decided(total(names))
    if kind is None:
        return None
    cluster = Cluster(names, kind, known)
    cluster.titles = [n.title for n in names if n.title] if kind == "person" else []
    _describe(cluster)
    return cluster


def _describe(cluster: Cluster) -> None:
    """Canonical name, country and gender, from all names of the cluster."""
    if cluster.known:
        cluster.canonical_name, cluster.country = cluster.known.canonical_name, cluster.known.country
        return
    longest = max(cluster.names, key=_fullness)
    cluster.canonical_name = " ".join(longest.text.split())
    if cluster.type == "person":
        cluster.gender = _gender(cluster.titles, longest)
        cluster.country = next((t.country for t in cluster.titles if t.country), None)
    elif cluster.type == "place":
        cluster.country = next((c for n in cluster.names if (c := places.country_of(n.text))), None)


def _fullness(name: Name) -> tuple[bool, int, int, int]:
    """How well a name serves as the canonical one: the one with most words, not all in capitals, the first of equals."""
    return not (name.text.isupper() and len(name.text) >= IN_CAPITALS), len(name.words), len(name.text), -name.start


def _gender(titles: Sequence[Title], longest: Name) -> str | None:
    said = next((t.gender for t in titles if t.gender), None)
    if said or len(longest.words) < 2:
        return said
    return gender_of(first_names().get(longest.words[0]))


def _join_capitals(by_key: dict[str, list[Name]], groups: _Groups) -> None:
    """A name in capitals is the name: "CLINTON" in a headline or dateline is the Clinton of the text."""
    spelled = {key.upper(): key for key in by_key if not key.isupper()}
    for key in by_key:
        if key.isupper() and len(key) >= IN_CAPITALS and key in spelled:
            groups.join(key, spelled[key])


def _join_acronyms(w: TokenView, by_key: dict[str, list[Name]], votes: dict[str, Votes], groups: _Groups) -> None:
    """An acronym in brackets behind its expansion, or anywhere, where the initials of just one longer name spell it."""
    ends = {n.end: n for group in by_key.values() for n in group}
    initials: dict[str, list[str]] = defaultdict(list)
    for key, group in by_key.items():
        form = group[0].words
        if len(form) > 1 and votes[key]["person"] < max(votes[key]["organisation"], votes[key]["place"]):
            for spelled in _initials(form):
                initials[spelled].append(key)
    for key, group in by_key.items():
        word = group[0].words[0].replace(".", "")
        if len(group[0].words) > 1:
            continue
        if not (word.isupper() and 2 <= len(word) <= 8):
            _join_shortened(w, group, ends, groups)
            continue
        for name in group:
            before = ends.get(name.start - 1)
            begins = {before.words[0][0].upper(), _without_state(before.words)[0][0].upper()} if before else set()
            if before and w.text[name.start - 1] == "(" and word[0] in begins:
                groups.join(key, before.key)
                break
        else:
            expansions = {groups.of(k) for k in initials.get(word, ())}
            if len(expansions) == 1:
                groups.join(key, expansions.pop())


def _join_shortened(w: TokenView, group: Sequence[Name], ends: Mapping[int, Name], groups: _Groups) -> None:
    """A short form that is no plain acronym is the name that it stands in brackets behind: "Halden National University (HalNU)"."""
    for name in group:
        before = ends.get(name.start - 1)
        bracketed = before and w.text[name.start - 1] == "(" and w.text[name.end : name.end + 1] == [")"]
        if before and bracketed and _is_shortened(name.words[0], before.words):
            groups.join(name.key, before.key)
            return


def _is_shortened(word: str, form: tuple[str, ...]) -> bool:
    """Whether a word has two capitals or more, and its letters stand in this order in a name, beginning with its first."""
    spelled, at = "".join(form).lower(), 0
    if len(form) < 2 or not word.isalpha() or sum(letter.isupper() for letter in word) < 2 or spelled[0] != word[0].lower():
        return False
    for letter in word.lower():
        at = spelled.find(letter, at) + 1
        if not at:
            return False
    return True


def _initials(form: tuple[str, ...]) -> set[str]:
    """What a name's initials spell: with small words and legal form, and without."""
    legal = words("actors-organisations", "legal")
    core = form[:-1] if form[-1] in legal and len(form) > 2 else form
    spelled = {"".join(x[0] for x in f if x[0].isupper()) for f in (form, core, _without_state(core))}
    spelled |= {"".join(x[0] for x in core if x[0].isalpha()).upper()}
    return {s for s in spelled if len(s) >= 2}


def _join_short_forms(by_key: dict[str, list[Name]], votes: dict[str, Votes], groups: _Groups) -> None:
    """The short form is the long one: "Apple" is "Apple Inc.", "NPD" is "NPD Group", where only one longer name begins so."""
    clubs = words("actors-organisations", "club_alone")
    bodies = {key: _bare(group[0].words) for key, group in by_key.items() if votes[key]["person"] < _NOBODY or group[0].words[-1] in clubs}
    by_bare: dict[tuple[str, ...], str] = {}
    for key, bare in bodies.items():
        if bare in by_bare:
            groups.join(key, by_bare[bare])
        by_bare.setdefault(bare, key)
    _join_without_state(by_bare, groups)
    in_full = lexicon("actors-organisations")["short"]
    for short in (b for b in by_bare if len(b) == 1 and b[0] in in_full):
        meant = [by_bare[b] for b in by_bare if " ".join(_without_state(b)) == in_full[short[0]]]
        if len({groups.of(k) for k in meant}) == 1:
            groups.join(by_bare[short], meant[0])
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for bare in by_bare:
        by_first[bare[0]].append(bare)
    for bare, key in by_bare.items():
        meant = [by_bare[b] for b in _longer_of(bare, by_first[bare[0]], by_bare, votes)]
        if len({groups.of(k) for k in meant}) == 1:
            groups.join(key, meant[0])


def _join_without_state(by_bare: dict[tuple[str, ...], str], groups: _Groups) -> None:
    """The body whose state is left out: "the Federal Reserve" is "the US Federal Reserve", where no other state's is named."""
    of_states: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for bare, key in by_bare.items():
        if (rest := _without_state(bare)) != bare and rest in by_bare:
            of_states[rest].append(key)
    for rest, keys in of_states.items():
        if len(keys) == 1:
            groups.join(by_bare[rest], keys[0])


def _without_state(form: tuple[str, ...]) -> tuple[str, ...]:
    """A body's name without the state in front that news adds: "US Federal Reserve"; "US Steel" is no steel."""
    return form[1:] if len(form) > 2 and form[0].isupper() and places.country_of(form[0]) is not None else form


def _longer_of(
    bare: tuple[str, ...], alike: Sequence[tuple[str, ...]], by_bare: dict[tuple[str, ...], str], votes: dict[str, Votes]
) -> list[tuple[str, ...]]:
    """The longer names that a name may be short for: those that only add "Group" or the like, else those with "the Front" in them, else bodies."""
    tails, clubs = words("actors-organisations", "generic_tail"), words("actors-organisations", "club_alone")
    longer = [b for b in alike if len(b) > len(bare) and b[: len(bare)] == bare]
    if with_tail := [b for b in longer if all(x in tails for x in b[len(bare) :])]:
        return with_tail
    if len(bare) > 1 and places.country_of(" ".join(bare)) is not None:
        return []  # "South Dakota" is the state, whatever body of it is named too
    if len(bare) == 1:
        if bare[0] in clubs or bare[0] in _bodies():
            return [b for b in by_bare if len(b) > 1 and bare[0] in b]
        ends = bare[0] in words("actors-organisations", "clubs") and places.country_of(bare[0]) is None
        return [b for b in by_bare if len(b) > 1 and b[-1] == bare[0]] if ends else []
    return [b for b in longer if votes[by_bare[b]]["organisation"] >= votes[by_bare[b]]["place"]]


@functools.cache
def _bodies() -> frozenset[str]:
    """Nouns for a body that, capitalised and alone, stand for the only one named with it: "the Front", but not "Parliament"."""
    lex, others = lexicon("actors-organisations"), words("actors-organisations", "of_others")
    return frozenset(noun for noun in lex["words"] if noun not in lex["offices"] and noun.lower() not in others)


def _bare(form: tuple[str, ...]) -> tuple[str, ...]:
    """An organisation's name without its legal form."""
    legal = words("actors-organisations", "legal")
    end = len(form)
    while end > 1 and (form[end - 1] in legal or form[end - 1] in (",", "&")):
        end -= 1
    return form[:end]


def _join_people(by_key: dict[str, list[Name]], votes: dict[str, Votes], groups: _Groups) -> None:
    """Full names of one person: "Tim Cook" and "Timothy D. Cook"."""
    by_last: dict[str, list[str]] = defaultdict(list)
    for key, group in by_key.items():
        if len(group[0].words) > 1 and decided(votes[key]) == "person":
            by_last[_without_suffix(group[0].words)[-1]].append(key)
    for alike in by_last.values():
        for n, key in enumerate(alike):
            for other in alike[n + 1 :]:
                if _one_person(by_key[key][0].words, by_key[other][0].words):
                    groups.join(other, key)


def _one_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names with the same surname are one person's, by their first names."""
    a, b = _without_suffix(one), _without_suffix(other)
    if len(a) < 2 or len(b) < 2:
        return False
    first, second = a[0].rstrip("."), b[0].rstrip(".")
    short = lexicon("actors-nicknames")["short_of"]
    same = first == second or second in short.get(first, ()) or first in short.get(second, ())
    return same or (1 in (len(first), len(second)) and first[0] == second[0])


def _without_suffix(form: tuple[str, ...]) -> tuple[str, ...]:
    while len(form) > 1 and (form[-1] in _SUFFIXES or form[-1] == ","):
        form = form[:-1]
    return form


@dataclass(frozen=True, slots=True)
class _People:
    """The parts of full names that may stand alone: who has each as surname, who as first names, and those of kings and popes."""

    by_surname: dict[str, list[Name]]
    by_first: dict[str, set[str]]  # the groups of those who have them
    by_middle: dict[str, set[str]]  # the same, of the word before a particle within a name: "Bento" of "Luis Bento da Costa"
    crowned: set[str]

    @classmethod
    def of(cls, by_key: dict[str, list[Name]], votes: dict[str, Votes], groups: _Groups) -> "_People":
        """Every part of the names of persons; a hyphenated name is one name."""
        people = cls(defaultdict(list), defaultdict(set), defaultdict(set), set())
        for key, group in by_key.items():
            form = _without_suffix(group[0].words)
            if len(form) > 1 and decided(votes[key]) == "person":
                for cut in (i for i in range(1, len(form)) if "-" not in form[i - 1 : i + 1]):
                    people._add(group, form, cut, groups.of(key))
        return people

    def _add(self, group: list[Name], form: tuple[str, ...], cut: int, whose: str) -> None:
        surname, first = " ".join(form[cut:]), " ".join(form[:cut])
        self.by_surname[surname].extend(group)
        if form[cut] in PARTICLES:  # "Ruud van Nistelrooy", and alone "Van Nistelrooy"
            self.by_surname[surname[0].upper() + surname[1:]].extend(group)
        self.by_first[first].add(whose)
        if cut > 1 and form[cut] in PARTICLES:
            self.by_middle[form[cut - 1]].add(whose)
        if _reigns(group):
            self.crowned.update((surname, first))


def _surnames(w: TokenView, by_key: dict[str, list[Name]], votes: dict[str, Votes], groups: _Groups) -> dict[Name, str]:
    """Each bare surname, or first names, with the group of the full name that it stands for."""
    people = _People.of(by_key, votes, groups)
    found: dict[Name, str] = {}
    for key, group in by_key.items():
        spaced = _behind_post(group[0].words, people)
        if _reigns(group) and spaced not in people.crowned:  # "Prince Charles" is no Charles Roe
            continue
        if (full := people.by_surname.get(spaced)) is not None and votes[key]["place"] < _STRONG:
            owners = {groups.of(f.key) for f in full}
            rival = groups.of(key) != key or votes[key]["organisation"] >= _STRONG
            for name in (n for n in group if (not rival or _is_persons(n, spaced)) and not _is_of_other_sex(n, full)):
                before = _by_first_name(name, full, people.by_first.get(spaced, set()), by_key, groups)
                found[name] = before or (next(iter(owners)) if len(owners) == 1 else groups.of(_meant(w, name, full, groups).key))
        elif spaced in people.by_first and votes[key]["organisation"] + votes[key]["place"] < _DOUBTFUL:
            meant = _main_of(people.by_first[spaced], by_key, groups, people.by_surname)
            if meant:
                found |= dict.fromkeys(group, meant)
        elif len(people.by_middle.get(spaced, ())) == 1 and votes[key]["organisation"] + votes[key]["place"] < _STRONG:
            found |= dict.fromkeys(group, next(iter(people.by_middle[spaced])))
    return found


def _behind_post(form: tuple[str, ...], people: _People) -> str:
    """A name's words, without the letters of a post that the model took for its first: "MEC Mabena" where "Jacob Mabena" is named."""
    surname = " ".join(form[1:])
    lettered = len(form) > 1 and len(form[0]) > 1 and form[0].isalpha() and form[0].isupper()
    named = lettered and any(full.words[0] in first_names() for full in people.by_surname.get(surname, ()))
    return surname if named else " ".join(form)


def _by_first_name(name: Name, full: Sequence[Name], first: set[str], by_key: dict[str, list[Name]], groups: _Groups) -> str | None:
    """Who was named before with a first name that stands alone here, where those with such a surname are named only later."""
    if not first or any(f.start < name.start for f in full):
        return None
    before = {groups.of(key) for key, group in by_key.items() if len(group[0].words) > 1 and group[0].start < name.start} & first
    return next(iter(before)) if len(before) == 1 else None


def _is_of_other_sex(name: Name, full: Sequence[Name]) -> bool:
    """Whether a surname behind an honorific is a relative's: "Mrs Howe" where only Michael Howe is named in full."""
    sex = name.title.gender if name.title is not None and name.title.text is None else None
    others = {gender_of(first_names().get(f.words[0])) for f in full}
    return sex is not None and None not in others and sex not in others


def _is_persons(name: Name, spaced: str) -> bool:
    """Whether a surname that is also a body's name is a person's here: "Mr Disney", but not "Disney, the leader"."""
    company = spaced in words("actors-organisations", "companies")
    addressed = name.title is not None and not (company and name.title.text)
    return addressed or (name.label == "person" and not company)


def _reigns(names: Sequence[Name]) -> bool:
    """Whether a title beside one of the names goes with a first name: "Prince Charles", "Pope Francis"."""
    return any(n.title and n.title.head in words("actors-titles", "roles", "regnal") for n in names)


def _main_of(people: set[str], by_key: dict[str, list[Name]], groups: _Groups, full: dict[str, list[Name]]) -> str | None:
    """Who a bare first name means: the only person with it, or the one whom the article names far more often than the others."""
    counts = dict.fromkeys(people, 0)
    for key, group in by_key.items():
        owners = {groups.of(f.key) for f in full.get(" ".join(group[0].words), ())} | {groups.of(key)}
        for owner in owners & people:
            counts[owner] += len(group)
    ranked = sorted(counts, key=lambda person: (-counts[person], person))
    clear = len(ranked) == 1 or counts[ranked[0]] >= _FAR_MORE * counts[ranked[1]]
    return ranked[0] if clear else None


def _meant(w: TokenView, name: Name, full: Sequence[Name], groups: _Groups) -> Name:
    """Of several people with the surname, who fits the honorific and was named just before, else who is named most by the full name.

    Among equals the one named last before; where none is, the one named first after.
    """
    sex = name.title.gender if name.title else None
    fitting = [f for f in full if sex is None or gender_of(first_names().get(f.words[0])) in (sex, None)] or list(full)
    earlier = [f for f in fitting if f.start < name.start]
    if not earlier:
        return min(fitting, key=lambda f: f.start)
    last = max(earlier, key=lambda f: f.start)
    if w.sentence[name.start] - w.sentence[last.start] <= _JUST:
        return last
    named = Counter(groups.of(f.key) for f in full)
    return max(earlier, key=lambda f: (named[groups.of(f.key)], f.start))
