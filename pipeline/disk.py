"""Which disk a path is on, and how full it is."""

import os
import shutil
from pathlib import Path


def disk_of(path: Path) -> Path:
    """Where the file system that holds the path is mounted; of a path that is not there, that of the folder in which it would be made."""
    here = path.absolute()
    while not here.exists() and here != here.parent:
        here = here.parent
    here = here.resolve()
    while not os.path.ismount(here) and here != here.parent:
        here = here.parent
    return here


def fullest(*paths: Path) -> Path:
    """The path on whose disk is the least room."""
    return min(paths, key=lambda path: shutil.disk_usage(disk_of(path)).free)
