"""Which addresses are one article's (web_addresses.toml)."""

import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.web_address import canonical_url

CASES = tomllib.loads((Path(__file__).parent / "web_addresses.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["same"], ids=lambda case: case["is"])
def test_addresses_of_one_article(case: dict[str, Any]) -> None:
    assert {canonical_url(address) for address in case["of"]} == {case["is"]}
    assert canonical_url(case["is"]) == case["is"]


@pytest.mark.parametrize("case", CASES["apart"], ids=lambda case: case["of"][0])
def test_addresses_of_several_articles(case: dict[str, Any]) -> None:
    for one, other in combinations(map(canonical_url, case["of"]), 2):
        assert one != other
        assert one and other


@pytest.mark.parametrize("address", CASES["none"][0]["of"])
def test_what_is_no_address_of_the_web(address: str) -> None:
    assert canonical_url(address) is None


@given(st.text("abz/?&=;#%:.@[]()'é ", max_size=40))
def test_once_normalised_it_stays(rest: str) -> None:
    once = canonical_url(f"https://post.example/{rest}")
    assert once is None or canonical_url(once) == once
