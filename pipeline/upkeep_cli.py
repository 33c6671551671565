"""The verbs that look after a dataset: retry, compact, forget and doctor. Heavy imports stand inside the verbs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.arguments import Workers
from pipeline.ended import Ended
from pipeline.options import workers

Output = Annotated[Path, typer.Argument(metavar="OUT", help="The dataset's folder.", show_default=False)]


def retry(
    ctx: typer.Context,
    output: Output,
    worker_count: Workers = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print the account as JSON on stdout.")] = False,
) -> None:
    """Read again what could not be read. What succeeds is set aside no more. Beam's own options may follow behind --."""
    from pipeline import show
    from pipeline.retry import retry as start

    retried = start(output, workers=workers(worker_count), beam=tuple(ctx.obj or ()))
    print(json.dumps(retried.as_dict(), indent=1)) if as_json else show.retried(retried)
    raise Ended(retried.exit_code)


def compact(output: Output) -> None:
    """Merge a dataset's small files and fold its manifests. The rows stay the same."""
    from pipeline.compact import compact as start

    print(start(output))


def forget(
    output: Output,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="The article's web address.")] = None,
    article: Annotated[str | None, typer.Option("--article", metavar="ID", help="The article's article_id.")] = None,
) -> None:
    """Take an article out of a dataset for good. Its text and rows go from every file, and it is not read again."""
    from pipeline.forget import forget as start

    print(start(output, url=url, article=article))


def doctor(
    output: Annotated[Path | None, typer.Argument(metavar="OUT", help="A dataset to be looked through.", show_default=False)] = None,
) -> None:
    """Say whether all is in order. Looks at the environment, and at a dataset if one is named; exit code 1 if something is wrong."""
    from pipeline import doctor as looking
    from pipeline.answers.layout import safe

    findings = [*looking.environment(), *(looking.dataset_at(output) if output else ())]
    for finding in findings:
        print(f"{'ok   ' if finding.fine else 'WRONG'}  {safe(finding.told)}")
    raise Ended(0 if all(finding.fine for finding in findings) else 1)


VERBS = (retry, compact, forget, doctor)
