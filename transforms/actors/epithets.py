"""What stands for somebody just named: "the 28-year-old", "the Spaniard", "the striker".

Such a phrase names no office, so that who is meant shows only from the text before it: whose age or nation fits, or who
is spoken of. Where that leaves two people, nobody is guessed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from transforms.actors import places
from transforms.actors.mention import Cluster, Known
from transforms.actors.persons import gender_of, roles
from transforms.actors.token_view import TokenView
from transforms.words.lexicon import words

_BEFORE = ("NN", "NNP", "JJ", "HYPH", "AFX", "CD", "NNPS", "NNS", "VBN", "POS")
_LONGEST = 7  # tokens between "the" and the noun
_RESTRICTING = frozenset(["who", "that", "of", "whose", "from"])  # "the striker who scored": another than the one just named
_CONTRASTING = frozenset(
    ["other", "second", "next", "new", "first", "last", "same", "only", "previous", "late", "best", "rival", "fellow", "leading", "two"]
)
_PLURAL_ENDS = ("sh", "ch", "ese", "ss", "men", "based")  # "the French": all of them
_AGE = ("-", "year", "-", "old")


@dataclass(frozen=True, slots=True)
class Epithet:
    """Tokens start..end, the last of them its noun, and what they tell of the person."""

    start: int
    end: int
    age: str | None
    country: str | None
    gender: str | None
    trade: str | None

    @property
    def head(self) -> int:
        return self.end - 1


def epithets_in(w: TokenView, closed: Collection[int]) -> dict[int, Epithet]:
    """The epithets of an article by the token of their noun; `closed` are the tokens of titles, names of more than one word, and the like."""
    found = {}
    for start in range(w.headline, len(w) - 1):
        if w.lower[start] != "the" or w.quoted[start]:
            continue
        end = _end(w, start, closed)
        if end is not None:
            found[end - 1] = _epithet(w, start, end)
    return found


def _end(w: TokenView, start: int, closed: Collection[int]) -> int | None:
    """Where the epithet that begins with "the" ends; None where there is none."""
    end = _phrase_end(w, start)
    head = end - 1
    if head <= start or head in closed or any(w.tag[i] == "POS" for i in range(start, end)):
        return None
    if _means_another(w, start, head) or _only_describes(w, start, head):
        return None
    by_age = w.lower[head] == "old" and _age_at(w, start, end) is not None
    if not by_age and _is_demonym(w, head):
        return None if _goes_on(w, end) else end
    return end if by_age or _is_trade(w, head) else None


def _phrase_end(w: TokenView, start: int) -> int:
    end = start + 1
    while end < min(len(w), start + 1 + _LONGEST) and w.tag[end].startswith(_BEFORE) and w.sentence[end] == w.sentence[start]:
        end += 1
    while end > start + 1 and w.tag[end - 1] == "POS":
        end -= 1
    return end


def _means_another(w: TokenView, start: int, head: int) -> bool:
    """As in "the other striker", "the striker who scored": another than the one just named."""
    restricted = head + 1 < len(w) and w.lower[head + 1] in _RESTRICTING
    return restricted or any(w.lower[i] in _CONTRASTING and w.tag[i] != "NNP" for i in range(start + 1, head))  # "the New Zealander"


def _only_describes(w: TokenView, start: int, head: int) -> bool:
    """As in "is the 28-year-old", "the youngest striker": what somebody is."""
    return w.dep[head] in ("attr", "oprd", "appos") or any(w.tag[i] in ("JJS", "RBS") for i in range(start, head))


def _goes_on(w: TokenView, end: int) -> bool:
    """As in "the German and French": two adjectives of something else."""
    return w.lower[end : end + 1] in (["and"], ["or"], [","]) and w.tag[end + 1 : end + 2] in (["JJ"], ["NNP"])


def _is_trade(w: TokenView, head: int) -> bool:
    return w.lower[head] in words("actors-titles", "roles", "trades") and w.text[head] in (w.lower[head], "DJ", "MP", "MEP")


def _is_demonym(w: TokenView, i: int) -> bool:
    """Whether a nationality is one person's here: "the Spaniard", but not "the French"."""
    return _nation_at(w, i) is not None and not w.text[i].endswith(_PLURAL_ENDS) and w.tag[i] in ("NN", "NNP", "JJ")


def _nation_at(w: TokenView, i: int) -> Known | None:
    """The state whose people token i names, by itself or with the one before it: "the New Zealander"."""
    given = places.nationalities()
    return given.get(w.text[i]) or given.get(w.string(i - 1, i + 1))


def _age_at(w: TokenView, start: int, end: int) -> str | None:
    """The age in "the 28-year-old host"."""
    return next((w.text[i] for i in range(start + 1, end - 4) if tuple(w.lower[i + 1 : i + 5]) == _AGE), None)


def _epithet(w: TokenView, start: int, end: int) -> Epithet:
    country = next((nation.key for i in range(start + 1, end) if (nation := _nation_at(w, i))), None)
    noun = w.lower[end - 1]
    trade = noun if noun in words("actors-titles", "roles", "trades") else None
    return Epithet(start, end, _age_at(w, start, end), country, gender_of(roles().get(noun)), trade)


@dataclass(frozen=True, slots=True)
class People:
    """What the article tells of its people beside their names: ages as written, and the keys of their nations."""

    ages: dict[int, set[str]]
    nations: dict[int, set[str]]

    def excludes(self, actor: Cluster, epithet: Epithet) -> bool:
        """Whether the article says something else of the person."""
        ages, nations = self.ages.get(id(actor)), self.nations.get(id(actor))
        other_age = bool(epithet.age and ages and epithet.age not in ages)
        other_nation = bool(epithet.country and nations and epithet.country not in nations)
        return other_age or other_nation or _has_other_work(actor, epithet)

    def holders(self, epithet: Epithet, people: Sequence[Cluster]) -> list[Cluster]:
        """The people of whom the article says what the epithet says."""
        fitting = [p for p in people if not self.excludes(p, epithet)]
        aged = [p for p in fitting if epithet.age in self.ages.get(id(p), ())]
        return aged or [p for p in fitting if epithet.country in self.nations.get(id(p), ())]


def _has_other_work(actor: Cluster, epithet: Epithet) -> bool:
    """Whether the person's titles are offices, so that "the striker" is not the manager."""
    return epithet.trade is not None and holds_office([actor])


def holds_office(actors: Iterable[Cluster | None]) -> bool:
    """Whether one of them has titles, and none of these is a trade."""
    trades = words("actors-titles", "roles", "trades")
    heads = ({t.head for t in actor.titles if t.text and t.head} for actor in actors if actor)
    return any(held and held.isdisjoint(trades) for held in heads)


def known_of(w: TokenView, people: Sequence[Cluster]) -> People:
    """Ages ("Roe, 28,", "the 28-year-old Roe") and nations ("Spaniard Roe", "Spain's Roe", "Roe of Spain") beside the names."""
    ages = {id(person): {age for n in person.names for age in _ages_beside(w, n.start, n.end)} for person in people}
    nations = {id(person): {key for n in person.names for key in _nations_beside(w, n.start, n.end)} for person in people}
    return People(ages, nations)


def _ages_beside(w: TokenView, start: int, end: int) -> Iterator[str]:
    if end + 2 < len(w) and w.text[end] in (",", "(") and w.text[end + 1].isdigit() and w.text[end + 2] in (",", ".", ")"):
        yield w.text[end + 1]
    age = _age_at(w, max(-1, start - _LONGEST - 1), start)
    if age and all(w.tag[i].startswith(_BEFORE) for i in range(start - 1, max(-1, start - 3), -1)):
        yield age


def _nations_beside(w: TokenView, start: int, end: int) -> Iterator[str]:
    given, at = places.nationalities(), start - 1
    while at > start - 4 and at >= 0 and w.lower[at] in roles():
        at -= 1
    if at >= 0 and w.text[at] in given:
        yield given[w.text[at]].key
    if at >= 1 and w.tag[at] == "POS" and w.text[at - 1] in places.places():
        yield places.places()[w.text[at - 1]].key
    if end + 1 < len(w) and w.lower[end] == "of" and w.text[end + 1] in places.places():
        yield places.places()[w.text[end + 1]].key
