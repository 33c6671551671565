"""Pronouns and epithets that stand for a named actor, where the text leaves no doubt: he, she, it, they; "the 28-year-old".

The rules abstain rather than guess: a pronoun without a row is better than one in the wrong cluster. What is said inside
quotation marks and the text around them are kept apart: "he said" is the speaker, whoever the quote speaks of, and
"he" inside a quote is not its speaker. Each that is found is somebody mentioned for those behind it.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.actor import Mention
from transforms.actors import places
from transforms.actors.discourse import Discourse, Mentioned
from transforms.actors.epithets import Epithet, People, epithets_in, holds_office, known_of
from transforms.actors.impersonal_pronouns import MANY, Bodies, bodies_of, body_meant
from transforms.actors.lone_surnames import goes_on_as_he
from transforms.actors.mention import Cluster
from transforms.actors.nominals import Nominal
from transforms.actors.persons import first_names, gender_of, roles
from transforms.actors.speech import Speaker, Speeches
from transforms.actors.token_view import TokenView
from transforms.parse.grammar import RELATIVE_TAGS, SUBJECTS
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words
from transforms.words.reporting import forms

_GENDER = dict.fromkeys(("he", "him", "his", "himself"), "male") | dict.fromkeys(("she", "her", "hers", "herself"), "female")
_ONE = frozenset(["it", "its", "itself"])
_FAR = 8  # sentences over which a person who is the only one of the gender is still meant
_NEAR = 2
_REACH = 4  # sentences back to which an epithet refers
_BROUGHT_ON = frozenset(["nsubj", "nsubjpass", "dobj"])
_BESIDE = frozenset(["advcl", "conj", "parataxis", "appos", "dep", "punct"])
_SOMEBODY = frozenset(["a", "an", "one", "another", "the"])


@dataclass(frozen=True, slots=True)
class Reference:
    """A pronoun or epithet at tokens start..end, and the actor that it stands for."""

    start: int
    end: int
    mention: Mention
    rule: str
    actor: Speaker


@dataclass(frozen=True, slots=True)
class _Resolver:
    """All that the pronouns and epithets of one article are resolved by; who was meant is noted for those behind."""

    w: TokenView
    epithets: Mapping[int, Epithet]
    known: People
    people: Discourse
    named: frozenset[int]  # tokens of names and nominals
    bodies: Bodies
    speeches: Speeches
    unknown: dict[
        tuple[int, str, bool], int
    ]  # sentence, gender and whether it is quoted -> the last subject there of whom nobody knows who it is

    @classmethod
    def of(cls, w: TokenView, clusters: Sequence[Cluster], nominals: Sequence[Nominal]) -> "_Resolver":
        mentions = [Mentioned(n.start, n.end, c, c.gender) for c in clusters for n in c.names]
        mentions += [Mentioned(n.start, n.end, n.actor, n.actor.gender) for n in nominals if n.actor]
        epithets = epithets_in(w, _closed(clusters, mentions))
        mentions += _unnamed(w, mentions, clusters, epithets)
        persons = [c for c in clusters if c.type == "person"]
        human = {id(c) for c in persons if _is_human(w, c)}
        known = known_of(w, persons) if epithets else People({}, {})
        people = Discourse(w, (m for m in mentions if m.actor is None or id(m.actor) in human))
        named = frozenset(i for m in mentions for i in range(m.start, m.end))
        return cls(w, epithets, known, people, named, bodies_of(w, clusters, nominals), Speeches(w, clusters, nominals), {})

    def resolved(self, i: int) -> Reference | None:
        """What token i refers to, if it is a pronoun or the noun of an epithet and that is sure."""
        if i in self.epithets:
            return self._epithet(self.epithets[i])
        if self.w.tag[i] not in ("PRP", "PRP$"):
            return None
        return self._he_or_she(i) if self.w.lower[i] in _GENDER else self._it_or_they(i)

    def _epithet(self, epithet: Epithet) -> Reference | None:
        bearer, end = _bearer(self.w, self.people, self.known, epithet), epithet.end
        self.people.note(Mentioned(epithet.start, end, bearer, bearer.gender if bearer else epithet.gender))
        return Reference(epithet.start, end, "nominal", "epithet-nominal", bearer) if bearer else None

    def _he_or_she(self, i: int) -> Reference | None:
        here = (self.w.sentence[i], _GENDER[self.w.lower[i]], self.w.quoted[i])
        meant = (
            _ahead(self.w, self.people, i)
            or self.people.interviewed(i, here[1])
            or _person(self.w, self.people, i, here[1], self.unknown.get(here))
            or self.speeches.goes_on(i)
        )
        if isinstance(meant, Cluster) and (id(meant) in _named_below(self.w, self.people, i) or self._may_be_unread(i, meant)):
            meant = None
        if isinstance(meant, Cluster):
            self.people.note(Mentioned(i, i + 1, meant, meant.gender))
        elif meant is None and self.w.dep[i] in SUBJECTS:
            self.unknown[here] = i
        return Reference(i, i + 1, "pronoun", "he-she-pronoun", meant) if meant else None

    def _may_be_unread(self, i: int, meant: Cluster) -> bool:
        """Whether "he" may be the subject of the main clause, a name that nobody has read: "Ronhaldo wasted a chance when he put it wide"."""
        w, verb = self.w, self.w.doc[i].head
        if w.dep[i] not in SUBJECTS or w.quoted[i] or verb.dep_ != "advcl":
            return False
        subject = next((t for above in verb.ancestors for t in above.lefts if t.dep_ in SUBJECTS and t.i < i), None)
        if subject is None or subject.tag_ != "NNP" or subject.i in self.named:
            return False
        return not any(subject.i < n.start < i for n in meant.names)

    def _it_or_they(self, i: int) -> Reference | None:
        word = self.w.lower[i]
        rule = "they-pronoun" if word in MANY else "it-pronoun" if word in _ONE else None
        meant = (self.speeches.goes_on(i) or body_meant(self.w, self.bodies, i)) if rule else None
        return Reference(i, i + 1, "pronoun", rule, meant) if rule and meant else None


def references_in(w: TokenView, clusters: Sequence[Cluster], nominals: Sequence[Nominal]) -> Iterator[Reference]:
    """The pronouns and epithets whose actor is sure, in text order but for what is quoted: by then "he said" behind it has its speaker."""
    resolver = _Resolver.of(w, clusters, nominals)
    for now in (False, True):
        for i, quoted in enumerate(w.quoted):
            found = resolver.resolved(i) if quoted is now else None
            if found is not None:
                resolver.speeches.note(found.start, found.end, found.actor)
                yield found


def _closed(clusters: Sequence[Cluster], mentions: Sequence[Mentioned]) -> set[int]:
    """The tokens in which no epithet ends: of titles, and of mentions, but for a nationality's."""
    titled = {i for c in clusters for t in c.titles for i in range(t.start, t.end)}
    nations = {n.end - 1 for c in clusters for n in c.names if n.rule in ("adjective-name", "people-name")}
    return titled | {i for m in mentions for i in range(m.start, m.end)} - nations


def _unnamed(
    w: TokenView, mentions: Sequence[Mentioned], clusters: Sequence[Cluster], epithets: Mapping[int, Epithet]
) -> Iterator[Mentioned]:
    """People without a name, "a spokeswoman said": a pronoun may be theirs."""
    taken = {i for m in mentions for i in range(m.start, m.end)} | set(epithets)
    taken |= {i for c in clusters for t in c.titles for i in range(t.start, t.end)}
    for i, noun in enumerate(w.lower):
        if noun == "one" and w.dep[i] in _BROUGHT_ON and _one_of_several(w, i):
            yield Mentioned(i, i + 1, None, None)
        if w.dep[i] not in SUBJECTS:  # nearly all words: asked first, since the rest costs more
            continue
        role = noun in roles() and w.tag[i] == "NN" and i not in taken
        if (role or _is_descriptor(w, i)) and w.is_subject(i + 1):
            start = i
            while start and w.tag[start - 1].startswith(("NN", "JJ", "HYPH", "POS")):
                start -= 1
            named = (w.text[i + 1 : i + 2] == [","] and i + 2 in taken) or any(k.dep_ == "appos" and k.i in taken for k in w.doc[i].rights)
            if start and w.lower[start - 1] in _SOMEBODY and not named:
                yield Mentioned(i, i + 1, None, gender_of(roles().get(noun)))


def _one_of_several(w: TokenView, i: int) -> bool:
    """Whether "one" is somebody brought on: "one of his victims"."""
    group = next((k for k in w.doc[i + 2 : i + 6] if k.tag_ == "NNS"), None) if w.lower[i + 1 : i + 2] == ["of"] else None
    return group is not None and group.lower_ in words("actors-groups", "plural")


def _is_descriptor(w: TokenView, i: int) -> bool:
    """Whether a word stands for somebody by age or nationality: "the 29-year-old", "the Argentine"."""
    return w.lower[i].endswith("old") or (w.text[i] in places.nationalities() and w.tag[i] in ("NN", "NNP", "JJ"))


def _is_human(w: TokenView, actor: Cluster) -> bool:
    """Whether a pronoun may be the actor's: of unknown gender, it has to have a title, a first name or to act."""
    if actor.gender or actor.titles or any(n.words[0] in first_names() for n in actor.names):
        return True
    if any(goes_on_as_he(w, n.start) for n in actor.names if len(n.words) == 1):
        return True
    if any(w.lower[n.end : n.end + 1] == ["and"] and w.lower[n.end + 1 : n.end + 2] in (["his"], ["her"]) for n in actor.names):
        return True  # "Roe and his wife"
    return any(len(n.words) > 1 for n in actor.names) and any(w.is_subject(n.end) for n in actor.names)


def _bearer(w: TokenView, people: Discourse, known: People, epithet: Epithet) -> Cluster | None:
    """Whom an epithet means: who has the age or nation, else the subject of the last sentence that names anybody."""
    fitting = _fitting(w, people, known, epithet)
    holders = known.holders(epithet, list({id(m.actor): m.actor for m in fitting if m.actor}.values()))
    only = holders[0] if len(holders) == 1 else None
    if only is not None and (epithet.age or not _another_since(w, known, fitting, holders)):
        return only
    return _last_subject(w, people, fitting, epithet) or only


def _fitting(w: TokenView, people: Discourse, known: People, epithet: Epithet) -> list[Mentioned]:
    """Who was mentioned just before an epithet and of whom the article says nothing else."""
    sentence = w.sentence[epithet.start]
    before = [m for m in people.within(range(sentence - _REACH, sentence + 1)) if m.start < epithet.start and not w.quoted[m.start]]
    of_gender = [m for m in before if m.gender in (epithet.gender, None) or epithet.gender is None]
    return [m for m in of_gender if m.actor is None or not known.excludes(m.actor, epithet)]


def _another_since(w: TokenView, known: People, fitting: Sequence[Mentioned], holders: Sequence[Cluster]) -> bool:
    """Whether somebody whose nation is not told has been a subject since the holders were last named."""
    last = max((m.start for m in fitting if m.actor in holders), default=-1)
    return any(m.start > last and w.is_subject(m.end) for m in fitting if not (m.actor and known.nations.get(id(m.actor))))


def _last_subject(w: TokenView, people: Discourse, fitting: Sequence[Mentioned], epithet: Epithet) -> Cluster | None:
    """The only subject of the last sentence that names anybody, or else the only one whom it names."""
    others = _not_doing(w, fitting, epithet)
    if not others or w.sentence[others[-1].start] == w.sentence[epithet.start]:
        return None
    last = [m for m in others if w.sentence[m.start] == w.sentence[others[-1].start]]
    subjects = [m for m in last if w.is_subject(m.end)]
    if w.doc[epithet.head].head.lower_ in forms("speech"):  # who speaks goes on with the subject of the main verb, as "he said" does
        subjects = [m for m in subjects if people.leads(m)] or subjects
    meant = {id(m.actor): m.actor for m in subjects or last}
    if len(meant) > 1 or (holds_office(m.actor for m in subjects) and len({id(m.actor) for m in last}) > 1):
        return None  # "Manager Kevin Orde praised Peter Lund. The 28-year-old": either
    return next(iter(meant.values()))


def _not_doing(w: TokenView, fitting: Sequence[Mentioned], epithet: Epithet) -> list[Mentioned]:
    """Those who do nothing to the epithet's bearer in its own sentence: in "he believes in the 28-year-old" it is another than he."""
    sentence, verbs = w.sentence[epithet.start], {t.i for t in w.doc[epithet.head].ancestors}
    doing = [m for m in fitting if w.sentence[m.start] == sentence and w.is_subject(m.end) and w.doc[m.end - 1].head.i in verbs]
    themselves = {id(m.actor) for m in doing if w.dep[epithet.head] not in SUBJECTS}
    return [m for m in fitting if m not in doing and id(m.actor) not in themselves]


def _person(w: TokenView, people: Discourse, at: int, gender: str, unknown: int | None) -> Cluster | None:
    """The only person of the gender named so far nearby; of several the one who is subject just before.

    In one sentence "he" goes on with "he": behind token `unknown`, one of whom nobody knows who it is, only a subject begins anew.
    """
    fitting = _candidates(w, people, at, gender)
    if unknown is not None and not any(m.start > unknown and people.acts(m) for m in fitting):
        return None
    if beside := _joined_to(w, fitting, at):
        return beside
    if not w.quoted[at]:
        return _near_before(w, people, [m for m in fitting if not w.quoted[m.start]], at)
    first, last = _speech_around(w, at)
    inside = [m for m in fitting if w.quoted[m.start] and w.sentence[m.start] >= first]
    spoken_of = {id(m.actor) for m in inside}
    if len(spoken_of) == 1 and w.is_subject(inside[-1].end):
        return inside[-1].actor
    speakers = _speakers(w, people, first, last, at) - spoken_of  # who is named in the speech does not speak it
    return _near_before(w, people, [m for m in fitting if id(m.actor) not in speakers], at)


def _ahead(w: TokenView, people: Discourse, at: int) -> Cluster | None:
    """The subject that is named behind a circumstance of its own: "During his speech Mr Roe said"; in "in his absence" it is another."""
    led = w.doc[at].head.head
    if w.tag[at] != "PRP$" or led.dep_ != "prep" or led.i > at or not w.doc[led.i].is_sent_start:
        return None
    if w.lower[w.doc[at].head.i] in words("actors-titles", "pronouns", "of_another"):
        return None
    subject = next((t for t in led.head.lefts if t.dep_ in SUBJECTS and t.i > at), None)
    behind = people.within(range(w.sentence[at], w.sentence[at] + 1)) if subject is not None else []
    return next((m.actor for m in behind if subject and m.start <= subject.i < m.end and m.gender in (_GENDER[w.lower[at]], None)), None)


def _candidates(w: TokenView, people: Discourse, at: int, gender: str) -> list[Mentioned]:
    """Who of the gender was mentioned before and may be the pronoun's: not who does something to it, nor whom it stands beside."""
    sentence = w.sentence[at]
    below = _named_below(w, people, at) if w.doc[at].head.lower_ in forms("speech") else ()  # "he said Roe had left": another said it
    before = [m for m in people.within(range(max(0, sentence - _FAR), sentence + 1)) if m.start < at and m.gender in (gender, None)]
    before = [m for m in before if m.actor is None or id(m.actor) not in below]
    if (asked := _asked(w, before, at)) is not None:
        return asked
    if w.tag[at] == "PRP" and w.dep[at] not in SUBJECTS:  # "joined her": nobody is the object of what they do themselves
        verb = w.doc[at].head
        return [m for m in before if not (w.is_subject(m.end) and w.doc[m.end - 1].head in (verb, verb.head))]
    if w.tag[at] == "PRP$" and at and w.text[at - 1] == ",":  # "David, his partner": the pronoun in an apposition is somebody else's
        others = [m for m in before if m.end != at - 1]
        return others if others and w.sentence[others[-1].start] == sentence else []
    return before


def _named_below(w: TokenView, people: Discourse, at: int) -> set[int]:
    """Whom the clause of a pronoun that is its subject names behind it: in "she attends a school Roe trusts" she is not Roe."""
    if w.dep[at] not in SUBJECTS:
        return set()
    verb, sentence = w.doc[at].head, w.sentence[at]
    behind = (m for m in people.within(range(sentence, sentence + 1)) if m.start > at and w.tag[m.start].startswith("NNP"))
    return {id(m.actor) for m in behind if _is_below(w.doc[m.end - 1], verb)}


def _is_below(name: Token, verb: Token) -> bool:
    """Whether a name stands in the clause of a verb or in what it says; clauses beside it may name its subject again."""
    at = name
    while at.head.i != at.i and at.dep_ not in _BESIDE:
        at = at.head
        if at.i == verb.i:
            return True
    return False


def _asked(w: TokenView, before: Sequence[Mentioned], at: int) -> list[Mentioned] | None:
    """Who is asked in "asked him if he had read it", where "he" is no other; None where nobody of the gender is."""
    verb = w.doc[at].head
    if w.dep[at] not in SUBJECTS or verb.dep_ != "ccomp" or verb.head.lemma_ != "ask" or verb.head.i > at:
        return None
    whom = next((k for k in verb.head.rights if k.dep_ in ("dobj", "dative") and k.i < at), None)
    if whom is None:
        return None
    found = [m for m in before if m.start <= whom.i < m.end]
    return found if found or _GENDER.get(w.lower[whom.i]) == _GENDER[w.lower[at]] else None


def _near_before(w: TokenView, people: Discourse, fitting: Sequence[Mentioned], at: int) -> Cluster | None:
    """The only one mentioned near before, else the only one further back; of several the owner or the one who is spoken of."""
    for reach in (_NEAR, _FAR):
        near = [m for m in fitting if w.sentence[at] - w.sentence[m.start] <= reach]
        if len({id(m.actor) for m in near}) == 1:
            return near[0].actor
        if near:
            return _of_own_clause(w, near, at) or people.spoken_of(at, near)
    return None


def _of_own_clause(w: TokenView, near: Sequence[Mentioned], at: int) -> Cluster | None:
    """Whose "his" is that the subject of the nearest verb above may own: "while Roger Deakins won the award for his work"."""
    if w.tag[at] != "PRP$":
        return None
    if judged := _judged(w, near, at):
        return judged
    for above in w.doc[at].ancestors:
        subject = next((t for t in above.lefts if t.dep_ in SUBJECTS), None)
        if subject is None or subject.i > at or any(t.i == at for t in subject.subtree):
            continue
        if subject.tag_ in RELATIVE_TAGS:  # "Rock, who is known for his jokes"
            subject = above.head
        return next((m.actor for m in near if m.start <= subject.i < m.end), None)
    return None


def _judged(w: TokenView, near: Sequence[Mentioned], at: int) -> Cluster | None:
    """Who is attacked or praised for what is theirs: "Lind attacked Mr Roe for his record"."""
    led = w.doc[at].head.head
    led = led.head if led.dep_ == "conj" else led
    if led.lower_ != "for" or led.head.lemma_ not in words("actors-titles", "pronouns", "judging"):
        return None
    judged = next((t for t in led.head.rights if t.dep_ == "dobj" and t.i < led.i), None)
    return next((m.actor for m in near if judged and m.start <= judged.i < m.end), None)


def _joined_to(w: TokenView, fitting: Sequence[Mentioned], at: int) -> Cluster | None:
    """Whose the thing or the kin is that "and" joins to a name: in "Lind met Roe(,) and his wife" the wife is Roe's.

    Behind a comma a parse may join it to the verb; where it is the subject of a clause of its own, "and" joins that.
    """
    kin = w.doc[at].head
    if w.tag[at] != "PRP$" or at < 2 or w.lower[at - 1] not in ("and", "&") or kin.dep_ != "conj":
        return None
    end = at - 1 - (w.text[at - 2] == ",")
    apart = end < at - 1 and kin.tag_ in ("NN", "NNS") and kin.head.pos_ in ("VERB", "AUX")
    return next((m.actor for m in fitting if m.end == end and (apart or m.start <= kin.head.i < m.end)), None)


def _speakers(w: TokenView, people: Discourse, first: int, last: int, at: int) -> set[int]:
    """Who speaks around a quoted pronoun: beside a verb of saying where the speech begins or ends, else the subject of what leads up to it."""
    around = people.within(range(first, first + _NEAR)) + people.within(range(last, last + _NEAR))
    outside = [m for m in around if not w.quoted[m.start]]
    said = forms("speech")
    saying = {id(m.actor) for m in outside if any(w.lower[i] in said for i in (m.start - 1, m.end, m.end + 1) if 0 <= i < len(w))}
    return saying or {id(m.actor) for m in outside if m.end <= at and w.sentence[m.start] == first and people.leads(m)}


def _speech_around(w: TokenView, at: int) -> tuple[int, int]:
    """The sentences that lead up to the quotation around token `at` and behind it; with nothing but blanks between two they are one."""

    def spoken(tokens: range) -> Iterator[int]:
        return (i for i in itertools.takewhile(lambda i: w.quoted[i] or w.text[i].isspace(), tokens) if w.quoted[i])

    first, last = min(spoken(range(at, -1, -1))), max(spoken(range(at, len(w))))
    return w.sentence[max(0, first - 2)], w.sentence[min(len(w) - 1, last + 1)]
