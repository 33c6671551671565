"""Marks without speech: titles of works, nicknames, so-called things."""

from transforms.quotes.reading import Reading

_FEW = 4


def is_no_speech(reading: Reading, n: int, words: int) -> bool:
    """Whether a stretch that nobody is shown to say is no speech: short, or written like a title."""
    if words < _FEW:
        return True
    return _is_title(reading, n)


def _is_title(reading: Reading, n: int) -> bool:
    """Every word of some length begins with a capital, and no full stop ends it."""
    content = reading.text[reading.marked[n].start : reading.marked[n].end]
    heads = [w for w in content.split() if len(w) > 3 and w[0].isalpha()]
    return bool(heads) and all(w[0].isupper() for w in heads) and not content.rstrip().endswith(".")
