"""What a word of saying governs: the part of a sentence that is what was said, as token ranges, with the rule that found it."""

from transforms.attributions.frame_words import channels, frame
from transforms.attributions.speakers import charged_by
from transforms.parse.grammar import FINITE_OR_MODAL, RELATIVES, own_subject
from transforms.parse.token_tree import Token
from transforms.words.reporting import prepositions, saying
from transforms.words.source_nouns import source_nouns

Content = tuple[list[tuple[int, int]], str]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
# "is expected to" tells a plan or a likelihood, and attributes nothing.
_FORESEEN = frozenset({"expect", "forecast", "plan"})
_COMMAS = frozenset({",", "—", "–", "--", "-", "(", ";", ":"})
_EXTENDS = frozenset({"for", "by", "of", "about", "between", "against", "from", "as", "over", "toward", "towards"})


def said_by(verb: Token) -> Content | None:
    """What a verb of saying says: the clause it governs, another complement, or the clause that it interrupts."""
    return _nearest(_clause(verb), _complement(verb)) or _shown(verb) or _parenthesis(verb)


def _nearest(clause: Content | None, complement: Content | None) -> Content | None:
    """A clause goes before other complements, but for an infinitive in front of it: "promised to find what was lost"."""
    if clause and complement and complement[1] == "infinitive" and complement[0][0][0] < clause[0][0][0]:
        return complement
    return clause or complement


def _clause(verb: Token) -> Content | None:
    """Read a finite clause: "said (that) …", "asked whether …", and in front of its cue: "Sales rose, she said"."""
    clauses = _governed(verb)
    behind = [c for c in clauses if c.i > verb.i]
    if behind:
        # "said that, had he known, he would …" may become two clauses
        second = behind[-1] if len(behind) > 1 else _behind_participle(verb, behind[0]) or _listed(verb, behind[0])
        if second is not None:
            return [(behind[0].left_edge.i, second.right_edge.i + 1)], "clause"
        start = _subject_taken_for_object(verb, behind[0])
        return [(start, behind[0].right_edge.i + 1)] if start is not None else _without(verb, behind[0]), "clause"
    if clauses and not _set_apart(verb, clauses[0]):
        return _without(verb, clauses[0]), "clause"
    for child in verb.rights:
        hung = that_behind(child)
        if hung is not None:
            return [_whole(hung)], "clause"
    return None


def _behind_participle(verb: Token, clause: Token) -> Token | None:
    """The verb of a clause for which the parser took a participle before it: "showed that the ship sent to Norvia [was] late"."""
    finite = _verb_at(verb, clause.right_edge.i + 1)
    may_be_participle = clause.tag_ in ("VBN", "VBD") and not any(c.dep_ in ("aux", "auxpass") for c in clause.lefts)
    return finite if finite is not None and may_be_participle and not any(c.dep_ in _SUBJECTS for c in finite.lefts) else None


def _listed(verb: Token, clause: Token) -> Token | None:
    """A further verb of a list, of which the parser makes a clause by itself: "claiming he wrote it, [spent years on it and sold it]"."""
    behind = (c for c in verb.rights if c.dep_ == "ccomp" and c.i > clause.i and c.tag_ in ("VBD", "VBN") and own_subject(c) is None)
    return next((c for c in behind if clause.tag_ in ("VBD", "VBN") and any(k.dep_ == "conj" for k in c.rights)), None)


def _governed(verb: Token) -> list[Token]:
    """The heads of the finite clauses that a verb governs and that are what was said."""
    if charged_by(verb) is not None:
        return []  # "prices fell, a claim the bank called false": the parser hangs the fall on the calling
    clauses = [c for c in map(_program, verb.children) if c.dep_ == "ccomp" and _finite(c) and not _lacks_subject(verb, c)]
    clauses = [c for c in clauses if not (_tells_of_noun(c) or _relative(verb, c) or _follows_object(verb, c))]
    if verb.lemma_ in saying("perceives") and not hears_case(verb):
        clauses = [c for c in clauses if c.i < verb.i or any(m.dep_ == "mark" for m in c.lefts)]  # in front: "he sped, the court heard"
    return clauses


def hears_case(verb: Token) -> bool:
    """Whether a court hears what is told there: "jurors heard he had been drinking"; it sees and hears no events."""
    who = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
    return verb.lemma_ == "hear" and who is not None and channels("addressees").get(who.lemma_.lower()) == "court"


def _tells_of_noun(clause: Token) -> bool:
    """Whether a participle behind a noun only tells more of it: "said at an event streamed on YouTube"."""
    if clause.tag_ not in ("VBD", "VBN") or clause.left_edge.i != clause.i or not clause.i or clause.nbor(-1).dep_ != "pobj":
        return False
    phrase = clause.nbor(-1)
    while phrase.dep_ in ("pobj", "prep", "dative", "agent") and phrase.head.i < phrase.i:
        phrase = phrase.head
    return phrase.i == clause.head.i  # not of a clause between: "said the ship sent to Norvia [was] late"


def _follows_object(verb: Token, clause: Token) -> bool:
    """Whether a verb has its object, so that a clause behind it without "that" is no second: "by the time he found [his way] it rained"."""
    if clause.i < verb.i or verb.lemma_ in saying("hearer_first") | saying("hearer") | saying("someone_to"):
        return False
    if any(c.dep_ == "mark" for c in clause.lefts) or not any(c.dep_ in _SUBJECTS for c in clause.lefts):
        return False
    things = (c for c in verb.rights if c.dep_ == "dobj" and c.right_edge.i < clause.left_edge.i)
    return any(k.dep_ in ("det", "poss", "nummod") for thing in things for k in thing.lefts)  # not "accepted referee Roe had no choice"


def _relative(verb: Token, clause: Token) -> bool:
    """Whether the subject of a clause is a "that" behind a noun: "lists shares that trade only rarely"."""
    first = clause.left_edge
    return (
        first.lower_ in ("that", "which") and first.dep_ in _SUBJECTS and first.i > verb.i + 1 and first.nbor(-1).pos_ in ("NOUN", "PROPN")
    )


def _program(child: Token) -> Token:
    """The clause under a hearer that the parser takes for a clause: "told the BBC's Today programme [he would go]"."""
    if child.dep_ != "ccomp" or child.pos_ not in ("NOUN", "PROPN") or child.head.lemma_ not in saying("hearer_first"):
        return child
    return next((c for c in child.rights if c.dep_ == "ccomp"), child)


def _subject_taken_for_object(verb: Token, clause: Token) -> int | None:
    """Where the subject of a clause begins that the parser took for the verb's object: "thinks [the plan] is dead"."""
    if verb.lemma_ in saying("hearer_first") or any(c.dep_ in ("nsubj", "nsubjpass", "expl", "csubj", "mark") for c in clause.children):
        return None
    taken = ("dobj", "xcomp") if clause.tag_ != "VBG" else ("dobj",)  # "argues [closing it] could harm the town"
    between = next((c for c in verb.rights if c.dep_ in taken and c.right_edge.i < clause.left_edge.i), None)
    acts = between is not None and (between.dep_ == "dobj" or "VBG" in (between.tag_, between.left_edge.tag_))
    return between.left_edge.i if between is not None and acts else None


def _set_apart(verb: Token, clause: Token) -> bool:
    """Whether a clause in front of a verb is a sentence of its own, which the parser hung there: "It rained; he said nothing"."""
    between = verb.doc[clause.i : verb.i]
    return any(t.text in (";", ":") for t in between) or any(c.dep_ == "dobj" and c.i > verb.i for c in verb.children)


def _lacks_subject(verb: Token, clause: Token) -> bool:
    """Whether a clause's subject stands outside it: "what he thinks should be done", "a plan they say could fail"."""
    if any(c.dep_ in _SUBJECTS for c in clause.children) or any(c.dep_ == "nsubj" and c.lower_ in RELATIVES for c in verb.lefts):
        return False  # the second: "a chart that showed the …", whose relative pronoun shows
    return verb.dep_ in ("relcl", "ccomp", "pcomp")


def that_behind(child: Token) -> Token | None:
    """The clause with "that" behind a phrase whose noun the parser hangs it on: "said in a memo that he …", "told the crowd that he …"."""
    inner = child
    if child.dep_ in ("prep", "agent"):
        inner = next((c for c in child.children if c.dep_ == "pobj"), child)
        if inner.lemma_ == "fact":
            return None  # "commented on the fact that …": nobody said so
    elif child.dep_ not in ("dobj", "dative") or child.head.lemma_ not in saying("hearer_first"):
        return None
    for clause in inner.rights:
        if clause.dep_ in ("relcl", "acl") and any(c.dep_ == "mark" and c.lower_ == "that" for c in clause.lefts):
            return clause
    return None


def _whole(head: Token) -> tuple[int, int]:
    return head.left_edge.i, head.right_edge.i + 1


def _finite(head: Token) -> bool:
    if head.tag_ in FINITE_OR_MODAL or any(
        (c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE_OR_MODAL) or c.dep_ == "mark" for c in head.children
    ):
        return True
    # "suggested he resign", and what the tagger takes for it: "said the breaks “do nothing”"
    return head.tag_ in ("VB", "VBN") and own_subject(head) is not None and not any(c.dep_ == "aux" for c in head.lefts)


def _without(verb: Token, head: Token) -> list[tuple[int, int]]:
    """The token ranges of a clause, without the words of saying that stand inside it."""
    left, right = _whole(head)
    if not left < verb.i < right:
        return [(left, right)]
    own = [verb.i]
    for child in verb.children:
        if not child.left_edge.i <= head.i <= child.right_edge.i:
            own += [child.left_edge.i, child.right_edge.i]
    return [(left, min(own)), (max(own) + 1, right)]


def _parenthesis(verb: Token) -> Content | None:
    """Read the clause around: "The plan, she said, is dead"; "as she said"."""
    head = verb.head
    if head.i == verb.i or head.pos_ not in ("VERB", "AUX") or not _breaks_in(verb) or not _set_off(verb):
        return None
    if own_subject(verb) is None or any(c.dep_ in ("dobj", "ccomp", "xcomp") for c in verb.children):
        return None
    left, right = _whole(head)
    return [(left, verb.left_edge.i), (verb.right_edge.i + 1, right)], "parenthesis"


def _set_off(verb: Token) -> bool:
    """Whether commas or dashes set a verb's words off from the clause around, or the clause begins or ends with them."""
    doc, first, last = verb.doc, verb.left_edge.i, verb.right_edge.i
    # the commas may hang on the verb itself or on the clause around it
    opens = first == verb.head.left_edge.i or doc[first].text in _COMMAS or doc[first - 1].text in _COMMAS
    closes = doc[last].text in _COMMAS or last + 1 >= len(doc) or doc[last + 1].is_punct or doc[last + 1].is_space
    return opens and closes


def _breaks_in(verb: Token) -> bool:
    if verb.dep_ == "advcl":
        return any(c.lower_ == "as" and c.dep_ in ("mark", "advmod") for c in verb.children)
    return verb.dep_ in ("parataxis", "dep") or (verb.dep_ == "ccomp" and verb.i > verb.head.i)


def _complement(verb: Token) -> Content | None:
    """Read a complement that is no finite clause: infinitive, gerund, name, what a preposition leads to, a noun."""
    thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
    for child in verb.rights:
        found = _open_clause(verb, child, thing) or _named(verb, child, thing) or _behind(verb, child, thing)
        if found:
            return found
    for child in thing.rights if thing is not None else ():
        if thing is not None and verb.lemma_ in saying("naming") and _names(verb, child):
            return [(thing.left_edge.i, child.right_edge.i + 1)], "naming"
        # the parser hangs "of hiding it" in "accused the owner of hiding it" on the owner; "attacked plans for a road" are such plans
        if verb.lemma_ == "accuse" or any(c.dep_ == "pcomp" for c in child.children):
            found = _behind(verb, child, thing)
            if found:
                return found
    passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)
    if thing is None or thing.i < verb.i or thing.pos_ not in ("NOUN", "PROPN") or passive or not _takes_object(verb, thing):
        return None
    stop = _extended(verb, thing)
    further = _verb_at(verb, stop)
    return ([(thing.left_edge.i, stop)], "object") if further is None else ([(thing.left_edge.i, further.right_edge.i + 1)], "clause")


def _verb_at(verb: Token, stop: int) -> Token | None:
    """The finite verb right behind an object that the parser did not see as its subject: "suggesting [the plan] was dead"."""
    following = verb.doc[stop] if stop < verb.sent.end else None
    if following is None or following.tag_ not in FINITE_OR_MODAL:
        return None
    return following.head if following.dep_ in ("aux", "auxpass") and following.head.i > stop else following


def _takes_object(verb: Token, thing: Token) -> bool:
    """Whether a verb's object says what was said. Of "citing" a witness or a report it names the source."""
    if verb.lemma_ in saying("object_stressed"):
        return thing.lemma_ in frame("stressed")
    if verb.lemma_ not in saying("object") or any(c.dep_ == "dative" for c in verb.children):
        return False  # "deny them a place" is an act
    if verb.lemma_ == "admit" and thing.lemma_ in frame("let_in"):
        return False
    if verb.lemma_ in saying("act_with_to") and any(c.dep_ == "prep" and c.lower_ == "to" for c in verb.rights):
        return False
    return verb.lemma_ != "cite" or thing.lemma_ not in source_nouns("cited")


def _shown(verb: Token) -> Content | None:
    """Read what a document shows without a finite clause: "polls show her ahead", "video shows a man running"."""
    who = own_subject(verb)
    if who is None or verb.lemma_ not in saying("shows") or who.lemma_.lower() not in source_nouns("shows"):
        return None
    parts = [c for c in verb.rights if c.dep_ in ("dobj", "ccomp", "xcomp")]
    if not parts:
        return None
    right = parts[0].right_edge.i + 1
    for child in verb.rights:
        if child.left_edge.i == right and child.dep_ in ("dobj", "ccomp", "xcomp", "prep", "advmod", "oprd", "acl", "npadvmod"):
            right = child.right_edge.i + 1
    return None if right == parts[0].i + 1 and parts[0].pos_ == "PRON" else ([(parts[0].left_edge.i, right)], "shown")


def _to_aside(thing: Token) -> int:
    """Where a noun phrase ends, without the relative clause behind a comma that only tells more: "the plan, which …"."""
    doc, stop = thing.doc, thing.right_edge.i + 1
    last = next((i for i in range(thing.i + 1, stop - 1) if doc[i].text == "," and doc[i + 1].tag_ in ("WDT", "WP", "WP$")), None)
    if last is None or any(c.dep_ in ("acl", "ccomp") and c.left_edge.i < last < c.i for c in thing.rights):
        return stop  # "the fact that those, who had paid, were not asked": an aside inside
    return last


def _open_clause(verb: Token, child: Token, thing: Token | None) -> Content | None:
    """Read an infinitive or gerund: "promised to go", "urged them to go", "called for them to go", "denied going"."""
    left, right = _whole(child)
    for_someone = child.left_edge.lower_ == "for" and "for" in prepositions().get(verb.lemma_, ())
    if (child.dep_ not in ("xcomp", "ccomp") and not (child.dep_ == "advcl" and for_someone)) or _relative(verb, child):
        return None
    to = next((c for c in child.children if c.lower_ == "to" and c.dep_ == "aux"), None)
    if to is not None:
        return ([(left + 1, right)], "preposition") if for_someone else _infinitive(verb, child, to, thing)
    if child.tag_ == "VBG" and verb.lemma_ in saying("ing"):
        return [(left, right)], "gerund"
    may_name = child.tag_ != "VBG" or verb.lemma_ not in saying("thinks")  # "considered selling it"
    if may_name and verb.lemma_ in saying("naming") and verb.lemma_ not in saying("perceives"):
        return [(thing.left_edge.i if thing is not None else left, right)], "naming"
    return None


def _infinitive(verb: Token, child: Token, to: Token, thing: Token | None) -> Content | None:
    left, right = _whole(child)
    if thing is not None and verb.i < thing.i < left:
        left = thing.left_edge.i
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    if subject is not None and verb.lemma_ in _FORESEEN:
        return None
    if subject is not None and verb.lemma_ in saying("raises"):
        return [_whole(subject), (to.i, right)], "raising"
    told = subject is not None or any(c.dep_ in ("nsubj", "dobj", "dative", "nsubjpass") for c in (*child.lefts, *verb.rights))
    if verb.lemma_ in saying("someone_to") and told:
        return [(to.i if subject is not None or verb.lemma_ in saying("hearer_first") else left, right)], "infinitive"
    return ([(left, right)], "infinitive") if subject is None and verb.lemma_ in saying("to") else None


def _named(verb: Token, child: Token, thing: Token | None) -> Content | None:
    """Read what something is called: "described it as a success", "called it a success"."""
    if verb.lemma_ not in saying("naming"):
        return None
    if child.dep_ == "prep" and child.lower_ == "to" and verb.lemma_ == "attribute" and thing is not None:
        return [(thing.left_edge.i, child.right_edge.i + 1)], "naming"
    second = child.dep_ == "dobj" and thing is not None and thing.i < child.i and verb.lemma_ in saying("labels")  # "branded it a farce"
    if (second or child.dep_ in ("oprd", "acomp")) and verb.lemma_ not in saying("perceives"):
        return [(child.left_edge.i if thing is None or thing.i < verb.i else thing.left_edge.i, _to_aside(child))], "naming"
    if child.dep_ == "prep" and child.lower_ == "as" and any(c.dep_ == "agent" for c in verb.children):
        return [(child.i + 1, child.right_edge.i + 1)], "naming"  # "was described by her as a success"
    if child.dep_ == "prep" and child.lower_ == "as" and (thing is not None or _of_noun_in_front(verb)):
        # "what he described as [a success]", "a claim she dismissed as [a joke]"
        return [(child.i + 1 if thing is None or thing.i < verb.i else thing.left_edge.i, child.right_edge.i + 1)], "naming"
    return None


def _of_noun_in_front(verb: Token) -> bool:
    """Whether a verb tells of the noun in front of it what its subject calls that: "a claim she dismissed as a joke"."""
    return verb.dep_ == "relcl" and any(c.dep_ == "nsubj" and c.lower_ not in RELATIVES for c in verb.lefts)


def _names(verb: Token, child: Token) -> bool:
    """Whether what hangs on an object says what it is called: "see [the plan as a gift]", "called [the sale “a gift”]"."""
    if child.dep_ == "appos":
        return verb.lemma_ in saying("labels") and verb.doc[child.left_edge.i - 1].is_quote
    return child.dep_ == "prep" and child.lower_ == "as"


def _behind(verb: Token, child: Token, thing: Token | None) -> Content | None:
    """Read what a preposition leads to, with whom or what it is put to: "blamed [the strike for the delay]", "call on [them to go]"."""
    if child.dep_ not in ("prep", "prt") or child.lower_ not in prepositions().get(verb.lemma_, ()):
        return None
    inner = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
    passive = any(c.dep_ == "auxpass" for c in verb.lefts)
    if inner is None or (passive and not any(c.dep_ == "nsubjpass" for c in verb.lefts)):
        return None  # the second: "it costs millions and has been blamed for the fall", whose blamed stands elsewhere
    right = _with_infinitive(verb, child)
    if (thing is not None and verb.lemma_ in saying("without_object")) or _calls_nobody_to(verb, child, inner, right):
        return None  # "called time on the tour", "called on a friend"
    if verb.lemma_ in saying("hearer"):
        return [(inner.left_edge.i, right)], "preposition"
    whom = next((c for c in verb.lefts if c.dep_ == "nsubjpass" and c.lower_ not in RELATIVES), None)
    if whom is not None:
        return [_whole(whom), (inner.left_edge.i, right)], "preposition"  # "[the firm] was accused of [lying]"
    start = thing.left_edge.i if thing is not None and verb.i < thing.i < child.i else inner.left_edge.i
    return [(start, right)], "preposition"


def _with_infinitive(verb: Token, prep: Token) -> int:
    """Where a preposition's phrase ends with the infinitive that the parser hangs on the verb: "called on them [to go]"."""
    behind = (c for c in verb.rights if c.dep_ in ("xcomp", "advcl") and c.i > prep.i)
    return max([prep.right_edge.i + 1, *(c.right_edge.i + 1 for c in behind if any(k.lower_ == "to" for k in c.lefts))])


def _calls_nobody_to(verb: Token, prep: Token, inner: Token, stop: int) -> bool:
    """As in "called on a friend": who is called on to do nothing was visited."""
    return prep.lower_ in ("on", "upon") and verb.lemma_ == "call" and not any(t.lower_ == "to" for t in verb.doc[inner.i : stop])


def _extended(verb: Token, thing: Token) -> int:
    """Where an object ends with what hangs on the verb right behind it: "blasted them for being late", "cited it as proof"."""
    right = _to_aside(thing)
    for child in verb.rights:
        if child.left_edge.i != right:
            continue
        if (child.dep_ == "prep" and child.lower_ in _EXTENDS) or child.dep_ in ("ccomp", "acl", "relcl"):
            right = child.right_edge.i + 1
    return right
