#!/usr/bin/env bash
# confluent-kafka 2.16.1 (librdkafka 2.16.0), broker Kafka 4.1.0: a consumer whose topic is deleted and made anew under its name goes on at its old
#   offset in the new topic, and skips what stands before it, without an error. Topics have had ids since Kafka 2.8, and this client can tell them, so
#   one would think that it notices. It does not: neither one that lives through it, nor one that is given the saved offset later, and
#   auto.offset.reset has no say, since the offset is there. Only where the new topic is shorter is there an error (_AUTO_OFFSET_RESET).
#   Cure: keep the topic's id beside the offset (AdminClient.describe_topics gives it), and compare.
#
# Needs Java 17 or later and Maven.
#
# Seen:
#   lived through it: new5 new6 new7 (of new0 to new7)
#   with a saved offset, reset to earliest: new5 new6 new7
#   with a saved offset beyond the end, reset is an error: _AUTO_OFFSET_RESET
#   the ids differ: True
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
END
java -cp "$here/jars/*" kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c "$here/server.properties" >"$here/told" 2>&1
java -Xmx300m -cp "$here/jars/*" kafka.Kafka "$here/server.properties" >>"$here/told" 2>&1 &
broker=$!

cat >"$here/anew.py" <<'PY'
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

BROKER = {"bootstrap.servers": f"127.0.0.1:{sys.argv[1]}", "log_level": 0}
admin = AdminClient(BROKER)


def id_of_topic():
    try:
        return str(admin.describe_topics(TopicCollection(["news"]))["news"].result().topic_id)
    except KafkaException:
        return None


def make(word, count):
    if id_of_topic():
        admin.delete_topics(["news"])["news"].result()
    while id_of_topic():
        time.sleep(0.1)
    admin.create_topics([NewTopic("news", 1, 1)])["news"].result()
    producer = Producer(BROKER)
    for number in range(count):
        producer.produce("news", value=f"{word}{number}", partition=0)
    producer.flush()
    while not id_of_topic():
        time.sleep(0.1)
    return id_of_topic()


def consumer(offset, reset):
    made = Consumer(BROKER | {"group.id": "g", "enable.auto.commit": False, "auto.offset.reset": reset})
    made.assign([TopicPartition("news", 0, offset)])
    return made


def heard(of, seconds=8):
    end, words = time.monotonic() + seconds, []
    while time.monotonic() < end:
        if (message := of.poll(0.2)) is not None:
            words.append(message.error().name() if message.error() else message.value().decode())
    return " ".join(words)


while True:
    try:
        admin.list_topics(timeout=2)
        break
    except KafkaException:
        time.sleep(0.5)
first = make("old", 5)
living = consumer(0, "earliest")
assert heard(living) == "old0 old1 old2 old3 old4"
second = make("new", 8)
told = [heard(living, 15), heard(consumer(5, "earliest"))]
make("short", 2)
told.append(heard(consumer(5, "error")))
print(f"lived through it: {told[0]} (of new0 to new7)")
print(f"with a saved offset, reset to earliest: {told[1]}")
print(f"with a saved offset beyond the end, reset is an error: {told[2]}")
print(f"the ids differ: {first != second}")
sys.exit(told != ["new5 new6 new7", "new5 new6 new7", "_AUTO_OFFSET_RESET"] or first == second)
PY
timeout 240 "$here/venv/bin/python" "$here/anew.py" "$port"
