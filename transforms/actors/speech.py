"""Who spoke last: in "The ministry said so. It said" the pronoun is the ministry, in "Dealers were calm, they said" the dealers.

A pronoun that speaks goes on with the speech before it, so that whoever spoke last is meant, be it somebody without a name.
Where another has come between, or the speaker before is nobody whom the rules know ("the report said"), nobody is guessed.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence

from transforms.actors.bodies_named import bodies
from transforms.actors.mention import Cluster
from transforms.actors.nominals import Nominal
from transforms.actors.persons import roles
from transforms.actors.token_view import TokenView
from transforms.attributions.speakers import speaker_of
from transforms.parse.grammar import FINITE, NOMINAL_SUBJECTS, is_joined, own_subject
from transforms.parse.token_tree import Token
from transforms.words.reporting import forms, of_somebody
from transforms.words.source_nouns import source_nouns

Speaker = Cluster | Nominal
_FAR = 8  # sentences, those inside quotation marks too, over which a speech goes on
_BESIDE = 3  # tokens between a pronoun and its verb of saying
_OWN_CLAUSES = ("ROOT", "ccomp", "conj", "parataxis")  # "after it said so" goes on with no speech before its sentence
_TYPES = {"it": ("organisation", "place"), "they": ("group",), "he": ("person",), "she": ("person",)}


class Speeches:
    """The verbs of saying of an article, sentence by sentence, and who stands at which token."""

    def __init__(self, w: TokenView, clusters: Sequence[Cluster], nominals: Sequence[Nominal]) -> None:
        self._w = w
        self._who: dict[int, Speaker] = {i: n.actor or n for n in nominals for i in range(n.start, n.end)}
        self._who |= {i: c for c in clusters for n in c.names for i in range(n.start, n.end)}
        self._who |= {n.head: n.actor or n for n in nominals}
        self._subjects: defaultdict[int, list[int]] = defaultdict(list)
        self._named: defaultdict[int, list[Speaker]] = defaultdict(list)
        for i in sorted(self._who):
            if not w.quoted[i]:
                self._named[w.sentence[i]].append(self._who[i])
            if w.dep[i] in NOMINAL_SUBJECTS and not w.quoted[i] and not is_joined(w.doc[i]):
                self._subjects[w.sentence[i]].append(i)
        self._verbs: defaultdict[int, list[Token]] = defaultdict(list)
        self._texts: set[int] = set()  # sentences that tell of a document, which may speak as well
        documents = source_nouns("document")
        for i, word in enumerate(w.lower):
            if w.tag[i].startswith("V") and not w.quoted[i] and w.doc[i].lemma_ in of_somebody():
                self._verbs[w.sentence[i]].append(w.doc[i])
            elif word in documents:
                self._texts.add(w.sentence[i])

    def note(self, start: int, end: int, who: Speaker) -> None:
        """Somebody is meant by tokens start..end."""
        self._who |= dict.fromkeys(range(start, end), who)

    def goes_on(self, at: int) -> Speaker | None:
        """Whose speech the pronoun at token `at` goes on with, where it is the subject of a verb of saying."""
        w, said = self._w, self._w.doc[at].head
        if not self._speaks(at):
            return None
        if said.dep_ not in _OWN_CLAUSES:
            return self._only_body_before(at)
        for back in range(_FAR + 1):
            sentence = w.sentence[at] - back
            own = {said} if back else {said, *said.subtree}
            found, speaker = self._speaker_in(sentence, at, own)
            if found:
                return self._fitting(speaker, at) if w.lower[at] != "it" or not self._others_since(speaker, sentence, at) else None
            subjects = {id(self._who[i]): self._who[i] for i in self._subjects[sentence] if i < at and self._fitting(self._who[i], at)}
            if subjects:
                only = next(iter(subjects.values())) if back and len(subjects) == 1 else None
                return None if w.lower[at] == "it" and self._others_since(only, sentence, at) else only
            owner = self._owner_of_subject(sentence, at) if back == 1 and w.lower[at] == "it" else None
            if owner or (back and sentence in self._texts):
                return owner if sentence not in self._texts else None
        return None

    def _speaks(self, at: int) -> bool:
        """Whether a pronoun is the subject of a verb of saying."""
        w, verb = self._w, self._w.doc[at].head
        named = w.lower[at] in _TYPES and w.dep[at] == "nsubj" and not w.quoted[at]
        finite = verb.tag_ in FINITE or any(k.dep_ == "aux" for k in verb.lefts)  # not "lets it decide", "calling it a farce"
        both = (verb, *(k for k in verb.rights if k.dep_ == "conj" and own_subject(k) is None))  # "It bought a mill and said so"
        says = any(v.lemma_ in of_somebody() if w.lower[at] == "it" else v.lower_ in forms("speech") for v in both)
        return named and finite and says and abs(verb.i - at) <= _BESIDE

    def _only_body_before(self, at: int) -> Speaker | None:
        """The only organisation named so far in a sentence that tells of no document: "Shares in Acme fell after it warned of losses"."""
        w, sentence = self._w, self._w.sentence[at]
        if w.lower[at] != "it" or sentence in self._texts:
            return None
        here = itertools.takewhile(lambda i: w.sentence[i] == sentence, range(at - 1, -1, -1))
        named = {id(who): who for i in here if not w.quoted[i] and (who := self._who.get(i)) is not None and who.type == "organisation"}
        return next(iter(named.values())) if len(named) == 1 else None

    def _owner_of_subject(self, sentence: int, at: int) -> Speaker | None:
        """The body that owns the subject of a sentence before token `at`: "Norvia's net income fell. It blamed"; "Norvia's airline" is another."""
        before = itertools.takewhile(lambda i: self._w.sentence[i] >= sentence, range(at - 1, -1, -1))
        subjects = [t for i in before if (t := self._w.doc[i]).dep_ in NOMINAL_SUBJECTS and t.head.dep_ == "ROOT" and not self._w.quoted[i]]
        if len(subjects) != 1 or subjects[0].lower_ in bodies() or subjects[0].lower_ in roles():
            return None
        owners = [who for k in subjects[0].lefts if k.dep_ == "poss" and (who := self._who.get(k.i)) is not None]
        return self._fitting(owners[0], at) if len(owners) == 1 else None

    def _others_since(self, speaker: Speaker | None, sentence: int, at: int) -> bool:
        """Whether sentences between a speech and "it" tell of another organisation, which that may be as well."""
        between = range(sentence + 1, self._w.sentence[at])
        return any(who is not speaker and who.type == "organisation" for n in between for who in self._named[n])

    def _speaker_in(self, sentence: int, at: int, own: set[Token]) -> tuple[bool, Speaker | None]:
        """Whether anybody speaks in a sentence before token `at`, and who: the last whose speech is not told in another's."""
        verbs = [v for v in self._verbs[sentence] if v.i < at and v not in own]
        if self._w.lower[at] == "it":
            verbs = [v for v in verbs if not any(k.dep_ in ("auxpass", "nsubjpass") for k in v.lefts)]  # not who published the report
        else:
            verbs = [v for v in verbs if v.lower_ in forms("speech")]  # of people more is told than what they say
        for verb in reversed(verbs):
            speaker = speaker_of(verb)
            if speaker is None or any(v in verbs for v in verb.ancestors):
                continue
            names = (speaker, *(k for k in speaker.rights if k.dep_ == "appos"))  # "the retailers' body, the Norgrid Union, said"
            return True, None if is_joined(speaker) else next((self._who[t.i] for t in names if t.i in self._who), None)
        return False, None

    def _fitting(self, who: Speaker | None, at: int) -> Speaker | None:
        """The speaker, where a pronoun of that kind may be theirs."""
        word = self._w.lower[at]
        if who is None or who.type not in _TYPES[word]:
            return None
        other = {"he": "female", "she": "male"}.get(word)
        return None if other and isinstance(who, Cluster) and who.gender == other else who
