"""Texts of the pages that a feed's entries name, fetched beside the feed: entries that are cut short take theirs from there."""

import json
from collections.abc import Mapping
from pathlib import Path


def page_texts(path: str | None) -> dict[int, str]:
    """The texts by the number of the entry; none where no page was fetched. Raises OSError: the driver wrote the file itself."""
    if path is None:
        return {}
    return {int(number): text for number, text in json.loads(Path(path).read_text("utf-8")).items()}


def write_page_texts(path: Path, texts: Mapping[int, str]) -> None:
    """Put the texts where a source's `pages` says that they are."""
    path.write_text(json.dumps(texts), "utf-8")
