"""What a run is called."""

import datetime as dt
import secrets


def new_run_id(now: dt.datetime) -> str:
    """A name for a run: for people a time, for safety a random tail; nothing is ordered by it."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
