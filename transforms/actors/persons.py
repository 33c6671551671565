"""What marks a person: honorifics, roles and first names, each with the pronoun that goes with it, where one does."""

import functools

from transforms.words.lexicon import lexicon, words


@functools.cache
def roles() -> dict[str, str]:
    """What a person can be, in lower case -> male, female or either."""
    given = lexicon("actors-titles")["roles"]
    return {role: sex for sex in ("either", "female", "male") for role in given[sex]}


@functools.cache
def honorifics() -> dict[str, str]:
    """Mr, Dame and the like -> male, female or either."""
    return {form: sex for sex, forms in lexicon("actors-titles")["honorifics"].items() for form in forms}


@functools.cache
def first_names() -> dict[str, str]:
    """First name -> female, male or either."""
    lists = {sex: frozenset(text.split()) for sex, text in lexicon("actors-first-names").items()}
    both = lists["either"] | (lists["female"] & lists["male"])
    return {name: "either" if name in both else sex for sex, names in lists.items() for name in names}


def gender_of(sex: str | None) -> str | None:
    """Male or female; "either" says nothing."""
    return None if sex == "either" else sex


@functools.cache
def abbreviated() -> frozenset[str]:
    """Titles in their short form, as they stand before a name: "Sen.", "Lt."."""
    return words("actors-titles", "abbreviated", "words")


@functools.cache
def postnominals() -> frozenset[str]:
    """Ranks, honours and degrees behind a name: "KC", "OBE", "PhD"."""
    return words("actors-titles", "postnominals", "words")


@functools.cache
def office_vocabulary() -> frozenset[str]:
    """Words that belong to an office where they stand before its role, however they are written."""
    return frozenset(roles()) | words("actors-titles", "office", "words")
