"""What its source has cancelled is taken down, as `forget` does it."""

import datetime as dt
from collections.abc import Collection

from pipeline.dataset import Writer
from pipeline.dataset.seen import seen_in
from pipeline.forget import forgotten
from pipeline.run_id import new_run_id


def taken_down(writer: Writer, cancelled: Collection[str]) -> list[str]:
    """Take what the dataset holds of these articles out of it; a sentence for each. Raises what `forgotten` raises."""
    told = []
    for article in sorted(seen_in(writer.dataset, sorted(cancelled))):
        now = dt.datetime.now(dt.UTC)
        forgotten(writer, new_run_id(now), now, article=article)
        told.append(f"article {article} was taken down: its source has cancelled it")
    return told
