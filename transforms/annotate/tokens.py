"""Coarse part of speech and lemma for every token, from tables instead of model components.

Leaving out spaCy's attribute_ruler and lemmatizer makes annotation 1.4 times as fast; a table over the fine tags and
a memory of lemmas give the same to the rules.
"""

import functools
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import DEP, LEMMA, ORTH, POS, TAG
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lookups import Lookups
from spacy.parts_of_speech import IDS
from spacy.strings import StringStore
from spacy.tokens import Doc
from spacy.util import get_package_path

from transforms.annotate.row_keys import row_keys
from transforms.parse.pinned_model import PINNED_MODEL

# Penn Treebank tag -> UD coarse part of speech
_COARSE = {
    "$": "SYM", "''": "PUNCT", ",": "PUNCT", "-LRB-": "PUNCT", "-RRB-": "PUNCT", ".": "PUNCT", ":": "PUNCT", "``": "PUNCT",
    "ADD": "X", "AFX": "ADJ", "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "FW": "X", "GW": "X", "HYPH": "PUNCT",
    "IN": "ADP", "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "LS": "X", "MD": "AUX", "NFP": "PUNCT", "NIL": "X", "NN": "NOUN",
    "NNP": "PROPN", "NNPS": "PROPN", "NNS": "NOUN", "PDT": "DET", "POS": "PART", "PRP": "PRON", "PRP$": "PRON", "RB": "ADV",
    "RBR": "ADV", "RBS": "ADV", "RP": "ADP", "SP": "SPACE", "SYM": "SYM", "TO": "PART", "UH": "INTJ", "VB": "VERB", "VBD": "VERB",
    "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB", "WDT": "DET", "WP": "PRON", "WP$": "PRON", "WRB": "ADV", "XX": "X",
    "_SP": "SPACE",
}  # fmt: skip
_TENSED = ("VERB", "AUX")
_IRREGULAR = {"n't": "not", "'s": "'s", "ca": "can", "wo": "will", "'ll": "will", "'re": "be", "'ve": "have", "'m": "be"}
_REMEMBERED = 200_000  # lemmas kept a process: bounded, so that memory stays flat over a long run


def complete(doc: Doc) -> None:
    """Set pos and lemma on each token of a tagged and parsed Doc, in place."""
    rows, strings = doc.to_array([ORTH, TAG, DEP]), doc.vocab.strings
    found = [_known.get(key) or _remembered(key, rows[at], strings) for at, key in enumerate(row_keys(rows).tolist())]
    if found:
        values = np.array([[pos for pos, _ in found], [strings.add(lemma) for _, lemma in found]], dtype=np.uint64)
        doc.from_array([POS, LEMMA], cast("Any", values.T))


_known: dict[int, tuple[int, str]] = {}  # what `complete` sets, by a key for form, tag and relation


def _remembered(key: int, row: npt.NDArray[np.uint64], strings: StringStore) -> tuple[int, str]:
    """What to set on a token of this form, tag and relation, from now on known; four tokens of five are like one before (measured)."""
    form, tag, relation = (strings[number] for number in row.tolist())
    pos = _coarse(tag, relation)
    if len(_known) >= _REMEMBERED:
        _known.clear()
    found = _known[key] = IDS[pos], lemma_of(form, tag, pos)
    return found


def _coarse(tag: str, relation: str) -> str:
    pos = _COARSE.get(tag, "X")
    if pos == "VERB" and relation in ("aux", "auxpass"):
        return "AUX"
    if pos == "ADP" and relation == "mark":
        return "SCONJ"
    return pos


@functools.lru_cache(maxsize=_REMEMBERED)
def lemma_of(form: str, tag: str, pos: str) -> str:
    """The lemma of a word form with its tag: "troops" -> "troop", "said" -> "say", "n't" -> "not". Names keep their form."""
    lower = form.lower().replace("’", "'")
    if lower in _IRREGULAR and not (lower == "'s" and pos in _TENSED):
        return _IRREGULAR[lower]
    if lower in ("'s", "'d"):
        return {"VBZ": "be", "VBP": "be", "MD": "would", "VBD": "have"}.get(tag, lower)  # taggers take "’s" for either
    if pos not in ("NOUN", "VERB", "AUX", "ADJ", "ADV") or tag in ("MD", "NNP", "NNPS"):
        return form if pos == "PROPN" else lower
    if tag in ("NN", "VB", "JJ", "RB") or (tag == "VBP" and lower not in ("am", "are", "'m", "'re")):
        return lower  # already a base form
    prefix, hyphen, word = lower.rpartition("-")  # "re-elected": the tables know its second part
    return prefix + hyphen + _by_rules(word, "VERB" if pos == "AUX" else pos)


@functools.lru_cache(maxsize=_REMEMBERED)
def is_word(form: str) -> bool:
    """Whether spaCy's tables know the form as a function word, or as a form of an English noun, verb, adjective or adverb."""
    lower = form.lower()
    return lower in STOP_WORDS or any(
        lower in known or lower in exceptions or _by_rules(lower, pos) in known for pos, (known, exceptions, _) in _tables().items()
    )


@functools.lru_cache(maxsize=_REMEMBERED)
def only_noun(form: str) -> bool:
    """Whether spaCy's tables know the form as a noun, and not as a verb."""
    lower = form.lower()
    known = _tables()
    verbs, irregular, _ = known["VERB"]
    return lower in known["NOUN"][0] and lower not in verbs and lower not in irregular


@functools.lru_cache(maxsize=_REMEMBERED)
def is_noun(form: str) -> bool:
    """Whether spaCy's tables know a form in lower case as a common noun."""
    return form in _tables()["NOUN"][0]


def _by_rules(form: str, pos: str) -> str:
    """The lemma by spaCy's tables, which are WordNet's: exceptions first, then endings whose result is a known word."""
    known, exceptions, endings = _tables()[pos]
    found = list(exceptions.get(form, ()))
    unknown = []
    for old, new in endings:
        if form.endswith(old) and (stem := form[: len(form) - len(old)] + new):
            if stem in known:
                found.append(stem)
            elif stem.isalpha():
                unknown.append(stem)
    candidates = found or unknown or [form]
    if len(candidates) > 1 and candidates[1] == candidates[0] + "e":
        return candidates[1]  # "hoping" is of hope: hop doubles its consonant
    return candidates[0]


_Table = tuple[frozenset[str], dict[str, list[str]], list[tuple[str, str]]]


@functools.cache
def _tables() -> dict[str, _Table]:
    """English lemma tables of spaCy by part of speech, from the pinned model whichever model annotates.

    Known words are a set here: spaCy's own lemmatizer goes through a list of them, which cost 0.4 ms a new word (measured).
    """
    folder = next(get_package_path(PINNED_MODEL).glob("*/lemmatizer/lookups"))
    lookups = Lookups().from_disk(folder)
    index, exceptions, rules = (lookups.get_table(f"lemma_{name}") for name in ("index", "exc", "rules"))
    return {
        pos: (frozenset(index[key]), dict(exceptions[key]), [(old, new) for old, new in rules[key]])
        for pos, key in (("NOUN", "noun"), ("VERB", "verb"), ("ADJ", "adj"), ("ADV", "adv"))
    }
