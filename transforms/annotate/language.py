"""Which language a text is in. English is extracted; others are kept as articles without facts."""

import functools
import re
from dataclasses import replace
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from schemas.article import Article
from transforms.annotate.tokens import is_word
from transforms.words.lexicon import words

ENGLISH: Final = "en"
_NOTHING: Final = "zxx"  # the detector's word for what is in no language
_BOKMAL: Final = {"no": "nb"}  # it tells Nynorsk (nn) apart, so its Norwegian is Bokmål

# The limits were measured on 32,700 English articles, headlines and paragraphs and 12,700 pieces in 53 other languages.
_SAMPLE: Final = 300  # characters: past that the detector's answer on news no longer changes
_DIGITS: Final = 4  # the last ones may differ from one processor to another
_DOUBTFUL: Final = 0.03  # an English share above this keeps a text English: names and numbers look like any language
_CLEAR: Final = 0.35  # what no language reaches is no evidence against English either
_CERTAIN: Final = 0.6  # what another language reaches stands against English words, and for a text that says little
_SHORT: Final = 120  # characters; below that the detector needs help
_FEW: Final = 4  # words in small letters; with fewer, a text is names and numbers, which the detector takes for any language ("USD115")
_WORDS: Final = 0.6  # this share of English words, or more, makes a short text English

_PLAIN: Final = 0.85  # this share of English among the words in small letters, or more, is English whatever the letters of the names
_OWN: Final = 2  # of them at least so many that only English has

_WORD = re.compile(r"[^\W\d_]{2,}")
_SMALL = re.compile(r"\b[a-zß-ɏ]{2,}\b")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-ZÀ-ɏ]")


# One wheel for every Python. lingua has no version with wheels for 3.11 and 3.14 alike, and 2.2.0 is sure of German or Swedish on English news.
@functools.cache
def _identifier() -> LanguageIdentifier:
    """The detector for the languages that have an ISO 639-1 code; 0.5 s of processor time, 70 MB."""
    all_ = LanguageIdentifier.from_model_file(MODEL_FILE)
    all_.set_languages([label for label in all_.labels if len(label) == 2 or label == _NOTHING])
    # One of its own: the first would keep what it knows of the other languages too, 28 MB.
    return LanguageIdentifier(
        all_.nb_ptc, all_.nb_pc, all_.nb_classes, all_.tk_nextmove, all_.tk_output, norm_probs=True, tk_row=all_.tk_row
    )


def detector_is_loaded() -> bool:
    """Whether a text of this process was no plain English."""
    return _identifier.cache_info().currsize > 0


def load_detector() -> None:
    """Have it at hand for the forks of this process."""
    _identifier()


def detected(text: str, *, body_start: int = 0) -> tuple[str | None, float | None]:
    """(ISO 639-1 code, confidence from 0 to 1) of a text, judged by the start of its body; (None, None) where it does not say.

    A text in which English is possible counts as English: a headline of names says nothing about its language. A text
    of names and numbers alone ("In Europe: Stoxx 50 -1.3% FTSE -0.6%") is in none that is known, so it is read like English.
    Where its words alone tell that it is English, the detector is not asked, nor loaded: their share is the confidence.
    """
    sample = text[body_start : body_start + _SAMPLE] if len(text) - body_start >= _SAMPLE // 2 else text[:_SAMPLE]
    if not any(c.isalpha() for c in sample):
        return None, None
    if (plain := _plain_english(sample)) is not None:
        return ENGLISH, round(plain, _DIGITS)
    shares = dict(_identifier().rank(sample))
    english = shares.pop(ENGLISH)
    del shares[_NOTHING]
    other, share = max(shares.items(), key=lambda each: each[1])
    helped = len(sample) < _SHORT and share < _CERTAIN and _in_english_words(sample)
    if english >= _DOUBTFUL or helped:
        return ENGLISH, round(english, _DIGITS)
    if share < _CERTAIN and _says_little(sample):
        return None, None
    if share < _CLEAR:
        return ENGLISH, round(english, _DIGITS)
    return _BOKMAL.get(other, other), round(share, _DIGITS)


def _in_english_words(text: str) -> bool:
    found = _WORD.findall(text)
    return sum(map(is_word, found)) >= _WORDS * max(1, len(found))


def _plain_english(text: str) -> float | None:
    """The share of English words, where what is written small is English, also around foreign names, whose letters the detector takes for others.

    Words that Dutch, German or Swedish write alike ("in", "was", "van") are no evidence: some must be of those that only English has.
    """
    small = [word for word in _SMALL.findall(text) if word.islower()]
    if len(small) < _FEW or len(_OTHER_SCRIPT.findall(text)) > sum(map(len, small)):
        return None
    english = sum(map(is_word, small))
    own = words("languages", "english", "words")
    plain = english == len(small) > _FEW or (english >= _PLAIN * len(small) and sum(word in own for word in small) >= _OWN)
    return english / len(small) if plain else None


def _says_little(text: str) -> bool:
    return len(_SMALL.findall(text)) < _FEW and not _OTHER_SCRIPT.search(text)


def recognised(article: Article) -> Article:
    """The article with its language, where the source did not give one."""
    if article.language is not None:
        return article
    language, confidence = detected(article.text or "", body_start=article.body_start)
    return replace(article, language=language, language_confidence=confidence)
