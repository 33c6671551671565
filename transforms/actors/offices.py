"""Whose office "the US president" or "the Tory leader" names: by a title that the text gives, or because who was just heard is called so in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.actors import places
from transforms.actors.bodies_named import DEFINITE, NEAR, NamesIn
from transforms.actors.mention import Cluster, Title
from transforms.actors.persons import office_vocabulary
from transforms.actors.titles import head_of_office, office_words
from transforms.actors.token_view import TokenView
from transforms.words.lexicon import words
from transforms.words.reporting import of_somebody

_VICE = frozenset(["vice", "deputy", "assistant", "former", "under", "shadow", "ex", "late"])
_TWICE = 2  # mentions of somebody whom a text is about


@dataclass(frozen=True, slots=True)
class _Office:
    """What a phrase says of an office: the head of its title, the words that go with it, whose it is and of what."""

    head: str
    wanted: frozenset[str]  # words of the office itself, the head among them: {"foreign", "minister"}
    of: frozenset[str]  # capitalised words behind "of", and a party's before the noun
    country: str | None

    def fits(self, title: Title) -> bool:
        """Whether a title may be this office: a deputy's is another, as is the same one of another country; who had it has it no more."""
        if title.head != self.head or (title.words & _VICE) - self.wanted:
            return False
        wanted = self.wanted - words("actors-titles", "qualifiers", "former")
        if (title.qualifier == "former") != (len(wanted) < len(self.wanted)):
            return False
        if self.country and title.country and title.country != self.country:
            return False
        return wanted - {self.head} <= title.words and self.of <= frozenset((title.text or "").lower().split())


class Holders:
    """Who holds the offices that an article names, asked in text order."""

    def __init__(self, w: TokenView, clusters: Sequence[Cluster], index: NamesIn) -> None:
        self._w = w
        self._clusters = clusters
        self._index = index
        self._told: dict[_Office, Cluster] = {}

    def of(self, start: int, head: int, end: int) -> Cluster | None:
        """Whose office the phrase names: the one person with such a title, of several the one named last before; else who was just heard."""
        w, office = self._w, _office_named(self._w, start, head, end)
        fitting = [c for c in self._clusters if any(office.fits(title) for title in c.titles)]
        if not fitting:
            return self._told.get(office) or self._called_in_turn(office, start, head, end)
        if office.head in words(
            "actors-titles", "roles", "trades"
        ):  # "the president" may be named later, "the actor" is one spoken of before
            fitting = [c for c in fitting if c.first < start]
        if len(fitting) > 1:
            fitting = [c for c in fitting if c.first < start and any(0 <= w.sentence[start] - w.sentence[n.start] <= NEAR for n in c.names)]
        return fitting[0] if len(fitting) == 1 else None

    def may_be_named(self, start: int, head: int) -> bool:
        """Whether "the prime minister" may be somebody of whom the text tells without a title, as all know the holder: nobody is guessed."""
        if self._w.lower[start] != "the" or self._w.lower[head] not in words("actors-titles", "roles", "of_state"):
            return False
        if country_named(self._w, start, head) is not None:
            return False
        return any(c.type == "person" and len(c.names) >= _TWICE and not any(t.head for t in c.titles) for c in self._clusters)

    def _called_in_turn(self, office: _Office, start: int, head: int, end: int) -> Cluster | None:
        """Who spoke in the sentence before and is so well known that the text gives no title: "Ann Lee denied it. The Tory leader said"."""
        w = self._w
        if office.head not in words("actors-titles", "roles", "of_state") or w.lower[start] != "the" or w.quoted[start]:
            return None
        if office.wanted & _VICE or not _leads(w, end):
            return None
        spoke = [(c, n.end) for c, n in self._index.get(w.sentence[start] - 1, ()) if c.type == "person" and _leads(w, n.end)]
        if len(spoke) != 1 or w.doc[spoke[0][1] - 1].head.lemma_ not in of_somebody():
            return None
        cluster = spoke[0][0]
        if any(c is cluster for c, _ in self._index.get(w.sentence[start], ())):
            return None  # "The Tory leader said Ann Lee was wrong"
        if len(cluster.names) < _TWICE or any(t.head for t in cluster.titles) or cluster in self._told.values():
            return None
        self._told[office] = cluster
        return cluster


def _leads(w: TokenView, end: int) -> bool:
    """Whether a phrase does what its sentence's own verb says."""
    return w.is_subject(end) and w.dep[end - 1] != "nsubjpass" and w.doc[end - 1].head.dep_ == "ROOT"


def _office_named(w: TokenView, start: int, head: int, end: int) -> _Office:
    inside = range(start, head)
    office = frozenset(office_words([w.lower[i] for i in range(start, head + 1) if w.lower[i] not in DEFINITE and w.tag[i] != "POS"]))
    names = {w.lower[i] for i in inside if w.tag[i].startswith("NNP") or w.text[i] in places.nationalities()}
    of_what = {w.lower[i] for i in range(head + 2, end) if w.is_capital(i)}
    return _Office(
        head_of_office(office, w.lower[head]), office - names, frozenset(of_what | _party(w, start, head)), country_named(w, start, end)
    )


def _party(w: TokenView, start: int, head: int) -> set[str]:
    """Capitalised words before the noun that are no place's, no people's and no office's: the "Labour" of "the Labour leader"."""
    named = {w.lower[i] for i in range(start + 1, head) if w.is_capital(i) and w.text[i] not in places.nationalities()}
    return named - {w.lower[i] for i in range(start, head) if w.text[i] in places.places()} - office_vocabulary()


def country_named(w: TokenView, start: int, end: int) -> str | None:
    for i in range(start, end):
        if i > 1 and w.text[i - 1] == "-" and w.lower[i - 2] in ("pro", "anti", "non"):  # "the pro-Russian government" is not Russia's
            continue
        known = places.nationalities().get(w.text[i]) or places.places().get(w.text[i])
        if known:
            return known.country
    return None
