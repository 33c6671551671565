"""The model's operations give what thinc's give."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from thinc.api import NumpyOps

from transforms.annotate.matrix_ops import InferenceOps


@given(st.integers(0, 20), st.integers(1, 9), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_maxout_is_that_of_thinc(rows: int, outputs: int, pieces: int, seed: int) -> None:
    given_ = np.random.default_rng(seed).standard_normal((rows, outputs, pieces)).astype("f")
    best, _ = InferenceOps().maxout(given_)
    expected, _ = NumpyOps().maxout(given_.copy())
    assert best.dtype == expected.dtype
    assert np.array_equal(best, expected)
