"""What a run tells while it goes on: a bar, lines, JSON, and how far it says that it is."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.progress import json_lines, lines, sentences, telling
from pipeline.progress.beats import Aside, Beats
from pipeline.progress.run_standing import DOING, Standing
from pipeline.saying import say_in_words
from tests import engines
from tests.conftest import article_of
from tests.test_run import TEXTS, written
from transforms.extract import EXTRACTORS
from transforms.flow import heartbeat
from transforms.flow.heartbeat import Beat, beating
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.steps import annotate_batch, draft, draft_head, link_article
from transforms.user_data import NONE

ROOT = Path(__file__).parent.parent
BEATS = st.builds(
    Beat,
    at=st.floats(0, 1e9),
    step=st.sampled_from(sorted(DOING)),
    extracted=st.integers(0, 600),
    linked=st.integers(0, 600),
    article=st.text(max_size=200),
    characters=st.integers(0, 5_000_000),
    together=st.integers(0, 64),
)


@pytest.fixture(autouse=True)
def words_again() -> object:
    yield
    say_in_words()


# --- how far it is


@given(st.dictionaries(st.text("ab", max_size=2), BEATS), st.integers(0, 2000), st.integers(0, 1000), st.floats(0, 2e9))
def test_a_run_is_never_further_than_its_articles(workers: dict[str, Beat], articles: int, through: int, now: float) -> None:
    standing = Standing(articles=articles, through=min(through, articles), parts=3, part=1)
    for name, beat in workers.items():
        standing.heard(name, beat)
    assert standing.through <= standing.done <= articles
    left = standing.left(now)
    assert left is None or left >= 0
    for told in (sentences.of_standing(standing, now), sentences.of_work(standing, now)):
        assert told and "\n" not in told
    json.dumps(json_lines.figures(standing, now))


def test_pace_and_time_left() -> None:
    standing = Standing(articles=100)
    standing.heard("a", Beat(1000.0, "annotate", 0, 0, "Long", 9000, 32))
    assert (standing.pace(1001.0), standing.left(1001.0)) == (None, None)
    standing.heard("a", Beat(1010.0, "link", 20, 20, "Title", 100, 1))
    assert (standing.pace(1010.0), standing.left(1010.0)) == (2.0, 40.0)
    assert sentences.of_standing(standing, 1010.0) == "20 of 100 articles, 2.0 a second, 0:40 left; linking Title (100 characters)"


@given(st.dictionaries(st.text("ab", max_size=2), BEATS), st.integers(1, 2000))
def test_tests_of_other_things_look_past_it(workers: dict[str, Beat], articles: int) -> None:
    standing = Standing(articles=articles, parts=2, part=1, workers=workers, doing="committing")
    assert engines.PROGRESS.sub("", f"{sentences.of_standing(standing, 0.0)}\nTraceback\n") == "Traceback\n"


def test_of_several_workers_the_one_is_named_that_is_at_it_for_longest() -> None:
    standing = Standing(articles=100, parts=2, part=1)
    standing.heard("done", Beat(1.0, "write", 20, 20))
    standing.heard("long", Beat(5.0, "annotate", 0, 0, "All of it", 408_334, 22))
    standing.heard("short", Beat(30.0, "extract", 0, 0, "A note", 80, 1))
    told = sentences.of_work(standing, 31.0)
    assert told == "slice 1 of 2: parsing 22 articles, the longest All of it (408,334 characters), for 0:26"


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0:00"), (59.6, "1:00"), (754, "12:34"), (3661, "1:01:01"), (90_000, "25:00:00")])
def test_times(seconds: float, shown: str) -> None:
    assert sentences.lasting(seconds) == shown


# --- what workers tell


def test_the_steps_tell_what_they_are_at(tmp_path: Path) -> None:
    articles = [article_of(text) for text in ("Ann Lee sold 12 boats.", "Tom Reed resigned on Monday, the firm said.")]
    with beating(tmp_path, "w0."):
        for each in annotate_batch(("", articles), PINNED_MODEL, NONE, lambda: None):
            drafts = [draft_head(each, NONE), *(draft(each, kind, NONE) for kind in EXTRACTORS)]
            list(link_article((drafts[0][0], [told for _, told in drafts]), 1, "full", NONE))
    heartbeat.beat("read")  # nobody listens any more
    told = [beat for _, beat in Beats(tmp_path).news() if isinstance(beat, Beat)]
    assert [(beat.step, beat.extracted, beat.linked, beat.together) for beat in told] == [
        ("annotate", 0, 0, 2),
        ("extract", 0, 0, 1),
        ("link", 1, 0, 1),
        ("extract", 1, 1, 1),
        ("link", 2, 1, 1),
    ]
    assert told[0].characters == max(len(article.text or "") for article in articles)


def test_an_article_that_the_model_cannot_take_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.steps.annotated", lambda articles, model_name: 1 / 0)
    with beating(tmp_path, "all"):
        list(annotate_batch(("", [article_of("Ann Lee sold 12 boats.")]), PINNED_MODEL, NONE, lambda: None))
    (aside,) = [told for _, told in Beats(tmp_path).news() if isinstance(told, Aside)]
    assert (aside.reason, aside.source) == ("failed", "test") and "ZeroDivisionError" in aside.message


def test_lines_are_read_once_and_whole(tmp_path: Path) -> None:
    beats = Beats(tmp_path)
    assert list(beats.news()) == []
    with beating(tmp_path, "a"):
        heartbeat.beat("read")
        assert [beat.step for _, beat in beats.news() if isinstance(beat, Beat)] == ["read"]
        (file,) = tmp_path.iterdir()
        whole = file.read_bytes()
        with file.open("ab") as more:
            more.write(whole[:10])
        assert list(beats.news()) == []
        with file.open("ab") as more:
            more.write(whole[10:])
        assert [worker for worker, _ in beats.news()] == ["a"]


def test_a_full_disk_costs_the_telling_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with beating(tmp_path, "a"):
        monkeypatch.setattr(os, "write", full)
        heartbeat.beat("read")
    assert list(Beats(tmp_path).news()) == []


# --- what a person or a machine gets


def with_bad_lines(folder: Path, bad: int) -> Path:
    source = written(folder, TEXTS[:2])
    with source.open("a", encoding="utf-8") as file:
        file.write("not json\n" * bad)
    return source


def test_json_is_all_there_is_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "EVERY", 0.0)
    source, out = with_bad_lines(tmp_path, 1), str(tmp_path / "ds")
    assert main(["run", str(source), "-o", out, "--workers", "1", "--max-bad", "1", "--log-json", "--verbose", "--json"]) == 0
    shown = capsys.readouterr()
    told = [json.loads(line) for line in shown.err.splitlines()]
    by_name = {each["event"]: each for each in told}
    assert by_name.keys() == {"source", "set_aside", "planned", "progress", "article", "committed"}
    assert (by_name["planned"]["articles"], by_name["planned"]["rejects"]) == (2, 1)
    assert by_name["set_aside"]["reason"] == "bad_json" and str(source) in by_name["set_aside"]["source"]
    assert by_name["committed"]["rows"]["articles"] == 2
    assert by_name["progress"]["done"] == 2
    assert all(each["at"].endswith("+00:00") for each in told)
    assert json.loads(shown.out)["articles"] == 2

    assert main(["rerun", out, "--workers", "1", "--log-json", "--where", "nonsense ("]) == 1
    (failed,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (failed["event"], failed["exit_code"]) == ("failed", 1) and "--where is no condition" in failed["message"]
    assert main(["rerun", out, "--workers", "0"]) == 1
    assert capsys.readouterr().err.startswith("factwire: --workers")


def test_without_a_terminal_it_is_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = with_bad_lines(tmp_path, 25)
    argv = ["run", str(source), "--workers", "1", "--max-bad", "1"]
    monkeypatch.setattr(telling, "EVERY", float("inf"))  # a busy machine may need longer than half a minute
    assert main([*argv, "-o", str(tmp_path / "short")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 21 and told[0].startswith(f"set aside, bad_json: {source}: line 3 ")
    assert told[-1] == "more that is set aside is only counted (--verbose tells each)"

    monkeypatch.setattr(telling, "EVERY", 0.0)
    monkeypatch.setattr(telling, "LONG", 30)
    assert main([*argv, "-o", str(tmp_path / "all"), "--verbose"]) == 0
    shown = capsys.readouterr().err
    assert shown.count("set aside, bad_json") == 25
    assert f"source 1 of 1: {source}\n" in shown
    assert "27 records: 2 new, 0 unchanged, 25 bad\n" in shown
    assert re.search(r"a very long article is at work: .* \(\d+ characters\)\n", shown)
    assert re.search(r"\n2 of 2 articles, \d+\.\d a second, 25 set aside; committing\n", shown)
    assert re.search(r"slice 1 of 1 is committed: 2 of 2 articles, \d+ rows so far\n  it took: extract \d", shown)

    assert main([*argv, "-o", str(tmp_path / "quiet"), "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert main([*argv, "-o", str(tmp_path / "no"), "--quiet", "--verbose"]) == 1
    assert "leave one of them out" in capsys.readouterr().err


def test_a_line_comes_each_half_minute_and_no_sooner(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    said = lines.Lines()
    told = []
    for clock[0] in (101.0, 129.9, 130.0, 131.0, 159.0, 161.0):
        said.moved(Standing(doing="committing"))
        told.append(capsys.readouterr().err)
    assert told == ["", "", "committing\n", "", "", "committing\n"]


def test_on_a_terminal_it_is_a_bar(tmp_path: Path) -> None:
    source = with_bad_lines(tmp_path, 1)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-o", str(tmp_path / "ds"), "--workers", "1", "--max-bad", "1"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True)
    os.close(theirs)
    shown = io.BytesIO()
    try:
        while piece := os.read(ours, 4096):
            shown.write(piece)
    except OSError:  # how Linux says that the other end was closed
        pass
    finally:
        os.close(ours)
    assert process.stdout is not None
    account = process.stdout.read()
    assert process.wait() == 0
    drawn = shown.getvalue().decode("utf-8")
    assert "━" in drawn and "0/2 articles" in drawn and "1 set aside" in drawn
    assert "loading Beam and the language model" in drawn
    assert "3 records: 2 new, 0 unchanged, 1 bad" in drawn
    assert "slice 1 of 1 is committed: 2 of 2 articles" in drawn
    assert drawn.rindex("\x1b[?25h") > drawn.rindex("━")  # the cursor is back
    assert "articles a second" in account and "\x1b" not in account
