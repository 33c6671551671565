"""A watch over topics: what it reads on, what it keeps, what it says. The broker is none, and the engine writes articles without a model."""

import datetime as dt
import time
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.watch import local_watch
from pipeline.watch.status import findings
from tests.memory_broker import ADDRESS, Broker, fill, record, state
from tests.polling import ran
from tests.watching import rows_of, watching

pytestmark = pytest.mark.usefixtures("articles_only")


def test_a_watch_reads_on_and_waits_for_a_broker_that_is_away(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.watch.watched_topics.MOST", 3)
    broker.down = "cannot be read: no broker answers"
    with watching(tmp_path, ADDRESS) as watch:
        watch.until(lambda: len(broker.asked) > 3, "it was asked again and again")
        assert watch.heard.said[1:] == [f"{ADDRESS} {broker.down}; it is asked again and again"]
        now = dt.datetime.now(dt.UTC)
        assert any(f"{ADDRESS} {broker.down}, at" in told for told, _ in findings(watch.dataset, now))
        fill(broker, 10)
        broker.down = None
        watch.until(lambda: len(watch.texts()) == 10, "all was committed")
        broker.topics["wire"][1].add(record("late"))
        watch.until(lambda: len(watch.texts()) == 11, "what came later was committed")
        assert any(f"{ADDRESS} has 0 messages at most left" in told for told, _ in findings(watch.dataset, dt.datetime.now(dt.UTC)))
    assert watch.heard.said[2] == f"{ADDRESS} can be read again"
    assert state(watch.dataset)["offsets"] == {"0": 5, "1": 6}
    assert not ran(tmp_path, ADDRESS).outcome.committed


def test_a_watch_keeps_offsets_in_which_was_nothing_new(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_watch, "KEPT_EVERY", dt.timedelta(seconds=0.3))
    fill(broker, 2)
    ran(tmp_path, ADDRESS)
    with watching(tmp_path, ADDRESS) as watch:
        broker.topics["wire"][0].add(None)
        watch.until(lambda: state(watch.dataset)["offsets"]["0"] == 2, "the offset was kept")
        time.sleep(0.8)
        assert len(watch.heard.commits) == 1
    assert len(rows_of(watch.dataset, "articles")) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--runner", "prism"], "watch reads topics on the local engine only"),
        (["--kafka-options", "none.properties"], "--kafka-options: none.properties cannot be read"),
    ],
)
def test_what_a_watch_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert main(["watch", ADDRESS, "-o", str(tmp_path / "ds"), *arguments]) == 1
    assert told in capsys.readouterr().err
