"""Noun phrases around a figure: the noun that follows, the object of a preposition, the phrase of a head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.figures.quantity import Quantity
from transforms.parse.grammar import DASHES, phrase
from transforms.parse.token_tree import INSIDE, Parse, Span, Token
from transforms.words.lexicon import words

NOUNS = ("NN", "NNS", "NNP", "NNPS")
LONGEST_RUN = 8  # words between a number and its noun; longer runs are tables and headlines
_BEFORE_NOUN = frozenset({"nummod", "compound", "amod", "nmod", "npadvmod", "quantmod", "dep", "advmod"})
_BETWEEN = ("JJ", "NN", "VBN", "VBG", "HYPH", "POS", "CD", "AFX", "``", "''", "RBS", "CC", "DT", "RB", "IN")
_BEFORE_NUMBER = ("RB", "IN", "JJR", "VBN")  # "an estimated 5 million children", "more than 300 people"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure counts: the phrase and its head, the whole that a share is of, what qualifies it, and which look found it."""

    phrase: Span | None = None
    head: Token | None = None
    base: Span | None = None
    qualifier: str | None = None
    rule: str | None = None


NOTHING = Counted()
_MARKS = ("``", "''")  # tags of marks of quotation
_NOT_THAT = ("NNS", "NNPS", "NNP")  # nouns that "that" does not point to
_STRETCHES = ("second", "minute", "hour", "day", "week", "month", "year", "decade")


def counted(phrase_: Span, head: Token, base: Span | None = None) -> Counted:
    """What is counted, its phrase without what stands before a dash or colon in it, and without a genitive's mark at its start."""
    start = phrase_.start
    for token in phrase_:
        dash = token.is_punct and token.text in "-–—:;" and token.whitespace_
        opens = token.i == start and (
            token.tag_ in ("POS", "CC")
            or token.lower_ in words("figures-counting", "stressing", "words")
            or token.text == "+"
            or (token.lower_ == "that" and head.tag_ in _NOT_THAT)
        )
        if token.i < head.i and (dash or opens):  # "said that sales", "added that Ann Roe"
            start = token.i + 1
    phrase_, head = _behind_genitive(phrase_.doc[start : max(_line_end(phrase_, head), start + 1)], head)
    listed = words("figures-counting", "qualifiers", "words")
    qualifier = next((t.text for t in phrase_ if t.lower_ in listed and t.i != head.i), None)
    return Counted(phrase_, head, base, qualifier)


def _behind_genitive(phrase_: Span, head: Token) -> tuple[Span, Token]:
    """A phrase that a parse has cut behind a genitive with what belongs to it and its head; without the mark where nothing follows."""
    last, doc = phrase_[-1], phrase_.doc
    if not last.text.endswith(("'s", "’s")) or last.i < head.i:
        return phrase_, head
    at = phrase_.end
    while at < len(doc) and doc[at].tag_ == "CD":
        at += 1
    owned = run_head(doc, at) if at < len(doc) else None
    if owned is not None:
        return doc[phrase_.start : owned.i + 1], owned
    alone = len(last.text) == len("'s") and len(phrase_) > 1
    return (doc[phrase_.start : phrase_.end - 1] if alone else phrase_), head


def _line_end(phrase_: Span, head: Token) -> int:
    """Where a phrase ends in the line of its head, a headline having no full stop, and before a dash: "a share of it - down from 39%"."""
    return next((t.i for t in phrase_ if t.i > head.i and (t.is_space or _is_dash(t))), None) or _word_end(phrase_)


def _is_dash(token: Token) -> bool:
    """Whether a token is a dash with a blank on either side, and no hyphen."""
    return token.text in DASHES and bool(token.whitespace_) and bool(token.nbor(-1).whitespace_)


def _word_end(phrase_: Span) -> int:
    """Where a phrase ends with all of its last word or name: "e-minis" is more than its "e"; and with the mark that closes what it opens."""
    doc, end = phrase_.doc, phrase_.end
    while end < len(doc) and doc[end - 1].tag_ in ("NNP", "NNPS") and doc[end].tag_ in ("NNP", "NNPS") and doc[end].ent_iob == INSIDE:
        end += 1
    if end < len(doc) and phrase_[0].tag_ in _MARKS and doc[end].tag_ in _MARKS and not doc[end - 1].whitespace_:
        end += 1
    while (
        end + 1 < len(doc) and doc[end].text == "-" and not doc[end - 1].whitespace_ and not doc[end].whitespace_ and doc[end + 1].is_alpha
    ):
        end += 2
    return end


def unnumbered(found: Counted) -> Counted:
    """What is counted without the number of another figure before it: of "300 people" the people."""
    if found.phrase is None or found.head is None:
        return found
    start = found.phrase.start
    doc = found.phrase.doc
    while start < found.head.i and doc[start].tag_ in ("CD", "$", "#"):
        start += 1
    if start > found.phrase.start and start < found.head.i and doc[start].tag_ == "NN" and doc[start].lower_ in _STRETCHES:
        start += 1  # "five year fixed-rate loans"
    return replace(found, phrase=doc[start : found.phrase.end])


def without_figure(phrase_: Span, head: Token, others: Sequence[Span]) -> Span:
    """A phrase without the figure of its own that opens it: "an 8.5 kW system" has its kilowatts in a row of theirs; "the 1,200 workers" are those, "every nine voters" nine."""
    while (rest := _without_first(phrase_, head, others)) is not phrase_:
        phrase_ = rest
    return phrase_


def _without_first(phrase_: Span, head: Token, others: Sequence[Span]) -> Span:
    opening = phrase_.start
    while opening < head.i and _before_number(phrase_.doc[opening]):
        opening += 1
    for other in others:
        if phrase_.start <= other.start <= opening and other.end <= head.i:
            if other.end + 1 < head.i and phrase_.doc[other.end].text == "-" and other[-1].like_num:
                return phrase_  # a 2-liter "four-cylinder engine" is no "cylinder engine"
            start = other.end + (phrase_.doc[other.end].tag_ == "HYPH" and other.end < head.i)
            return phrase_.doc[_behind_bracket(phrase_.doc, start, head.i) : phrase_.end]
    return phrase_


def _behind_bracket(doc: Parse, start: int, head: int) -> int:
    """Where a phrase goes on behind a bracket that opens it, the conversion of "a -22°F (-30°C) bag"."""
    closed = next((i for i in range(start, head) if doc[i].text == ")"), None) if doc[start].text == "(" else None
    return start if closed is None else closed + 1


def _before_number(token: Token) -> bool:
    return token.lower_ in ("a", "an") or token.tag_ in _BEFORE_NUMBER


def object_of(preposition: Token) -> Counted | None:
    """The noun phrase behind a preposition."""
    head = next((c for c in preposition.children if c.dep_ in ("pobj", "pcomp") and c.i > preposition.i), None)
    if head is None or head.i - preposition.i > LONGEST_RUN * 2 or head.tag_ in ("VBP", "VBZ", "VBD"):  # "of voters disapprove" in one knot
        head = run_head(preposition.doc, preposition.i + 1)
    if head is None or head.tag_ in ("VBG", "VB"):
        return None
    if head.tag_ == "VBN" and preposition.i + 1 < head.i and preposition.nbor(1).tag_ == "DT":
        return counted(head.doc[preposition.i + 1 : head.i + 1], head)  # four of the injured
    return counted(with_joined(wide(head), head), head) if head.pos_ in ("NOUN", "PROPN", "PRON", "DET", "NUM", "ADJ", "X") else None


def with_joined(found: Span, head: Token) -> Span:
    """Steel and aluminium: two bare nouns behind one preposition are both what it leads to."""
    doc, at = found.doc, found.end
    if at + 1 >= len(doc) or doc[at].lower_ not in ("and", "or", "&") or found.end != head.i + 1:
        return found
    second = doc[at + 1]
    joined = second.dep_ == "conj" and second.head == head and second.tag_ == head.tag_ and second.n_lefts == 0
    return doc[found.start : at + 2] if joined and second.n_rights == 0 else found


def preposition_of(head: Token, names: tuple[str, ...]) -> Token | None:
    """The first of the named prepositions that hangs behind a noun."""
    return next((c for c in head.rights if c.dep_ == "prep" and c.lower_ in names), None)


def noun_right(span: Span) -> Token | None:
    """The noun that the figure modifies: by the parse, else the last noun of the run of words that follows."""
    doc, root = span.doc, span.root
    head = root.head
    adjacent = run_head(doc, span.end)
    if adjacent is not None and head.i >= span.end and adjacent.i > head.i:
        return adjacent
    near = head.i >= span.end and head.tag_ in NOUNS and head.i - span.end < LONGEST_RUN
    if near and root.dep_ in _BEFORE_NOUN and all(t.is_punct or t.tag_.startswith(_BETWEEN) for t in doc[span.end : head.i]):
        return head
    return adjacent


def run_head(doc: Parse, start: int) -> Token | None:
    """The last noun of the run of adjectives and nouns that begins at `start`, or None where none begins there."""
    found: Token | None = None
    for token in doc[start : start + LONGEST_RUN]:
        if token.tag_ in NOUNS:
            if found is not None and _next_phrase(found, token):
                break
            found = token
        elif token.tag_ == "POS" or _compounding(token, found):
            found = None
        elif in_hyphened(token) or (found is not None and joins_names(token, found)):
            continue
        elif not _goes_on(token, found, start) or _amount(token):
            break
    return found


def _compounding(token: Token, found: Token | None) -> bool:
    """A 5 GB pocket sized drive: a participle that stands with the noun before it before another noun."""
    if found is None or token.lower_ not in words("figures-counting", "compounding", "words") or token.i + 1 >= len(token.doc):
        return False
    return found.i == token.i - 1 and token.nbor(1).tag_.startswith(("NN", "JJ"))


def in_hyphened(token: Token) -> bool:
    """Whether a word is a part, but not the last, of one that hyphens hold together, whatever its tag: "serve-and-volley", "by-elections"."""
    doc, at = token.doc, token.i + 1
    tied = token.is_alpha and not token.whitespace_ and at + 1 < len(doc) and doc[at].text == "-" and not doc[at].whitespace_
    return tied and doc[at + 1].is_alpha


def joins_names(token: Token, before: Token) -> bool:
    """Kia and Hyundai cars: "and" between names that both stand before a plural noun."""
    if token.lower_ not in ("and", "or", "&", ",") or before.tag_ != "NNP" or before.i != token.i - 1:
        return False
    for follows in token.doc[token.i + 1 : token.i + LONGEST_RUN]:
        if follows.tag_ == "NNS":
            return follows.i > token.i + 1
        if follows.tag_ != "NNP" and follows.lower_ not in ("and", "or", "&", ","):
            return False
    return False


def _amount(token: Token) -> bool:
    """A number with its unit, which begins another figure: "a laptop 50 per cent off"."""
    if token.tag_ != "CD" or token.i + 1 >= len(token.doc):
        return False
    return token.nbor(1).lower_ in words("figures-counting", "amounts", "words")


def _next_phrase(found: Token, token: Token) -> bool:
    """A singular behind a plural that does not hang together with it begins another phrase: "50 cars Monday"."""
    return found.tag_ == "NNS" and token.tag_ in ("NNP", "NN") and token.head.i != found.i and found.head.i != token.i


def _goes_on(token: Token, found: Token | None, start: int) -> bool:
    """Whether a word that is no noun may stand in the run: adjectives before the noun, and parts of names in it."""
    if found is not None and found.tag_ == "NNP":  # "iPhone 4 customers", "Xbox Live members"
        return bool(token.tag_ in ("CD", "HYPH") or (token.text[:1].isupper() and token.is_alpha))
    if token.i == start and token.tag_ in ("DT", "PRP$", "PDT", "``", "''"):
        return True
    return token.tag_ == "HYPH" or (found is None and token.tag_.startswith(("JJ", "CD", "VBN", "VBG")))


def wide(head: Token) -> Span:
    """The noun phrase with the prepositions that follow it at once: "sales of cars in the United States"."""
    core = phrase(head)
    end = max(core.end, head.i + 1)
    for child in head.rights:
        if child.i < end:
            continue
        if child.i != end or child.dep_ != "prep" or child.lower_ not in ("of", "in", "for", "to", "on", "from", "with", "at", "between"):
            break
        edge = child.right_edge.i + 1
        if edge - child.i > LONGEST_RUN or any(_ends_phrase(t) for t in head.doc[child.i : edge]):
            break
        end = edge
    return head.doc[core.start : end]


def _ends_phrase(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX") or token.ent_type_ in ("DATE", "TIME") or token.tag_ == "CD"


def numeric(token: Token) -> bool:
    """Whether a word is a figure itself and therefore nothing that is counted."""
    return bool(token.like_num or token.text == "%" or token.lower_ in ("percent", "cent") or any(c.tag_ == "CD" for c in token.lefts))


def names_time(token: Token) -> bool:
    """Whether a noun is a stretch of time or another thing that sums are "in" or "for" without counting it."""
    return token.lemma_.lower() in words("figures-counting", "in_no_noun", "words")


def only_dates(span: Span, quantity: Quantity) -> bool:
    """The band of the last 20 years: a stretch up to today or from it says when, and is the size of nothing."""
    return (
        quantity.kind == "duration" and span.start > 0 and span.doc[span.start - 1].lower_ in ("last", "past", "next", "coming", "previous")
    )


def multiplies(span: Span) -> bool:
    """Will more than double the capacity: a verb, which taggers take for an adjective behind "more than"."""
    doc, at = span.doc, span.start - 1
    while at > 0 and doc[at].lower_ in ("more", "than", "nearly", "almost", "about", "roughly"):
        at -= 1
    return span.root.pos_ == "VERB" or (at >= 0 and doc[at].tag_ == "MD")


def belonging() -> frozenset[str]:
    """Plurals for people who are of what stands behind "of" and do not have it: "leaders of the five parties"."""
    return words("actors-groups", "plural") | words("figures-counting", "belonging", "words")


def lemma(head: Token) -> str:
    """The lemma of a counted head; of a proper noun in the plural its singular ("Republicans" counts each Republican)."""
    if head.tag_ == "NNPS" and head.text.endswith("s") and not head.text.endswith("ss"):
        return head.text[:-1]
    return str(head.lemma_)
