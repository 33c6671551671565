"""Topics of a real broker: nothing is lost and nothing doubled, whatever happens to the run, the topic or the broker; the command line as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import Dataset
from pipeline.dataset.verify import problems_in
from pipeline.kafka import broker_client
from pipeline.kafka.broker_client import BrokerError, Reached
from pipeline.kafka.offsets import Bounds, Stretch
from pipeline.kafka.topic_address import topic_of
from pipeline.options import UsageError
from tests.memory_broker import record, unnamed
from tests.needs import needs
from tests.polling import ran
from tests.real_broker import PASSWORD, USER, RealBroker, free_ports
from tests.watching import rows_of, wait_until, watching

pytestmark = [pytest.mark.service, needs("kafka")]
MESSAGES = 2_000


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def quiet(stderr: str) -> bool:
    """Whether nothing but how far a run is was said: no traceback, and none of the lines ("%3|...|FAIL|") that the client writes by itself."""
    return "Traceback" not in stderr and not any(line.startswith("%") or "rdkafka" in line for line in stderr.splitlines())


def run(*arguments: object) -> tuple[int, dict[str, Any]]:
    made = subprocess.run(command("run", *arguments, "--json"), capture_output=True, text=True, check=False)
    assert quiet(made.stderr)
    return made.returncode, json.loads(made.stdout)


def articles(dataset: Path) -> Counter[str]:
    """How often each article that is not a version of another is there, by its id or its text."""
    return Counter(row["guid"] or row["text"] for row in rows_of(dataset, "articles"))


def offsets(dataset: Path) -> dict[str, int]:
    (told,) = Dataset.open(dataset).topics.values()
    found: dict[str, int] = told["offsets"]
    return found


def commits(dataset: Path) -> int:
    runs = dataset / "_runs"
    return sum(1 for path in runs.glob("0*.json")) if runs.is_dir() else 0


@pytest.mark.slow
def test_two_thousand_messages_whatever_happens(real_broker: RealBroker, tmp_path: Path) -> None:
    """A run that is killed, the same again, a topic with more partitions, and one made anew."""
    topic, dataset = "life", tmp_path / "ds"
    address = real_broker.address(topic, "?group=desk")
    real_broker.make(topic)
    named = [(n % 2, record(n)) for n in range(MESSAGES - 100)]
    real_broker.put(topic, [*named, *((n % 2, unnamed(f"The barge number {n} was early.")) for n in range(100))])
    wanted = Counter([*(f"a{n}" for n in range(MESSAGES - 100)), *(f"The barge number {n} was early." for n in range(100))])

    killed = subprocess.Popen(command("run", address, "-o", dataset, "-q"), start_new_session=True)
    wait_until(lambda: commits(dataset) >= 1, "a slice was committed")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    half = articles(dataset)
    assert 0 < half.total() < MESSAGES
    assert dict(Dataset.open(dataset).topics) == {}  # they stand with the last slice of what was read at once

    code, account = run(address, "-o", dataset)
    assert (code, account["articles"], account["unchanged"]) == (0, MESSAGES - half.total(), half.total())
    assert articles(dataset) == wanted
    assert offsets(dataset) == {"0": MESSAGES // 2, "1": MESSAGES // 2}
    code, account = run(address, "-o", dataset)
    assert (code, account["records"]) == (0, 0)

    real_broker.widen(topic, 3)
    real_broker.put(topic, [(2, record("in-a-new-partition")), (0, record("in-an-old-one"))])
    code, account = run(address, "-o", dataset)
    assert (code, account["articles"], account["records"]) == (0, 2, 2)

    real_broker.remove(topic)
    real_broker.make(topic)
    real_broker.put(topic, [(n % 2, unnamed(f"The new barge number {n} was early.")) for n in range(MESSAGES + 100)])
    code, account = run(address, "-o", dataset, "--limit", 150)  # more than the old offsets, so that going on from them would look right
    assert (code, account["articles"]) == (0, 150)
    assert any("made anew" in told for told in account["feeds"][real_broker.address(topic)]["warnings"])
    there = articles(dataset)
    assert there.total() == MESSAGES + 152 and set(there.values()) == {1}
    ends = offsets(dataset)
    read = {f"The new barge number {n} was early." for n in range(MESSAGES + 100) if n // 2 < ends[str(n % 2)]}
    assert sum(ends.values()) == len(read) == 150 and read <= set(there)
    assert {row["version"] for row in rows_of(dataset, "articles")} == {1}
    assert list(problems_in(Dataset.open(dataset))) == []
    assert real_broker.groups() == []


# From here on the engine writes articles without a model: what the broker does is what is looked at.


@pytest.fixture
def quick(articles_only: None) -> Iterator[None]:
    yield


@pytest.mark.usefixtures("quick")
def test_transactions_tombstones_and_gaps(real_broker: RealBroker, tmp_path: Path) -> None:
    real_broker.make("marks", 1)
    real_broker.put_in_transactions("marks", 0, [record(1), record(2)], [record("aborted")])
    real_broker.put("marks", [(0, None), (0, b"{broken"), (0, record(3))], key="k")
    real_broker.put_in_transactions("marks", 0, [record(4)], [record("aborted")])
    made = ran(tmp_path, real_broker.address("marks"))
    assert articles(made.dataset) == Counter(["a1", "a2", "a3", "a4"])
    (reject,) = made.rows("rejects")
    assert (reject["source_uri"], reject["position"]) == (real_broker.address("marks"), "partition 0, offset 6")
    assert offsets(made.dataset) == {"0": 12}  # the marks of the ends of four transactions among them
    assert not ran(tmp_path, real_broker.address("marks")).outcome.committed


@pytest.mark.usefixtures("quick")
def test_an_open_transaction_holds_back_what_is_behind_it(real_broker: RealBroker, tmp_path: Path) -> None:
    real_broker.make("open", 1)
    real_broker.put("open", [(0, record(1))])
    producer = real_broker.open_transaction("open", 0, record(2))
    real_broker.put("open", [(0, record(3))])
    made = ran(tmp_path, real_broker.address("open"))
    assert (articles(made.dataset), offsets(made.dataset)) == (Counter(["a1"]), {"0": 1})
    producer.commit_transaction(30)
    made = ran(tmp_path, real_broker.address("open"))
    assert (articles(made.dataset), offsets(made.dataset)) == (Counter(["a1", "a2", "a3"]), {"0": 4})


@pytest.mark.usefixtures("quick")
def test_a_compacted_topic(real_broker: RealBroker, tmp_path: Path) -> None:
    made_so = {"cleanup_policy": "compact", "segment_ms": "100", "min_cleanable_dirty_ratio": "0.01", "delete_retention_ms": "100"}
    real_broker.make("state", 1, **made_so)
    for number in range(6):
        real_broker.put("state", [(0, record(number))], key="one key")
        time.sleep(0.15)
    real_broker.put("state", [(0, record("other"))], key="another")
    there = lambda: len(list(_messages(real_broker, "state", [Stretch(0, 0, 7)])))  # noqa: E731
    wait_until(lambda: there() < 7, "it was compacted")
    made = ran(tmp_path, real_broker.address("state"))
    assert offsets(made.dataset) == {"0": 7}
    assert {"a5", "aother"} <= set(articles(made.dataset)) < {"aother", *(f"a{n}" for n in range(6))}  # it goes on while it is read


@pytest.mark.usefixtures("quick")
def test_what_retention_has_taken(real_broker: RealBroker, tmp_path: Path) -> None:
    real_broker.make("short", 2)
    real_broker.put("short", [(0, record(n)) for n in range(4)])
    ran(tmp_path, real_broker.address("short"))
    real_broker.put("short", [(0, record(n)) for n in range(4, 20)])
    real_broker.delete_before("short", 0, 15)
    made = ran(tmp_path, real_broker.address("short"))
    assert (made.articles, made.exit_code) == (5, 2)
    assert made.feed.warnings == (
        "has lost what was not read yet: offsets 4 to 14 of partition 0 (11 messages at most) were deleted by its retention; "
        "it goes on from offset 15",
    )
    assert broker_client.looked_at(topic_of(real_broker.address("short")), {}).partitions == {0: Bounds(15, 20), 1: Bounds(0, 0)}


def test_a_name_of_several_addresses(real_broker: RealBroker) -> None:
    """The broker listens at one of those that the name stands for; the first may refuse."""
    real_broker.make("named", 1)
    assert broker_client.looked_at(topic_of(f"kafka://localhost:{real_broker.port}/named"), {}).partitions == {0: Bounds(0, 0)}


def test_an_offset_that_goes_while_it_is_read_is_told_and_not_skipped(real_broker: RealBroker) -> None:
    real_broker.make("going", 1)
    real_broker.put("going", [(0, record(n)) for n in range(10)])
    real_broker.delete_before("going", 0, 5)
    with pytest.raises(broker_client.OffsetGoneError):
        list(_messages(real_broker, "going", [Stretch(0, 2, 10)]))


@pytest.mark.usefixtures("quick")
def test_a_topic_that_is_not_there_is_not_made_by_asking(real_broker: RealBroker, tmp_path: Path) -> None:
    made = ran(tmp_path, real_broker.address("nowhere"))
    assert made.feed.trouble == "is not there: its broker knows no topic of that name; create it, or see how it is spelt"
    assert (made.exit_code, made.feed.status) == (2, "failed")
    assert "nowhere" not in real_broker.topics()


def test_a_broker_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    address = f"kafka://127.0.0.1:{port}/news"
    made = subprocess.run(command("run", address, "-o", tmp_path / "ds"), capture_output=True, text=True, check=False)
    assert made.returncode == 2
    assert quiet(made.stderr)
    assert [line for line in made.stdout.splitlines() if line.startswith(f"{address} ") and "0" not in line.split()] == [
        f"{address} cannot be read: no broker answers (Connect to ipv4#127.0.0.1:{port} failed: Connection refused); "
        "see whether one runs there, and whether the address is right"
    ]


@pytest.mark.usefixtures("quick")
def test_a_watch_waits_for_its_broker(real_broker: RealBroker, tmp_path: Path) -> None:
    real_broker.make("flow")
    with watching(tmp_path, real_broker.address("flow")) as watch:
        real_broker.put("flow", [(n % 2, record(n)) for n in range(20)])
        watch.until(lambda: articles(watch.dataset).total() == 20, "all was committed")
        real_broker.stop()
        watch.until(lambda: any("no broker answers" in told for told in watch.heard.said), "it was told")
        real_broker.start()
        real_broker.put("flow", [(n % 2, record(n)) for n in range(20, 30)])
        watch.until(lambda: articles(watch.dataset).total() == 30, "it went on")
    assert articles(watch.dataset) == Counter(f"a{n}" for n in range(30))
    assert [told for told in watch.heard.said if "can be read again" in told]
    assert offsets(watch.dataset) == {"0": 15, "1": 15}
    assert real_broker.groups() == []


@pytest.mark.usefixtures("quick")
def test_a_login_and_tls(real_broker: RealBroker, tmp_path: Path) -> None:
    real_broker.make("secret", 1)
    real_broker.put("secret", [(0, record(1))])
    address = f"kafka://127.0.0.1:{real_broker.login}/secret"
    options = tmp_path / "client.properties"
    right = f"security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.username={USER}\nssl.ca.location={real_broker.certificate}\n"
    options.write_text(f"{right}sasl.password=wrong-word\n", "utf-8")
    refused = ran(tmp_path, address, kafka_options=options)
    assert "does not let us in" in (refused.feed.trouble or "") and refused.exit_code == 2
    options.write_text(f"{right}sasl.password={PASSWORD}\n", "utf-8")
    made = ran(tmp_path, address, kafka_options=options)
    assert (made.articles, made.exit_code) == (1, 0)
    for word in (PASSWORD, "wrong-word", USER):
        assert f"{word}" not in made.everything().replace("warned", "")


@pytest.mark.parametrize("line", ["sasl.pasword=hush", "security.protocol=hush", "socket.timeout.ms=hush", "oauth_cb=hush"])
def test_an_option_that_the_client_does_not_take(real_broker: RealBroker, line: str) -> None:
    name, value = line.split("=")
    with pytest.raises(UsageError) as caught:
        broker_client.looked_at(topic_of(real_broker.address("news")), {name: value, "client.rack": "a"})
    assert f"does not take {name} as it is given" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_plain_listener_asked_for_tls_is_one_sentence(real_broker: RealBroker) -> None:
    with pytest.raises(BrokerError, match=r"^(cannot be read: no broker answers|does not let us in) \(.+\); see "):
        broker_client.looked_at(topic_of(real_broker.address("news")), {"security.protocol": "ssl"})


def _messages(broker: RealBroker, topic: str, stretches: list[Stretch]) -> Iterator[Any]:
    yield from broker_client.messages(topic_of(broker.address(topic)), {}, stretches, Reached())


def test_nothing_of_the_client_is_left(real_broker: RealBroker) -> None:
    """Engines fork: what is left of a client in a child would wait there for ever."""
    real_broker.make("left", 1)
    real_broker.put("left", [(0, record(1))])
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    for _ in range(3):
        broker_client.looked_at(topic_of(real_broker.address("left")), {})
        coming = broker_client.messages(topic_of(real_broker.address("left")), {}, [Stretch(0, 0, 1)], Reached())
        assert next(coming).offset() == 0
        coming.close()
    wait_until(lambda: len(os.listdir("/proc/self/task")) <= threads, "its threads had ended")  # noqa: PTH208
