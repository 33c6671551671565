"""What is said of workers that do not fit: the expression is really evaluated, as a worker would, and its answer then made another one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines.preflight import Answers, check
from pipeline.engines.reach import Reach
from pipeline.options import UsageError
from transforms.parse.pinned_model import PINNED_MODEL


def asking(*changes: dict[str, Any] | Exception) -> Callable[[str], Answers]:
    """One worker for each change, which answers as this process would but for that."""

    def ask(expression: str) -> Answers:
        answers = (change if isinstance(change, Exception) else eval(expression) | change for change in changes)
        return {f"w{number}": answer for number, answer in enumerate(answers)}

    return ask


@pytest.fixture
def reach(tmp_path: Path) -> Reach:
    """A source of three bytes, and a dataset that is not there yet."""
    (tmp_path / "source.txt").write_text("abc", "utf-8")
    return Reach(tmp_path / "deep" / "ds", (tmp_path / "source.txt",), PINNED_MODEL)


def said(reach: Reach, *changes: dict[str, Any] | Exception) -> str:
    with pytest.raises(UsageError) as refused:
        check(asking(*changes), reach)
    return str(refused.value)


def test_workers_that_fit_are_taken_and_nothing_is_left_behind(reach: Reach, tmp_path: Path) -> None:
    check(asking({}, {}), reach)
    assert [path.name for path in tmp_path.iterdir()] == ["source.txt"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"python": "3.9"}, "runs Python 3.9, and this is Python 3."),
        ({"stamp": None}, "has no Factwire: install factwire[dask]=="),
        ({"stamp": "0"}, "runs other code of Factwire than this"),
        ({"distributions": {"apache-beam": None}}, "has apache-beam not, and here it is "),
        ({"distributions": {"dask": "1.0"}}, "has dask 1.0, and here it is "),
        ({"model": None}, f"has no spaCy model {PINNED_MODEL!r}: install it there"),
        ({"model": "0"}, f"has the spaCy model {PINNED_MODEL!r} 0, and here it is "),
        ({"unwritten": "Permission denied"}, "cannot write into "),
        ({"unseen": ["/a", "/b", "/c"]}, "does not see /a and 2 more as it is here"),
        (TimeoutError("no answer in 30 s"), "does not answer: no answer in 30 s; start it anew"),
    ],
)
def test_one_that_does_not_is_named_with_what_to_do(
    reach: Reach, tmp_path: Path, change: dict[str, Any] | Exception, sentence: str
) -> None:
    assert said(reach, {}, change).startswith(f"worker w1 {sentence}")
    assert [path.name for path in tmp_path.iterdir()] == ["source.txt"]


def test_the_code_is_told_before_the_files(reach: Reach) -> None:
    """Other files are no news of a worker that runs something else."""
    assert "runs Python 3.9" in said(reach, {"unseen": ["/a"], "python": "3.9"})


def test_of_several_the_first_is_told_and_how_many_more(reach: Reach) -> None:
    assert said(reach, {"python": "3.9"}, {}, {"stamp": None}, {"unseen": ["/a"]}).endswith("(2 more do not fit either)")


def test_a_source_of_another_length_is_another_file(reach: Reach) -> None:
    def shorter(expression: str) -> Answers:
        reach.files[0].write_text("ab", "utf-8")
        return {"w0": eval(expression)}

    with pytest.raises(UsageError, match=r"does not see .*source\.txt as it is here"):
        check(shorter, reach)
