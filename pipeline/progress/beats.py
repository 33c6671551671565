"""What the workers of a graph have told since one last looked (see `transforms.flow.heartbeat`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from transforms.flow.heartbeat import SUFFIX, Beat


@dataclass(frozen=True, slots=True)
class Aside:
    """A reject that came of the work itself."""

    reason: str
    source: str
    message: str


@dataclass(slots=True)
class Beats:
    """Reads on in the files of one staging folder. A folder that has gone, and a line that is not whole yet, tell nothing."""

    staging: Path
    _read: dict[Path, int] = field(default_factory=dict)  # bytes of each file

    def news(self) -> Iterator[tuple[str, Beat | Aside]]:
        """Yield what each worker has told since, with the worker's name."""
        for path in sorted(self.staging.glob(f"*{SUFFIX}")):
            for line in self._lines(path):
                told = json.loads(line)
                yield path.stem, Aside(*told["reject"]) if "reject" in told else Beat(**told)

    def _lines(self, path: Path) -> list[bytes]:
        begin = self._read.get(path, 0)
        try:
            with path.open("rb") as file:
                file.seek(begin)
                whole, newline, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:  # the slice was committed meanwhile, and its folder is gone
            return []
        self._read[path] = begin + len(whole) + len(newline)
        return whole.splitlines()
