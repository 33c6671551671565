"""Speech without marks: frames in which a verb, noun or phrase of saying holds what was said.

They follow what PolNeAR (Newell et al. 2018) and PARC (Pareti 2012) call attribution: source, cue and content, the
content being a complement of the cue or the clause that the cue interrupts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.quote import CueClass
from transforms.attributions.complements import Content, hears_case, said_by
from transforms.attributions.cues import Cue, Draft, cue_of, repeats_source
from transforms.attributions.frame_words import channels, frame, phrases_by_first
from transforms.attributions.interrupted import document_before, interrupted, speaker_behind
from transforms.attributions.layout_speech import by_layout
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.nominal import nominal
from transforms.attributions.own_words import joined_end, own_words
from transforms.attributions.possible_sources import is_source
from transforms.attributions.speakers import phrase_near, phrase_of
from transforms.parse.grammar import POSSIBLE, modal_among, negated, own_subject
from transforms.parse.token_tree import Token
from transforms.words.reporting import classes, governing, saying
from transforms.words.source_nouns import source_nouns

_LONGEST = 250  # tokens
_TOO_FAR = 20  # steps up the tree to the clause that an "according to" goes with
_LOOSE = frozenset({"object", "preposition"})  # frames in which the matter is a noun
_UNSAYING = frozenset({"decline", "refuse", "fail"})
_NO_ASIDE = frozenset({"criticise", "deny", "demand", "question"})  # "…, he attacked, …" breaks into no clause
_ASIDE = 12  # tokens of an aside at the most
_AUXILIARIES = frozenset(
    {"has", "have", "had", "is", "are", "was", "were", "been", "will", "would", "can", "could", "may", "might", "should"}
)
_OPENING = 4  # tokens of a clause in which its question word stands
_ANYBODY = frozenset({"you", "who", "one", "what", "which", "that", "this", "these", "those", "nobody", "nothing"})
_SPEAKING = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_AUTHOR = frozenset({"i", "we", "'s", "’s"})
_ASKED = frozenset({"dobj", "dative", "nsubj", "nsubjpass"})
_UNTOLD = POSSIBLE | {"should", "must", "ought"}
_OPINION = frozenset({"think", "believe", "expect"})  # "doesn't think it will" is an opinion that it will not


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution as the parse gives it: the cue and the token ranges of what was said."""

    cue: Cue
    content: tuple[tuple[int, int], ...]
    rule: str


def attributions_in(reading: MarkedDoc, verbs: dict[int, CueClass]) -> Iterator[Attribution]:
    """Yield the attributions that the parse shows outside quotation marks; `verbs` are the verbs of saying by token index."""
    seen = set()
    for cue, ranges, rule in (*_verbs(reading, verbs), *nominal(reading, verbs), *_phrases(reading), *by_layout(reading, verbs)):
        if sum(stop - start for start, stop in ranges) > _LONGEST:
            continue  # no sentence is that long: the text has none, and the parse of it means little
        content = _clean(reading, ranges, verbs)
        if (
            content and content not in seen and not _swallows(content, cue)
        ):  # "said in a memo that …": the verb comes first, its memo says the same
            seen.add(content)
            yield Attribution(cue, content, rule)


def _swallows(content: tuple[tuple[int, int], ...], cue: Cue) -> bool:
    """Whether what was said would hold its own speaker or word of saying: the parse has gone wrong there."""
    spoken = [cue.span] if cue.speaker is None else [cue.span, cue.speaker]
    return any(start < span.end and span.start < stop for start, stop in content for span in spoken)


def _verbs(reading: MarkedDoc, verbs: dict[int, CueClass]) -> Iterator[Draft]:
    for i, kind in verbs.items():
        verb = reading.doc[i]
        if reading.inside[i] is not None or _left_unsaid(verb) or _yet_to_say(verb):
            continue
        found = (interrupted(reading, verb) if kind not in _NO_ASIDE else None) or said_by(verb)
        if found is None or (found[1] == "parenthesis" and kind in _NO_ASIDE):
            continue
        cue = cue_of(verb, _kind(verb, kind, found[1]))
        behind = (speaker_behind(reading, verb) or document_before(reading, verb)) if found[1] == "interrupted" else None
        if behind is not None:
            cue = replace(cue, speaker=behind, speaker_rule="beside-cue")
        if found[1] in _LOOSE and _only_meant(verb):
            continue
        nobody = _impersonal(verb) and not (found[1] == "naming" and verb.lemma_ in saying("thinks"))  # "considered a landmark"
        if not repeats_source(cue, verbs) and (_speaks(cue) if cue.speaker is not None else nobody):
            yield cue, _told(verb, found, verbs), found[1]


def _told(verb: Token, found: Content, verbs: dict[int, CueClass]) -> list[tuple[int, int]]:
    """What a word of saying governs, up to what is no part of it, and on to a clause joined behind that is."""
    ranges, rule = found
    own = own_words(verb, ranges, verbs)
    if rule != "clause" or own != ranges:
        return own
    return [*own[:-1], (own[-1][0], joined_end(verb, own[-1][1], verbs))]


def _kind(verb: Token, kind: CueClass, rule: str) -> CueClass:
    """The class of a cue in its frame: to ask that they go or tell them to go is a demand, and so is to call for something."""
    if rule == "infinitive" and verb.lemma_ in saying("bids"):
        return "demand"
    if rule == "clause" and verb.lemma_ == "ask":
        marks = [m.lower_ for c in verb.rights if c.dep_ == "ccomp" for m in c.lefts if m.dep_ == "mark"]
        return "demand" if "that" in marks else kind
    if rule != "preposition":
        return kind
    known = classes("verbs")
    phrases = (f"{verb.lemma_} {child.left_edge.lower_}" for child in verb.rights)
    return next((known[phrase] for phrase in phrases if phrase in known), kind)


def _only_meant(verb: Token) -> bool:
    """Whether a word of saying tells what somebody may or means to say: "plans to oppose it", "could deny it"; "did deny it" is said."""
    if verb.tag_ != "VB" or (verb.dep_ == "xcomp" and verb.head.lemma_ in frame("going_on")):
        return False
    return not any(c.dep_ == "aux" and c.lemma_ == "do" for c in verb.lefts)


def _yet_to_say(verb: Token) -> bool:
    """Whether an infinitive tells what somebody has in mind to say: "the plan is to invite them", "his wish to say that"; the first to say it said it."""
    if verb.tag_ != "VB" or not any(c.tag_ == "TO" for c in verb.lefts):
        return False
    noun = verb.head
    if verb.dep_ in ("acl", "relcl") and noun.pos_ == "NOUN":
        return noun.lemma_ in frame("intents") and not any(c.pos_ == "ADJ" and c.lower_ in ("first", "last", "only") for c in noun.lefts)
    return verb.dep_ == "xcomp" and noun.lemma_ == "be" and any(c.dep_ == "nsubj" and c.lemma_ in frame("intents") for c in noun.lefts)


def _left_unsaid(verb: Token) -> bool:
    """Whether nothing was said: "declined to say", "did not say whether", "met to decide whether", "will see if"."""
    if verb.lemma_ in _UNSAYING or (verb.dep_ == "xcomp" and _holds_back(verb.head)) or _asked_for(verb) or _may_say(verb):
        return True
    if _only_if(verb) or (verb.dep_ == "advcl" and verb.tag_ == "VB" and verb.lemma_ in saying("finds_out")):
        return True
    finding, denied = verb.lemma_ in saying("sees") and not hears_case(verb), negated(verb)
    if _inferred(verb) or (denied and verb.lemma_ in saying("unsaid") and verb.lemma_ not in saying("thinks")):
        return True
    if not finding and (not denied or verb.lemma_ in _OPINION):
        return False
    clause = next((c for c in verb.children if c.dep_ == "ccomp"), None)
    if clause is None:
        return not finding
    opening = clause.doc[clause.left_edge.i : clause.left_edge.i + _OPENING]
    stated = any(c.dep_ == "mark" and c.lower_ == "that" for c in clause.lefts)  # "knew that when it rained"
    return not stated and any(t.tag_ in ("WP", "WDT", "WRB", "WP$") or t.lower_ in ("whether", "if") for t in opening)


def _asked_for(verb: Token) -> bool:
    """Whether an infinitive is what somebody is asked to say: "urged him to admit that", "called on them to say that"."""
    above = verb.head
    if verb.tag_ != "VB" or verb.dep_ not in ("xcomp", "ccomp", "advcl"):
        return False
    if not any(c.tag_ == "TO" for c in verb.lefts):
        return above.lemma_ in ("make", "let", "help") and above.tag_ == "VB"  # "the fight to make them reveal who told them"
    asks = (
        above.lemma_ in saying("someone_to") - saying("thinks") or above.lemma_ in frame("wishing") or f"{above.lemma_} on" in governing()
    )
    asked = (*above.rights, *verb.lefts, *(c for c in above.lefts if c.dep_ == "nsubjpass"))
    return asks and any(c.i < verb.i and (c.dep_ in _ASKED or (c.dep_ == "prep" and c.lower_ in ("on", "upon"))) for c in asked)


def _may_say(verb: Token) -> bool:
    """Whether somebody only may, should or must not say something: "fans, who may feel that …", "the judge must not declare that …"."""
    modal = modal_among(c for c in verb.lefts if c.dep_ == "aux")
    if modal in ("will", "would") and verb.dep_ == "ccomp" and verb.head.lemma_ in classes("verbs") and verb.lemma_ in saying("of_things"):
        return True  # "promised the plan would encourage them to stay"
    return modal in _UNTOLD or (modal == "can" and negated(verb) and verb.lemma_ not in saying("thinks"))


def _inferred(verb: Token) -> bool:
    """Whether a fact lets its reader infer something: "prices fell, which suggests that …", "the text came early, suggesting that …".

    A name would say it, and so would a document of which a relative clause tells.
    """
    if verb.lemma_ not in saying("infers"):
        return False
    if verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.head.lemma_ not in classes("verbs"):
        of = own_subject(verb.head)
        if of is None or of.ent_type_ in _SPEAKING or of.pos_ != "NOUN":
            return of is None
        texts = source_nouns("document").union(channels("nouns"))
        return not is_source(of) or of.lower_ in texts or of.lemma_.lower() in texts
    if verb.dep_ != "relcl" or not any(c.lower_ == "which" and c.dep_ == "nsubj" for c in verb.lefts):
        return False
    of = verb.head
    return of.ent_type_ not in _SPEAKING and of.lemma_.lower() not in source_nouns("shows") and of.lemma_.lower() not in channels("nouns")


def _only_if(verb: Token) -> bool:
    """Whether something is said only on a condition: "it helps if he comes out and says that …"."""
    while verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    return any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in verb.lefts)


def _holds_back(above: Token) -> bool:
    """Whether a verb keeps the infinitive under it from being said: "declined to", "does not want to", "tries to", "has yet to"."""
    if above.lemma_ in _UNSAYING or above.lemma_ in frame("attempting"):
        return True
    if above.lemma_ in ("be", "have") and any(c.lower_ in ("yet", "still") for c in above.children):
        return True
    return above.lemma_ in frame("holding") and negated(above)


def _speaks(cue: Cue) -> bool:
    """Whether a speaker is somebody: not "you never know", and not the author's own "I think"."""
    who = cue.speaker.text.lower() if cue.speaker is not None else ""
    verb = cue.head
    would = any(c.tag_ == "MD" for c in verb.lefts)  # "I would say yes"
    here = verb.tag_ == "VBP" and verb.dep_ != "advcl" and cue.kind not in ("neutral", "question")  # "we suggest a warm hat"
    own = would or here or verb.lemma_ in saying("thinks") or verb.lemma_ in saying("naming")
    return who not in _ANYBODY and not (who in _AUTHOR and own)


def _impersonal(verb: Token) -> bool:
    """Whether the speaker is left open on purpose: "it is said that", "he is believed to", "the court heard"; "known as" names."""
    if any(c.tag_ == "MD" for c in verb.children) or verb.lemma_ in saying("labels"):
        return False
    if hears_case(verb):
        return True
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)


def _phrases(reading: MarkedDoc) -> Iterator[Draft]:
    """Read "according to X", "in the words of X": the clause without the phrase is what X says."""
    doc, by_first = reading.doc, phrases_by_first()
    for i in [i for i, lower in enumerate(reading.lowered) if lower in by_first]:
        for words, kind in by_first[reading.lowered[i]]:
            stop = i + len(words)
            if reading.lowered[i:stop] != words or reading.inside[i] is not None:
                continue
            source = next((t for t in doc[stop - 1].children if t.dep_ == "pobj"), None)
            clause = _clause_above(doc[i], stop)
            if clause is not None and i > 0 and doc[i - 1].text == ",":
                clause = _widest(clause, i)
            if source is not None and clause is not None and source.lemma_ not in frame("no_source") and not _is_measure(source):
                cue = Cue(doc[i], doc[i:stop], kind, phrase_of(source), "behind-phrase")
                end = max(source.right_edge.i, doc[stop - 1].right_edge.i) + 1
                yield cue, _around(reading, clause, i, end), "according-to"
            elif source is None or clause is None:
                yield from _by_commas(reading, i, stop, kind)
            break


def _by_commas(reading: MarkedDoc, start: int, stop: int, kind: CueClass) -> Iterator[Draft]:
    """The same without the parse, which may take the words for others: up to a comma the source, the sentence beside it what it says."""
    doc, sent = reading.doc, reading.doc[start].sent
    end = next((i for i in range(stop, sent.end) if doc[i].text in (",", ".", ";") or doc[i].is_space), sent.end)
    source = phrase_near(reading, stop, end)
    content = (sent.start, start) if start > sent.start + 1 and doc[start - 1].text == "," else (end + 1, sent.end)
    begins = start == sent.start and end < sent.end and doc[end].text == ","
    says = not begins or any(kind in ("VERB", "AUX") for kind in reading.kinds[content[0] : content[1]])
    if source is not None and says and source.root.lemma_ not in frame("no_source") and (begins or content[1] == start):
        yield Cue(doc[start], doc[start:stop], kind, source, "behind-phrase"), [content], "according-to"


def _is_measure(source: Token) -> bool:
    """Whether something is only measured by what it has: "homes are graded according to their value"; "according to their lawyer" is said."""
    return any(c.lower_ in ("their", "its") and c.dep_ == "poss" for c in source.lefts) and not is_source(source)


def _around(reading: MarkedDoc, clause: Token, start: int, stop: int) -> list[tuple[int, int]]:
    """A clause without the phrase from start to stop; what follows the phrase without a verb still describes the source."""
    left, right = clause.left_edge.i, clause.right_edge.i + 1
    if reading.doc[left].dep_ == "mark" and reading.trimmed(left + 1, start) is None:
        left = start  # "because, according to X, …"
    goes_on = (
        clause.i < start and clause.lemma_ == "be" and any(c.i > stop for c in clause.rights)
    )  # "the hall is, according to X, the finest"
    if left < start and not goes_on and not any(kind in ("VERB", "AUX") for kind in reading.kinds[stop:right]):
        return [(left, start)]
    return [(left, start), (stop, right)]


def _widest(clause: Token, start: int) -> Token:
    """The outermost clause that ends with a phrase behind a comma; no clause that somebody else says, no relative one."""
    node = clause
    for _ in range(_TOO_FAR):
        above = node.head
        if above.i == node.i or node.dep_ in ("relcl", "acl") or (node.dep_ == "ccomp" and above.lemma_ in classes("verbs")):
            break
        if above.pos_ in ("VERB", "AUX") and above.i < start:
            clause = above
        node = above
    return clause


def _clause_above(first: Token, stop: int) -> Token | None:
    """The verb above a phrase that begins with `first` and ends before token `stop`."""
    node = first
    for _ in range(_TOO_FAR):
        if node.head.i == node.i:
            return None
        node = node.head
        if node.pos_ in ("VERB", "AUX") and not first.i <= node.i < stop and node.dep_ not in ("aux", "auxpass"):
            return node
    return None


def _clean(reading: MarkedDoc, ranges: list[tuple[int, int]], verbs: dict[int, CueClass]) -> tuple[tuple[int, int], ...]:
    """Ranges without outer punctuation, a leading "that", a further cue behind a comma (", adding …") and empty pieces."""
    doc, kept = reading.doc, []
    for n, (first, stop) in enumerate(ranges):
        start = first
        while start < stop and n == 0 and _leads_in(doc[start]):
            start += 1
        further = next((i for i in range(start + 1, stop) if i in verbs and _resumes(doc[i])), stop)
        start = _behind_colon(reading, start, further)
        end = _run_on(reading, _over_aside(reading, _word_end(reading, further))) if n == len(ranges) - 1 else further
        span = reading.trimmed(start, end)
        if span is not None and any(not t.is_punct and not t.is_space for t in span):
            kept.append((span.start, span.end))
    return tuple(kept)


def _resumes(token: Token) -> bool:
    """Whether a participle behind a comma says what the speaker added: ", warning that …"; not what people did: ", attacking troops"."""
    if token.tag_ != "VBG" or token.lemma_ not in saying("resumes"):
        return False
    return token.nbor(-1).text == "," or token.nbor(-1).is_quote


def _leads_in(token: Token) -> bool:
    """Whether a token in front of content is no part of it: "that", and when it was said ("told them [this week] he would go")."""
    if token.lower_ == "that" and token.dep_ == "mark":
        return True
    when = token.head if token.dep_ in ("det", "amod", "compound", "nummod") else token
    return when.dep_ == "npadvmod" and when.ent_type_ in ("DATE", "TIME") and token.i > 0 and token.nbor(-1).text != ","


def _behind_colon(reading: MarkedDoc, start: int, stop: int) -> int:
    """Where content begins that another cue introduces: "the senator scolded him: “…,” she said" is the stretch in marks alone."""
    for m in reading.touched(reading.offsets[start], reading.doc[stop - 1].idx) if start < stop else ():
        first = reading.token_at(reading.marked[m].outer_start)
        if start < first and reading.doc[first - 1].text == ":" and reading.marked[m].end >= reading.doc[stop - 1].idx:
            return first
    return start


def _word_end(reading: MarkedDoc, stop: int) -> int:
    """Where content ends that the parser ended inside a word: "pledged to co|-operate with the inquiry"."""
    doc = reading.doc
    if not 0 < stop < len(doc) - 1 or doc[stop].text != "-" or doc[stop - 1].whitespace_ or doc[stop].whitespace_:
        return stop
    return min(doc[stop + 1].right_edge.i + 1, doc[stop].sent.end)


def _over_aside(reading: MarkedDoc, stop: int) -> int:
    """Where content ends whose last auxiliary an aside parts from its verb: "the race has, by all accounts, [begun]"."""
    doc = reading.doc
    if not 0 < stop < len(doc) or doc[stop].text not in (",", "-", "–", "—") or doc[stop - 1].lower_ not in _AUXILIARIES:
        return stop
    end = doc[stop].sent.end
    closed = next((i for i in range(stop + 2, min(end - 1, stop + _ASIDE)) if doc[i].text == doc[stop].text), None)
    if closed is None or not doc[closed + 1].tag_.startswith("VB"):
        return stop
    behind = doc[closed + 1]
    return min(max(behind.right_edge.i + 1, closed + 2), end)


def _run_on(reading: MarkedDoc, stop: int) -> int:
    """Where content goes on that ends with a sentence which the parser ended without a full stop."""
    doc = reading.doc
    if (
        not 0 < stop < len(doc)
        or not doc[stop].is_sent_start
        or doc[stop].is_space
        or not (doc[stop - 1].is_alpha or doc[stop - 1].is_digit)
    ):
        return stop
    return min(doc[stop].sent.end, stop + _LONGEST)
