"""A broker of Kafka on loopback: one KRaft process, from Maven, with a listener for anybody and one with TLS and a login."""

import fcntl
import functools
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from confluent_kafka import KafkaException, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from tests.loopback import certificate

ROOT: Final = Path(__file__).parent.parent
CACHE: Final = ROOT / ".cache" / "kafka"
COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
USER, PASSWORD = "ann", "hush-hush"
STARTS_WITHIN: Final = 90.0  # seconds

PROPERTIES: Final = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},LOGIN://127.0.0.1:{login},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LOGIN:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
listener.name.login.ssl.keystore.type=PEM
listener.name.login.ssl.keystore.location={keys}
log.dirs={logs}
num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
# What retention and compaction have to do is done at once.
log.retention.check.interval.ms=300
log.cleaner.backoff.ms=300
log.initial.task.delay.ms=300
log.segment.delete.delay.ms=300
"""


def jars() -> Path:
    """The folder with the broker's programs, fetched where they are not there yet."""
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted = (ROOT / "tests" / "broker.xml").read_text("utf-8")
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CACHE / "of.xml").exists() or (CACHE / "of.xml").read_text("utf-8") != wanted:
            shutil.rmtree(CACHE / "jars", ignore_errors=True)
            maven = ["mvn", "-q", "-B", "-f", str(ROOT / "tests" / "broker.xml"), COPY, f"-DoutputDirectory={CACHE / 'jars'}"]
            subprocess.run([*maven, "-DincludeScope=runtime"], check=True, stdin=subprocess.DEVNULL)
            (CACHE / "of.xml").write_text(wanted, "utf-8")
    return CACHE / "jars"


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@dataclass
class RealBroker:
    """The process, and what tests do with it. `stop` and `start` keep what it holds."""

    folder: Path
    port: int = 0
    login: int = 0
    process: subprocess.Popen[bytes] | None = None
    _java: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.port, self.login, controller = free_ports(3)
        keys, _ = certificate(self.folder, days=30)
        logs = self.folder / "logs"
        told = PROPERTIES.format(
            port=self.port, login=self.login, controller=controller, user=USER, password=PASSWORD, keys=keys, logs=logs
        )
        (self.folder / "server.properties").write_text(told, "utf-8")
        self._java = ["java", "-Xmx320m", "-XX:TieredStopAtLevel=1", "-cp", f"{jars()}/*"]
        ready = [
            *self._java,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            "MkU3OEVBNTcwNTJENDM2Qg",
            "-c",
            str(self.folder / "server.properties"),
        ]
        subprocess.run(ready, check=True, capture_output=True)
        self.start()

    def start(self) -> None:
        with (self.folder / "broker.log").open("ab") as log:
            command = [*self._java, "kafka.Kafka", str(self.folder / "server.properties")]
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                self.admin.list_topics(timeout=2)
                return
            except KafkaException:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise AssertionError((self.folder / "broker.log").read_text("utf-8")[-4000:]) from None

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(60)

    @property
    def certificate(self) -> Path:
        """What whoever logs in must trust."""
        return next(self.folder.glob("cert*.pem"))

    @property
    def brokers(self) -> str:
        return f"127.0.0.1:{self.port}"

    @functools.cached_property
    def admin(self) -> Any:  # kept: one that nobody holds any more ends the questions that are under way
        return AdminClient({"bootstrap.servers": self.brokers, "log_level": 0})

    def address(self, topic: str, query: str = "") -> str:
        return f"kafka://{self.brokers}/{topic}{query}"

    def make(self, topic: str, partitions: int = 2, **config: str) -> None:
        """Make a topic, with options whose points are underscores."""
        named = {name.replace("_", "."): value for name, value in config.items()}
        made = self.admin.create_topics([NewTopic(topic, partitions, 1, config=named)])
        made[topic].result(30)
        self._await(topic, there=True)

    def remove(self, topic: str) -> None:
        self.admin.delete_topics([topic])[topic].result(30)
        self._await(topic, there=False)

    def widen(self, topic: str, partitions: int) -> None:
        self.admin.create_partitions([NewPartitions(topic, partitions)])[topic].result(30)

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """What retention does: messages before an offset go."""
        place = TopicPartition(topic, partition, offset)
        self.admin.delete_records([place])[place].result(30)

    def put(self, topic: str, messages: Iterable[tuple[int, bytes | None]], *, key: str | None = None) -> None:
        """Put messages (partition, value) into a topic."""
        producer = Producer({"bootstrap.servers": self.brokers, "log_level": 0, "linger.ms": 5})
        for partition, value in messages:
            producer.produce(topic, value=value, key=key, partition=partition)
            producer.poll(0)
        assert producer.flush(30) == 0

    def put_in_transactions(self, topic: str, partition: int, committed: Iterable[bytes], aborted: Iterable[bytes]) -> None:
        producer = Producer({"bootstrap.servers": self.brokers, "log_level": 0, "transactional.id": f"of-{topic}"})
        producer.init_transactions(30)
        for values, end in ((committed, producer.commit_transaction), (aborted, producer.abort_transaction)):
            producer.begin_transaction()
            for value in values:
                producer.produce(topic, value=value, partition=partition)
            producer.flush(30)
            end(30)

    def open_transaction(self, topic: str, partition: int, value: bytes) -> Any:
        """A transaction that has begun: who made it, to end it."""
        producer = Producer({"bootstrap.servers": self.brokers, "log_level": 0, "transactional.id": f"open-{topic}"})
        producer.init_transactions(30)
        producer.begin_transaction()
        producer.produce(topic, value=value, partition=partition)
        assert producer.flush(30) == 0
        return producer

    def groups(self) -> list[str]:
        """The consumer groups that it knows."""
        return [group.group_id for group in self.admin.list_consumer_groups().result(30).valid]

    def topics(self) -> set[str]:
        return set(self.admin.list_topics(timeout=10).topics)

    def _await(self, topic: str, *, there: bool) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.admin.describe_topics(TopicCollection([topic]))[topic].result(10)
                found = True
            except KafkaException:
                found = False
            if found is there:
                return
            time.sleep(0.05)
        raise AssertionError(f"{topic} is {'not there' if there else 'still there'}")


@pytest.fixture(scope="session")
def real_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBroker]:
    made = RealBroker(tmp_path_factory.mktemp("broker"))
    try:
        made.begin()
        yield made
    finally:
        made.stop()
