"""Dependencies point one way, and nothing heavy is loaded before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
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

# The floors of `transforms/`, from the ground up: a room (a folder, or a file beside them) knows those below its floor, and no other.
FLOORS = (
    {"user_error"},
    {"lexicons", "parse", "read", "repeats", "words"},
    {"article"},  # what an article's text shows: paragraphs, datelines, quotation marks, its home country
    {"annotate", "flow"},  # the parse of an article; how things travel from step to step
    {"attributions"},  # who says what in it
    {"actors", "dates", "facts", "figures", "quotes"},  # no extractor knows another
    {"link", "user_data"},
    {"extract"},
    {"steps"},
)


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


def arrows(*folders: str) -> Iterator[tuple[str, str]]:
    """Every import of a module by another of these folders, late ones and those for types alone among them."""
    known = {name: ROOT / Path(*name.split(".")) for name in modules(*folders)}
    for name, path in known.items():
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            named: list[str] = []
            if isinstance(node, ast.Import):
                named = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 and node.module, f"{name} imports by dots"
                named = [full if (full := f"{node.module}.{each.name}") in known else node.module for each in node.names]
            yield from ((name, other) for other in named if other in known and other != name)


def floor_of(module: str) -> int:
    room = module.split(".")[1]
    (floor,) = (number for number, rooms in enumerate(FLOORS) if room in rooms)
    return floor


def test_every_room_has_its_floor() -> None:
    rooms = {name.split(".")[1] for name in modules("transforms") if "." in name}
    assert rooms <= set().union(*FLOORS), "a room of transforms/ stands on no floor: write it into FLOORS, as low as it can be"
    assert sum(map(len, FLOORS)) == len(set().union(*FLOORS))


def test_rooms_know_only_those_below_them() -> None:
    between = {(a, b) for a, b in arrows("transforms") if "." in b and a.split(".")[1] != b.split(".")[1]}
    assert len(between) > 100
    up = {(a, b) for a, b in between if floor_of(a) <= floor_of(b)}
    assert up == set(), "an import runs up, or along a floor: what both rooms need belongs below both"


def test_imports_run_in_no_circle() -> None:
    """A circle of modules is what no reading order has, and what one import more turns into an ImportError."""
    known = arrows("schemas", "transforms", "pipeline")
    knows = [(a, b) for a, b in known if a != "pipeline"]  # which hands names on when they are asked for
    assert len(knows) > 1000
    assert circling(knows) == []


def test_folders_of_the_pipeline_know_each_other_one_way() -> None:
    folders = {path.parent.name for path in (ROOT / "pipeline").glob("*/__init__.py")}
    between = {(a.split(".")[1], b.split(".")[1]) for a, b in arrows("pipeline") if "." in a and "." in b}
    found = [(a, b) for a, b in between if a != b and {a, b} <= folders]
    assert len(found) >= 5
    assert circling(found) == []


def test_a_circle_is_seen() -> None:
    assert circling([("a", "b"), ("b", "c"), ("c", "b"), ("b", "d")]) == ["a", "b", "c"]


def circling(arrows: list[tuple[str, str]]) -> list[str]:
    """What is in a circle or leads to one: what is left when all that leads nowhere has been taken away, again and again."""
    knows: dict[str, set[str]] = {}
    for a, b in arrows:
        knows.setdefault(a, set()).add(b)
    while ends := set().union(*knows.values()) - knows.keys():
        knows = {name: rest for name, others in knows.items() if (rest := others - ends)}
    return sorted(knows)


def ours() -> list[Path]:
    return [path for folder in ("pipeline", "schemas", "seeds", "tests", "transforms") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_no_two_files_have_one_name() -> None:
    """Whoever is told of `standing.py` should find one."""
    places: dict[str, list[str]] = {}
    for path in ours():
        if not path.stem.startswith("__"):
            places.setdefault(path.name, []).append(str(path.relative_to(ROOT)))
    assert len(places) > 400
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_three_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for path in ours():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert len(places) > 200
    assert {name: found for name, found in places.items() if len(found) > 2} == {}
