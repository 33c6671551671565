"""What deploy/ ships: every command line in it is one that factwire takes, and each scheduler would take its file."""

import ast
import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main

from pipeline.cli import app
from tests.needs import airflow_python, needs

DEPLOY = Path(__file__).parent.parent / "deploy"
SERVICE = DEPLOY / "systemd" / "factwire.service"
WATCH = DEPLOY / "systemd" / "factwire-watch.service"
TIMER = DEPLOY / "systemd" / "factwire.timer"
CRONTAB = DEPLOY / "cron" / "crontab"
DAG = DEPLOY / "airflow" / "factwire_dag.py"
README = DEPLOY / "README.md"


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


def cron_line() -> str:
    (line,) = (line for line in CRONTAB.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return line


def operator() -> dict[str, Any]:
    """The arguments of the DAG's BashOperator, names of constants looked up."""
    tree = ast.parse(DAG.read_text("utf-8"))
    constants = {n.targets[0].id: n.value for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)}
    (call,) = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "BashOperator")
    found = {}
    for keyword in call.keywords:
        value = constants.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
        found[keyword.arg or ""] = ast.literal_eval(value) if isinstance(value, ast.Constant) else value
    return found


def command_lines() -> list[str]:
    """Every line of deploy/ that calls factwire."""
    in_blocks = "\n".join(re.findall(r"```sh\n(.*?)```", README.read_text("utf-8"), re.DOTALL)).splitlines()
    in_sentences = re.findall(r"`(factwire (?:rerun|compact|forget|retry|query|doctor) OUT[^`]*)`", README.read_text("utf-8"))
    lines = [
        *(unit(each)["Service"]["ExecStart"] for each in (SERVICE, WATCH)),
        cron_line().split(maxsplit=5)[5],
        *operator()["bash_command"].splitlines(),
    ]
    return [line for line in (*lines, *in_blocks, *in_sentences) if re.match(r"(/usr/local/bin/)?factwire ", line)]


def test_there_are_such_lines() -> None:
    assert len(command_lines()) >= 8


@pytest.mark.parametrize("line", command_lines())
def test_factwire_takes_it(line: str) -> None:
    words = shlex.split(line.split(" | ", 1)[0], comments=True)
    verb = typer.main.get_command(app).commands[words[1]]  # type: ignore[attr-defined]
    verb.make_context(words[1], words[2:])  # raises for an option that is not there


def test_a_second_run_is_no_failure() -> None:
    assert unit(SERVICE)["Service"]["SuccessExitStatus"] == "75"
    assert operator()["skip_on_exit_code"] == 75
    assert "pipefail" in operator()["bash_command"]


@needs("systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    # The one thing that cannot be right on this machine is where factwire is installed.
    for service in (SERVICE, WATCH):
        text = service.read_text("utf-8").replace("/usr/local/bin/factwire", shutil.which("true") or "/bin/true")
        (tmp_path / service.name).write_text(text, "utf-8")
    shutil.copy(TIMER, tmp_path)
    argv = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / each.name) for each in (SERVICE, WATCH, TIMER))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "factwire" in line]) == (0, [])


def test_the_units_belong_together() -> None:
    service = unit(SERVICE)["Service"]
    assert service["Type"] == "oneshot"
    assert TIMER.stem == SERVICE.stem  # a timer starts the service of its name
    assert unit(TIMER)["Install"]["WantedBy"] == "timers.target"
    for each in (service, unit(WATCH)["Service"]):
        output = each["ExecStart"].split("--output ")[1].split()[0]
        assert output.startswith(f"/var/lib/{each['StateDirectory']}/")  # all else is read-only to it


def test_the_watch_is_shut_in_as_the_run_is_and_watched_itself() -> None:
    run, watch = unit(SERVICE)["Service"], unit(WATCH)["Service"]
    shut = [name for name in run if name.startswith(("Protect", "Private", "Restrict", "System", "NoNew", "Lock", "Capability"))]
    assert {name: watch[name] for name in shut} == {name: run[name] for name in shut}
    assert (watch["Type"], watch["KillMode"], watch["Restart"]) == ("notify", "mixed", "on-failure")
    assert watch["WatchdogSec"]


def test_cron_takes_the_line() -> None:
    *times, command = cron_line().split(maxsplit=5)
    for value, (low, high) in zip(times, [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)], strict=True):
        assert value == "*" or low <= int(value) <= high
    assert "%" not in command  # cron would make a line's end of it
    assert "--quiet" in command


def test_bash_takes_the_command_of_the_dag() -> None:
    assert subprocess.run(["bash", "-n", "-c", operator()["bash_command"]], check=False).returncode == 0


def fake_factwire(folder: Path, code: int) -> None:
    fake = folder / "factwire"
    fake.write_text(f'#!/bin/sh\nprintf "{{\\n \\"records\\": 1\\n}}\\n"\nexit {code}\n', "utf-8")
    fake.chmod(0o755)


@pytest.mark.parametrize("code", [0, 2, 75])
def test_the_dag_hands_on_the_exit_code_and_the_account(tmp_path: Path, code: int) -> None:
    fake_factwire(tmp_path, code)
    argv = ["bash", "-c", operator()["bash_command"]]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert done.returncode == code
    assert done.stdout.splitlines()[-1].split() == ["{", '"records":', "1", "}"]


_IN_AIRFLOW = """
import json, sys
try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:  # before 3.2
    from airflow.models.dagbag import DagBag
bag = DagBag(sys.argv[1])
dag = bag.dags["factwire"]
task = dag.get_task("run")
try:
    ended = task.execute({})
except Exception as error:
    ended = type(error).__name__
told = {
    "errors": bag.import_errors, "dags": list(bag.dags), "tasks": dag.task_ids, "schedule": dag.schedule, "catchup": dag.catchup,
    "at_once": dag.max_active_runs, "retries": task.retries, "ended": ended,
}
print("told", json.dumps(told))
"""


@needs("airflow")
@pytest.mark.slow
@pytest.mark.parametrize(("code", "ended"), [(0, '{  "records": 1 }'), (2, "AirflowException"), (75, "AirflowSkipException")])
def test_airflow_takes_the_dag_and_runs_its_task(tmp_path: Path, code: int, ended: str) -> None:
    fake_factwire(tmp_path, code)
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
    }
    argv = [airflow_python(), "-c", _IN_AIRFLOW, str(DAG)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=600, env=environment, cwd=tmp_path)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("told ")] or [done.stderr]
    assert json.loads(line.removeprefix("told ")) == {
        "errors": {},
        "dags": ["factwire"],
        "tasks": ["run"],
        "schedule": "@hourly",
        "catchup": False,
        "at_once": 1,
        "retries": 2,
        "ended": ended,
    }
