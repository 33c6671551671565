"""One number for each row of a table of numbers, to look rows up by."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

_ODD: Final = 0x9E3779B97F4A7C15  # 2 ** 64 over the golden ratio: spreads the columns of a row over one number


def row_keys(rows: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """`rows`: whole numbers of shape (rows, columns), most of them hashes of 64 bits. Equal rows have equal keys, others do not collide."""
    keys = np.zeros(len(rows), dtype=np.uint64)
    for column in rows.T:
        keys = (keys ^ column.astype(np.uint64)) * np.uint64(_ODD)
    return keys
