"""Which words of a parse head a clause: verbs, but not those that only look like one ("compared with", "brick-making", the name of a song)."""

from collections.abc import Iterator
from typing import Final

from transforms.annotate.tokens import only_noun
from transforms.parse.grammar import FINITE
from transforms.parse.token_tree import Parse, Token
from transforms.words.lexicon import words

_HEADS = frozenset(
    {
        "ROOT",
        "ccomp",
        "xcomp",
        "advcl",
        "relcl",
        "acl",
        "conj",
        "csubj",
        "csubjpass",
        "pcomp",
        "parataxis",
        "pobj",
        "appos",
        "acomp",
        "dep",
        "oprd",
    }
)
# An adjectival or nominal reading is as likely for these: "is concerned", "trading", so only real verb forms head a clause there.
_WEAK_HEADS = frozenset({"acomp", "dep", "oprd", "appos", "pobj"})
_OBJECTS: Final = frozenset({"dobj", "dative", "xcomp", "ccomp", "prt"})
_OF_NOUNS: Final = frozenset({"det", "amod", "advmod", "compound", "poss", "punct", "cc", "conj", "nummod", "prt"})
_OF_ACTS: Final = frozenset({"prep", "dobj", "advmod", "conj"})
_COMPOUND: Final = frozenset({"conj", "pobj", "pcomp", "dep", "appos"})


def clause_heads(doc: Parse) -> Iterator[Token]:
    """Yield the words that head a clause, in text order."""
    for token in doc:
        if token.dep_ not in _HEADS:
            continue
        # Taggers take "host" in "bid to host summit" for a noun; "to" in front of it shows what it is.
        behind_to = token.i > 0 and (to := doc[token.i - 1]).tag_ == "TO" and to.head is token
        verb = token.pos_ == "VERB" or (behind_to and not token.tag_.startswith("JJ"))
        if verb and not _is_no_word(token) and not _in_title(token) and not (behind_to and _noun_behind_to(token)) and _heads_clause(token):
            yield token


def _heads_clause(token: Token) -> bool:
    if token.tag_ == "MD" or _is_participle_behind_to(token) or _is_preposition(token) or _is_foreseen(token) or _is_joined_noun(token):
        return False
    if token.tag_ == "VBG" and _is_described(token):
        return False
    if token.dep_ in _WEAK_HEADS:
        return token.tag_ in FINITE or any(k.dep_ in ("nsubj", "nsubjpass", "dobj", "aux", "auxpass") for k in token.children)
    return True


def _is_participle_behind_to(token: Token) -> bool:
    """As in "taken to staged events": a form in -ed is no infinitive, whatever stands before it."""
    if token.tag_ not in ("VBN", "VBD") or not token.i or not token.lower_.endswith("ed"):
        return False
    to = token.nbor(-1)
    return to.lower_ == "to" and to.head is token and token.lemma_ != token.lower_


def _is_no_word(token: Token) -> bool:
    """A hyphen ("co-sign"), a unit behind its number ("4.91m") and "making" of "brick-making" are no verbs, whatever the tagger says."""
    before = token.nbor(-1) if token.i else token
    if token.is_punct or (before.like_num and not before.whitespace_ and before is not token):
        return True
    if before.text == "-" and before.i and before.nbor(-1).tag_ == "MD" and not before.whitespace_:  # "a must-have bag"
        return True
    behind_hyphen = token.tag_ in ("VBG", "VBN") and token.dep_ in _COMPOUND and before.text in ("-", "–") and not before.whitespace_
    return behind_hyphen and not any(k.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for k in token.lefts)


def _in_title(token: Token) -> bool:
    """As in "the album How to Break an Iron Bomb": a verb with a capital inside a sentence that has verbs without one is part of a name."""
    if not token.text[:1].isupper() or token.text.isupper() or not token.i or token.is_sent_start:
        return False
    before = token.nbor(-1)
    if before.is_punct or before.is_space:
        return False
    return any(t.pos_ in ("VERB", "AUX") and t.is_lower for t in token.sent)


def _noun_behind_to(word: Token) -> bool:
    """As in "a plan to parliament", "damage to rice crops": a noun that the tagger took for an infinitive.

    It is one that no table knows as a verb, and has no object; or the word before "to" takes a noun.
    """
    doc = word.doc
    to = next((k.i for k in word.lefts if k.dep_ == "aux" and k.tag_ == "TO"), None)
    if to is None or word.tag_ != "VB":
        return False
    if word.lower_ in words("facts-acts", "goes_on_behind") and doc[min(word.i + 1, len(doc) - 1)].lemma_ in words("facts-acts", "peaks"):
        return True
    if to and doc[to - 1].pos_ == "NOUN" and doc[to - 1].lemma_ in words("facts-acts", "with_to"):
        return True
    if (
        to
        and word.lower_ == "work"
        and doc[to - 1].lemma_ in words("facts-acts", "going")
        and not any(k.dep_ in _OF_ACTS for k in word.rights)
    ):
        return True
    return only_noun(word.text) and not any(k.dep_ in _OBJECTS and (k.i > word.i + 1 or k.pos_ == "PRON") for k in word.rights)


def _is_preposition(token: Token) -> bool:
    """As in "compared with last year", "as opposed to", "let alone": a verb's form that only links."""
    behind = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    if token.lower_ == "let" and behind == "alone":
        return True
    if token.lower_ == "given" and token.i and token.dep_ in ("acl", "advcl", "conj", "prep") and not _is_act(token):  # "given the weather"
        return behind == "that" or token.nbor(-1).is_punct or token.nbor(-1).dep_ == "advmod"
    if token.dep_ not in ("advcl", "prep", "acl") or token.tag_ not in ("VBN", "VBG"):
        return False
    first = next((k.lower_ for k in token.rights if k.dep_ in ("prep", "agent")), "")
    return f"{token.lower_} {first}" in words("facts-acts", "links") and not any(k.dep_ in ("nsubj", "aux", "auxpass") for k in token.lefts)


def _is_act(token: Token) -> bool:
    return any(k.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass", "neg") for k in token.lefts) or any(
        k.dep_ in ("agent", "dative") or k.lower_ == "to" for k in token.rights
    )


def _is_joined_noun(token: Token) -> bool:
    """As in "hard work and straight talking", "during shelling": a noun that "and" joins to another, or behind "during", which taggers take for a verb."""
    above, tag = token.head, token.tag_
    during = token.dep_ == "pcomp" and above.lower_ == "during" and tag == "VBG"
    if token.dep_ == "pcomp" and above.lower_ == "between" and tag == "VBG" and any(k.dep_ == "dobj" for k in token.rights):
        return True  # "the difference between sleeping bags for men and women"
    beside_noun = token.dep_ == "conj" and above.pos_ in ("NOUN", "PROPN") and tag in ("VB", "VBG", "VBP")
    beside_adjective = token.dep_ == "conj" and above.pos_ == "ADJ" and tag == "VBN"  # "calm and restrained"
    return (during or beside_noun or beside_adjective) and all(k.dep_ in _OF_NOUNS for k in token.children)


def _is_described(token: Token) -> bool:
    """As in "themed programming": a noun in -ing whose adjective parsers take for who does it."""
    before = token.nbor(-1) if token.i else token
    return before.dep_ == "nsubj" and before.head is token and before.tag_ in ("JJ", "VBN", "VBD") and not before.children


def _is_foreseen(token: Token) -> bool:
    """As in "faster than planned", "as expected": a measure of what happened, no act."""
    if token.tag_ not in ("VBN", "VBD") or token.lemma_ not in words("facts-acts", "foreseen"):
        return False
    lefts = [k.lower_ for k in token.lefts]
    bare = bool(lefts) and lefts[0] in ("than", "as") and all(k.dep_ in ("mark", "advmod", "prep") for k in token.children)
    at = token.i - 1
    if at > 0 and token.doc[at].text == "-":  # "a slower-than-expected rise"
        at -= 1
    before = token.doc[at].lower_ if at >= 0 else ""
    return bare or (not token.n_lefts and before in ("than", "as") and token.dep_ in ("pcomp", "advcl", "ccomp", "amod", "pobj", "acl"))
