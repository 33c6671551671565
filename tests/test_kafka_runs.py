"""Runs over topics: what is read, what is remembered, what is told. The broker is none, and the engine writes articles without a model."""

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline import doctor
from pipeline.cli import main
from pipeline.dataset import Dataset, writing
from pipeline.forget import forget
from pipeline.kafka import topic_files
from pipeline.kafka.offsets import ToRead
from pipeline.options import RunOptions, UsageError
from pipeline.retry import retry
from pipeline.run import dry_run
from schemas.ids import text_key
from tests.memory_broker import ADDRESS, Broker, fill, record, state, unnamed
from tests.polling import WORDS, Ran, ran
from tests.watching import rows_of
from transforms.read.messages import key_of_message

pytestmark = pytest.mark.usefixtures("articles_only")


def ids(made: Ran) -> list[str]:
    return sorted(row["guid"] or row["text"] for row in made.rows())


def embargoed(seconds: float) -> bytes:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return json.dumps({"uri": "urn:example:9", "type": "text", "embargoed": until.isoformat(), "body_text": WORDS}).encode()


# --- what is read


def test_what_there_is_is_read_and_then_what_is_new(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 5)
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.exit_code, made.feed.status) == (5, 0, "read")
    assert state(made.dataset) == {"topic_id": "id-0", "offsets": {"0": 3, "1": 2}}
    assert {row["source_uri"] for row in made.rows()} == {ADDRESS}
    broker.read.clear()
    again = ran(tmp_path, ADDRESS)
    assert (again.articles, again.outcome.committed, again.feed.status, broker.read) == (0, False, "unchanged", [])
    broker.topics["wire"][1].add(record(9))
    assert ran(tmp_path, ADDRESS).articles == 1
    assert [(s.partition, s.begin, s.end) for s in broker.read] == [(1, 2, 3)]


def test_gaps_and_messages_without_a_value_are_no_records(broker: Broker, tmp_path: Path) -> None:
    first, second = broker.topics["wire"]
    first.add(record(1), gap=3)
    first.add(None)
    first.add(b"")
    first.end += 2  # marks of transactions
    second.add(None)
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.outcome.account.total.records) == (1, 1)
    assert state(made.dataset)["offsets"] == {"0": 8, "1": 1}


def test_only_messages_without_a_value_are_remembered_too(broker: Broker, tmp_path: Path) -> None:
    broker.topics["wire"][0].add(None)
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.exit_code, state(made.dataset)["offsets"]) == (0, 0, {"0": 1, "1": 0})


def test_an_empty_topic_is_no_error(broker: Broker, tmp_path: Path) -> None:
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.exit_code, state(made.dataset)["offsets"]) == (0, 0, {"0": 0, "1": 0})
    assert not ran(tmp_path, ADDRESS).outcome.committed


def test_a_topic_is_read_in_rounds_up_to_what_there_was(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.MOST", 10)
    fill(broker, 35)
    added = broker.looked_at

    def busy(*asked: Any) -> Any:  # who writes on while it is read must not make a run without an end
        there = added(*asked)
        broker.topics["wire"][0].add(record(f"late-{len(broker.asked)}"))
        return there

    monkeypatch.setattr("pipeline.kafka.broker_client.looked_at", busy)
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.exit_code) == (35, 0)
    assert made.outcome.account.sources[ADDRESS].records == 35
    assert [commit.rows["articles"] for commit in Dataset.open(made.dataset).commits] == [10, 10, 10, 5]
    assert sorted(path.name for path in made.dataset.rglob("*.messages")) == []
    assert state(made.dataset)["offsets"] == {"0": 18, "1": 17}


def test_a_broken_message_is_a_reject_with_its_place(broker: Broker, tmp_path: Path) -> None:
    broker.topics["wire"][1].add(record(1))
    broker.topics["wire"][1].add(b"{broken")
    made = ran(tmp_path, ADDRESS)
    (reject,) = made.rows("rejects")
    assert (reject["source_uri"], reject["position"], reject["scope"], reject["reason"]) == (
        ADDRESS,
        "partition 1, offset 1",
        "record",
        "bad_json",
    )
    assert (made.outcome.account.sources[ADDRESS].failed, made.exit_code) == (False, 0)
    assert state(made.dataset)["offsets"]["1"] == 2
    assert ran(tmp_path / "strict", ADDRESS, max_bad=0.05).exit_code == 2


def test_strict_reads_all_and_commits_nothing_where_too_much_is_bad(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.run.MOST", 2)
    fill(broker, 8)
    broker.topics["wire"][0].add(b"{broken")
    made = ran(tmp_path, ADDRESS, max_bad=0.01, strict=True)
    assert (made.exit_code, made.rows(), dict(Dataset.open(made.dataset).topics)) == (2, [], {})


# --- options of a run


def test_a_limit_is_gone_on_from(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.MOST", 4)
    fill(broker, 11)
    broker.topics["wire"][0].add(b"{broken")
    took = []
    for _ in range(5):
        made = ran(tmp_path, ADDRESS, limit=3)
        took.append(made.articles + made.outcome.account.total.rejects)
        assert made.outcome.account.total.unchanged <= 1
    assert took == [3, 3, 3, 3, 0]
    assert ids(made) == sorted(f"a{number}" for number in range(11))
    assert state(made.dataset)["offsets"] == {"0": 7, "1": 5}


def test_a_limit_leaves_a_topic_that_was_not_begun(broker: Broker, tmp_path: Path) -> None:
    text = tmp_path / "b.jsonl"
    text.write_text('{"id": "b1", "text": "One."}\n{"id": "b2", "text": "Two."}\n')
    fill(broker, 2)
    assert ran(tmp_path, [ADDRESS, str(text)], limit=1).articles == 1
    assert not Dataset.open(tmp_path / "ds").topics[ADDRESS]["offsets"]["0"]
    assert [ran(tmp_path, [ADDRESS, str(text)], limit=2).articles for _ in range(2)] == [2, 1]


def test_a_dry_run_writes_nothing(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 3)
    plan = dry_run(RunOptions(sources=(ADDRESS,), output=tmp_path / "ds"))
    assert sum(slice.articles for slice in plan.slices) == 3
    assert not (tmp_path / "ds").exists()


def test_recheck_reads_from_the_start(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.MOST", 3)
    fill(broker, 8)
    ran(tmp_path, ADDRESS)
    again = ran(tmp_path, ADDRESS, recheck=True)
    assert (again.articles, again.outcome.account.total.unchanged) == (0, 8)
    assert state(again.dataset)["offsets"] == {"0": 4, "1": 4}


def test_columns_are_named(broker: Broker, tmp_path: Path) -> None:
    broker.topics["wire"][0].add(b'{"tale": "The ferry was late."}')
    assert ran(tmp_path, ADDRESS, columns="text=tale").rows()[0]["text"] == "The ferry was late."


# --- what is out of the ordinary


@pytest.mark.parametrize("down", ["cannot be read: no broker answers; see whether one runs there", "is not there"])
def test_a_topic_that_cannot_be_read_is_one_sentence_and_the_rest_goes_on(
    broker: Broker, tmp_path: Path, down: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "b.jsonl"
    text.write_text('{"id": "b1", "text": "One."}\n')
    broker.down = down
    assert main(["run", ADDRESS, str(text), "-o", str(tmp_path / "ds"), "--workers", "1"]) == 2
    told = capsys.readouterr()
    assert [line for line in (told.out + told.err).splitlines() if line.startswith(ADDRESS) and down in line] == [f"{ADDRESS} {down}"]
    assert [row["guid"] for row in rows_of(tmp_path / "ds", "articles")] == ["b1"]
    assert dict(Dataset.open(tmp_path / "ds").topics) == {}


def test_a_topic_made_anew_is_read_from_its_start(broker: Broker, tmp_path: Path) -> None:
    for number in range(4):
        broker.topics["wire"][0].add(unnamed(f"The old ferry {number} was late."))
    ran(tmp_path, ADDRESS)
    anew = broker.make()
    for number in range(6):  # past the old offsets, so that going on from them would look right
        anew[0].add(unnamed(f"The new ferry {number} was late."))
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.exit_code) == (6, 0)
    assert "made anew" in made.feed.warnings[0]
    assert {row["version"] for row in made.rows()} == {1}
    assert state(made.dataset) == {"topic_id": "id-1", "offsets": {"0": 6, "1": 0}}
    assert ran(tmp_path, ADDRESS).feed.warnings == ()


def test_a_topic_made_anew_between_two_rounds_is_left_to_the_next_run(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.run.MOST", 3)
    fill(broker, 8)
    looks = broker.looked_at

    def anew_after_two(*asked: Any) -> Any:
        if len(broker.asked) == 2:
            broker.make()
            broker.topics["wire"][0].add(record("new"))
        return looks(*asked)

    monkeypatch.setattr("pipeline.kafka.broker_client.looked_at", anew_after_two)
    assert ran(tmp_path, ADDRESS).articles == 3
    assert state(tmp_path / "ds")["topic_id"] == "id-0"
    assert ran(tmp_path, ADDRESS).articles == 1
    assert state(tmp_path / "ds") == {"topic_id": "id-1", "offsets": {"0": 1, "1": 0}}


def test_more_partitions_are_read_from_their_starts(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 4)
    ran(tmp_path, ADDRESS)
    broker.topics["wire"].append(type(broker.topics["wire"][0])())
    broker.topics["wire"][2].add(record("new"))
    assert ran(tmp_path, ADDRESS).articles == 1
    assert state(tmp_path / "ds")["offsets"] == {"0": 2, "1": 2, "2": 1}


def test_what_retention_has_taken_is_told_once(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 4)
    ran(tmp_path, ADDRESS)
    for number in range(10, 20):
        broker.topics["wire"][0].add(record(number))
    broker.topics["wire"][0].retain_from(9)
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, made.exit_code) == (3, 2)
    assert "offsets 2 to 8 of partition 0 (7 messages at most) were deleted" in made.feed.warnings[0]
    again = ran(tmp_path, ADDRESS)
    assert (again.exit_code, again.feed.warnings) == (0, ())


def test_other_brokers_of_the_same_topic_go_on(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 4)
    ran(tmp_path, ADDRESS)
    broker.topics["wire"][0].add(record("new"))
    assert ran(tmp_path, "kafka://other.example/wire").articles == 1


def test_an_item_under_an_embargo_is_read_when_that_ends(broker: Broker, tmp_path: Path) -> None:
    broker.topics["wire"][1].add(embargoed(2.0))
    broker.topics["wire"][1].add(record(1))
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, state(made.dataset)["again"]) == (1, [[1, 0]])
    assert not ran(tmp_path, ADDRESS).outcome.committed
    time.sleep(2.1)
    made = ran(tmp_path, ADDRESS)
    assert (made.articles, "again" in state(made.dataset), state(made.dataset)["offsets"]["1"]) == (1, False, 2)


def test_a_retry_reads_the_messages_of_rejects_alone(broker: Broker, tmp_path: Path) -> None:
    broker.topics["wire"][1].add(record(1))
    broker.topics["wire"][1].add(embargoed(1.0))
    ran(tmp_path, ADDRESS)
    time.sleep(1.1)
    broker.read.clear()
    made = retry(tmp_path / "ds", workers=1)
    assert (made.tried, made.settled, made.missing) == (1, 1, ())
    assert [(s.partition, s.begin, s.end) for s in broker.read] == [(1, 1, 2)]
    assert len(rows_of(tmp_path / "ds", "articles")) == 2


def test_a_retry_settles_nothing_of_a_topic_that_was_made_anew(broker: Broker, tmp_path: Path) -> None:
    broker.topics["wire"][0].add(embargoed(0.5))
    ran(tmp_path, ADDRESS)
    broker.make()[0].add(record("other"))
    ran(tmp_path, ADDRESS)
    time.sleep(0.6)
    made = retry(tmp_path / "ds", workers=1)
    assert (made.tried, made.settled) == (1, 0)
    assert len(rows_of(tmp_path / "ds", "rejects")) == 1


def test_what_a_reject_tells_of_was_read_or_not() -> None:
    took = topic_files.Took(topic=topic_files.Topic(("b:1",), "wire"), topic_id="id", wanted=ToRead(), places=((0, 4),))
    key = key_of_message("id", 0, 4) + "0" * 8
    assert took.was_read("partition 0, offset 4, entry 2", key, ())
    assert not took.was_read("partition 0, offset 5", key, ())
    assert not took.was_read("partition 0, offset 4", key_of_message("other", 0, 4) + "0" * 8, ())
    text = text_key("article", "sha")
    assert took.was_read(None, text, {text}) and not took.was_read(None, text, ())


def test_what_was_taken_down_is_not_read_again(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 3)
    made = ran(tmp_path, ADDRESS)
    forget(made.dataset, article=made.rows()[0]["article_id"])
    broker.topics["wire"][0].add(record(7))
    again = ran(tmp_path, ADDRESS, recheck=True)
    assert (again.articles, again.outcome.account.total.filtered, again.outcome.account.total.unchanged) == (1, 1, 2)


def test_options_are_read_and_nothing_of_them_is_kept(broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = tmp_path / "client.properties"
    options.write_text("sasl.username=ann\nsasl.password=hush-hush\n")
    fill(broker, 1)
    made = ran(tmp_path, ADDRESS, kafka_options=options)
    assert broker.asked[0] == {"sasl.username": "ann", "sasl.password": "hush-hush"}
    assert "hush-hush" not in made.everything() + str(capsys.readouterr())
    assert Dataset.open(made.dataset).commits[0].options["kafka_options"] == str(options)
    assert main(["run", ADDRESS, "-o", str(tmp_path / "ds"), "--kafka-options", str(tmp_path / "none")]) == 1
    assert "--kafka-options" in capsys.readouterr().err


def test_the_doctor_tells_how_far_a_topic_was_read(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 5)
    made = ran(tmp_path, ADDRESS, limit=2)
    told = [each.told for each in doctor.dataset_at(made.dataset) if ADDRESS in each.told]
    assert len(told) == 1
    assert f"{ADDRESS} was read up to offset 2 of partition 0, 0 of partition 1 on" in told[0]
    assert told[0].endswith("3 messages at most were left then.")


def test_a_fold_keeps_the_offsets(broker: Broker, tmp_path: Path) -> None:
    fill(broker, 2)
    made = ran(tmp_path, ADDRESS)
    before = dict(Dataset.open(made.dataset).topics)
    with writing(Dataset.open(made.dataset)) as writer:
        writer.fold()
    assert dict(Dataset.open(made.dataset).topics) == before != {}


def test_an_address_that_is_none_ends_a_run_before_anything(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no topic"):
        ran(tmp_path, "kafka://broker.example")
    assert not (tmp_path / "ds").exists()


def test_the_options_may_stand_in_a_file_of_options(broker: Broker, tmp_path: Path) -> None:
    (tmp_path / "client.properties").write_text("sasl.username=ann\n")
    told = f'[run]\nsources = ["{ADDRESS}"]\noutput = "ds"\nkafka-options = "client.properties"\n'  # from the file's folder
    (tmp_path / "factwire.toml").write_text(told)
    fill(broker, 1)
    assert main(["run", "--config", str(tmp_path / "factwire.toml"), "--workers", "1", "-q"]) == 0
    assert broker.asked[0] == {"sasl.username": "ann"}
    assert len(rows_of(tmp_path / "ds", "articles")) == 1
