"""The parser's process: it is used again, dies of its limits alone, and belongs to one process, whatever its threads do."""

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from transforms.read import apart
from transforms.read.apart import ParsingError, parsed_apart

HERE = "tests.test_read_apart"


def echoed(data: bytes, **options: Any) -> dict[str, Any]:
    return {"process": os.getpid(), "text": data.decode("latin-1")} | options


def swollen(data: bytes) -> int:
    return len(bytearray(1 << 30))


def busy(data: bytes) -> None:
    while True:
        pass


def ended(data: bytes) -> None:
    os._exit(int(data))


def killed_once(data: bytes) -> str:
    """Killed by somebody the first time, and each time where no file remembers that."""
    seen = Path(data.decode())
    if not seen.exists():
        seen.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered"


def killed(data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def talking(data: bytes) -> str:
    print("to standard output")
    return "answered"


def asleep(data: bytes) -> None:
    time.sleep(int(data))


@pytest.fixture(autouse=True)
def _from_here(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The parser's process finds this file too."""
    monkeypatch.setattr(apart, "_SERVE", apart._SERVE.replace("from transforms", "sys.path.insert(0, sys.argv[1]); from transforms"))
    yield
    with pytest.raises(ParsingError):
        parsed_apart(f"{HERE}:ended", b"0")


def test_one_that_somebody_kills_is_asked_once_more(tmp_path: Path) -> None:
    assert parsed_apart(f"{HERE}:killed_once", str(tmp_path / "seen").encode()) == "answered"
    with pytest.raises(ParsingError, match="ended with -9"):
        parsed_apart(f"{HERE}:killed", b"")


def test_an_interrupt_at_the_keyboard_is_not_for_it() -> None:
    parsed_apart(f"{HERE}:echoed", b"")
    assert os.getpgid(apart._children[0].pid) != os.getpgid(os.getpid())


def process() -> int:
    return int(parsed_apart(f"{HERE}:echoed", b"")["process"])


def test_it_is_used_again_and_options_come_through() -> None:
    assert process() == process() != os.getpid()
    said = parsed_apart(f"{HERE}:echoed", b"\x00\xff\n", address="https://e.org/é", number=None)
    assert said["text"] == "\x00\xff\n" and (said["address"], said["number"]) == ("https://e.org/é", None)
    assert parsed_apart(f"{HERE}:talking", b"") == "answered"


@pytest.mark.parametrize(
    ("parser", "data", "reason"),
    [
        ("swollen", b"", "unsafe"),
        ("busy", b"", "timeout"),
        ("ended", b"3", "failed"),
        ("no_such", b"", "failed"),
        ("ended", b"x", "corrupt"),
    ],
)
def test_what_goes_wrong_costs_one_input(monkeypatch: pytest.MonkeyPatch, parser: str, data: bytes, reason: str) -> None:
    monkeypatch.setattr(apart, "SECONDS", 3.0)  # of processor time: a busy machine needs a good part of it to import this file
    with pytest.raises(ParsingError) as told:
        parsed_apart(f"{HERE}:{parser}", data)
    assert told.value.reason == reason and told.value.message
    assert parsed_apart(f"{HERE}:echoed", b"next")["text"] == "next"


def test_what_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", -1.0)
    with pytest.raises(ParsingError) as told:
        parsed_apart(f"{HERE}:asleep", b"30")  # which would answer in the end
    assert told.value.reason == "timeout"


def test_threads_get_their_own_answers() -> None:
    def asked(number: int) -> bool:
        return bool(parsed_apart(f"{HERE}:echoed", str(number).encode() * 5_000)["text"] == str(number) * 5_000)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(asked, range(60)))


def test_an_interrupted_question_spoils_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    process()

    def interrupted(child: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(apart, "_line", interrupted)
        parsed_apart(f"{HERE}:echoed", b"first")
    assert parsed_apart(f"{HERE}:echoed", b"second")["text"] == "second"


def answers_in_a_fork(queue: Any) -> None:
    queue.put((process(), parsed_apart(f"{HERE}:echoed", b"fork")["text"]))


def test_a_fork_gets_a_process_of_its_own() -> None:
    ours = process()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    held = threading.Event()

    def hold() -> None:
        with apart._lock:
            held.set()
            time.sleep(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    forks = [context.Process(target=answers_in_a_fork, args=(queue,)) for _ in range(2)]
    for fork in forks:
        fork.start()
    told = [queue.get(timeout=300) for _ in forks]
    for fork in forks:
        fork.join()
    thread.join()
    assert len({ours, *(number for number, _ in told)}) == 3 and {text for _, text in told} == {"fork"}
    assert process() == ours


def test_it_ends_with_the_process_that_it_serves() -> None:
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    fork = context.Process(target=answers_in_a_fork, args=(queue,))
    fork.start()
    parser, _ = queue.get(timeout=300)
    if fork.pid:
        os.kill(fork.pid, signal.SIGKILL)
    fork.join()
    deadline = time.monotonic() + 120
    while Path(f"/proc/{parser}").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{parser}/stat").read_text("utf-8").split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{parser}").exists()
