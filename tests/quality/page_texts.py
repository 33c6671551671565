"""How well the text of pages is found, by the measure of the article extraction benchmark that the pages are from.

    python -m tests.quality.page_texts [--data FOLDER]

For each page the shingles of four words that the gold text and ours have in common, as shares, so that a long text counts no
more than a short one; precision and recall are means over the pages. The folder holds `aeb_gold.jsonl` and the pages.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests.reading import CORPUS_FETCHED
from transforms.read.apart import ParsingError
from transforms.read.web_page import Page, page_of

CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "corpus" / "html"
SHINGLE = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Score:
    """Means over the pages; `dated` is the share of pages with a date, `flagged` the number of those called doubtful."""

    pages: int
    precision: float
    recall: float
    dated: float
    flagged: int

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def scored(corpus: Path) -> Score:
    """The score of all pages that the gold file names."""
    precisions, recalls, dated, flagged, count = [], [], 0, 0, 0
    for gold, page in _pages(corpus):
        true, ours = _shingles(gold), _shingles(page.text if page else "")
        both = (true & ours).total()
        if ours:
            precisions.append(both / ours.total())
        if true:
            recalls.append(both / true.total())
        count += 1
        dated += page is not None and page.published is not None
        flagged += page is not None and bool(page.flags)
    return Score(count, mean(precisions), mean(recalls), dated / count, flagged)


def _pages(corpus: Path) -> Iterator[tuple[str, Page | None]]:
    for line in (corpus / "aeb_gold.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        data = gzip.decompress((corpus / "aeb" / Path(entry["html"]).name).read_bytes())
        try:
            yield entry["text"], page_of(data, fetched_at=CORPUS_FETCHED, address=entry["url"])
        except ParsingError:
            yield entry["text"], None


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1)) if words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CORPUS)
    score = scored(parser.parse_args().data)
    print(f"{score.pages} pages: F1 {score.f1:.3f} (precision {score.precision:.3f}, recall {score.recall:.3f})")
    print(f"with a date: {100 * score.dated:.0f} %; flagged as short or no article: {score.flagged}")


if __name__ == "__main__":
    main()
