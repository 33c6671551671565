"""A surname alone that only the sentence behind it shows to be a person's: in "Roe was out. He had left" it is Roe."""

from transforms.actors.persons import roles
from transforms.actors.token_view import TokenView
from transforms.parse.grammar import SUBJECTS

_SENTENCE = 60  # tokens within which a sentence ends
_MARKS = frozenset(".!?\"”’'")
_BEFORE = 60  # tokens before a name in which another person may be spoken of


def goes_on_as_he(w: TokenView, i: int) -> bool:
    """Whether the sentence behind begins with "He" or "She", and token i alone can be that: "Roe was at a friend's house. He left"."""
    if w.tag[i] != "NNP" or w.dep[i] != "nsubj" or w.quoted[i] or w.lower[i] in roles() or w.doc[i].head.dep_ != "ROOT":
        return False
    behind = next((at for at in range(i, min(len(w), i + _SENTENCE)) if w.sentence[at] > w.sentence[i]), None)
    if behind is None or w.text[behind] not in ("He", "She") or w.sentence[behind] != w.sentence[i] + 1 or not _ends_as_prose(w, behind):
        return False
    near = range(max(0, i - _BEFORE), behind)
    return not any(
        w.dep[at] in SUBJECTS and at != i and (w.doc[at].ent_type_ == "PERSON" or w.lower[at] in ("he", "she") or w.lower[at] in roles())
        for at in near
    )


def _ends_as_prose(w: TokenView, end: int) -> bool:
    """Whether the sentence before token `end` has its mark, as no heading, teaser or notice has: "Advertisement - Story continues below"."""
    last = end - 1
    while last > 0 and w.text[last].isspace():
        last -= 1
    return w.text[last][-1] in _MARKS
