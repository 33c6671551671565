"""What a worker is asked before a run. The text of this file is sent to it: it may have no Factwire, or another Python.

Only what Python has of its own, and nothing that is newer than Python 3.8.
"""


def told(distributions, model, files, probe):  # type: ignore[no-untyped-def] # an older Python would read the annotations
    """What the worker is and sees: its Python, the versions of distributions and model, our code's stamp, which files it sees otherwise.

    `files` are pairs of path and size, `probe` is a folder into which it is to write.
    """
    import os
    import sys

    return {
        "python": "%d.%d" % sys.version_info[:2],
        "pid": os.getpid(),
        "distributions": {name: version_of(name) for name in distributions},
        "model": version_of(model),
        "stamp": stamp(),
        "unseen": [path for path, size in files if size_of(path) != size],
        "unwritten": unwritten(probe),
    }


def version_of(name):  # type: ignore[no-untyped-def]
    """The version of an installed distribution, or what identifies a model by the name of its folder; None where it is not there."""
    import os
    from importlib import metadata

    meta = os.path.join(name, "meta.json")
    if os.path.isfile(meta):
        return "of %d bytes" % os.path.getsize(meta)
    try:
        return metadata.version(name)
    except Exception:
        return None


def stamp():  # type: ignore[no-untyped-def]
    """Which code of ours it runs, or None where it has none or another's by that name."""
    try:
        from pipeline.engines.stamp import STAMP
    except Exception:
        return None
    return STAMP


def size_of(path):  # type: ignore[no-untyped-def]
    """The size of a file in bytes, or None."""
    import os

    try:
        return os.path.getsize(path)
    except OSError:
        return None


def unwritten(probe):  # type: ignore[no-untyped-def]
    """Why it cannot write there, or None where it can."""
    import os
    import uuid

    path = os.path.join(probe, uuid.uuid4().hex)
    try:
        with open(path, "w"):
            pass
    except OSError as error:
        return error.strerror or str(error)
    return None
