"""Speech without a cue of its own: by the sentence around it, the sentence before, or whoever spoke last."""

from transforms.quotes.beside import Speech
from transforms.quotes.reading import Reading


def carried(reading: Reading, n: int, last: Speech | None) -> Speech | None:
    """The attribution of a stretch without a cue beside it."""
    if last is not None:
        return Speech(None, last.said_by, "carried")
    return Speech(None, None, "carried")
