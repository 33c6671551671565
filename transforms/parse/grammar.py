"""Small questions to a parse that more than one extractor asks. Labels are ClearNLP's, tags Penn Treebank's."""

from collections.abc import Iterable

from transforms.parse.token_tree import Span, Token

NOMINAL_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
RELATIVES = frozenset({"who", "which", "that", "whom"})
RELATIVE_TAGS = frozenset({"WDT", "WP"})
QUESTION_TAGS = RELATIVE_TAGS | {"WRB"}
MODALS = {  # each form with the modal that it is
    "will": "will", "'ll": "will", "’ll": "will", "wo": "will", "shall": "will", "would": "would", "'d": "would", "’d": "would",
    "should": "should", "ought": "ought", "may": "may", "might": "might", "can": "can", "ca": "can", "could": "could", "must": "must",
}  # fmt: skip
POSSIBLE = frozenset({"may", "might", "could"})  # modals of what may be so
FINITE = frozenset({"VBD", "VBZ", "VBP"})
FINITE_OR_MODAL = FINITE | {"MD"}
DASHES = frozenset({"-", "–", "—", "--"})
TIMES = frozenset({"DATE", "TIME"})  # entities that tell when
_NOBODY = frozenset({"nobody", "none", "neither", "nothing", "noone"})
_DENYING = frozenset({"no", "neither"})
_AT_LEAST = frozenset({"fewer", "less", "more"})  # "no fewer than six" are six
_SCARCELY = frozenset({"hardly", "scarcely", "barely"})
_NOT_ALL = frozenset({"many", "all", "everyone", "everybody", "every", "much", "enough"})
_SOME = frozenset({"a", "the", "these", "those", "quite", "last", "first", "than", "no"})  # "the few who", "no fewer than"
_OUTSIDE_PHRASE = frozenset({"relcl", "acl", "appos", "cc", "conj", "punct", "advcl", "ccomp", "parataxis", "prep"})


def is_time(noun: Token) -> bool:
    """Whether a noun is a date, a length of time, or a part of one: "Monday", "the end of 2025"."""
    if noun.ent_type_ in TIMES:
        return True
    return any(p.lower_ == "of" and any(c.ent_type_ in TIMES for c in p.rights) for p in noun.rights)


def is_joined(noun: Token) -> bool:
    """Whether others are joined behind a noun: "Acme, Bolt and Crane"."""
    return any(child.dep_ == "conj" for child in noun.rights)


def phrase(head: Token) -> Span:
    """The noun phrase of a head: its subtree without what follows it (relative clauses, appositions, conjuncts, prepositions)."""
    doc = head.doc
    end = head.i + 1
    for child in head.rights:
        if child.dep_ in _OUTSIDE_PHRASE:
            break
        end = child.right_edge.i + 1
    start = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ in _OUTSIDE_PHRASE and child.dep_ not in ("punct",):
            break
        start = child.left_edge.i
    while start < head.i and (doc[start].is_space or (doc[start].is_punct and doc[start].text not in "\"“'‘([")):
        start += 1
    return doc[start:end]


def own_subject(verb: Token) -> Token | None:
    """The noun or pronoun that hangs on a verb as its subject, before it or, as in "said the minister", behind it."""
    return next((c for c in verb.children if c.dep_ in NOMINAL_SUBJECTS), None)


def subject_of(verb: Token) -> Token | None:
    """The grammatical subject of a verb, its own, which may be a clause, or that of the verb it is coordinated with."""
    own = next((c for c in verb.children if c.dep_ in SUBJECTS and c.dep_ != "expl"), None)
    if own is None and verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return subject_of(verb.head)
    return own


def modal_among(auxiliaries: Iterable[Token]) -> str:
    """The modal of a verb among its auxiliaries, in full ("will" for 'll and wo), or ""; of "he'd gone" the 'd is a had."""
    for word in auxiliaries:
        if word.tag_ == "MD" or (word.lower_ in MODALS and word.tag_ != "VBD"):
            return MODALS.get(word.lower_, word.lower_)
    return ""


def negated(verb: Token) -> bool:
    """Whether a verb has a negator of its own: not, never, no longer, nobody as its subject, no before its object."""
    for k in verb.children:
        dep = k.dep_
        if (dep == "neg" and _before_verb(k, verb)) or (
            dep in ("advmod", "preconj", "cc") and k.lower_ in ("never", "neither", "nor", "nowhere")
        ):
            if not _only_follows(k):
                return True
        elif dep in NOMINAL_SUBJECTS:
            if is_nobody(k):
                return True
        elif (
            dep in ("dobj", "attr", "advmod") and denied(k) and not (dep == "advmod" and k.lower_ in ("doubt", "matter"))
        ):  # "will no doubt win"
            return True
    return False


def _before_verb(negator: Token, verb: Token) -> bool:
    """Whether a "not" is the verb's: before it and not that of "whether or not", or right behind a form of be, have or do."""
    if negator.i > verb.i:
        return negator.i <= verb.i + 2 and verb.lemma_ in ("be", "have", "do")
    return not (negator.i and negator.nbor(-1).lower_ == "or")


def _only_follows(negator: Token) -> bool:
    """As in "not only ... but also" denies nothing."""
    doc = negator.doc
    return negator.i + 1 < len(doc) and doc[negator.i + 1].lower_ in ("only", "just", "least")


def is_nobody(who: Token) -> bool:
    """Whether a subject denies what is told of it: nobody, none of them, no minister, neither side, not one witness.

    Somebody is meant by "none other than Ann Roe", "No. 10", "the No campaign", "not only the mayor".
    """
    doc, after = who.doc, who.doc[who.i + 1].lower_ if who.i + 1 < len(who.doc) else ""
    if who.lower_ in _NOBODY or (who.lower_ == "no" and after == "-"):  # "no-one" is three tokens
        return after != "other"
    first = who.left_edge
    if first.lower_ == "not":
        return doc[first.i + 1].lower_ in ("one", "a")
    return denied(who)


def is_hardly_anybody(who: Token) -> bool:
    """Whether a subject is so few that what is told of it is told of hardly anybody: "few voters", "hardly anyone", "not many of them"; not "a few"."""
    first = who.left_edge
    if first.lower_ in _SCARCELY or (first.lower_ == "not" and first.i + 1 < len(who.doc) and first.nbor(1).lower_ in _NOT_ALL):
        return True
    few = next((k for k in (who, *who.lefts) if k.lower_ in ("few", "fewer")), None)
    return few is not None and (few.i == 0 or few.nbor(-1).lower_ not in _SOME)


def denied(noun: Token) -> bool:
    """Whether a noun, or "longer", has a determiner that denies it: no plan, neither side, no longer."""
    for k in noun.lefts:
        if k.lower_ in _DENYING and k.dep_ in ("det", "neg", "advmod", "preconj", "cc"):
            return k.nbor(1).text != "." and k.nbor(1).lower_ not in _AT_LEAST and not any(j.dep_ == "det" for j in noun.lefts if j.i < k.i)
    return False
