"""Options that stand in a file, `factwire.toml` of the current folder or what --config names. The command line wins.

    model = "en_core_web_md"        # for each verb that has it
    [run]                           # for one verb
    sources = ["articles"]

A key is an option as the command line spells it, without the dashes; `sources` are those of run and watch. Paths are from the file's folder.
"""

import difflib
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pipeline.options import UsageError

NAME: Final = "factwire.toml"
VERBS: Final = ("run", "watch", "rerun", "extract", "retry")  # those that take --config
_PATHS: Final = ("sources", "output", "feeds", "lexicons", "gazetteer", "kafka-options", "prism-location")
_NOT_THERE: Final = ("config", "help")


def _read(ctx: typer.Context, given: Path | None) -> Path | None:
    """Lay the file's options below those of the command line, before any of them is looked at."""
    if ctx.resilient_parsing:  # a shell completes a line
        return given
    file = given or Path(NAME)
    if given or file.is_file():
        ctx.default_map = defaults(file, ctx)
        if given is None and sys.stderr.isatty():
            print(f"factwire: options are read from {NAME}; what stands on the command line wins", file=sys.stderr)
    return given


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        is_eager=True,
        callback=_read,
        help=f"A file of options; without it {NAME} of the current folder, if there is one.",
        show_default=False,
    ),
]


def defaults(file: Path, ctx: typer.Context) -> dict[str, Any]:
    """By parameter of the verb at hand: what the file says. Raises UsageError for a file that is none, an unknown key, and a value of a wrong kind."""
    told = _toml(file)
    commands = ctx.find_root().command.commands  # type: ignore[attr-defined]
    by_verb = {verb: _keys(commands[verb]) for verb in VERBS}
    of_all = {key: value for key, value in told.items() if not isinstance(value, dict)}
    _check_keys(file, of_all, {key for keys in by_verb.values() for key in keys}, "")
    _check_keys(file, dict.fromkeys(told.keys() - of_all.keys()), by_verb, "table ")
    for verb, options in told.items():
        if isinstance(options, dict):
            _check_keys(file, options, by_verb[verb], f"{verb}.")
    mine = by_verb[ctx.info_name or ""]
    given = {key: value for key, value in of_all.items() if key in mine} | told.get(ctx.info_name or "", {})
    return {mine[key].name: _value(file, key, value, mine[key]) for key, value in given.items()}


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}); --config names a file of options, see factwire init") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise UsageError(f"{file}: is no TOML: {error}") from error


def _keys(command: Any) -> dict[str, Any]:
    """The parameters of a verb that may stand in the file, by their keys. Of arguments only sources may: they are the same from day to day."""
    found = {}
    for each in command.params:
        name = each.name if each.param_type_name == "argument" else max(each.opts, key=len).removeprefix("--")
        if name not in _NOT_THERE and (each.param_type_name == "option" or name == "sources"):
            found[name] = each
    return found


def _check_keys(file: Path, given: Mapping[str, Any], known: Any, what: str) -> None:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key.replace("_", "-"), list(known), 1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
            raise UsageError(f"{file}: {what}{key} is no option that may stand there; {meant}")


def _value(file: Path, key: str, value: Any, parameter: Any) -> Any:
    """A value of the kind that its option takes. Raises UsageError."""
    several = parameter.nargs == -1 or parameter.multiple
    if several:
        fits, kind = isinstance(value, list) and all(_is_plain(each) for each in value), "a list"
    elif getattr(parameter, "is_flag", False):
        fits, kind = isinstance(value, bool), "true or false"
    else:
        fits, kind = _is_plain(value), "a text, a number or a date"
    if not fits:
        raise UsageError(f"{file}: {key} is {kind}, not {value!r}")
    if key not in _PATHS:
        return value if several or isinstance(value, bool) else str(value)
    return [_from(file, str(each)) for each in value] if several else _from(file, str(value))


def _is_plain(value: Any) -> bool:
    return not isinstance(value, bool | list | dict)


def _from(file: Path, path: str) -> str:
    """A path as seen from here; addresses and object stores stay as they are."""
    if "://" in path or not file.parent.parts:
        return path
    return os.path.join(file.parent, path)  # noqa: PTH118 - pathlib would take "./" and a last "/" away


def sources_of(ctx: typer.Context, given: list[str] | None) -> Iterator[str]:
    """The sources of the command line, or those of the file where it names none: several at once, an argument has no default of its own."""
    yield from given or (ctx.default_map or {}).get("sources", ())
