"""Dependencies point one way, and nothing heavy is loaded before it is needed."""

import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKED = """
import sys, importlib
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Block())
for module in {modules!r}:
    importlib.import_module(module)
"""


def modules(*folders: str, but: tuple[str, ...] = ()) -> list[str]:
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if not name.startswith(but) and not name.endswith("__main__"):
                found.append(name)
    return found


def imports(names: list[str], blocked: tuple[str, ...]) -> None:
    code = BLOCKED.format(blocked=blocked, modules=names)
    p = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert p.returncode == 0, p.stderr[-2000:]


def test_all_but_the_steps_and_the_pipeline_import_without_beam() -> None:
    imports(modules("schemas", "transforms", "seeds", but=("transforms.steps",)), ("apache_beam",))


def test_the_schemas_import_with_neither_beam_nor_spacy() -> None:
    imports(modules("schemas"), ("apache_beam", "spacy", "transforms", "pipeline"))


def test_transforms_do_not_know_the_pipeline() -> None:
    imports(modules("transforms", but=("transforms.steps",)), ("pipeline",))


def test_the_dataset_needs_neither_beam_nor_spacy() -> None:
    imports(modules("pipeline/dataset"), ("apache_beam", "spacy"))


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["run", "--help"], ["schema"], ["query", "--help"]], ids=" ".join)
def test_help_loads_neither_beam_nor_spacy(argv: list[str]) -> None:
    imports_nothing = "import sys; from pipeline.cli import main; c = main({argv!r}); bad = {{'apache_beam', 'spacy'}} & set(sys.modules); sys.exit(c or len(bad))"
    p = subprocess.run([sys.executable, "-c", imports_nothing.format(argv=argv)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert p.returncode == 0, p.stderr


def test_no_other_distribution_owns_our_names() -> None:
    ours = {"pipeline", "transforms", "schemas", "seeds"}
    for d in distributions():
        if d.metadata["Name"] == "factwire":
            continue
        top = (d.read_text("top_level.txt") or "").split()
        assert not ours & set(top), d.metadata["Name"]


def test_packages_are_listed_in_full() -> None:
    """A package that setuptools is not told of is missing from the wheel."""
    import tomllib

    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    there = {m.replace("/", ".") for m in ("pipeline", "transforms", "schemas", "seeds")}
    there |= {
        ".".join(p.parent.relative_to(ROOT).parts)
        for folder in ("pipeline", "transforms", "schemas", "seeds")
        for p in (ROOT / folder).rglob("__init__.py")
    }
    assert listed == there


def test_nothing_names_a_machine_or_an_index() -> None:
    """A lock with an index address, or a path of somebody's machine, works there only."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "index-url" not in lock
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > 100
