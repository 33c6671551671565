"""The same against a server that speaks S3: what Beam's own filesystem makes of our calls, over the loopback."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from pipeline.cli import main
from tests.polling import WORDS

pytestmark = pytest.mark.usefixtures("articles_only")

_KEYS = {"access_key_id": "reader", "secret_access_key": "kept-to-itself", "region_name": "us-east-1"}


@dataclass(frozen=True)
class Bucket:
    """The bucket `news` of a server that runs on the loopback, and the options that lead Beam to it."""

    client: Any
    options: tuple[str, ...]

    def put(self, key: str, text: str) -> None:
        self.client.put_object(Bucket="news", Key=key, Body=text.encode())


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=_KEYS["access_key_id"],
        aws_secret_access_key=_KEYS["secret_access_key"],
        region_name=_KEYS["region_name"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    client.create_bucket(Bucket="news")
    yield Bucket(client, (f"--s3_endpoint_url={address}", *(f"--s3_{key}={value}" for key, value in _KEYS.items())))
    server.stop()


def line(number: int) -> str:
    return json.dumps({"id": str(number), "text": f"{number} {WORDS}"}) + "\n"


def account(argv: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(argv) == 0, capsys.readouterr().err
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_folder_of_a_bucket_is_read_once(bucket: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bucket.put("in/a.jsonl", line(1) + line(2))
    bucket.put("in/deeper/told.txt", WORDS)
    bucket.put("in/deeper/told.json", json.dumps({"title": "Told"}))
    bucket.put("in/picture.png", "none")
    argv = ["run", "s3://news/in/", "-o", str(tmp_path / "ds"), "--json", "--", *bucket.options]
    first = account(argv, capsys)
    assert {name: s["articles"] for name, s in first["sources"].items()} == {"s3://news/in/a.jsonl": 2, "s3://news/in/deeper/told.txt": 1}
    assert account(argv, capsys)["rows"] == {}
    bucket.put("in/b.jsonl", line(3))
    again = account(argv, capsys)
    assert {name: s["articles"] for name, s in again["sources"].items() if s["articles"]} == {"s3://news/in/b.jsonl": 1}


def test_a_bucket_that_is_not_there(bucket: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "s3://nobodys/in/a.jsonl", "-o", str(tmp_path / "ds"), "--", *bucket.options]) == 1
    said = capsys.readouterr().err
    assert "s3://nobodys/in/a.jsonl" in said
    assert "kept-to-itself" not in said
    assert len(said.splitlines()) == 1


def test_a_server_that_is_gone(bucket: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Beam asks again for nine minutes; what it waits is told in a line each."""
    monkeypatch.setattr("apache_beam.utils.retry.Clock.sleep", lambda self, seconds: None)
    options = ["--s3_endpoint_url=http://127.0.0.1:9", *bucket.options[1:]]
    assert main(["run", "s3://news/in/", "-o", str(tmp_path / "ds"), "--", *options]) == 2
    said = capsys.readouterr()
    assert "factwire: a store does not answer, it is asked again in" in said.err
    assert "Traceback" not in said.err
    assert "kept-to-itself" not in said.err + said.out
    assert main(["query", str(tmp_path / "ds"), "SELECT message FROM rejects", "--format", "csv"]) == 0
    assert "run it again" in capsys.readouterr().out
