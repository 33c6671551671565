"""The dataset on disk: commits, recovery, what was seen, and SQL over it. No Beam, no model.

    dataset = Dataset.create(path)                      # or Dataset.open(path), to read
    with writing(dataset) as writer:                    # locked and recovered; writer.dataset is as it stands now
        folder = writer.staging(run, slice)
        staged = write_rows("figures", rows, folder, "0000")
        writer.commit(Commit(run=run, slice=slice, staged=[staged], rows={"figures": staged.rows}))

`seen.seen_in` answers what is stored already, `views.connect` and `views.ask` answer SQL, `verify.problems_in` looks
for files that are not as committed.
"""

from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import (
    DamagedDatasetError,
    DatasetError,
    IntegrityError,
    LockedError,
    NewerDatasetError,
    NotADatasetError,
    NotWritableError,
    StoreError,
)
from pipeline.dataset.log import GRACE
from pipeline.dataset.manifest import AddedFile, Input, Manifest
from pipeline.dataset.writer import Commit, Writer, writing

__all__ = [
    "GRACE",
    "AddedFile",
    "Commit",
    "DamagedDatasetError",
    "Dataset",
    "DatasetError",
    "Input",
    "IntegrityError",
    "LockedError",
    "Manifest",
    "NewerDatasetError",
    "NotADatasetError",
    "NotWritableError",
    "StoreError",
    "Writer",
    "writing",
]
