"""Who says it: from a word of saying to the noun phrase of its speaker."""

from transforms.attributions.frame_words import channels, frame
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.possible_sources import is_source
from transforms.parse.grammar import NOMINAL_SUBJECTS, RELATIVES, SUBJECTS, is_time, own_subject
from transforms.parse.token_tree import INSIDE, Span, Token
from transforms.words.reporting import classes, saying

_CLIMBS = frozenset({"xcomp", "advcl", "conj", "ccomp", "pcomp", "prep", "acl", "relcl", "dep", "parataxis"})
_EXPLETIVE = frozenset({"be", "seem", "appear", "become", "take", "remain", "make"})
_NAMED = frozenset({"PERSON", "ORG", "NORP", ""})
_NAMES = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_ASKED = frozenset({"ask", "press", "quiz", "question"})
_ASIDES = frozenset({"WDT", "WP", "WP$", "WRB"})
_PLURAL = frozenset({"NNS", "NNPS"})
_INSCRIBED = frozenset({"say", "read"})  # "held a banner saying …"
_NO_NAME = frozenset({"ADV", "CCONJ", "PUNCT", "SPACE", "AUX", "VERB", "SCONJ"})
_TOO_FAR = 6  # steps up the tree: past that a subject is another clause's
# What ends a speaker's phrase to the right: clauses that say more about them, appositions, what else they did.
_BEYOND = frozenset({"relcl", "acl", "appos", "punct", "advcl", "ccomp", "parataxis", "cc"})
_BESIDE = frozenset({"relcl", "advcl", "ccomp", "cc", "conj", "parataxis", "preconj"})  # what ends it to the left
_BREAKS = frozenset({",", ";", ":", "—", "–", "--"})  # no hyphen: "the 28-year-old"
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})


def speaker_of(verb: Token) -> Token | None:
    """The head of the noun phrase that does the saying; None where the text leaves it open ("it is said").

    Passives go to their agent, relative pronouns to their noun, participles and infinitives to the subject above.
    """
    passive = _is_passive(verb)
    # "was told": the subject hears; "is said", "was described": it is spoken of
    near = (_agent(verb) or _convinced(verb)) if passive else _quoted_as(verb) or _name_before(verb)
    if passive or near is not None:
        return near
    node = verb
    for _ in range(_TOO_FAR):
        own = own_subject(node)
        if own is not None:
            own = charged_by(node) or _accuser(verb, node) or own
            if own.lower_ in RELATIVES and node.dep_ == "relcl":
                return _named_in_front(node.head) if own.lower_ == "who" else _thing_in_front(node.head)
            if own.lower_ == "it" and node.i != verb.i and (node.pos_ != "VERB" or node.lemma_ in _EXPLETIVE):
                return None  # "it is hard to dismiss": nobody yet
            # Only a participle in front of its clause has its speaker behind it ("Citing costs, she …"), and inversion.
            return own if own.i < verb.i or node.i == verb.i or verb.dep_ in ("advcl", "pcomp") else None
        found = _speaking_noun(node) or _made_to(node)
        if found is None and _tells_of_subject(node):
            node = node.head.head
            continue
        if found is not None or not _climbs(node):
            return found
        node = _resumed(node) or node.head
    return None


def _convinced(participle: Token) -> Token | None:
    """Who is convinced or persuaded that something is so: a participle that tells what somebody thinks."""
    words = (*(c for c in participle.lefts if c.dep_ == "auxpass"), participle)  # "which he is convinced she will do"
    subjects = (c for word in words for c in word.lefts if c.dep_ in NOMINAL_SUBJECTS and c.lower_ not in RELATIVES)
    return next(subjects, None) if participle.lower_ in classes("adjectives") else None


def _made_to(infinitive: Token) -> Token | None:
    """Whom the verb above brings to say something: "prompted a union leader to call it a farce", "led him to admit that …"."""
    above = infinitive.head
    if infinitive.dep_ != "xcomp" or infinitive.tag_ != "VB" or above.lemma_ not in frame("causing"):
        return None
    return next((c for c in above.rights if c.dep_ == "dobj" and c.i < infinitive.i), None)


def _accuser(participle: Token, passive: Token) -> Token | None:
    """Who gives the reason for accusing somebody: "the singer is sued by [his agent], claiming that …"."""
    if participle.dep_ != "advcl" or participle.tag_ != "VBG" or participle.i < passive.i or passive.tag_ != "VBN":
        return None
    return _agent(passive) if passive.lemma_ in frame("accusing") else None


def charged_by(verb: Token) -> Token | None:
    """Who judges the word of another: in "…, a charge Ana Brel called baseless" the parser takes the charge for the subject, its judge for its name."""
    what = own_subject(verb)
    if what is None or not _is_charge(what):
        return None
    return next((c for c in what.rights if c.dep_ == "appos" and c.left_edge.i == what.i + 1 and c.pos_ == "PROPN"), None)


def _is_charge(noun: Token) -> bool:
    return noun.lemma_ in classes("nouns") and noun.i > 0 and noun.nbor(-1).lower_ in ("a", "an")


def _named_in_front(noun: Token) -> Token:
    """Whom a relative clause tells of: in "Ana Brel, an engineer who said …" the name, in "a nurse at the clinic, who said …" the nurse."""
    place = noun.head if noun.dep_ == "pobj" else None
    if place is not None and place.lower_ in frame("placing") and place.dep_ == "prep" and place.head.pos_ in ("NOUN", "PROPN"):
        human = noun.ent_type_ in ("PERSON", "NORP") or noun.tag_ in _PLURAL or noun.lower_ == "old"  # "my 8-year-old"
        if not human and (noun.nbor(1).text == "," or noun.ent_type_):
            return _named_in_front(place.head)
    return _appositive(noun)


def _thing_in_front(noun: Token) -> Token:
    """What a relative clause with "that" or "which" tells of, or who put it out: in "Acme sent an email to staff that said …" not the staff."""
    document = _sent_to(noun)
    return (_issuer(document) or document) if document is not None else _appositive(_dated_by(noun))


def _dated_by(noun: Token) -> Token:
    """What a date tells of, which the parser takes for what the clause behind it is about: "its opinion from July, which found …"."""
    if noun.ent_type_ not in ("DATE", "TIME") or noun.dep_ != "pobj":
        return noun
    prep = noun.head
    if prep.head.pos_ in ("NOUN", "PROPN"):
        return prep.head
    before = prep.nbor(-1) if prep.i else prep
    return before if before.pos_ in ("NOUN", "PROPN") else noun


def _appositive(noun: Token) -> Token:
    """The name that a noun in apposition describes."""
    named = noun.dep_ == "appos" and noun.pos_ == "NOUN" and noun.head.pos_ == "PROPN" and noun.head.i < noun.i
    return noun.head if named else noun


def _quoted_as(verb: Token) -> Token | None:
    """Whom another medium quotes: "the paper quoted Ana Brel as saying"."""
    if verb.dep_ != "pcomp" or verb.head.lower_ != "as":
        return None
    return next((c for c in verb.head.head.rights if c.dep_ == "dobj" and c.i < verb.i), None)


def _name_before(participle: Token) -> Token | None:
    """The name right in front of a participle: "footage of Jane Doe saying …"; not the one that "heaped praise on her, saying …" has."""
    last = participle.nbor(-1) if participle.tag_ == "VBG" and participle.i else None
    if last is None or last.pos_ != "PROPN" or last.ent_type_ not in _NAMED:
        return None
    if _sent_to(last) is not None or (participle.dep_ == "advcl" and last.dep_ == "pobj" and last.head.head.i == participle.head.i):
        return None
    while last.dep_ == "compound" and last.head.i < participle.i:
        last = last.head
    return last


def _resumed(verb: Token) -> Token | None:
    """The word of saying that a further one resumes: "said he fell and added" is parsed as if he who fell had added."""
    told = verb.head
    adds = verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.i > told.i and verb.lemma_ in classes("verbs")  # “…,” adding that …
    while adds and told.dep_ == "xcomp" and told.head.i < told.i:  # "said they go on to refuse, arguing that …"
        told = told.head
    if not (adds or verb.dep_ == "conj") or told.dep_ != "ccomp":
        return None
    if verb.dep_ == "conj" and (verb.lemma_ not in classes("verbs") or verb.lemma_ in saying("thinks")):
        return None  # "said they went there and learned that …": who went, learned
    if told.lemma_ in classes("verbs") and told.lemma_ not in saying("of_things") and not stands_apart(verb):
        return None
    return told.head if told.head.i < verb.i and told.head.lemma_ in classes("verbs") else None


def stands_apart(further: Token) -> bool:
    """Whether a finite verb is joined to one under an auxiliary, so that they cannot share a subject: "said he would go and [warned them]"."""
    clause = further.head
    if further.lemma_ in saying("resumes") and (_behind_and(further) or _told_of_a_thing(further)):
        return True
    under = any(c.dep_ in ("aux", "auxpass") for c in clause.lefts) and clause.tag_ in ("VB", "VBN", "VBG")
    return under and further.tag_ in ("VBD", "VBZ") and not any(c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for c in further.lefts)


def _told_of_a_thing(further: Token) -> bool:
    """Whether a verb in the past without a subject goes on behind what is told of a thing, which says nothing: "said the road was bad and [warned them]"."""
    if further.tag_ != "VBD" or further.dep_ != "conj" or any(c.dep_ in SUBJECTS or c.dep_ in ("aux", "auxpass") for c in further.lefts):
        return False
    who = own_subject(further.head)
    return who is not None and who.pos_ == "NOUN" and not is_source(who)


def _behind_and(further: Token) -> bool:
    """Whether a verb stands behind a comma and "and", and what is told before it is told of a thing: "said the deal was dead, and denied …"."""
    clause, doc = further.head, further.doc
    if further.i < 3 or doc[further.i - 1].dep_ != "cc" or doc[further.i - 2].text != "," or further.tag_ not in ("VBD", "VBZ"):
        return False
    who = own_subject(clause)
    return who is not None and who.pos_ != "PRON" and who.ent_type_ != "PERSON"


def _noun_above(node: Token) -> Token | None:
    """The noun that a participle or relative clause goes with."""
    if _tells_of_subject(node):
        return None
    if node.dep_ in ("acl", "relcl") and node.head.pos_ in _NOMINAL:
        return (_sent_to(node.head) or node.head) if node.dep_ == "relcl" or node.tag_ == "VBG" or _with_that(node) else None
    return _document_before(node) if node.tag_ == "VBG" and node.dep_ == "advcl" else None


def _tells_of_subject(participle: Token) -> bool:
    """Whether a participle that the parser hangs on an object tells of the subject: "visited small towns pledging to build roads"."""
    thing, verb = participle.head, participle.lemma_
    if participle.dep_ != "acl" or participle.tag_ != "VBG" or thing.dep_ != "dobj" or verb not in classes("verbs"):
        return False
    return verb not in _INSCRIBED | saying("of_things") and not is_source(thing) and not _is_document(thing)


def _sent_to(whom: Token) -> Token | None:
    """The document in "sent the mayor's office a letter", "wrote a letter to the mayor asking …": who gets it does not speak in it."""
    if whom.dep_ != "pobj" or whom.head.lower_ != "to":
        return None
    above = whom.head.head
    if above.pos_ == "NOUN":
        return above if above.lemma_ in channels("nouns") else None
    return next((c for c in above.rights if c.dep_ == "dobj" and c.i < whom.i and c.lemma_ in channels("nouns")), None)


def _climbs(node: Token) -> bool:
    """Whether a verb without a subject takes the one of the word above it: "wants to say", "went so far as to say"."""
    if node.lower_ == "far" and node.dep_ == "advmod":
        return True
    if node.dep_ not in _CLIMBS or node.head.i == node.i:
        return False
    return node.dep_ not in ("conj", "ccomp") or node.head.pos_ in ("VERB", "AUX")


def _speaking_noun(node: Token) -> Token | None:
    """The noun that a participle or relative clause goes with; of a document whoever put it out, where the clause above tells."""
    noun = _noun_above(node)
    return (_issuer(noun) or _one_of_such(noun) or noun) if noun is not None else None


def _one_of_such(noun: Token) -> Token | None:
    """Who is said to be one that says something: "[Acme] is the latest firm to announce that …"."""
    who = own_subject(noun.head) if noun.dep_ == "attr" and noun.head.lemma_ == "be" else None
    return who if who is not None and who.pos_ == "PROPN" else None


def document_saying(participle: Token) -> Token | None:
    """The document that a participle or relative clause goes with: the statement of "issued a statement saying …", "a memo that warned …"."""
    noun = _noun_above(participle)
    return noun if noun is not None and _is_document(noun) else None


def _is_document(noun: Token) -> bool:
    return noun.lemma_ in channels("nouns") or noun.lemma_ in classes("nouns")


def _issuer(document: Token) -> Token | None:
    """Who put a document out, where the clause above tells: "Roe issued a statement saying …", "a memo sent by Roe said"."""
    verb = document.head
    if document.dep_ != "dobj" or not _is_document(document) or verb.lemma_ not in frame("makers"):
        return None
    return next((c for c in verb.lefts if c.dep_ == "nsubj" and c.lower_ not in RELATIVES), None)


def _document_before(participle: Token) -> Token | None:
    """The document that speaks in "issued a statement saying …": without a comma the participle goes with the object above."""
    if participle.i and participle.nbor(-1).text == ",":
        return None
    things = [c for c in participle.head.rights if c.dep_ == "dobj" and c.i < participle.i]
    return next((t for t in things if _is_document(t)), None)


def _is_passive(verb: Token) -> bool:
    if _asked_aside(verb):
        return True
    return (
        any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)
        or _headline_passive(verb)
        or (
            verb.tag_ == "VBN"
            and verb.dep_ in ("acl", "advcl")
            and not any(c.dep_ == "aux" for c in verb.children)
            and not _with_that(verb)
        )
    )


def _headline_passive(verb: Token) -> bool:
    """As in the headline "Second aircraft reported to have crashed": what only its passive takes an infinitive behind it."""
    if verb.lemma_ not in saying("raises") or verb.lemma_ in saying("to") or verb.tag_ not in ("VBD", "VBN"):
        return False
    return any(c.dep_ == "xcomp" and any(a.tag_ == "TO" for a in c.lefts) for c in verb.rights)


def _asked_aside(verb: Token) -> bool:
    """Read "Ms. Lee, asked about the delay, …": whom somebody asked, though the parser may see a past tense."""
    if verb.dep_ == "ROOT" and any(c.dep_ == "ccomp" for c in verb.rights):
        return False  # "Ana Brel, 71, asked why …"
    return verb.lemma_ in _ASKED and verb.i > 0 and verb.nbor(-1).text == "," and not any(c.dep_ in ("dobj", "aux") for c in verb.children)


def _with_that(verb: Token) -> bool:
    """Whether a verb that may be a participle governs "that …", which only one who tells does: "Acme, a maker of tyres, announced that …"."""
    if verb.tag_ != "VBN" or verb.dep_ != "acl" or verb.lemma_ in saying("told"):
        return False
    return any(c.dep_ == "ccomp" and any(m.dep_ == "mark" and m.lower_ == "that" for m in c.lefts) for c in verb.rights)


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((c for c in child.children if c.dep_ == "pobj" and not is_time(c)), None)
    return None


def phrase_of(head: Token) -> Span:
    """A speaker's noun phrase: title, name and what is tied to it by a preposition; no relative clause, no apposition but a name."""
    doc = head.doc
    if head.pos_ == "PRON":
        return doc[head.i : head.i + 1]
    stop = head.i + 1
    named = _named_behind(head)
    for child in head.rights:
        if child.dep_ == "case" or (child.dep_ == "prep" and head.pos_ == "PROPN" and not _in_name(child)):
            break
        if child.dep_ in _BEYOND and not _joins(child):
            if child.dep_ == "punct" and child.text in "-–'’)":
                continue
            break
        stop = child.right_edge.i + 1
    start = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ in _BESIDE or child.text in _BREAKS:
            break
        start = child.left_edge.i
    if start < head.i and doc[start].text == "-":
        start += 1  # the dash of a list
    if start + 2 < head.i and doc[start + 1].tag_ == "NN" and _is_charge(doc[start + 1]) and doc[start + 2].pos_ == "PROPN":
        start += 2  # "a charge | Finance Minister Ana Brel called baseless"
    stop = max(stop, _name_end(named)) if named is not None else stop
    if stop < len(doc) and doc[stop].text == ")" and any(t.text == "(" for t in doc[head.i : stop]):
        stop += 1  # "the Bank of Norvia (BoN|)"
    if stop + 1 < len(doc) and doc[stop].text == "-" and not doc[stop - 1].whitespace_ and not doc[stop].whitespace_:
        stop += 2  # "his ex|-girlfriend"
    return doc[start : next((i for i in range(head.i + 1, stop - 1) if doc[i].text == "," and doc[i + 1].tag_ in _ASIDES), stop)]


def _named_behind(head: Token) -> Token | None:
    """The name behind a comma that says who an office is: "the minister's deputy, Ana Brel, said"; a list of firms has no office."""
    described = any(c.dep_ in ("det", "poss", "amod") for c in head.lefts) or any(
        c.lower_ == "of" and c.i == head.i + 1 for c in head.rights
    )
    office = described or (head.pos_ == "NOUN" and not head.is_title)
    if not office or head.ent_type_ == "PERSON":
        return None
    kinds = ("PERSON",) if head.ent_type_ in _NAMES else ("PERSON", "ORG", "")  # "the Archbishop of Marlin, Ana Brel": no name yet
    # "the chairman, Ana Brel QC said": without the second comma the parser sees two subjects
    for child in (*head.rights, *(c for c in head.head.lefts if c.i > head.i and c.dep_ == head.dep_ == "nsubj")):
        if child.dep_ in ("appos", "nsubj") and child.pos_ == "PROPN" and child.ent_type_ in kinds:
            first = child.left_edge.i
            closed = child.dep_ == "nsubj" and first == head.i + 1  # "the carmaker Acme said"
            return child if closed or (first > head.i and child.doc[first - 1].text == ",") else None
    return None


def _name_end(name: Token) -> int:
    """Where a name ends with the preposition that is part of it: "the University of Marlin"."""
    return max([name.i + 1, *(c.right_edge.i + 1 for c in name.rights if c.dep_ == "prep" and _in_name(c))])


def _in_name(preposition: Token) -> bool:
    """Whether a preposition is part of a name ("Bank of England"), not of what describes it ("Ann Lee of Acme")."""
    if preposition.lower_ != "of":
        return preposition.ent_iob == INSIDE and preposition.ent_type_ == preposition.head.ent_type_ == "ORG"  # "the Front for Renewal"
    inner = next((c for c in preposition.children if c.dep_ == "pobj"), None)
    return inner is not None and inner.pos_ == "PROPN" and preposition.head.ent_type_ == inner.ent_type_ != ""


def _joins(child: Token) -> bool:
    """Whether a right-hand child joins a second speaker ("Smith and Jones said") or is the name ("the engineer Karl Moss")."""
    if child.dep_ == "appos":
        return child.left_edge.i == child.head.i + 1
    return child.dep_ == "cc" and child.lower_ in ("and", "or", "&")


def phrase_near(reading: MarkedDoc, start: int, stop: int) -> Span | None:
    """The tokens from start to stop as a speaker where the parse gives none: up to a comma, without adverbs at its ends."""
    doc = reading.doc
    end = start
    while end < stop and doc[end].text not in (",", ";", ":", "(", "—", "–", "--"):
        end += 1
    while end > start and doc[end - 1].pos_ not in ("NOUN", "PROPN", "PRON") and doc[end - 1].ent_type_ != "PERSON":
        end -= 1
    while start < end and doc[start].pos_ in _NO_NAME and doc[start].ent_type_ != "PERSON":  # "Connolly" ends like an adverb
        start += 1
    return doc[start:end] if start < end else None
