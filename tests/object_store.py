"""An S3 server of our own on the loopback, what leads our processes to it, and what may go wrong on the way."""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from pipeline.dataset import Dataset
from pipeline.dataset.stores.open_mirrors import mirror_of
from pipeline.dataset.stores.store_commits import LEASE
from pipeline.dataset.verify import altered, problems_in
from pipeline.dataset.views import connect
from schemas.tables import TABLES

BUCKET = "wire"
SECRET = "kept-to-itself"

Environ = dict[str, Any]
Answers = Callable[[Environ, Any], Iterable[bytes]]


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


@dataclass
class Server:
    """A server, its requests counted by method. One at a time is answered, so that a conditional write cannot be overtaken."""

    endpoint: str
    client: Any
    counts: Counter[str] = field(default_factory=Counter)
    answers: Callable[[Environ], tuple[str, bytes] | None] = lambda _: None  # may change a request, or answer it with status and body

    def environment(self) -> dict[str, str]:
        """What leads any process to it, as it would to any other store."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "writer",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": "127.0.0.1",
        }

    def keys(self, dataset: Path) -> list[str]:
        """The keys below a dataset."""
        prefix = f"{dataset.name}/"
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return sorted(each["Key"].removeprefix(prefix) for page in pages for each in page.get("Contents", ()))

    def body(self, dataset: Path, key: str) -> bytes:
        """An object below a dataset."""
        found: bytes = self.client.get_object(Bucket=BUCKET, Key=f"{dataset.name}/{key}")["Body"].read()
        return found

    def put(self, dataset: Path, key: str, data: bytes) -> None:
        """Put an object below a dataset, as somebody else would."""
        self.client.put_object(Bucket=BUCKET, Key=f"{dataset.name}/{key}", Body=data)

    def age_lease(self, dataset: Path) -> None:
        """Let the lease have ended long ago: what a test would else wait for."""
        told = json.loads(self.body(dataset, LEASE))
        self.put(dataset, LEASE, json.dumps(told | {"seconds": -60}).encode())


@contextmanager
def serving() -> Iterator[Server]:
    """A server with one bucket, for as long as the block lasts. There is one at a time in a process: moto's servers share their objects."""
    store = DomainDispatcherApplication(create_backend_app)
    made: list[Server] = []

    def application(environ: Environ, start: Any) -> Iterable[bytes]:
        if made:
            made[0].counts[environ["REQUEST_METHOD"]] += 1
            if answer := made[0].answers(environ):
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start(answer[0], [("Content-Type", "application/xml")])
                return [answer[1]]
        found: Iterable[bytes] = store(environ, start)
        return found

    server = make_server("127.0.0.1", 0, application, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="writer",
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 2}),
    )
    client.create_bucket(Bucket=BUCKET)
    made.append(Server(endpoint, client))
    try:
        yield made[0]
    finally:
        # moto keeps objects by account, not by server
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
            for each in page.get("Contents", ()):
                client.delete_object(Bucket=BUCKET, Key=each["Key"])
        client.delete_bucket(Bucket=BUCKET)
        server.shutdown()
        thread.join()
        server.server_close()


def rows_in(dataset: Path, varying: Collection[str] = ("run_id",)) -> dict[str, Counter[str]]:
    """The committed rows of each table as SQL finds them, without the columns in which two runs may differ."""
    found = {}
    with connect(Dataset.open(dataset)) as connection:
        for table in TABLES:
            rows = connection.sql(f"FROM {table}_all").to_arrow_table().to_pylist()
            found[table] = Counter(repr(sorted((row | dict.fromkeys(varying)).items())) for row in rows)
    return found


def complaints(server: Server, root: Path, expected: dict[str, Counter[str]]) -> list[str]:
    """What is wrong with a dataset in the store after its last, undisturbed run."""
    dataset = Dataset.open(root)
    found = [*problems_in(dataset), *altered(dataset)]
    for table, rows in rows_in(root).items():
        if lost := (expected[table] - rows).total():
            found.append(f"{table}: {lost} rows lost")
        if extra := (rows - expected[table]).total():
            found.append(f"{table}: {extra} rows doubled or made up")
    known = {"_head.json", "_index", "_lock.json", "_runs", *TABLES}
    found += [f"{key}: left behind" for key in server.keys(root) if key.partition("/")[0] not in known]
    mirror = mirror_of(root)
    assert mirror is not None
    found += [f"_runs/{name}: left behind" for name in mirror.garbage()]
    return found
