"""What a dataset was told to forget: remembered by hashes alone, so that it is not read again and nobody can read what it was.

A takedown leaves its hashes in its manifest: the article's id, its addresses, its texts, and the source that held it
alone. The log drops what has one of them as it adds up the manifests, and the manifests before it are folded away.
"""

import dataclasses
import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final

from pipeline.dataset.manifest import Manifest
from schemas.article import Article
from schemas.ids import digest
from transforms.read.web_address import canonical_url

FORGOTTEN: Final = "forgotten"  # stands where a manifest had words that may tell of what was taken down


def hash_of_source(uri: str) -> str:
    """How a source that held one article is remembered."""
    return digest("source", uri)


def hash_of_address(url: str) -> str:
    """How an article's web address (normalised) is remembered: as its `article_id` is made from it."""
    return digest("url", url)


def redacted(payload: str) -> str:
    """What stands in a reject for an excerpt that was taken down: enough to know it again."""
    return f"{FORGOTTEN}, sha256 {hashlib.sha256(payload.encode()).hexdigest()}"


def is_forgotten(article: Article, forgotten: Collection[str]) -> bool:
    """Whether an article that was read is one that must not be read again, by its identity, its address or its text."""
    if not forgotten:
        return False
    address = article.canonical_url and hash_of_address(article.canonical_url)
    return article.article_id in forgotten or article.text_sha256 in forgotten or address in forgotten


def is_forgotten_address(uri: str, forgotten: Collection[str]) -> bool:
    """Whether an address (or a file, by its path) is that of an article that was taken down: it is neither fetched nor named again."""
    if not forgotten:
        return False
    urls = (canonical_url(uri), canonical_url(uri.partition("#")[0]))
    named = {hash_of_source(uri), *(hash_of_address(url) for url in urls if url)}
    return not named.isdisjoint(forgotten)


def without_sources(by_source: Mapping[str, Any], forgets: Collection[str]) -> dict[str, Any]:
    """A mapping by source without those that were taken down."""
    return {uri: value for uri, value in by_source.items() if hash_of_source(uri) not in forgets}


def unnamed(manifest: Manifest, forgets: Collection[str]) -> Manifest:
    """A manifest without the names of sources that were taken down."""
    account, options = dict(manifest.account), dict(manifest.options)
    if "sources" in account:
        account["sources"] = without_sources(account["sources"], forgets)
    if "failed_sources" in account:
        account["failed_sources"] = list(without_sources(dict.fromkeys(account["failed_sources"]), forgets))
    if "sources" in options:
        options["sources"] = [FORGOTTEN if is_forgotten_address(uri, forgets) else uri for uri in options["sources"]]
    inputs = tuple(each for each in manifest.inputs if hash_of_source(each.uri) not in forgets)
    return dataclasses.replace(manifest, account=account, options=options, inputs=inputs, feeds=without_sources(manifest.feeds, forgets))


def scrubbed(manifest: Manifest, forgets: Collection[str]) -> Manifest:
    """A manifest from before a takedown: without the names of its sources, and without conditions in a user's own words."""
    options = dict(manifest.options)
    if options.get("rerun", "all") != "all":
        options["rerun"] = FORGOTTEN
    return unnamed(dataclasses.replace(manifest, options=options), forgets)
