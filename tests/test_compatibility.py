"""What docs/compatibility.md promises of commands and options, and of Python: what was once there stays, by a golden text."""

import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import pipeline
from pipeline.cli import app

GOLDEN = Path(__file__).parent / "golden" / "options.txt"


def options() -> Iterator[str]:
    """A line for each verb and each of its options and arguments, by all its names."""

    def of(command: Any, name: str) -> Iterator[str]:
        yield name
        for verb, below in sorted(getattr(command, "commands", {}).items()):
            yield from of(below, f"{name} {verb}")
        for each in command.params:
            if each.param_type_name == "argument":
                yield f"{name} {each.name.upper()}{'...' if each.nargs != 1 else ''}{'' if each.required else ' (may be left out)'}"
            else:
                for spelt in (*each.opts, *each.secondary_opts):
                    yield f"{name} {spelt}{'' if each.is_flag else ' VALUE'}"

    yield from of(typer.main.get_command(app), "factwire")


def interface() -> Iterator[str]:
    """A line for each name of Python's that is promised, and each of its arguments."""
    for name in sorted(set(pipeline.__all__) - {"__version__"}):
        yield f"pipeline.{name}"
        yield from (
            f"pipeline.{name}({each.name}{'' if each.default is inspect.Parameter.empty else '='})"
            for each in inspect.signature(getattr(pipeline, name)).parameters.values()
        )


def test_no_option_and_no_argument_went() -> None:
    """`UPDATE_GOLDEN=1 pytest` adds what is new; what is to go is taken out of the golden text by hand, with a line in CHANGELOG.md."""
    now = [*options(), *interface()]
    assert len(now) == len(set(now)) > 80
    golden = GOLDEN.read_text("utf-8").splitlines()
    assert [line for line in golden if line not in now] == [], (
        "this was promised and is no more, or is asked for now: see docs/compatibility.md"
    )
    if os.environ.get("UPDATE_GOLDEN") and len(now) > len(golden):
        GOLDEN.write_text("\n".join(now) + "\n", "utf-8")
        golden = now
    assert [line for line in now if line not in golden] == [], "this is new: run with UPDATE_GOLDEN=1, it is promised from then on"


@pytest.mark.parametrize(
    "line",
    [
        "factwire run --output VALUE",
        "factwire run -o VALUE",
        "factwire query --format VALUE",
        "factwire run --quiet",
        "pipeline.extract(text)",
    ],
)
def test_the_golden_text_has_what_everybody_uses(line: str) -> None:
    assert line in GOLDEN.read_text("utf-8").splitlines()
