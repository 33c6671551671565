"""Names as news spell them, who leave out the accents."""

import unicodedata


def without_accents(name: str) -> str:
    """A name without its accents: "São Paulo" -> "Sao Paulo"."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
