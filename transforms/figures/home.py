"""Where an article is at home, as far as its address, its outlet or its dateline say so.

Symbols that several countries share ("$", "Rs", "kr") are read by it. Evidence in this order: the address's domain, words of
the outlet's name, the place that opens a dateline. Nothing is guessed from what the article is about.
"""

import re
from urllib.parse import urlsplit

from schemas.article import Article
from transforms.lexicon import lexicon

_DATELINE = re.compile(r"^(?P<place>[A-Z][A-Z ]{3,20}?)(?:,[^\n]{0,40})?[ ](?:\([^)\n]{1,40}\)[ ]*)?[-–—]", re.MULTILINE)


def home_of(article: Article) -> str | None:
    """The ISO 3166 code of the article's country, or None where nothing says it."""
    data = lexicon("figures-country")
    if article.canonical_url and (host := urlsplit(article.canonical_url).hostname):
        for known, country in data["domains"].items():
            if host.endswith("." + known):
                return str(country)
    for word in re.findall(r"[a-z]+", (article.outlet or "").lower()):
        if word in data["outlets"]:
            return str(data["outlets"][word])
    opening = (article.text or "")[:600]
    for dateline in _DATELINE.finditer(opening):
        if dateline["place"] in data["datelines"]:
            return str(data["datelines"][dateline["place"]])
    return None
