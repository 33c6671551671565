"""Real feeds and pages, and what becomes of them when they are cut or damaged. `make corpus` does it all; here is a sample."""

import random

import pytest

from tests.corpus import CORPUS, SEED, begun, feeds, tried, variants
from tests.needs import needs
from tests.quality import page_texts

LARGE = 100_000  # bytes; of these only a few are read here
FLOOR = 0.955


@pytest.mark.slow
@needs("corpus")
def test_a_sample_of_the_feeds_whole_cut_and_flipped() -> None:
    chance = random.Random(SEED)
    files = feeds(CORPUS)
    small = [path for path in files if path.stat().st_size < LARGE]
    large = chance.sample([path for path in files if path.stat().st_size >= LARGE], 5)
    found = begun()
    for path in [*chance.sample(small, 300), *large]:
        every = list(variants(path, cuts=20, flips=3))
        chosen = [every[0], chance.choice(every[1:21]), chance.choice(every[21:])]
        tried([(f"{path.relative_to(CORPUS)} {how}", data) for how, data in chosen], found)
    assert not found.wrong
    assert found.inputs == 305 * 3 and found.articles > 1_000


@pytest.mark.slow
@needs("corpus")
def test_the_text_of_real_pages_is_found() -> None:
    score = page_texts.scored(page_texts.CORPUS)
    assert score.pages == 92 and score.f1 >= FLOOR and score.dated > 0.95 and score.flagged <= 2
