"""`make demo`: the main job on the sample articles and feeds, and what it found."""

import sys
from pathlib import Path

from rich.text import Text

import seeds
from pipeline import show
from pipeline.answers.named import Narrowed
from pipeline.answers.screen import out
from pipeline.dataset import Dataset
from pipeline.dataset.views import connect
from pipeline.options import RunOptions
from pipeline.progress.choice import followed
from pipeline.report.chosen import Wanted
from pipeline.report.page import report
from pipeline.run import run

_OUT = Path("demo")
_PAGE = Path("demo.html")
_FIRST = "Mexico Refuses Trump’s Offer of Military Deployment"


def main() -> int:
    """Run the main job on the seeds into ./demo, print the facts of the first article, the account, and where dataset and page lie."""
    folder = Path(seeds.__file__).parent
    sources = (str(folder / "articles"), str(folder / "feeds"))
    print(
        f"Reading the sample articles and feeds into {_OUT}/. Beam and the language model are loaded first: some ten seconds.", flush=True
    )
    with followed() as progress:
        ended = run(RunOptions(sources=sources, output=_OUT), progress=progress)
    console = out()
    console.print(Text(f"\n{_FIRST}\n", style="bold"))
    with connect(Dataset.open(_OUT)) as connection:
        names = dict(connection.execute("SELECT DISTINCT actor_id, canonical_name FROM actors").fetchall())
        for table in ("figures", "dates", "quotes", "facts"):
            sql = f'SELECT f.* FROM {table} f JOIN articles a USING (article_id) WHERE a.title = $title ORDER BY f.start, f."end"'
            found = connection.execute(sql, {"title": _FIRST})
            columns = [d[0] for d in found.description or ()]
            show.glance(table, [dict(zip(columns, row, strict=True)) for row in found.fetchall()], names)
    show.outcome(ended, _OUT)
    report(_OUT, _PAGE, Wanted(Narrowed()))
    console.print(Text(f"\nlook at it in a browser:  {_PAGE}"))
    console.print(Text(f"ask it:  {Path(sys.executable).parent / 'factwire'} query {_OUT}"))
    return ended.exit_code


if __name__ == "__main__":
    sys.exit(main())
