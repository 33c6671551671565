"""What the client's messages and errors are taken to mean, without a broker: a consumer that gives what a test says."""

from collections.abc import Callable
from typing import Any

import pytest
from confluent_kafka import KafkaError

from pipeline.kafka import broker_client
from pipeline.kafka.broker_client import BrokerError, OffsetGoneError, Reached
from pipeline.kafka.offsets import Stretch
from pipeline.kafka.topic_address import topic_of

TOPIC = topic_of("kafka://broker.example/wire")


class GivenMessage:
    """A message of partition 0, or an error in its place."""

    def __init__(self, offset: int, error: int | None = None, told: str = "") -> None:
        self._offset, self._error = offset, None if error is None else KafkaError(error, told)

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self._offset

    def error(self) -> KafkaError | None:
        return self._error


class Consumer:
    """Gives what it has, a batch at each look, then nothing."""

    def __init__(self, *batches: list[GivenMessage]) -> None:
        self._batches = list(batches)
        self._rest: list[GivenMessage] = []

    def __enter__(self) -> "Consumer":
        return self

    def __exit__(self, *ended: object) -> None:
        pass

    def assign(self, places: list[Any]) -> None:
        pass

    def poll(self, seconds: float) -> GivenMessage | None:
        first, *self._rest = self._batches.pop(0) if self._batches else [None]
        return first

    def consume(self, count: int, seconds: float) -> list[GivenMessage]:
        return self._rest


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[int], dict[int, int]]]:
    """Which offsets come of offsets 0 to 9, and how far they were read."""
    monkeypatch.setattr(broker_client, "SILENT_FOR", 0.05)

    def read(*batches: list[GivenMessage]) -> tuple[list[int], dict[int, int]]:
        monkeypatch.setattr(broker_client, "_client", lambda *asked: Consumer(*batches))
        reached = Reached()
        came = [message.offset() for message in broker_client.messages(TOPIC, {}, [Stretch(0, 0, 10)], reached)]
        return came, reached.offsets

    return read


Reads = Callable[..., tuple[list[int], dict[int, int]]]
END = KafkaError._PARTITION_EOF


def test_the_last_message_is_the_end(reads: Reads) -> None:
    assert reads([GivenMessage(n) for n in range(10)]) == (list(range(10)), {0: 10})


def test_a_message_behind_the_end_tells_that_there_are_no_more(reads: Reads) -> None:
    assert reads([GivenMessage(3), GivenMessage(12)], [GivenMessage(13)]) == ([3], {0: 10})


def test_the_end_of_the_log_tells_that_there_are_no_more(reads: Reads) -> None:
    assert reads([GivenMessage(3)], [GivenMessage(10, END)]) == ([3], {0: 10})
    assert reads([GivenMessage(3), GivenMessage(15, END)]) == ([3], {0: 10})


def test_an_end_before_the_end_is_waited_through(reads: Reads) -> None:
    """A leader that is behind: what it does not show yet must not be passed over."""
    assert reads([GivenMessage(3), GivenMessage(4, END)], [GivenMessage(8), GivenMessage(9)]) == ([3, 8, 9], {0: 10})
    with pytest.raises(OffsetGoneError):
        reads([GivenMessage(3), GivenMessage(4, END)])


def test_silence_is_trouble(reads: Reads) -> None:
    with pytest.raises(BrokerError, match="no broker answers"):
        reads([GivenMessage(3)])


@pytest.mark.parametrize("code", [KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE, KafkaError._UNKNOWN_PARTITION])
def test_an_offset_that_has_gone_is_told(reads: Reads, code: int) -> None:
    with pytest.raises(OffsetGoneError):
        reads([GivenMessage(0), GivenMessage(1, code)])


@pytest.mark.parametrize(
    ("code", "told", "sentence"),
    [
        (KafkaError.UNKNOWN_TOPIC_OR_PART, "", "is not there: its broker knows no topic of that name; create it, or see how it is spelt"),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, "", "may not be read by this login; let it describe and read the topic"),
        (
            KafkaError._BAD_MSG,
            "sasl_ssl://b:9092/bootstrap: Bad\nmessage at https://ann:hush@x/?token=hush (after 3ms in state UP)",
            "cannot be read: Bad message at https://x/?token=; see what its broker says of it",
        ),
    ],
)
def test_what_else_goes_wrong_is_a_sentence(reads: Reads, code: int, told: str, sentence: str) -> None:
    with pytest.raises(BrokerError) as caught:
        reads([GivenMessage(1, code, told)])
    assert str(caught.value) == sentence


def test_what_passes_by_itself_is_no_trouble(reads: Reads) -> None:
    passing = [KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._RESOLVE, KafkaError.GROUP_AUTHORIZATION_FAILED]
    assert reads([GivenMessage(0, code) for code in passing], [GivenMessage(9)]) == ([9], {0: 10})


def test_nothing_to_read_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_client, "_client", None)
    assert list(broker_client.messages(TOPIC, {}, [Stretch(0, 4, 4)], Reached())) == []
