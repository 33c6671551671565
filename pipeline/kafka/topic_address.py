"""Addresses of topics: kafka://BROKER[:PORT][,BROKER...]/TOPIC[?group=NAME]."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pipeline.options import UsageError
from transforms.read.clean import without_secrets

PORT: Final = 9092
GROUP: Final = "factwire"  # how brokers know us, where the address does not say

_SCHEME: Final = re.compile(r"\s*kafka://", re.IGNORECASE)
_BROKER: Final = re.compile(r"(?P<host>[a-z0-9_](?:[a-z0-9_.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?")
_NAME: Final = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,249}")  # what Kafka allows
_GROUP: Final = re.compile(r"[^\s\x00-\x1f\x7f]{1,255}")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and under which name it is asked for. Brokers are host:port."""

    brokers: tuple[str, ...]
    name: str
    group: str = GROUP

    @property
    def uri(self) -> str:
        """What rows, rejects, the account and the manifest call it."""
        return f"kafka://{','.join(self.brokers)}/{self.name}"


def is_topic(source: str) -> bool:
    """Whether a source of a run is a topic of Kafka."""
    return _SCHEME.match(source) is not None


def topic_of(source: str) -> Topic:
    """The topic that an address names. Raises UsageError, which says nothing of a password in it."""
    given = source.strip()
    rest, _, query = given[len("kafka://") :].partition("?")
    brokers, slash, name = rest.partition("/")
    shown = without_secrets(given)
    if "@" in brokers:
        raise UsageError(
            f"{shown}: a login does not stand in the address of a topic; put sasl.username and sasl.password into --kafka-options"
        )
    if not slash or not _NAME.fullmatch(name):
        raise UsageError(f"{shown}: names no topic; write kafka://broker:{PORT}/topic, with letters, digits, '.', '_' and '-' in its name")
    return Topic(tuple(_broker(each, shown) for each in brokers.split(",")), name, _group(query, shown))


def _broker(given: str, shown: str) -> str:
    found = _BROKER.fullmatch(given.strip().lower())
    port = int(found["port"] or PORT) if found else 0
    if not found or not 0 < port < 1 << 16:
        raise UsageError(f"{shown}: {given!r} is no broker; write host:port, and commas between several")
    return f"{found['host']}:{port}"


def _group(query: str, shown: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if [name for name, _ in pairs] not in ([], ["group"]):
        raise UsageError(f"{shown}: a topic takes ?group=NAME and nothing else; what the client is to know goes into --kafka-options")
    group = pairs[0][1] if pairs else GROUP
    if not _GROUP.fullmatch(group):
        raise UsageError(f"{shown}: the group is a name without spaces")
    return group
