"""Whether the object of a verb of change is the amount of the change: "rose 5%", "cut 400 jobs", not "raised $5m"."""

from transforms.figures.quantity import Quantity
from transforms.parse.grammar import NOMINAL_SUBJECTS, own_subject
from transforms.parse.token_tree import Token
from transforms.words.lexicon import lexicon, words


def is_amount(verb: Token, argument: Token, quantity: Quantity) -> bool:
    """Whether what stands at a verb of change says by how much it changes, by the verb and by what is counted or measured."""
    lemma = verb.lemma_.lower()
    if quantity.kind == "money" and lemma in words("figures-change", "sums", "words") and quantity.unit is None:
        return _quoted(verb)
    if quantity.kind == "percent" and lemma == "gain" and not _contests(argument).isdisjoint(words("figures-change", "contests", "words")):
        return False  # "gained 5% of the vote"
    if quantity.kind == "count" and argument.dep_ in ("dobj", "nsubjpass", "conj", "pobj", "obj"):
        return _of_counted(lemma, argument)
    stuff = quantity.kind == "measure" and _of_stuff(argument) and lemma in words("figures-change", "moving_stuff", "words")
    if stuff:
        return False  # "shed 45 tons of ash"
    if quantity.kind == "duration":
        return argument.dep_ == "dobj"
    return argument.dep_ not in NOMINAL_SUBJECTS


def _of_counted(lemma: str, argument: Token) -> bool:
    """Whether there are more or fewer by those who are counted: "cut 400 jobs", not "lost nine matches", "added three assists"."""
    objects = lexicon("figures-change")["objects"]
    contest = lemma in ("lose", "drop") and _of_contests(argument)  # "lost nine of their 14 matches"
    scored = lemma == "add" and not _contests(argument).isdisjoint(words("figures-change", "scored", "words"))
    return not contest and not scored and (lemma in objects["up"] or lemma in objects["down"])


def _of_stuff(argument: Token) -> bool:
    """Tons of ash: what is moved is said behind "of"."""
    return any(p.lower_ == "of" and p.n_rights > 0 for p in argument.rights)


def _of_contests(argument: Token) -> bool:
    """Whether what is lost are contests, or stand only as a number of a number, as contests do: "lost 10 of 22"."""
    bare = argument.like_num and any(n.tag_ == "CD" for p in argument.rights if p.lower_ == "of" for n in p.rights)
    return bare or not _contests(argument).isdisjoint(words("figures-change", "contests", "words"))


def _contests(argument: Token) -> set[str]:
    """The lemmas of what is lost: the object, and what it is a number of."""
    whole = [n for p in argument.rights if p.lower_ == "of" for n in p.rights]
    return {argument.lemma_.lower(), *(n.lemma_.lower() for n in whole)}


def _quoted(verb: Token) -> bool:
    """Shares lost $2: what has a price loses by it; a firm that loses $2m has no less of a price."""
    subject = own_subject(verb)
    return subject is not None and subject.lemma_.lower() in words("figures-change", "priced", "words")
