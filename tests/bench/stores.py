"""What it costs to write to a store instead of a disk: `python -m tests.bench.stores [--count N] [--rounds N]`.

Each round runs the same articles to a disk and to an S3 server on the loopback, as a user would; the ratio is of the medians. The server is
Python and on the same machine: one across a network takes longer for each request, and none of this machine's time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from tests.object_store import BUCKET, serving

ROOT: Final = Path(__file__).parent.parent.parent
_CHARACTERS: Final = 1500  # of each article


def main() -> int:
    """Print the seconds of each run and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="articles")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="factwire-bench-") as folder, serving() as server:
        source = Path(folder) / "news.jsonl"
        _write(source, asked.count)
        environment = os.environ | server.environment()
        seconds: dict[str, list[float]] = {"disk": [], "store": []}
        for number in range(asked.rounds):
            for kind, output in (("disk", f"{folder}/{number}"), ("store", f"s3://{BUCKET}/{number}")):
                began = time.monotonic()
                subprocess.run(
                    [sys.executable, "-m", "pipeline", "run", source, "-o", output, "--quiet"], check=True, env=environment, cwd=ROOT
                )
                seconds[kind].append(time.monotonic() - began)
                print(f"{kind}: {seconds[kind][-1]:.1f} s", flush=True)
        print(f"requests: {dict(server.counts)}")
        print(f"store / disk: {statistics.median(seconds['store']) / statistics.median(seconds['disk']):.2f}")
    return 0


def _write(file: Path, articles: int) -> None:
    """So many articles, of the samples in turn, no two alike."""
    samples = [json.loads(line) for line in (ROOT / "seeds" / "wikinews.jsonl").read_text("utf-8").splitlines()]
    with file.open("w", encoding="utf-8") as lines:
        for number, sample in enumerate(islice(cycle(samples), articles)):
            told = {
                "id": str(number),
                "published_at": sample["published_at"],
                "text": f"{sample['text'][:_CHARACTERS]}\n\nIt was number {number}.",
            }
            lines.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    sys.exit(main())
