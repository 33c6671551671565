"""Nouns of what can be a source: one reading of sources.toml for all who ask."""

import functools

from transforms.words.lexicon import lexicon


@functools.cache
def source_nouns(role: str) -> frozenset[str]:
    """The nouns that are something ("document", "body") or play a part ("shows", "cited"), by its name in sources.toml."""
    rows: dict[str, dict[str, list[str]]] = lexicon("sources")["nouns"]
    return frozenset(noun for noun, row in rows.items() if role in row["is"])
