"""Engines by name: where Prism is looked for and built, and what is refused in one sentence before anything is written."""

import os
import socket
import stat
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.engines import prism_built, prism_found
from pipeline.engines.execute import explained
from pipeline.engines.prism import PrismProcess
from pipeline.options import UsageError
from tests import engines
from tests.test_run import written

BEAMS = f"#!/bin/sh\n# {prism_found.PACKAGE}\n"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Prism, from which Beam can fetch none."""
    for name, value in {"PATH": "/nowhere", "XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(prism_found.VARIABLE, raising=False)
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


def program(path: Path, text: str = BEAMS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# --- where Prism is


def test_prism_is_found_where_it_was_named_then_on_path_then_where_make_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert prism_found.at_hand(None) is None
    built = program(prism_found.built())
    assert prism_found.found(None) == built
    assert built == tmp_path / "cache" / "factwire" / f"prism-{prism_found.version()}" / "prism"
    other = program(tmp_path / "others" / "prism", "#!/bin/sh\necho a model checker\n")
    monkeypatch.setenv("PATH", str(other.parent))
    assert prism_found.found(None) == built, "another program of that name is none"
    program(other, "")
    assert prism_found.found(None) == built
    on_path = program(tmp_path / "bin" / "prism")
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert prism_found.found(None) == on_path
    named = program(tmp_path / "named")
    monkeypatch.setenv(prism_found.VARIABLE, str(named))
    assert prism_found.found(None) == named
    assert prism_found.found(built) == built


def test_what_was_named_and_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"^--prism-location names /nowhere/prism, which is no program; make prism builds it"):
        prism_found.found(Path("/nowhere/prism"))
    monkeypatch.setenv(prism_found.VARIABLE, str(tmp_path))
    with pytest.raises(UsageError, match=f"^{prism_found.VARIABLE} names {tmp_path}"):
        prism_found.found(None)


def test_without_prism_it_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    """Beam's own runner leaves an empty cache behind."""
    done = engines.run(written(tmp_path), "-o", tmp_path / "ds", "--runner", "prism")
    assert done.code == 1
    said = done.err.splitlines()
    assert [line.partition(" ")[0] for line in said] == ["factwire:"] * 2, done.err
    assert said[0].startswith("factwire: fetching prism from https://")
    assert "prism is not on this machine" in said[1]
    assert "make prism builds it with Go" in said[1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["news.jsonl"]


def test_a_program_that_is_not_prism_is_told_with_its_own_words(tmp_path: Path) -> None:
    for text, said in (("echo 'unknown option' >&2; exit 2", r"\(it said 'unknown option'\)"), ("exit 0", "does; make prism")):
        with pytest.raises(UsageError, match=f"does not answer as Beam's prism does.*{said}" if "it said" in said else said):
            PrismProcess(program(tmp_path / "other", f"#!/bin/sh\n{text}\n"))


# --- make prism


def go(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program(folder / "bin" / "go", f"#!/bin/sh\n{script}\n")
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")


def test_prism_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    go(tmp_path, monkeypatch, f'echo "$@" >> {tmp_path / "asked"}; echo prism > "$GOBIN/prism"; chmod +x "$GOBIN/prism"')
    assert prism_built.main() == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"built: {prism_found.built()}"
    assert prism_found.at_hand(None) == prism_found.built()
    assert prism_built.main() == 0
    assert "is there already" in capsys.readouterr().out
    assert (tmp_path / "asked").read_text().splitlines() == [f"install {prism_found.PACKAGE}@v{prism_found.version()}"]
    assert [p.name for p in prism_found.built().parent.iterdir()] == ["prism"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "echo 'go: github.com/x@v2 requires go >= 1.26.0 (running go 1.21.5; GOTOOLCHAIN=local)' >&2; exit 1",
            "Go 1.21.5 is too old for prism .*; install Go 1.26.0 or later",
        ),
        ("echo 'dial tcp: lookup proxy: no such host' >&2; exit 1", "Go could not build prism: dial tcp: lookup proxy: no such host; "),
        ("exit 1", "Go could not build prism: it said nothing; "),
    ],
)
def test_a_build_that_fails_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], script: str, said: str
) -> None:
    go(tmp_path, monkeypatch, script)
    assert prism_built.main() == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    with pytest.raises(prism_built.BuildError, match=said):
        prism_built.build(prism_found.built())
    assert not list(prism_found.built().parent.iterdir())


def test_without_go_it_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert prism_built.main() == 1
    assert capsys.readouterr().err.startswith("factwire: Go is not on PATH; install Go 1.26 or later")


# --- engines that are Beam's


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flink"], "FlinkRunner needs to know where it is: give it behind -- by --flink_master or --job_endpoint"),
        (["FlinkRunner", "--", "--parallelism=2"], "FlinkRunner needs to know where it is"),
        (["spark"], "SparkRunner needs to know where it is: give it behind -- by --spark_master_url or --spark_rest_url or --job_endpoint"),
        (["PortableRunner"], "PortableRunner needs to know where it is: give it behind -- by --job_endpoint"),
        (["dataflow"], "Missing required option: project. Missing required option: region."),
        (["nosuch"], "unknown runner 'nosuch': neither Factwire nor Beam has one of that name"),
        (["no.such.Runner"], "the runner 'no.such.Runner' cannot be used: No module named 'no'"),
        (["interactive"], "please install apache_beam[interactive]"),
        (["flink", "--", "--job_endpoint=127.0.0.1:{port}"], "no job service answers at 127.0.0.1:{port}"),
        (["flink", "--", "--job_endpoint", "nowhere"], "no job service answers at nowhere"),
        (["flink", "--", "--runner=SparkRunner"], "--runner stands before --"),
    ],
)
def test_an_engine_that_cannot_be_used_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    port = str(closed_port())
    arguments = [word.format(port=port) for word in arguments]
    assert main(["run", str(written(tmp_path)), "-o", str(tmp_path / "ds"), "--runner", *arguments]) == 1
    out, err = capfd.readouterr()
    assert said.format(port=port) in err
    assert (out, len(err.splitlines())) == ("", 1), err
    assert not (tmp_path / "ds").exists()


def test_workers_without_our_package_are_told_of() -> None:
    known = explained(RuntimeError("stage-003 failed: Traceback ...\nModuleNotFoundError: No module named 'transforms'\n"))
    assert isinstance(known, UsageError)
    assert "the engine's workers have no Factwire" in str(known)
    assert not isinstance(explained(RuntimeError("ModuleNotFoundError: No module named 'transformers'")), UsageError)
