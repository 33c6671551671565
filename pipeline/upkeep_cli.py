"""The verbs that begin one or look after one: init, correct, retry, compact, forget and doctor. Heavy imports stand inside the verbs."""

import datetime as dt
import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from pipeline.arguments import AsJson, LogJson, Output, Verbose, Workers
from pipeline.config_file import Config
from pipeline.ended import Ended
from pipeline.options import UsageError, workers
from pipeline.progress.choice import followed


def retry(
    ctx: typer.Context,
    output: Output,
    worker_count: Workers = "auto",
    as_json: AsJson = False,
    verbose: Verbose = False,
    log_json: LogJson = False,
    config: Config = None,
) -> None:
    """Read again what could not be read. What succeeds is set aside no more. Beam's own options may follow behind --."""
    from pipeline import show
    from pipeline.retry import retry as start

    with followed(verbose=verbose, log_json=log_json) as progress:
        retried = start(output, workers=workers(worker_count), beam=tuple(ctx.obj or ()), progress=progress)
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
    older_than: Annotated[
        str | None, typer.Option("--older-than", metavar="AGE", help="All articles older than so much: 90d, 12w, 18mo, 2y.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --older-than: say how much it would be, write nothing.")] = False,
) -> None:
    """Take articles out of a dataset for good. Their texts and rows go from every file, and they are not read again."""
    if older_than is None:
        from pipeline.forget import forget as start

        if dry_run:
            raise UsageError("--dry-run goes with --older-than; factwire show OUT ARTICLE shows one article")
        print(start(output, url=url, article=article))
        return
    if url or article:
        raise UsageError("--older-than takes all old articles out; leave --url and --article out, or leave it out")
    from pipeline import retention
    from pipeline.dataset import Dataset

    before = retention.cutoff(older_than, dt.datetime.now(dt.UTC))
    print(retention.looked(Dataset.open(output), before) if dry_run else retention.forget_older(output, before))


def correct(
    output: Output,
    row: Annotated[
        str | None, typer.Argument(metavar="ROW_ID", help="The row's id, or how it begins; none with --add.", show_default=False)
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; it is shown with the row.")] = "",
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="COLUMN=VALUE", help="What a column is; may be given again. Empty: not said.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="The row is false: leave it out.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Undo all corrections of the row.")] = False,
    add: Annotated[
        str | None, typer.Option("--add", metavar="TABLE", help="A row is missing in this table: add it over --text of --article.")
    ] = None,
    article: Annotated[
        str | None, typer.Option("--article", metavar="ARTICLE", help="Of a row that is added: its article, as in factwire show.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="WORDS", help="Of a row that is added: the words that it stands on, as they are.")
    ] = None,
    place: Annotated[
        int | None, typer.Option("--place", metavar="N", help="Which of them, from 1, where the article has these words more than once.")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FOLDER", help="Write what was put right as case files, tests of the rules.")
    ] = None,
) -> None:
    """Put a row right. Files stay as the rules made them; queries, exports and pages show what holds, and why."""
    from pipeline import correct as correcting

    given = {"--set": sets and not add, "--drop": drop, "--undo": undo, "--add": add, "--cases": cases}
    ways = [name for name, value in given.items() if value]
    if len(ways) != 1:
        raise UsageError("say what to put right by one of --set, --drop, --undo and --add, or where to write it as cases by --cases")
    if cases:
        from pipeline.answers.cases import write_cases

        for path in write_cases(output, cases):
            print(path)
        return
    if add:
        if row or article is None or text is None:
            raise UsageError("--add TABLE takes --article and --text, and no ROW_ID")
        print(correcting.add(output, add, article, text, sets or (), why, place=place))
    elif row is None or article or text or place:
        raise UsageError(f"{ways[0]} takes a ROW_ID, and nothing of what --add takes")
    elif sets:
        print(correcting.correct(output, row, sets, why))
    else:
        print(correcting.drop(output, row, why) if drop else correcting.undo(output, row, why))


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


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made if it is not there.", show_default=False)],
) -> None:
    """Make a folder to begin with. It has a commented factwire.toml, a sample article, sample feeds; nothing is written over."""
    from pipeline.answers.layout import safe
    from pipeline.beginning import begin

    for path in begin(folder):
        print(safe(path))
    print(f"\nnow: cd {shlex.quote(safe(folder))} && factwire run && factwire query facts not-done")


VERBS = (init, correct, retry, compact, forget, doctor)
