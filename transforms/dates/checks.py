"""What only looks like a date: surnames, modal verbs, newspapers, counts, names with a number."""

from transforms.dates.setting import Hit
from transforms.dates.tense import token_at
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words

_AMBIGUOUS_MONTHS = frozenset({"may", "march", "april", "june", "august"})


def listed(word: str, name: str) -> bool:
    """Whether a lower-case word is on a list of the lexicon `dates-checks`."""
    return word in words("dates-checks", name, "words")


def is_bare_month(hit: Hit) -> bool:
    """Whether a month's name without day or year is the month: not "Mrs May", "April Jones", "It may"."""
    if is_name(hit):
        return False
    form = hit.named["m"].text
    if form.lower() not in _AMBIGUOUS_MONTHS:
        return True
    before, after = hit.word(-1), hit.lexeme(1)
    token = token_at(hit.setting.doc, hit.offset)
    if listed(before, "before_surname") or token is None:
        return False
    if listed(before, "before_month") or before in ("-", "–"):
        return not (_continues_name(after.text) and form.lower() in ("april", "june", "august"))
    if form.lower() in ("may", "march"):
        return after.lower in ("'s", "’s") and token.ent_type_ == "DATE"
    return token.ent_type_ != "PERSON" and token.tag_ not in ("MD", "VB", "VBP", "VBZ", "JJ")


def _continues_name(form: str) -> bool:
    return form[:1].isupper() and form.isalpha()


def month_day_counts(hit: Hit) -> bool:
    """Whether the number after a month counts what follows: "In May 20 people were hurt"."""
    if hit.word(-1) not in ("in", "since", "by", "during", "of") or "dayord" in hit.named["d"]:
        return False
    after = hit.lexeme(1)
    token = token_at(hit.setting.doc, after.start) if after.text.islower() else None
    return token is not None and token.tag_ == "NNS"


def is_name(hit: Hit) -> bool:
    """Whether a weekday, month or decade is part of a longer name: "the Sunday Times", "Bloody Sunday"."""
    after, before = hit.lexeme(1), hit.lexeme(-1)
    if "daypart" in after and after.text[0].isupper():
        after = hit.lexeme(2)  # "Saturday Night Live"
    followed = after.text[:1].isupper() and listed(after.lower, "after_name")
    return followed or (before.text[:1].isupper() and listed(before.lower, "before_day_name"))


def is_title(hit: Hit) -> bool:
    """Whether an adverb has a capital letter within a sentence: a song, a programme ("Are You Lonesome Tonight")."""
    before = hit.lexeme(-1)
    return hit.setting.lexemes[hit.first].text[0].isupper() and before.text.isalpha() and before.text[0].isupper()


def is_year(hit: Hit) -> bool:
    """Whether a bare number of four digits is a year: it needs a word of time before it, or to stand where only a year can."""
    n = int(hit.named["y"]["year"])
    before, after = hit.word(-1), hit.word(1)
    if listed(after, "after_year") and 1900 <= n <= 2050:
        return True
    if listed(before, "before_name") or listed(after, "after_count") or _in_chain(hit) or (before in _JOINED and not 1900 <= n <= 2050):
        return False
    if (before == "of" and listed(hit.word(-2), "before_amount")) or _of_many(hit):
        return False
    token = token_at(hit.setting.doc, hit.named["y"].start)
    if token is not None and _counts(token, before):
        return False
    if listed(before, "before_year"):
        return 1800 <= n <= 2100 or (listed(before, "sure_year") and after in _ENDS)
    return 1800 <= n <= 2100 and (before in _BEFORE_BARE or after == "-" or _stands_alone(hit, token))


_JOINED = frozenset({"-", "–", "/"})
_ENDS = frozenset({"", ".", ",", "and", "to", ")", ";", "\n"})  # after an early year: "in 1066."
_BEFORE_BARE = frozenset({"(", "the", "its", "their", "his", "her", "a", "this", "-", ",", "", "\n", "’s", "'s"})


def _in_chain(hit: Hit) -> bool:
    """A number that is tied to others by signs: part of a telephone number or a code."""
    if "hyphen" in hit.lexeme(1) and hit.word(2)[:1].isdigit() and "year" not in hit.lexeme(2):
        return True
    timely = ("part", "edge", "year", "season", "month", "to", "ord", "unit")
    return "hyphen" in hit.lexeme(-1) and not any(kind in hit.lexeme(-2) for kind in timely)


def _of_many(hit: Hit) -> bool:
    """More than 2000 died, about 2000 were hurt: an amount behind a bound; "more than in 2000" has its preposition."""
    before = hit.word(-1)
    if before in ("more than", "fewer than", "less than") and hit.word(1) not in ("'s", "’s"):
        return True
    led = before in ("about", "around", "some", "nearly", "almost", "over", "at least", "up to")
    return led and hit.word(1) in (words("figures-counting", "suffered", "words") | {"were", "are", "have"})


def _counts(token: Token, before: str) -> bool:
    """Whether the number counts a plural noun: "2000 pieces", but "the 2008 elections", "in 2008 sales fell"."""
    head = token.head
    if token.dep_ != "nummod" or head.i != token.i + 1 or head.tag_ != "NNS":
        return False
    return not listed(before, "sure_year")


def _stands_alone(hit: Hit, token: Token | None) -> bool:
    """A year after a name ("Expo 2010"), or as the subject of a clause ("2009 was a pivotal year")."""
    before = hit.lexeme(-1)
    if token is None:
        return False
    if token.dep_ in ("nsubj", "nsubjpass", "npadvmod"):
        return True
    named = before.text[:1].isupper() and 1990 <= int(hit.named["y"]["year"]) <= 2060
    of_noun = token.dep_ == "nummod" and token.head.i == token.i + 1 and token.head.tag_ in ("NN", "NNP", "NNPS")
    return before.text.isalpha() and (named or of_noun)
