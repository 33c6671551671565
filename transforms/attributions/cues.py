"""Cues: the words that show an attribution, with what sort of saying they are, who says it, to whom and by what means (quotes.channel)."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from schemas.quote import CueClass
from transforms.attributions.complements import hears_case
from transforms.attributions.frame_words import channels, first_words
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.possible_sources import may_say
from transforms.attributions.speakers import document_saying, phrase_of, speaker_of
from transforms.parse.grammar import NOMINAL_SUBJECTS, RELATIVES, is_nobody, own_subject
from transforms.parse.token_tree import Span, Token
from transforms.words.reporting import governing, saying

_PARTICLES = frozenset({"out", "on", "up", "off", "back", "in"})
_NEWSPAPERS = frozenset({"post", "mail"})  # the Post is a newspaper, a post is a channel
_AGAIN = frozenset({"he", "she", "they", "it", "i", "we"})
_JOINED = 3  # clauses joined by "and" or "but" under one word of saying
_RELATIVE = RELATIVES | {"it"}
_UPON = frozenset({"on", "upon"})
_PASSIVE = frozenset({"auxpass", "nsubjpass"})
_MEDIA = frozenset({"post", "broadcast", "call"})
_MEANS = frozenset({"in", "on", "at", "during", "via", "through", "from", "by", "over"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of saying and what hangs on it."""

    head: Token
    span: Span
    kind: CueClass
    speaker: Span | None
    speaker_rule: str | None

    def columns(self) -> dict[str, Any]:
        """The columns of a quote that the cue fills."""
        speaking = _speaking(self.head)
        hearer = _hearer(self.head) or (_hearer(speaking) if speaking is not None else None)
        addressed = hearer or _called_on(self.head)
        return speaker_columns(self.speaker, self.speaker_rule) | {
            "cue_text": self.span.text,
            "cue_start": self.span.start_char,
            "cue_end": self.span.end_char,
            "cue_class": self.kind,
            "addressee": _heard_by(addressed).text if addressed is not None else None,
            "channel": _channel_of(self.head, self.speaker, hearer),
        }


Draft = tuple[Cue, list[tuple[int, int]], str]  # a cue, the token ranges of what was said, the rule


def speaker_columns(speaker: Span | None, rule: str | None) -> dict[str, Any]:
    """The columns of a quote that name its speaker."""
    if speaker is None:
        return {}
    return {"speaker_text": speaker.text, "speaker_start": speaker.start_char, "speaker_end": speaker.end_char, "speaker_rule": rule}


def verbs_of_saying(reading: MarkedDoc) -> Iterator[tuple[Token, CueClass]]:
    """Yield the verbs that report, in text order, with their class; a verb with its particle ("point out") comes first."""
    known, first = governing(), first_words("verbs")
    for i in [i for i, lemma in enumerate(reading.lemmas) if lemma in first]:
        if reading.kinds[i] != "VERB":
            continue
        token = reading.doc[i]
        if token.dep_ in ("aux", "auxpass", "amod", "compound") or _in_title(token) or _only_alleged(token):
            continue
        kind = known.get(token.lemma_)
        following = reading.doc[i + 1] if i + 1 < len(reading.doc) else None
        if following is not None and following.lower_ in _PARTICLES and following.head.i == i:
            alone = None if following.dep_ == "prt" and token.lemma_ in saying("of_things") else kind  # "some showed up"
            kind = known.get(f"{token.lemma_} {following.lower_}", alone)
        if kind is not None:
            yield token, kind


def _in_title(verb: Token) -> bool:
    """Whether a verb in capitals stands in the title of a work that a sentence names: "in her memoir, The Words We Tell"."""
    if not verb.is_title or verb.is_sent_start or not verb.i or not verb.nbor(-1).is_title:
        return False
    return any(above.pos_ == "VERB" and above.is_lower for above in verb.ancestors)


def _only_alleged(verb: Token) -> bool:
    """Whether a participle behind "and" tells what the noun right behind it is said to be: "the threat of war and alleged secret camps"."""
    if verb.dep_ != "conj" or verb.lemma_ not in saying("describes") or verb.tag_ not in ("VBN", "VBD") or verb.nbor(-1).dep_ != "cc":
        return False
    following = verb.nbor(1) if verb.i + 1 < len(verb.doc) else None
    return following is not None and following.tag_.startswith(("JJ", "NN")) and own_subject(verb) is None


def cue_of(verb: Token, kind: CueClass) -> Cue:
    """The cue that a verb of saying is, with its speaker as the parse gives it; none where nobody says it ("none of them said"), or a thing."""
    if hears_case(verb):
        return Cue(verb, span_of(verb), kind, None, None)  # "the court heard that …": its witnesses are not named
    head = speaker_of(verb) or _left_neighbour(verb)
    speaker = phrase_of(head) if head is not None and not is_nobody(head) and may_say(head, verb) else None
    if speaker is not None and speaker.start < verb.left_edge.i < speaker.end:
        speaker = verb.doc[speaker.start : verb.left_edge.i]  # "a letter to the staff | which said"
    return Cue(verb, span_of(verb), kind, speaker, "subject" if speaker is not None else None)


def _left_neighbour(verb: Token) -> Token | None:
    """The noun right in front of a sentence's main verb to which the parser gave no subject: "In the Post Lee said that …"."""
    if verb.dep_ != "ROOT" or verb.tag_ not in ("VBD", "VBZ", "VBP") or not verb.i or any(c.dep_ in _PASSIVE for c in verb.children):
        return None
    last = verb.nbor(-1)
    return last if last.pos_ in ("PROPN", "PRON") and own_subject(verb) is None else None


def repeats_source(cue: Cue, verbs: Container[int]) -> bool:
    """Whether a cue only repeats whose words these are: "she said she believes that …" is one attribution."""
    if cue.speaker is None or cue.speaker.root.dep_ not in NOMINAL_SUBJECTS:
        return False
    verb = cue.speaker.root.head
    for _ in range(_JOINED):
        if verb.dep_ != "conj":
            break
        verb = verb.head
    above = verb.head
    if verb.dep_ != "ccomp" or above.i not in verbs or above.i > verb.i:
        return False
    who = own_subject(above)
    own = cue.speaker.text.lower()
    return who is not None and own in _AGAIN and (who.pos_ != "PRON" or who.lower_ == own)


def span_of(verb: Token) -> Span:
    """The verb with its particle: "said", "pointed out"."""
    stop = verb.i + 1
    following = verb.doc[stop] if stop < len(verb.doc) else None
    if following is not None and following.head.i == verb.i and following.dep_ == "prt":
        stop += 1
    return verb.doc[verb.i : stop]


def _hearer(head: Token) -> Token | None:
    """The head of the phrase that names to whom something is said: the object of "tell", or what follows "to"."""
    if hears_case(head):
        return own_subject(head)
    to_somebody = head.lemma_ in saying("hearer")
    for child in head.children if to_somebody else ():
        if child.dep_ == "nsubjpass" and child.lower_ not in _RELATIVE:
            return child  # "the owners were told …"
        noun = child.pos_ in ("NOUN", "PROPN", "PRON")
        if (
            child.i > head.i and noun and child.dep_ in ("dobj", "dative", "ccomp")
        ):  # the last: "told the BBC's Today programme he would go"
            return child
    for child in head.rights:
        if child.dep_ in ("prep", "dative") and child.lower_ == "to" and head.lemma_ not in saying("no_hearer"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def _called_on(head: Token) -> Token | None:
    """Who is asked to do something by "called on the owners to leave"; that they heard it there is not told."""
    if head.lemma_ != "call":
        return None
    behind = (c for prep in head.rights if prep.dep_ == "prep" and prep.lower_ in _UPON for c in prep.rights if c.dep_ == "pobj")
    return next((c for c in behind if c.ent_type_ not in ("DATE", "TIME")), None)


def _heard_by(hearer: Token) -> Span:
    """The phrase of a hearer; of "told Radio Marlin's Today show that …" the parser may split the owner off."""
    owner = any(c.dep_ == "case" and c.i == c.doc[c.i].left_edge.i for c in hearer.rights)
    owned = next((c for c in hearer.head.rights if c.dep_ == "dobj" and c.i > hearer.i), None) if owner else None
    if owned is None:
        phrase = phrase_of(hearer)
        of = hearer.doc[phrase.end] if hearer.pos_ == "PROPN" and phrase.end < len(hearer.doc) else None
        named = (
            next((c for c in of.rights if c.dep_ == "pobj" and c.pos_ == "PROPN"), None) if of is not None and of.lower_ == "of" else None
        )
        return phrase if named is None else hearer.doc[phrase.start : named.i + 1]  # "told Rest of World": a name with its preposition
    return hearer.doc[hearer.left_edge.i : owned.i + 1]


def _channel_of(head: Token, speaker: Span | None, hearer: Token | None) -> Any:
    """By what means: the verb itself, "in a statement", "told reporters", or a speaker that is a document."""
    nouns = channels("nouns")
    found = channels("verbs").get(head.lemma_)
    speaking = _speaking(head)
    for child in (*head.children, *(speaking.children if speaking is not None else ()), *_behind_speaker(head, speaker)):
        if found is None and child.dep_ in ("prep", "agent") and child.lower_ in _MEANS:
            found = next((_by_noun(noun, nouns) or _by_medium(noun, nouns) for noun in child.children if noun.dep_ == "pobj"), None)
    if found is None and (document := document_saying(head)) is not None:
        found = _by_noun(document, nouns)
    if found is None and hearer is not None:
        found = _by_hearer(hearer)
    if found is None and speaker is not None and speaker.root.ent_type_ not in ("PERSON", "ORG"):  # "Ana Radio", "the Daily Mail"
        found = channels("speakers").get(speaker.root.lemma_.lower()) or _by_noun(speaker.root, nouns)
    return found


def _behind_speaker(head: Token, speaker: Span | None) -> Iterator[Token]:
    """The means that the parser hangs on a name in front of its cue: "Ana Brel in a news briefing accused …"; "Mr Brel of Acme Research" has none."""
    for child in speaker.root.rights if speaker is not None and speaker.root.pos_ == "PROPN" else ():
        if child.i < head.i and any(c.dep_ == "pobj" and c.pos_ == "NOUN" for c in child.rights):
            yield child


def _by_medium(noun: Token, nouns: dict[str, str]) -> str | None:
    """Where a message was put: "in a message on Telegram", "in a video posted on X", "in remarks broadcast on state television"."""
    for child in noun.rights:
        for prep in child.rights if child.dep_ == "acl" else (child,):
            if prep.dep_ != "prep" or prep.lower_ not in _MEANS:
                continue
            found = next((_by_noun(inner, nouns) for inner in prep.children if inner.dep_ == "pobj"), None)
            if found in _MEDIA:
                return found
    return None


def _speaking(head: Token) -> Token | None:
    """The participle that tells how one came to say something: "Speaking to reporters in Marlin, she said …"."""
    who = own_subject(head)
    beside = (*head.lefts, *(who.rights if who is not None else ()))  # "An officer, speaking to Radio Marlin, said …"
    return next((c for c in beside if c.dep_ in ("advcl", "acl") and c.lower_ in ("speaking", "talking")), None)


def _by_hearer(hearer: Token) -> Any:
    """The channel that a hearer is or has in front of it: "told the BBC", "told Radio Marlin", "told BBC Sport"."""
    known = channels("addressees")
    names = (hearer, *(c for c in reversed(list(hearer.lefts)) if c.dep_ == "compound" and c.pos_ == "PROPN"))
    words = (
        word for t in names for word in (t.lemma_.lower(), t.lower_.removesuffix("s"))
    )  # "Jurors" begins its sentence: a name to the tagger
    return next((known[word] for word in words if word in known), None)


def _by_noun(noun: Token, nouns: dict[str, str]) -> str | None:
    compound = next((c for c in noun.lefts if c.dep_ in ("compound", "amod") and c.i == noun.i - 1), None)
    if compound is not None and f"{compound.lower_} {noun.lemma_.lower()}" in nouns:
        return nouns[f"{compound.lower_} {noun.lemma_.lower()}"]
    found = nouns.get(noun.lemma_.lower().removesuffix("."))  # "wrote on X." is one token
    return None if noun.lower_ in _NEWSPAPERS and noun.pos_ == "PROPN" else found
