"""Who is spoken of: one model of the people that a text brings on, for all rules that ask whom something means.

A text names people one after the other, each for a while the one it is about. What tells who that is:
- who is the subject of a sentence of its own is spoken of more than who stands in it otherwise ("at donor Tom Brand's house");
- who acts alone in a paragraph is its topic, and stays so in the next one unless that brings on somebody else;
- somebody brought on anew takes over ("Another villager, Maria Costa, saw the flood"), with a name or without one;
- where two fit, nobody is meant.
Ask `spoken_of` for the person at a place, `topic` for that of its paragraph. Pronouns and epithets ask; what is found is noted,
so that it counts as a mention for what comes behind it. Nothing here looks at gender, marks or grammar of who asks: hand in
the mentions that fit.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.actors.mention import Cluster
from transforms.actors.token_view import TokenView
from transforms.parse.grammar import SUBJECTS
from transforms.words.reporting import forms

_OFTEN = 3  # mentions of the person whom a text is about
_BACK = 1  # paragraphs over which a topic goes on


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody mentioned at tokens start..end; without an actor it is somebody whom the article does not name."""

    start: int
    end: int
    actor: Cluster | None
    gender: str | None


class Discourse:
    """The people of an article by sentence and paragraph, in text order; `note` adds those found on the way."""

    def __init__(self, w: TokenView, mentioned: Iterable[Mentioned]) -> None:
        self._w = w
        self._by_sentence: defaultdict[int, list[Mentioned]] = defaultdict(list)
        self._by_paragraph: defaultdict[int, list[Mentioned]] = defaultdict(list)
        self._paragraph: list[int] = []
        number = 0
        for text in w.text:
            self._paragraph.append(number)
            number += "\n" in text
        self._reporting = {w.sentence[i]: i for i in _first_persons(w)}
        for mention in sorted(mentioned, key=lambda m: m.start):
            self.note(mention)

    def note(self, mention: Mentioned) -> None:
        """Somebody is mentioned: by name, or by a pronoun or epithet whose actor is known."""
        self._by_sentence[self._w.sentence[mention.start]].append(mention)
        self._by_paragraph[self._paragraph[mention.start]].append(mention)

    def within(self, sentences: range) -> list[Mentioned]:
        """Who is mentioned in some sentences."""
        return [m for s in sentences for m in self._by_sentence.get(s, ())]

    def acts(self, mention: Mentioned) -> bool:
        """Whether somebody is a subject, by name or in the apposition to one: "Another villager, Maria Costa, saw it"."""
        w = self._w
        if w.is_subject(mention.end):
            return True
        name, noun = w.doc[mention.end - 1], w.doc[mention.end - 1].head
        return name.dep_ == "appos" and noun.dep_ in SUBJECTS and noun.i < mention.start and w.text[mention.start - 1] == ","

    def leads(self, mention: Mentioned) -> bool:
        """Whether somebody is the subject of the sentence's own verb: "He" of "He did not think Mr Howard wanted it"."""
        head = self._w.doc[mention.end - 1].head
        return self.acts(mention) and (head if self._w.is_subject(mention.end) else head.head).dep_ == "ROOT"

    def spoken_of(self, at: int, fitting: Sequence[Mentioned]) -> Cluster | None:
        """Of several mentions that fit the pronoun at token `at` the actor whom it means, None where two may be meant.

        That is the only subject of its sentence so far, or of the one before; where that has several, "he said" goes on with the
        subject of its main verb. A pronoun that leads its sentence outside quotation marks, with nobody in either, is the topic.
        """
        for back in (0, 1):
            here = [m for m in fitting if self._w.sentence[m.start] == self._w.sentence[at] - back]
            acting = [m for m in here if self.acts(m)]
            for subjects in (acting, [m for m in acting if self.leads(m)] if back and self._says(at) else []):
                if len({id(m.actor) for m in subjects}) == 1:
                    return subjects[0].actor
            if here:
                return here[0].actor if len({id(m.actor) for m in here}) == 1 else None
        topic = self.topic(at) if self._w.doc[at].head.dep_ == "ROOT" and self._w.dep[at] in SUBJECTS and not self._w.quoted[at] else None
        return topic if any(m.actor is topic for m in fitting) else None

    def _says(self, at: int) -> bool:
        """Whether a pronoun is the subject of a verb of saying."""
        return self._w.dep[at] == "nsubj" and self._w.doc[at].head.lower_ in forms("speech")

    def interviewed(self, at: int, gender: str) -> Cluster | None:
        """Whom a reporter writes of as "he" beside "I" or "we" where a paragraph names nobody yet: who is named far more than others of the gender."""
        w, sentence = self._w, self._w.sentence[at]
        if w.quoted[at] or self._reporting.get(sentence, at) >= at:
            return None
        if any(m.start < at for m in self._by_paragraph.get(self._paragraph[at], ())):
            return None
        named = Counter(id(m.actor) for m in self.within(range(sentence)) if m.actor and m.gender in (gender, None))
        (first, most), *others = named.most_common(2) or [(0, 0)]
        if most < _OFTEN or (others and most < 2 * others[0][1]):
            return None
        return next(m.actor for m in self.within(range(sentence)) if id(m.actor) == first)

    def topic(self, at: int) -> Cluster | None:
        """The one person who leads sentences in the paragraph of token `at` so far, or in the nearest before that has such people."""
        for paragraph in range(self._paragraph[at], max(-1, self._paragraph[at] - _BACK - 1), -1):
            leading = [m for m in self._by_paragraph.get(paragraph, ()) if m.start < at and not self._w.quoted[m.start] and self.leads(m)]
            if leading:
                return leading[0].actor if len({id(m.actor) for m in leading}) == 1 else None
        return None


def _first_persons(w: TokenView) -> list[int]:
    """The tokens of "I" and "we" that are subjects outside quotation marks: the author's own; most texts have none."""
    if "i" not in w.lower and "we" not in w.lower:
        return []
    return [i for i, word in enumerate(w.lower) if word in ("i", "we") and not w.quoted[i] and w.dep[i] in SUBJECTS]
