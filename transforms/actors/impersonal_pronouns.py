"""it and they: the body, place or group that is the subject of the same sentence, named or not ("the government")."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from transforms.actors.mention import Cluster
from transforms.actors.nominals import Nominal
from transforms.actors.speech import Speaker
from transforms.actors.token_view import TokenView
from transforms.parse.grammar import FINITE, NOMINAL_SUBJECTS, SUBJECTS
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words
from transforms.words.reporting import forms, of_somebody

MANY = frozenset(["they", "them", "their", "theirs", "themselves"])
_PLURALS = ("NNS", "NNPS")


@dataclass(frozen=True, slots=True)
class _Body:
    """Somebody at tokens start..end who is no single person; what stands for the same has the same key."""

    start: int
    end: int
    actor: Speaker
    key: Hashable


Bodies = Mapping[int, Sequence[_Body]]  # sentence -> the bodies that are subjects in it, in text order


def bodies_of(w: TokenView, clusters: Sequence[Cluster], nominals: Sequence[Nominal]) -> Bodies:
    """The bodies, places and groups that are subjects, sentence by sentence; a phrase that no name stands for is an actor by itself."""
    found = [_Body(n.start, n.end, c, id(c)) for c in clusters if c.type != "person" for n in c.names if w.is_subject(n.end)]
    for n in nominals:
        who = n.actor or n
        if who.type != "person" and w.is_subject(n.head + 1):
            found.append(_Body(n.start, n.head + 1, who, id(who) if n.actor else tuple(w.lower[n.start : n.end])))
    index: defaultdict[int, list[_Body]] = defaultdict(list)
    for body in sorted(found, key=lambda b: b.start):
        index[w.sentence[body.start]].append(body)
    return index


def body_meant(w: TokenView, bodies: Bodies, at: int) -> Speaker | None:
    """Whom it or they at token `at` mean: the only such subject of the sentence so far, on the same side of quotation marks."""
    if w.lower[at] == "them" and w.dep[at] == "dobj":  # "to issue them": nobody does that to themselves
        return None
    many = w.lower[at] in MANY
    here = [b for b in bodies.get(w.sentence[at], ()) if b.start < at and w.quoted[b.start] == w.quoted[at]]
    here = [b for b in here if (many or b.actor.type != "group") and (b.actor.type == "place" or not _is_of_state(w, at))]
    if (own := _own_subject(w, at)) is not None:
        owning = [b for b in here if b.start <= own.i < b.end and (not many or b.actor.type == "group")]
        here = owning if owning or (own.tag_ == "NNP" and not many) else here
    if len({b.key for b in here}) != 1:
        return None
    last = here[-1]
    if many:
        return here[0].actor if _is_they(w, last, at) else None
    joined = w.lower[last.end : last.end + 1] in (["and"], [","])
    return None if joined or (w.lower[at] == "it" and not _claims(w, last, at)) else here[0].actor


def _own_subject(w: TokenView, at: int) -> Token | None:
    """The noun that is the subject of the nearest clause above an owner: in "the ministry said Norvia Foods lost its licence" it is Norvia's."""
    if w.tag[at] != "PRP$":
        return None
    for above in w.doc[at].ancestors:
        subject = next((t for t in above.lefts if t.dep_ in SUBJECTS and t.i < at), None)
        if subject is not None and not any(t.i == at for t in subject.subtree):
            return subject if subject.tag_.startswith("NN") else None
    return None


def _is_of_state(w: TokenView, at: int) -> bool:
    """Whether "its" owns what states have: in "China's police beyond its borders" they are China's."""
    return w.lower[at] == "its" and w.doc[at].head.lower_ in words("actors-places", "of_a_state")


def _is_they(w: TokenView, body: _Body, at: int) -> bool:
    return body.actor.type == "group" or (body.actor.type == "organisation" and _is_plural(w, body, at))


def _claims(w: TokenView, body: _Body, at: int) -> bool:
    """Whether "it" is the subject of what the body says, or says something itself: "the firm said it", "the firm left what it calls home"."""
    if w.quoted[at] or w.dep[at] not in NOMINAL_SUBJECTS:
        return False
    said = w.doc[at].head
    says = said.lemma_ in of_somebody() and said.tag_ in FINITE and all(t.i != said.i for t in w.doc[body.end - 1].ancestors)
    return says or not forms("speech").isdisjoint(w.lower[body.end : at])


def _is_plural(w: TokenView, body: _Body, at: int) -> bool:
    """Whether "they" are a company or a team: its verb is plural, or nothing else between them is."""
    return "VBP" in w.tag[body.end : body.end + 3] or not any(tag in _PLURALS for tag in w.tag[body.end : at])
