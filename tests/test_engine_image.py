"""The workers' image: its steps in a fresh virtual environment, and Beam's harness in that as a container would start it. Docker is not needed."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer.main

from pipeline.cli import app
from pipeline.engines.prism import PrismProcess
from pipeline.engines.prism_found import version
from tests import engines
from tests.needs import needs

WORKER = engines.ROOT / "deploy" / "worker"
PAGE = engines.ROOT / "deploy" / "engines.md"
NOT_SHIPPED = shutil.ignore_patterns(".*", "build", "dist", "demo", "*.egg-info", "__pycache__")


def instructions() -> list[list[str]]:
    """The Dockerfile's, in words."""
    return [line.split() for line in (WORKER / "Dockerfile").read_text("utf-8").splitlines() if line and line[0].isupper()]


def commands() -> list[str]:
    """The command lines on the page, each as one line."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    return [line for line in blocks.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]


def test_the_image_installs_by_the_script_alone_from_files_that_are_there_and_its_user_has_no_rights() -> None:
    lines = instructions()
    (run,) = (line[1:] for line in lines if line[0] == "RUN")
    assert run == ["sh", "/opt/factwire/install.sh", "/opt/factwire/requirements.lock", "/opt/factwire/factwire-*.whl"]
    (copied,) = (line[1:-1] for line in lines if line[0] == "COPY" and not line[1].startswith("--from"))
    assert copied == ["requirements.lock", "deploy/worker/install.sh", "dist/*.whl"]
    let_in = (WORKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert let_in == ["*", *(f"!{name}" for name in copied)]
    assert (engines.ROOT / "requirements.lock").exists()
    assert ["ARG", f"BEAM={version()}"] in lines
    assert f"apache-beam=={version()} " in (engines.ROOT / "requirements.lock").read_text("utf-8")
    assert ["USER", "${UID}"] in lines
    assert lines[-1] == ["ENTRYPOINT", '["/opt/apache/beam/boot"]']


def test_factwire_takes_every_line_of_the_page() -> None:
    lines = [line[line.index("factwire run") :].rstrip("'") for line in commands() if "factwire run" in line]
    assert len(lines) >= 8
    for line in lines:
        words = shlex.split(line)
        own = words[1 : words.index("--")] if "--" in words else words[1:]
        typer.main.get_command(app).commands["run"].make_context("run", own[1:])  # type: ignore[attr-defined]


@contextmanager
def pool(environment: Path, folder: Path) -> Iterator[str]:
    """A pool of workers as the image's `--worker_pool` starts it, at the address that this yields."""
    start = folder / "boot"
    start.write_text(f'#!/bin/sh\ncd {folder}\nexec {engines.boot()} "$@" --semi_persist_dir={folder}\n', "utf-8")
    start.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    module = "apache_beam.runners.worker.worker_pool_main"
    command = [environment / "bin" / "python", "-m", module, f"--service_port={port}", f"--container_executable={start}"]
    with (folder / "words").open("wb") as words:
        process = subprocess.Popen(command, env=inside(environment), stdout=words, stderr=words, start_new_session=True)
    try:
        engines.wait_for(lambda: answers(port) or process.poll() is not None)
        yield f"localhost:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def inside(environment: Path) -> dict[str, str]:
    """What the image sets, with this environment's programs first."""
    set_there = {line[1].split("=")[0]: line[1].split("=")[1] for line in instructions() if line[0] == "ENV"}
    ours = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return ours | set_there | {"PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.engine
@pytest.mark.slow
@needs("go", "prism", "proc")
def test_what_the_image_does_makes_workers_that_run_the_graph(tmp_path: Path) -> None:
    shipped, environment = tmp_path / "shipped", tmp_path / "environment"
    shutil.copytree(engines.ROOT, shipped, ignore=NOT_SHIPPED)
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)

    wheel, *_ = commands_of_the_image = [line for line in commands() if "pip wheel" in line or line.startswith("docker build")]
    assert [line.split()[0] for line in commands_of_the_image] == ["python", "docker"]
    subprocess.run(shlex.split(wheel), cwd=shipped, env=inside(environment), check=True)
    (made,) = (shipped / "dist").glob("factwire-*.whl")
    done = subprocess.run(
        ["sh", shipped / "deploy/worker/install.sh", "requirements.lock", made],
        cwd=shipped,
        env=inside(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No broken requirements found." in done.stdout
    shutil.rmtree(shipped)

    source = engines.written(tmp_path, 60)
    prism = PrismProcess(engines.prism())
    try:
        with pool(environment, tmp_path) as workers:
            there = (f"--job_endpoint={prism.endpoint}", "--environment_type=EXTERNAL", f"--environment_config={workers}")
            ran = engines.run(source, "-o", tmp_path / "ds", "--runner", "PortableRunner", "--workers", "2", "--", *there)
    finally:
        prism.end()
    assert (ran.code, ran.err) == (0, ""), (tmp_path / "words").read_text("utf-8")
    assert engines.run(source, "-o", tmp_path / "local", "--workers", "1").code == 0
    assert engines.differences(tmp_path / "local", tmp_path / "ds") == {}
