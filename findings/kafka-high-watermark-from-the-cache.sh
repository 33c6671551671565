#!/usr/bin/env bash
# confluent-kafka 2.16.1 (librdkafka 2.16.0), broker Kafka 4.1.0: Consumer.get_watermark_offsets has two meanings of "high" where the consumer reads
#   what is committed only: asked of the broker it is where that consumer can read to (the last stable offset), from the cache (cached=True) it is the end of
#   the log. The flag looks like a matter of speed. A lag that is reckoned from the cache never becomes nought while a transaction is open, and
#   whoever waits for "position = high" waits as long.
#   Cure: ask the broker, or AdminClient.list_offsets with the isolation level; tell the end of reading by enable.partition.eof.
#
# Needs Java 17 or later and Maven.
#
# Seen:
#   one message, one in an open transaction, one behind it; read_committed has read up to 1
#   high: 1 asked of the broker, 3 from the cache
#   read_uncommitted: 3 asked of the broker, 3 from the cache
set -euo pipefail

here=$(mktemp -d)
port=$((20000 + RANDOM % 10000 * 2))
broker=
trap '[ -z "$broker" ] || kill "$broker"; wait; rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check confluent-kafka==2.16.1
cat >"$here/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>here</groupId><artifactId>here</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.1.0</version></dependency></dependencies>
</project>
XML
mvn -q -B -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$here/jars" >/dev/null
cat >"$here/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
log.dirs=$here/log
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
END
java -cp "$here/jars/*" kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c "$here/server.properties" >"$here/told" 2>&1
java -Xmx300m -cp "$here/jars/*" kafka.Kafka "$here/server.properties" >>"$here/told" 2>&1 &
broker=$!

cat >"$here/high.py" <<'PY'
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

BROKER = {"bootstrap.servers": f"127.0.0.1:{sys.argv[1]}", "log_level": 0}
PLACE = TopicPartition("news", 0, 0)
admin = AdminClient(BROKER)


def put(producer, word):
    producer.produce("news", value=word, partition=0)
    producer.flush()


def highs(level):
    """How far a consumer reads, and both answers to what is the high watermark."""
    consumer = Consumer(BROKER | {"group.id": "g", "enable.auto.commit": False, "isolation.level": level})
    consumer.assign([PLACE])
    end = time.monotonic() + 8
    while time.monotonic() < end:
        consumer.poll(0.2)
    read = consumer.position([PLACE])[0].offset
    return read, consumer.get_watermark_offsets(PLACE, timeout=10)[1], consumer.get_watermark_offsets(PLACE, cached=True)[1]


while True:
    try:
        admin.list_topics(timeout=2)
        break
    except KafkaException:
        time.sleep(0.5)
admin.create_topics([NewTopic("news", 1, 1)])["news"].result()
plain, in_transaction = Producer(BROKER), Producer(BROKER | {"transactional.id": "open"})
put(plain, "first")
in_transaction.init_transactions(60)
in_transaction.begin_transaction()
put(in_transaction, "in the transaction")
put(plain, "behind it")
committed, uncommitted = highs("read_committed"), highs("read_uncommitted")
print(f"one message, one in an open transaction, one behind it; read_committed has read up to {committed[0]}")
print(f"high: {committed[1]} asked of the broker, {committed[2]} from the cache")
print(f"read_uncommitted: {uncommitted[1]} asked of the broker, {uncommitted[2]} from the cache")
sys.exit((committed, uncommitted) != ((1, 1, 3), (3, 3, 3)))
PY
timeout 240 "$here/venv/bin/python" "$here/high.py" "$port"
