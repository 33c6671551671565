"""Fourth look: what a figure counts or measures, read off the parse; adjacent words help out where the parse is wrong.

The division into what is counted and the whole that a share is of follows Almasian et al. 2023 (CQE), who read both off
dependency paths.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from transforms.figures.modifiers import Move, qualifiers
from transforms.figures.quantity import Quantity
from transforms.grammar import phrase, subject_of
from transforms.lexicon import lexicon, words

_BEFORE_NOUN = frozenset({"nummod", "compound", "amod", "nmod", "npadvmod", "quantmod", "dep", "advmod"})
_NOUNS = ("NN", "NNS", "NNP", "NNPS")
_RUN = ("JJ", "NN", "VBN", "VBG", "HYPH", "POS", "CD", "AFX", "``", "''", "RBS", "JJS", "JJR")
_SHARES = ("percent", "ratio", "percentage_point")
_MEASURED = ("money", "percent", "percentage_point", "measure", "duration")
_NO_NOUN_PHRASE = frozenset(
    {"CC", ",", ".", ":", "-LRB-", "-RRB-", "IN", "_SP", "DT", "PRP$", "PDT", "WDT", "PRP", "EX", "WP", "WRB", "TO", "MD"}
)
_LONGEST_RUN = 8  # words between a number and its noun; longer runs are tables and headlines


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure counts: the phrase and its head, the whole of a share, and the unit of a rate."""

    phrase: Span | None = None
    head: Token | None = None
    base: Span | None = None
    qualifier: str | None = None


NOTHING = Counted()


def counted_behind(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted:
    """What stands behind the figure and is counted by it: "10,000 troops", "a third of the workers", "$5m in aid"."""
    return _first((_hyphenated, _worth, _share_of, _noun_behind, _noun_in), text, span, quantity, move)


def counted_before(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted:
    """What stands before the figure and is measured by it: "a loss of $5m", "sales rose 5%", "the price is $3"."""
    return _first((_aged, _priced, _of_noun, _moved, _stated), text, span, quantity, move)


_Look = Callable[[str, Span, Quantity, Move | None], Counted | None]


def _first(looks: tuple[_Look, ...], text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted:
    for look in looks:
        found = look(text, span, quantity, move)
        if found is not None and not (found.head is not None and found.phrase is not None and _overlaps(found.phrase, span)):
            return found
    return NOTHING


def _overlaps(phrase_: Span, span: Span) -> bool:
    return phrase_.start < span.end and span.start < phrase_.end


def _made(phrase_: Span, head: Token, base: Span | None = None) -> Counted:
    """What is counted, its phrase without what stands before a dash or colon in it, and without a genitive's mark at its start."""
    start = phrase_.start
    for token in phrase_:
        if token.i < head.i and (
            (token.is_punct and token.text in "-–—:;" and token.whitespace_) or (token.i == start and token.tag_ == "POS")
        ):
            start = token.i + 1
    phrase_ = phrase_.doc[start : phrase_.end]
    qualifier = next((t.text for t in phrase_ if t.lower_ in qualifiers() and t.i != head.i), None)
    return Counted(phrase_, head, base, qualifier)


def _hyphenated(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """11-member bloc, six-speed gearbox: the word that hangs on the number is counted."""
    if not quantity.bare:
        return None
    doc, last = span.doc, span[-1]
    if span.end + 1 < len(doc) and doc[span.end].text == "-" and not doc[span.end].whitespace_ and doc[span.end + 1].is_alpha:
        head = doc[span.end + 1]
        if head.lower_ == "time" and (holder := _run_head(doc, span.end + 2)) is not None:
            return _made(doc[span.end + 2 : holder.i + 1], holder)  # a "four-time champion"
        return _made(doc[head.i : head.i + 1], head) if head.tag_ in ("NN", "NNS", "JJ") else NOTHING
    if quantity.end < last.idx + len(last.text) and "-" in last.text[quantity.end - last.idx : quantity.end - last.idx + 1]:
        return Counted(span, None)  # one token, "12-page": the caller cuts the word off
    return None


def _worth(text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Five million dollars worth of aid; loans worth $5m."""
    doc = span.doc
    if quantity.kind in ("money", "measure", "duration"):
        behind = doc[span.end : span.end + 3]
        for token in behind:
            if token.lower_ == "worth" and token.i + 2 < len(doc) and token.nbor(1).lower_ == "of":
                return _object_of(token.nbor(1))
        for i in range(span.start - 1, max(0, span.start - 5), -1):
            if doc[i].lower_ == "worth" and doc[i - 1].tag_ in _NOUNS:
                head = doc[i - 1]
                return _made(doc[min(head.left_edge.i, head.i) : head.i + 1], head)
    return None


def _of_behind(text: str, span: Span, quantity: Quantity) -> Token | None:
    """The "of" behind a figure, also across "789, or about a quarter, of" and "5 gigabytes (GB) of"."""
    doc = span.doc
    if doc[span.end].lower_ == "of":
        return doc[span.end]
    if aside := _ASIDE.match(text, quantity.end):
        found = doc.char_span(aside.end() - len("of"), aside.end(), alignment_mode="expand")
        return found[0] if found is not None else None
    return None


_ASIDE = re.compile(r"(?:,[ ]or[ ][^,.;\n]{1,30},|,|[ ]\([A-Za-z]{1,4}\))[ ]of\b")


def _share_of(text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """A third of the workers, 70% of sales, thousands of people, half the price: the whole is counted, and of a share the base."""
    doc, end = span.doc, span.end
    if quantity.kind in ("rank", "score", "age") or end >= len(doc):
        return None
    of = _of_behind(text, span, quantity)
    if of is not None:
        found = _object_of(of)
        if found is not None and found.head is not None and quantity.kind in (*_SHARES, "count"):
            whole = found.phrase if quantity.kind in _SHARES or _definite(found.phrase) else None
            return Counted(found.phrase, found.head, whole, found.qualifier)
        return found
    if quantity.rule == "ratio-fraction" or quantity.rule == "ratio-multiple":
        head = _noun_right(span)
        if head is not None:
            whole = phrase(head)
            whole = doc[max(whole.start, end) : whole.end]
            if len(whole):
                return _made(whole, head, whole)
    return None


def _definite(phrase_: Span | None) -> bool:
    return phrase_ is not None and (phrase_[0].tag_ in ("DT", "PRP$", "PDT") or phrase_[0].tag_ in ("NNP", "NNPS"))


def _object_of(preposition: Token) -> Counted | None:
    """The noun phrase behind a preposition."""
    head = next((c for c in preposition.children if c.dep_ in ("pobj", "pcomp") and c.i > preposition.i), None)
    if head is None or head.i - preposition.i > _LONGEST_RUN * 2:
        head = _run_head(preposition.doc, preposition.i + 1)
    if head is None or head.tag_ in ("VBG", "VB"):
        return None
    return _made(_wide(head), head) if head.pos_ in ("NOUN", "PROPN", "PRON", "DET", "NUM", "ADJ", "X") else None


def _noun_behind(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """10,000 troops, a 25% tariff on imports, a five-year deal: the noun that the number modifies."""
    if quantity.kind == "age" and "old" not in text[quantity.start : quantity.end + 5]:
        return None
    if aside := _CONVERSION.match(text, quantity.end) or _per().match(text, quantity.end):
        inner = span.doc.char_span(aside.start(), aside.end(), alignment_mode="contract")
        if inner is not None and inner.end < len(span.doc) and span.doc[inner.end].tag_.startswith(("NN", "JJ")):
            span = span.doc[span.start : inner.end]
    if span.end < len(span.doc) and span.doc[span.end].tag_ in _NO_NOUN_PHRASE:
        return None
    if quantity.kind == "duration" and span.end < len(span.doc) and span.doc[span.end].tag_ == "VBG":
        return None  # "three weeks learning Hindi"
    head = _noun_right(span)
    if head is None or head.lower_ in words("figures-counting", "no_noun", "words"):
        return None
    if head.ent_type_ in ("DATE", "TIME") and quantity.kind != "count":
        return None
    if move is not None and move.word.i == head.i:
        return _of_change(head)
    if quantity.bare and quantity.number.value != 1 and (first := _unit_noun(span, head)) is not None:
        return _made(span.doc[first.i : first.i + 1], first)
    start = span.end
    while start < head.i and (span.doc[start].is_punct or span.doc[start].is_space) and span.doc[start].text not in "\"“'‘":
        start += 1
    end = _of_object_end(head)
    base = None
    if quantity.kind in ("percent", "ratio") and (preposition := _preposition(head, ("on", "of", "in", "over", "for"))):
        found = _object_of(preposition)
        base = found.phrase if found else None
        end = head.i + 1 if base is not None else end
    return _made(span.doc[start:end], head, base)


_CONVERSION = re.compile(r"[ ]\([^()\n]{1,30}\)")  # an "11.6-inch (29.5-cm) screen"


def _unit_noun(span: Span, head: Token) -> Token | None:
    """A 12 page document has 12 pages: the singular noun next to the number, where a singular noun follows."""
    doc = span.doc
    first = doc[span.end] if span.end < len(doc) else None
    if first is None or first.tag_ != "NN" or head.tag_ != "NN" or head.i <= first.i:
        return None
    return first


def _of_change(noun: Token) -> Counted:
    """A 45% drop in sales: what changed is counted; without it the change itself."""
    for name in ("in", "of", "for", "on", "to"):
        preposition = _preposition(noun, (name,))
        found = _object_of(preposition) if preposition is not None else None
        if found is not None and found.head is not None and found.head.ent_type_ not in ("DATE", "TIME", "MONEY", "PERCENT"):
            return found
    start = noun.i
    while (
        start > 0
        and noun.doc[start - 1].tag_ in ("NN", "NNS", "NNP", "JJ")
        and noun.doc[start - 1].head == noun
        and not _numeric(noun.doc[start - 1])
    ):
        start -= 1
    return _made(noun.doc[start : noun.i + 1], noun)


def _numeric(token: Token) -> bool:
    return token.like_num or token.text == "%" or token.lower_ in ("percent", "cent") or any(c.tag_ == "CD" for c in token.lefts)


def _noun_in(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """$14 billion in funds: a bare noun behind "in"."""
    if quantity.kind != "money" or span.end + 1 >= len(span.doc):
        return None
    i = span.end
    if span.doc[i].tag_ == "RB":
        i += 1
    if i + 1 >= len(span.doc) or span.doc[i].lower_ != "in":
        return None
    head = _run_head(span.doc, i + 1)
    if (
        head is None
        or head.lemma_.lower() in words("figures-counting", "in_no_noun", "words")
        or head.ent_type_ in ("DATE", "GPE", "LOC", "TIME")
    ):
        return None
    return _made(span.doc[i + 1 : head.i + 1], head)


def _priced(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Bought the ship for $5m, paid $5m for the ship: a price counts the thing priced."""
    if quantity.kind != "money":
        return None
    outer = _outer(span)
    deals = lexicon("figures-counting")["deals"]
    if outer.dep_ == "pobj" and outer.head.lower_ == "for":
        verb = _verb_over(outer.head)
        if verb is None or verb.lemma_.lower() not in deals["sell"]:
            return None
        thing = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.i < span.start and c.tag_ in _NOUNS), None)
        return _made(_wide(thing), thing) if thing is not None else None
    if outer.dep_ == "dobj" and outer.head.lemma_.lower() in deals["pay"]:
        aim = next((c for c in outer.head.rights if c.dep_ == "prep" and c.lower_ in ("for", "on") and c.i >= span.end), None)
        found = _object_of(aim) if aim is not None else None
        if (
            found is not None
            and found.head is not None
            and found.head.lemma_.lower() not in words("figures-counting", "in_no_noun", "words")
        ):
            return found
    return None


def _aged(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Whose age it is: "Ms Roe, 51,", "Roe, aged 51", "she was 51"."""
    if quantity.kind != "age":
        return None
    doc = span.doc
    if quantity.rule == "age-is":
        verb = _verb_over(span.root)
        above = _subject(verb) if verb is not None else None
        return _made(phrase(above), above) if above is not None else NOTHING
    i = span.start - 1
    while i > 0 and (doc[i].is_punct or doc[i].lower_ in ("aged", "age", "of", "at", "the", "died", "is", "was")):
        i -= 1
    if i >= 0 and span.start - i <= _AGED and doc[i].tag_ in ("NNP", "NN"):
        return _made(phrase(doc[i]), doc[i])
    return NOTHING


_AGED = 4  # tokens between a person and "aged 51"


def _of_noun(_text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """A loss of $381 million, with a plunge of 55%: the noun that the figure says the size of."""
    outer = _outer(span)
    if outer.dep_ == "appos" and outer.head.tag_ in _NOUNS and quantity.kind in _MEASURED:
        return None
    head = outer.head
    if head.lower_ not in ("of", "at", "for", "with") or head.dep_ != "prep" or head.head.tag_ not in ("NN", "NNS"):
        return None
    noun = head.head
    for _ in range(2):  # "a profit for the last year of $5m"
        if (
            noun.lemma_.lower() in words("figures-counting", "in_no_noun", "words")
            and noun.head.dep_ == "prep"
            and noun.head.head.tag_ in ("NN", "NNS")
        ):
            noun = noun.head.head
    if move is not None and noun.i == move.word.i:
        return _of_change(noun)
    if noun.lemma_.lower() in lexicon("figures-change")["levels"]["nouns"] and (verb := _verb_over(noun)) is not None:
        above = _subject(verb)
        if above is not None:
            return _made(_wide(above), above)
    if head.lower_ != "of":
        return None
    return _made(phrase(noun), noun)


def _moved(_text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """Sales rose 5%, reduce costs by 30%, shares were up 3%: what moved is counted."""
    if move is None:
        return None
    verb = move.word if move.word.pos_ in ("VERB", "AUX") else _verb_over(move.word)
    if verb is None:
        return None
    outer = _outer(span)
    if move.word == verb:
        direct = next((c for c in verb.rights if c.dep_ in ("dobj", "obj") and c is not outer and not span.start <= c.i < span.end), None)
        if direct is not None and direct.tag_ in _NOUNS and direct.i < span.start and not _numeric(direct):
            return _made(_wide(direct), direct)
    above = _subject(verb)
    return _made(_wide(above), above) if above is not None else None


def _stated(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """The price is $5, output stood at 20 units: the subject of a verb that states a level."""
    if quantity.kind in ("rank", "duration", "age"):
        return None
    outer = _outer(span)
    verb = outer.head
    if outer.dep_ == "pobj" and verb.dep_ == "prep":
        verb = verb.head.head if verb.head.dep_ == "acomp" else verb.head
    if verb.pos_ not in ("VERB", "AUX") or verb.lemma_.lower() not in _levels():
        return None
    if verb.i > span.start:
        return None
    above = _subject(verb)
    if above is None or above.tag_ in ("PRP", "EX", "WP", "WDT", "DT"):
        return None
    return _made(_wide(above), above)


@functools.cache
def _levels() -> frozenset[str]:
    return frozenset(lexicon("figures-change")["levels"]["verbs"])


def _outer(span: Span) -> Token:
    """The token that hangs outside the figure: its root, or the first of a list that it goes on."""
    token = span.root
    for _ in range(4):
        if token.dep_ != "conj" or token.head == token:
            break
        token = token.head
    return token


def _verb_over(token: Token) -> Token | None:
    node = token
    for _ in range(6):
        if node.pos_ in ("VERB", "AUX"):
            return node
        if node.head == node:
            return None
        node = node.head
    return None


def _subject(verb: Token) -> Token | None:
    """The subject of a verb, through relative clauses, participles and complements."""
    node = verb
    for _ in range(4):
        found = subject_of(node)
        if found is not None and found.tag_ in ("WDT", "WP") and node.dep_ == "relcl":
            return node.head
        if found is not None:
            return found
        if node.dep_ in ("acl", "relcl") and node.head.tag_ in _NOUNS:
            return node.head
        direct = next((c for c in node.head.rights if c.dep_ in ("dobj", "obj") and c.i < node.i), None)
        infinitive = node.dep_ in ("xcomp", "ccomp") or (node.dep_ == "advcl" and node.lemma_ == "be")
        if infinitive and node.tag_ == "VB" and direct is not None and direct.tag_ in _NOUNS:
            return direct
        if node.head == node or node.dep_ not in ("xcomp", "advcl", "conj", "pcomp", "ccomp", "prep", "acl", "dep"):
            return None
        node = node.head
    return None


def _noun_right(span: Span) -> Token | None:
    """The noun that the figure modifies: by the parse, else the last noun of the run of words that follows."""
    doc, root = span.doc, span.root
    head = root.head
    adjacent = _run_head(doc, span.end)
    if adjacent is not None and head.i >= span.end and adjacent.i > head.i:
        return adjacent
    if root.dep_ in _BEFORE_NOUN and head.i >= span.end and head.tag_ in _NOUNS and head.i - span.end < _LONGEST_RUN:
        while (
            head.dep_ in ("compound", "nmod")
            and head.head.i > head.i
            and head.head.tag_ in _NOUNS
            and adjacent is not None
            and head.head.i <= adjacent.i
        ):
            head = head.head
        if all(t.tag_.startswith(_RUN) or t.is_punct or t.tag_ in ("CC", "DT", "RB", "IN") for t in doc[span.end : head.i]):
            return head
    return adjacent


def _run_head(doc: Doc, start: int) -> Token | None:
    """The last noun of the run of adjectives and nouns that begins at `start`, or None where none begins there."""
    found: Token | None = None
    for token in doc[start : start + _LONGEST_RUN]:
        if token.tag_ in _NOUNS:
            if (
                found is not None
                and found.tag_ == "NNS"
                and token.tag_ in ("NNP", "NN")
                and token.head.i != found.i
                and found.head.i != token.i
            ):
                break
            found = token
        elif found is not None and found.tag_ == "NNP" and (token.tag_ == "CD" or (token.text[:1].isupper() and token.is_alpha)):
            continue  # "iPhone 4 customers", "Xbox Live members"
        elif (
            token.tag_ == "HYPH"
            or (token.tag_.startswith(("JJ", "CD")) and found is None)
            or (token.tag_ in ("VBN", "VBG") and found is None)
        ):
            continue
        elif token.tag_ in ("DT", "PRP$", "PDT") and token.i == start:
            continue
        elif token.tag_ == "POS" or (token.tag_ in ("``", "''") and token.i == start):
            found = None if token.tag_ == "POS" else found
        else:
            break
    return found


def _preposition(head: Token, names: tuple[str, ...]) -> Token | None:
    return next((c for c in head.rights if c.dep_ == "prep" and c.lower_ in names), None)


def _of_object_end(head: Token) -> int:
    """Where the phrase of a counted noun ends: an "of" without a determiner behind it belongs to it ("barrels of oil")."""
    preposition = _preposition(head, ("of",))
    if preposition is None or preposition.i != head.i + 1:
        return head.i + 1
    inner = next((c for c in preposition.children if c.dep_ == "pobj"), None)
    if inner is None or inner.i - preposition.i > 4 or preposition.nbor(1).tag_ in ("DT", "PRP$", "CD", "PRP", "WDT"):
        return head.i + 1
    return inner.i + 1


def _wide(head: Token) -> Span:
    """The noun phrase with the prepositions that follow it at once: "sales of cars in the United States"."""
    core = phrase(head)
    end = max(core.end, head.i + 1)
    for child in head.rights:
        if child.i < end:
            continue
        if child.i != end or child.dep_ != "prep" or child.lower_ not in ("of", "in", "for", "to", "on", "from", "with", "at", "between"):
            break
        edge = child.right_edge.i + 1
        if edge - child.i > _LONGEST_RUN or any(
            t.pos_ in ("VERB", "AUX") or t.ent_type_ in ("DATE", "TIME") or t.tag_ == "CD" for t in head.doc[child.i : edge]
        ):
            break
        end = edge
    return head.doc[core.start : end]


@functools.cache
def _per() -> re.Pattern[str]:
    data = lexicon("figures-counting")["per"]
    units = "|".join(sorted(map(re.escape, set(data["units"])), key=len, reverse=True))
    lead = "|".join(data["words"])
    return re.compile(
        rf"[ -](?:{lead})[ -](?P<per>{units})(?:e?s)?\b(?! (?:before|ago|earlier|later|after|from now)\b)|/(?P<slash>{units}|h|yr|mo)\b",
        re.IGNORECASE,
    )


def per_after(text: str, ends: Iterator[int] | tuple[int, ...]) -> str | None:
    """The unit that a rate is per, behind the number or behind what it counts: "$52 a barrel", "visitors per week"."""
    for end in ends:
        if found := _per().match(text, end):
            return found["per"] or found["slash"]
    return None


def lemma(head: Token) -> str:
    """The lemma of a counted head; of a proper noun in the plural its singular ("Republicans" counts each Republican)."""
    if head.tag_ == "NNPS" and head.text.endswith("s") and not head.text.endswith("ss"):
        return head.text[:-1]
    return str(head.lemma_)
