"""Whether everything is in order: the environment, and a dataset if one is named. A plain sentence for each thing that was looked at."""

import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement

from pipeline.dataset import Dataset, DatasetError, StoreError
from pipeline.dataset.lock import LOCK
from pipeline.dataset.log import RUNS, Log, is_due
from pipeline.dataset.recover import GONE, STAGING
from pipeline.dataset.stores.open_mirrors import named
from pipeline.dataset.verify import altered, problems_in
from pipeline.kafka.topic_state import TopicState, states_of
from pipeline.watch import status
from pipeline.wording import many
from transforms.flow.durable import UNFINISHED

if TYPE_CHECKING:
    from pipeline.dataset.stores.mirror import Mirror

OURS: Final = ("pipeline", "transforms", "schemas", "seeds")

PYTHONS: Final = ((3, 11), (3, 14))  # the first and the last, as in pyproject.toml
_DISTRIBUTION: Final = "factwire"
_STALE: Final = 550  # days: feasts by the moon are known for the year and the next
_ROOM: Final = 500 << 20  # bytes: a slice of a run stages about 20 MB, a compaction as much as it merges
_LOCKS: Final = Path("/proc/locks")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    told: str  # a sentence: how it is, and what to do if it is wrong
    fine: bool = True


def environment() -> Iterator[Finding]:
    """Python, the packages, the model, room for temporary files."""
    yield _python()
    yield _names()
    yield _dependencies()
    yield _model()
    yield _world()
    yield _room(Path(tempfile.gettempdir()), "temporary files")


def dataset_at(path: Path) -> Iterator[Finding]:
    """The manifests, the files, what an interrupted run left, the lock, room. Nothing is written and no lock is taken."""
    try:
        dataset = Dataset.open(path)
    except DatasetError as error:
        yield Finding(named(str(error)), fine=False)
        return
    log = dataset.log
    articles = sum(f.rows for f in dataset.live_files("articles"))
    shown = dataset.shown
    yield Finding(f"{shown}: the manifests are whole, {many(log.sequence, 'commit')}, {many(articles, 'article')}.")
    wrong = [*problems_in(dataset), *altered(dataset)]
    if wrong and (now := Dataset.open(path)).log.sequence > log.sequence:  # commits were made meanwhile, which may be all that is wrong
        dataset, log = now, now.log
        wrong = [*problems_in(dataset), *altered(dataset)]
    yield from (Finding(f"{named(each)}.", fine=False) for each in wrong)
    if not wrong:
        yield Finding(f"{shown}: {many(len(log.files), 'file')} compared byte for byte with what was committed: all is as it was.")
    yield from (Finding(_topic(shown, uri, state)) for uri, state in sorted(states_of(dataset.topics).items()))
    watches = (Finding(*each) for each in status.findings(path, dt.datetime.now(dt.UTC)))
    if dataset.mirror:
        yield from (*_store(dataset.mirror, log), *watches)
        return
    yield _lock(path)
    yield from watches
    yield from _leftovers(dataset)
    if os.access(path, os.W_OK):
        yield _room(path, "the dataset")
    else:
        yield Finding(f"{path}: cannot be written by this user; give it the folder's rights, or run as its owner.", fine=False)


def _topic(path: str, uri: str, state: TopicState) -> str:
    offsets = ", ".join(f"{offset} of partition {partition}" for partition, offset in sorted(state.offsets.items()))
    when = f" on {state.read_at:%Y-%m-%d at %H:%M} UTC" if state.read_at else ""
    left = f"{many(state.behind, 'message')} at most were left then" if state.behind else "nothing was left then"
    return f"{path}: {uri} was read up to offset {offsets}{when}; {left}."


def _python() -> Finding:
    here = sys.version_info[:2]
    shown = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    if PYTHONS[0] <= here <= PYTHONS[1]:
        return Finding(f"Python {shown} fits.")
    return Finding(f"Python {shown} does not fit: use 3.{PYTHONS[0][1]} to 3.{PYTHONS[1][1]}.", fine=False)


def _names() -> Finding:
    """No other distribution may own the names of our packages: which of two is imported would be a matter of luck."""
    strangers = (dist for dist in distributions() if dist.name != _DISTRIBUTION)
    others = sorted({dist.name for dist in strangers if not set(OURS).isdisjoint((dist.read_text("top_level.txt") or "").split())})
    if others:
        told = f"The packages {', '.join(OURS)} are also installed by {', '.join(others)}: give factwire an environment of its own."
        return Finding(told, fine=False)
    return Finding(f"The packages {', '.join(OURS)} belong to factwire alone.")


def _dependencies() -> Finding:
    try:
        wanted = [Requirement(each) for each in distribution(_DISTRIBUTION).requires or ()]
    except PackageNotFoundError:
        return Finding("factwire is not installed here: run `make demo`, or `pip install` it.", fine=False)
    needed = [each for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]
    if wrong := [told for each in needed if (told := _complaint(each))]:
        return Finding(f"Packages do not fit: {'; '.join(wrong)}. Install from requirements.lock.", fine=False)
    return Finding(f"All {len(needed)} packages that factwire needs are there, in versions that fit.")


def _complaint(wanted: Requirement) -> str | None:
    try:
        version = distribution(wanted.name).version
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    return None if wanted.specifier.contains(version, prereleases=True) else f"{wanted.name} is {version}, not {wanted.specifier}"


def _model() -> Finding:
    from transforms.annotate.model import ModelMissingError, model
    from transforms.parse.pinned_model import PINNED_MODEL

    try:
        words = len(model()("Two ministers resigned."))
    except ModelMissingError as error:
        return Finding(str(error), fine=False)
    return Finding(f"The model {PINNED_MODEL} loads and reads a sentence ({words} tokens).")


def _world() -> Finding:
    from transforms.words.world import as_of

    day, today = as_of(), dt.datetime.now(dt.UTC).date()
    told = f"The table of the world (currencies, business years, zones, feasts) is of {day}, {many((today - day).days, 'day')} old"
    if (today - day).days <= _STALE:
        return Finding(f"{told}.")
    return Finding(f"{told}: money and feasts of since then may be read wrong; update factwire.", fine=False)


def _room(folder: Path, what: str) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < _ROOM:
        return Finding(f"{folder}: only {free >> 20:,} MB are free for {what}; make room.", fine=False)
    return Finding(f"{folder}: {free >> 20:,} MB are free for {what}.")


def _lock(path: Path) -> Finding:
    if _is_locked(path / LOCK):
        holder = (path / LOCK).read_text("ascii", "replace").strip()
        return Finding(f"{path}: process {holder or 'unknown'} is writing to it; what it has staged is no leftover.")
    return Finding(f"{path}: no run holds it.")


def _store(mirror: "Mirror", log: Log) -> Iterator[Finding]:
    """The lease, what an interrupted run left, and whether the store can be written: for that an object is put and deleted again."""
    from pipeline.dataset.stores.store_commits import LEASE

    where = mirror.address
    if holder := mirror.holder(LEASE):
        yield Finding(f"{where}: {holder} is writing to it; what it has put is no leftover.")
    else:
        yield Finding(f"{where}: no run holds it.")
        yield from _left_in(mirror, log)
    try:
        mirror.store.check_conditions()
        yield Finding(f"{where}: can be written, and the store keeps two runs from writing at once.")
    except StoreError as error:
        yield Finding(f"{error}.", fine=False)


def _left_in(mirror: "Mirror", log: Log) -> Iterator[Finding]:
    if log.takedown > log.folded:
        yield Finding(_half_folded(str(mirror.address)), fine=False)
    if left := [*mirror.store.names(STAGING), *mirror.garbage()]:
        yield Finding(f"{mirror.address}: an interrupted run left {many(len(left), 'object')}; the next run clears them away.")
    else:
        yield Finding(f"{mirror.address}: no interrupted run left anything.")


def _half_folded(where: str) -> str:
    return f"{where}: a takedown was interrupted before the old manifests were folded away; run `factwire compact {where}` to end it."


def _is_locked(lock: Path) -> bool:
    """Whether a process holds the lock. It is not tried: a run that starts at that moment would be sent away."""
    if not lock.exists() or not _LOCKS.exists():
        return False
    inode = f":{lock.stat().st_ino}"
    held = (line.split() for line in _LOCKS.read_text("ascii").splitlines())
    return any("FLOCK" in words and any(word.endswith(inode) for word in words) for words in held)


def _leftovers(dataset: Dataset) -> Iterator[Finding]:
    root, log, now = dataset.root, dataset.log, dt.datetime.now(dt.UTC)
    if _is_locked(root / LOCK):
        return
    left = [path for folder in (root / STAGING, root / GONE) for path in folder.rglob("*") if path.is_file()]
    left += [
        *(root / RUNS).glob(UNFINISHED),
        *(root / path for path, until in log.leftovers.items() if is_due(until, now) and (root / path).exists()),
    ]
    if log.takedown > log.folded:
        yield Finding(_half_folded(str(root)), fine=False)
    if kept := [path for path, until in log.leftovers.items() if not is_due(until, now) and (root / path).exists()]:
        told = f"{root}: {many(len(kept), 'file')} that were merged stay for a quarter of an hour, for who is reading them; the next run clears them away."
        yield Finding(told)
    if left:
        yield Finding(f"{root}: an interrupted run left {many(len(left), 'file')}; the next run clears them away.")
    else:
        yield Finding(f"{root}: no interrupted run left anything.")
