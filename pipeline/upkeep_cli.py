"""The verbs that look after a dataset: compact and forget. Heavy imports stand inside the verbs."""

from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[Path, typer.Argument(metavar="OUT", help="The dataset's folder.", show_default=False)]


def compact(output: Output) -> None:
    """Merge a dataset's small files and fold its manifests; the rows stay the same."""
    from pipeline.compact import compact as start

    print(start(output))


def forget(
    output: Output,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="The article's web address.")] = None,
    article: Annotated[str | None, typer.Option("--article", metavar="ID", help="The article's article_id.")] = None,
) -> None:
    """Take an article out of a dataset for good: its text and rows, from every file; it is not read again."""
    from pipeline.forget import forget as start

    print(start(output, url=url, article=article))


VERBS = (compact, forget)
