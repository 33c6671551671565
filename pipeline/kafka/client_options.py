"""How brokers are spoken to: the client's own options, from a file with a line NAME=VALUE for each.

They may hold secrets, so neither they nor what the client says of them is repeated anywhere: an option is named, its value never.
"""

import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pipeline.options import UsageError

LARGEST: Final = 1 << 20  # bytes
NAMES: Final = "https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md"
# What we set, since what is right depends on it; and what would load a program.
_OURS: Final = (
    "auto.offset.reset",
    "bootstrap.servers",
    "client.id",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.partition.eof",
    "group.id",
    "group.instance.id",
    "group.protocol",
    "isolation.level",
    "metadata.broker.list",
    "plugin.library.paths",
)
_JAVA: Final = ("sasl.jaas.config", "ssl.truststore.", "ssl.keystore.type", "key.deserializer", "value.deserializer")


def check_installed(topics: Iterable[str]) -> None:
    """Raises UsageError where there are topics to be read and no client to read them with."""
    first = next(iter(topics), None)
    if first is not None and importlib.util.find_spec("confluent_kafka") is None:
        raise UsageError(f"{first}: topics of Kafka are read with confluent-kafka, which is not installed; pip install 'factwire[kafka]'")


def options_in(file: Path | None) -> Mapping[str, str]:
    """The client's options in a file. Raises UsageError for one that is none, or has what is not its to say."""
    if file is None:
        return {}
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        lines = data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(
            f"--kafka-options: {file} cannot be read ({error.strerror}); name a file of lines like sasl.username=NAME"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--kafka-options: {file} is no text in UTF-8; it has a line like sasl.username=NAME for each option") from error
    if len(data) > LARGEST:
        raise UsageError(f"--kafka-options: {file} is larger than {LARGEST >> 20} MiB; name a file of lines like sasl.username=NAME")
    return _parsed(lines, file)


def _parsed(lines: Iterable[str], file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        where = f"--kafka-options: {file}, line {number}"
        if not equals or not name:
            raise UsageError(f"{where} is no option; write NAME=VALUE, with a # before what is none")
        if name in _OURS:
            raise UsageError(f"{where}: {name} is set by Factwire; leave it out")
        if name.startswith(_JAVA):
            raise UsageError(f"{where}: {name} is an option of Java clients; take those of librdkafka, {NAMES}")
        if name in found:
            raise UsageError(f"{where}: {name} is given twice; leave one of them out")
        found[name] = value
    return found
