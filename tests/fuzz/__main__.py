"""make fuzz: each reader against the inputs that atheris finds.

    python -m tests.fuzz [--time SECONDS] [--found FOLDER] [TARGET ...]

Seeds are the sample feeds and what the tests of reading are made of. What is found lies in the folder afterwards, and each is
to become a case of a test.
"""

import argparse
import gzip
import json
import lzma
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tests.test_read_json_feeds import ITEM
from tests.test_read_json_feeds import feed as json_feed
from tests.test_read_pages import BODY, ld, page
from tests.test_read_warc import ARCHIVE, http, response

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "seeds" / "feeds"
SMALL = ROOT / "tests" / "small"
MESSAGES = (ROOT / "tests" / "messages.toml").read_text("utf-8")
OTHERS = {
    **{"json": "tables/list.json", "csv": "tables/quoted.csv", "arrow": "tables/rows.arrow", "zip": "packed/mixed.zip"},
    **{"newsml": "agency/message.xml", "nitf": "agency/nitf.xml", "sitemap": "feeds/news-sitemap.xml"},
}
OPML = b"""<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
<outline text="News"><outline type="rss" text="Post" xmlUrl="https://post.example/feed" htmlUrl="https://post.example/"/></outline></body></opml>"""
LINES = [
    {"text": "Nobody was hurt.", "title": "Ferry", "id": 1, "published_at": "2025-11-03T18:20:00+01:00", "url": "https://e.org/1?token=x"},
    {"text": "A", "language": "en-GB", "outlet": "The Post", "byline": "Ada"},
]


def seeds() -> dict[str, list[bytes]]:
    """For each target the inputs that it begins with."""
    feeds = [path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.is_file()]
    item = ITEM | {"content_html": "<p>a</p>", "date_published": "2025-11-03", "authors": [{"name": "Ada"}], "language": "en"}
    chunked = response(1, b"5\r\n<html\r\n3\r\n><p\r\n0\r\n\r\n", Transfer_Encoding="chunked")
    packed = response(1, gzip.compress(page()), Content_Encoding="gzip")
    return {
        "feed": [data[:20_000] for data in feeds],
        "jsonfeed": [json_feed(item), json_feed(item, item, authors=[{"name": "Bo"}])],
        "html": [page(), page(head=ld(datePublished="2025-11-03")), BODY.encode(), page(BODY * 3, '<link rel="canonical" href="/x">')],
        "jsonl": ["\n".join(json.dumps(line) for line in LINES).encode(), gzip.compress(json.dumps(LINES[0]).encode())],
        "warc": [b"".join(ARCHIVE), chunked + packed, response(2, http(page()))],
        "opml": [OPML],
        "messages": [
            bytes.fromhex(each["hex"]) if "hex" in each else each["value"].encode() for each in tomllib.loads(MESSAGES)["message"]
        ],
        **{name: [(SMALL / path).read_bytes()] for name, path in OTHERS.items()},
        "tar": [lzma.decompress((SMALL / "packed/two.tar.xz").read_bytes())],
    }


def fuzzed(target: str, inputs: list[bytes], seconds: int, found: Path) -> bool:
    """Run one target for a while; whether it came through."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(inputs):
            (Path(folder) / f"seed-{number}").write_bytes(data)
        options = [
            f"-max_total_time={seconds}",
            "-timeout=20",
            "-rss_limit_mb=2048",
            "-max_len=40000",
            "-verbosity=0",
            "-print_final_stats=1",
        ]
        command = [sys.executable, "-m", "tests.fuzz.target", target, *options, f"-artifact_prefix={found}/{target}-", folder]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = [line for line in ended.stderr.splitlines() if "number_of_executed_units" in line]
    runs = told[0].rpartition(":")[2].strip() if told else "?"
    print(f"{target}: {runs} inputs, {'nothing found' if ended.returncode == 0 else 'FOUND'}", flush=True)
    if ended.returncode:
        print(ended.stderr[-4000:], flush=True)
    return ended.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--time", type=int, default=60, help="seconds a target")
    parser.add_argument("--found", type=Path, default=ROOT / ".cache" / "fuzz")
    parser.add_argument("targets", nargs="*")
    given = parser.parse_args()
    given.found.mkdir(parents=True, exist_ok=True)
    every = seeds()
    came_through = [fuzzed(name, every[name], given.time, given.found) for name in given.targets or every]
    sys.exit(0 if all(came_through) else 1)


if __name__ == "__main__":
    main()
