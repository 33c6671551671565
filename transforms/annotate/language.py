"""Which language a text is in. English is extracted; others are kept as articles without facts."""

import functools
import re
from dataclasses import replace

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from schemas.article import Article
from transforms.annotate.tokens import is_word

ENGLISH = "en"
_SAMPLE = 300  # characters: past that the detector's answer on news no longer changes (measured on 2,220 articles)
_DIGITS = 4  # the detector adds up in threads: the last digits differ from run to run
_DOUBTFUL = 0.05  # an English share above this keeps a short text English: names and numbers look like any language
_CLEAR = 0.3  # what no language reaches is no evidence against English either
_SURE = 0.99  # an English share above this among the frequent languages is not asked about again
_SHORT = 120  # characters; below that the detector needs help
_FEW = 4  # words in small letters; with fewer, a text is names, numbers and signs, which the detector takes for any language ("USD115")
_CERTAIN = 0.9  # unless it is as sure as this
_WORDS = 0.6  # this share of English words, or more, makes a short text English (measured on headlines and pieces of 47 languages)

_WORD = re.compile(r"[^\W\d_]{2,}")
_SMALL = re.compile(r"\b[a-zß-ɏ]{2,}\b")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-ZÀ-ɏ]")

# English and the languages of which news there is most, from all branches that are near it: asking all 75 takes 2.7 times as long.
_FREQUENT = (
    Language.ENGLISH, Language.SPANISH, Language.FRENCH, Language.GERMAN, Language.ITALIAN, Language.PORTUGUESE, Language.DUTCH,
    Language.SWEDISH, Language.POLISH, Language.TURKISH, Language.INDONESIAN, Language.SWAHILI, Language.VIETNAMESE,
    Language.ROMANIAN, Language.TAGALOG, Language.HUNGARIAN,
)  # fmt: skip


# The detector's other mode is the same on longer texts. On short ones it is better, but loads 900 MB, and takes 17 seconds for that.
@functools.cache
def _among_frequent() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_FREQUENT).with_low_accuracy_mode().build()


@functools.cache
def _among_all() -> LanguageDetector:
    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()


def detected(text: str, *, body_start: int = 0) -> tuple[str | None, float | None]:
    """(ISO 639-1 code, confidence from 0 to 1) of a text, judged by the start of its body; (None, None) where it does not say.

    A short text in which English is possible counts as English: a headline of names says nothing about its language. A text
    of names and numbers alone ("In Europe: Stoxx 50 -1.3% FTSE -0.6%") is in none that is known, so it is read like English.
    """
    sample = text[body_start : body_start + _SAMPLE] if len(text) - body_start >= _SAMPLE // 2 else text[:_SAMPLE]
    if not any(c.isalpha() for c in sample):
        return None, None
    best = _among_frequent().compute_language_confidence_values(sample)[0]
    if best.language != Language.ENGLISH or best.value < _SURE:
        ranked = _among_all().compute_language_confidence_values(sample)
        english = next(r for r in ranked if r.language == Language.ENGLISH)
        possible = english.value >= _DOUBTFUL or ranked[0].value < _CLEAR or (len(sample) < _SHORT and _in_english_words(sample))
        best = english if possible else ranked[0]
        if not possible and best.value < _CERTAIN and _says_little(sample):
            return None, None
    return best.language.iso_code_639_1.name.lower(), round(best.value, _DIGITS)


def _in_english_words(text: str) -> bool:
    words = _WORD.findall(text)
    return sum(map(is_word, words)) >= _WORDS * max(1, len(words))


def _says_little(text: str) -> bool:
    return len(_SMALL.findall(text)) < _FEW and not _OTHER_SCRIPT.search(text)


def recognised(article: Article) -> Article:
    """The article with its language, where the source did not give one."""
    if article.language is not None:
        return article
    language, confidence = detected(article.text or "", body_start=article.body_start)
    return replace(article, language=language, language_confidence=confidence)
