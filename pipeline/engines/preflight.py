"""Whether the workers of a cluster fit this run: asked before it begins, and again of those that come while it lasts."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pipeline
from pipeline.engines import worker_questions
from pipeline.engines.reach import Reach
from pipeline.engines.stamp import STAMP
from pipeline.options import UsageError

# What decides rows, and what must speak the same language on both sides.
DISTRIBUTIONS: Final = ("factwire", "apache-beam", "spacy", "py3langid", "dask", "distributed")

Answers = Mapping[str, Any]  # by worker: what `asked.told` returns, or the error that it met
Ask = Callable[[str], Answers]  # has each worker evaluate an expression


def check(ask: Ask, reach: Reach) -> None:
    """Raises UsageError, with what to do, where a worker has other code, other versions or other files than we. Leaves nothing behind."""
    files = tuple((str(path.absolute()), worker_questions.size_of(str(path))) for path in reach.files if path.is_file())
    with _probe(reach.output) as probe:
        answers = ask(_expression(DISTRIBUTIONS, reach.model, files, str(probe)))
        wrong = [f"worker {worker} {said}" for worker, answer in answers.items() if (said := _misfit(answer, reach))]
    if wrong:
        raise UsageError(wrong[0] + (f" ({len(wrong) - 1} more do not fit either)" if wrong[1:] else ""))


def _expression(*arguments: object) -> str:
    """Python that a worker can evaluate without any code of ours."""
    source = Path(worker_questions.__file__).read_text("utf-8")
    return f"(lambda names: (exec({source!r}, names), names['told'](*{arguments!r}))[1])({{}})"


@contextmanager
def _probe(output: Path) -> Iterator[Path]:
    """A folder in the dataset's, or where that is to be made, for as long as the block lasts."""
    above = next(folder for folder in (output.absolute(), *output.absolute().parents) if folder.is_dir())
    probe = above / f".factwire-{secrets.token_hex(8)}"
    probe.mkdir()  # whoever may write into it may write into the folders of the dataset
    try:
        yield probe
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _misfit(answer: Any, reach: Reach) -> str | None:
    """What is wrong with a worker and what to do, or None."""
    if isinstance(answer, Exception):
        return f"does not answer: {answer}; start it anew"
    return _other_code(answer, reach.model) or _other_files(answer, reach.output)


def _other_code(answer: Mapping[str, Any], model: str) -> str | None:
    if answer["python"] != worker_questions.python():
        return f"runs Python {answer['python']}, and this is Python {worker_questions.python()}: use the same on all machines"
    ours = {name: worker_questions.version_of(name) for name in DISTRIBUTIONS}
    if answer["stamp"] is None:
        return f"has no Factwire: install factwire[dask]=={pipeline.__version__} in its environment, and start it anew"
    for name, theirs in answer["distributions"].items():
        if theirs != ours[name]:
            return f"has {name} {theirs or 'not'}, and here it is {ours[name]}: install the same, and start it anew"
    if answer["stamp"] != STAMP:
        return "runs other code of Factwire than this, under the same version: install the same, and start it anew"
    return _other_model(answer["model"], model)


def _other_model(theirs: str | None, model: str) -> str | None:
    ours = worker_questions.version_of(model)
    if theirs is None:
        return f"has no spaCy model {model!r}: install it there"
    if theirs != ours:
        return f"has the spaCy model {model!r} {theirs}, and here it is {ours or 'not installed'}: install the same"
    return None


def _other_files(answer: Mapping[str, Any], output: Path) -> str | None:
    shared = "sources and the dataset must lie on a file system that all machines share, by the same path"
    if answer["unwritten"]:
        return f"cannot write into {output} ({answer['unwritten']}): {shared}, and its user must be allowed to write there"
    if answer["unseen"]:
        more = f" and {len(answer['unseen']) - 1} more" if answer["unseen"][1:] else ""
        return f"does not see {answer['unseen'][0]}{more} as it is here: {shared}"
    return None
