"""make bench: speed and memory as ratios within one run; absolute times of a shared machine say nothing.

    python -m tests.bench [--articles FILE.jsonl] [--count N] [--rounds N]
    python -m tests.bench --against FOLDER|WHEEL [--articles FILE.jsonl] [--count N] [--rounds N]
    python -m tests.bench --nothing-new [N]
    python -m tests.bench --growth [COMMITS]
    python -m tests.bench --long --articles FILE.jsonl [--rounds N]
    python -m tests.bench.poll_to_commit
    python -m tests.bench.engine_costs [--count N]
    python -m tests.bench.stores [--count N] [--rounds N]
    python -m tests.bench.report_opening [--rounds N]

Prints how many times as fast one worker of the whole pipeline is as stock spaCy alone on the same articles, both in processor time, what each
stage of it takes, how it stands to CoreNLP where Java and CORENLP_HOME are there, what it costs to parse where it can be killed, the peak memory
of a worker over few and over many articles, what a watch takes from a poll to the commit of one article, and what a report of 5,000 articles
costs a browser to open against one of 500. With --against it tells instead how this checkout stands to one of another commit, which has an
environment of its own, or to the wheel of `make compiled`, turn about; with --nothing-new, what a run costs that finds nothing new over a dataset
of N articles; with --growth, what it costs to open, ask and add to a dataset of 1,000 commits and 1,000,000 articles against one of ten and
10,000 (minutes); with --long, whether an article costs the same in a run over the whole file as in one over 2,000 of it (as long as that takes).
Nothing here asserts a time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import against, corenlp, engine_costs, growth, long, poll_to_commit, report_opening, stages
from tests.bench.article_files import SEEDS, first
from tests.bench.nothing_new import compared


def measured(what: str, source: Path) -> dict[str, float]:
    """The figures that a fresh process reports, so that neither side warms up the other."""
    argv = [sys.executable, "-m", f"tests.bench.{what}", str(source)]
    p = subprocess.run(argv, env=against.ENVIRONMENT, capture_output=True, text=True, check=False)
    if p.returncode:
        sys.exit(f"{what} ended {p.returncode}: {p.stderr[-2000:]}")
    return dict(json.loads(p.stdout.splitlines()[-1]))


def _speed(source: Path, one: Path, count: int, rounds: int) -> str:
    """One worker against stock spaCy, turn about."""
    taken = [(measured("stock", source)["seconds"], against.Cost.of(against.HERE, source, one)) for _ in range(rounds)]
    stock, ours = min(seconds for seconds, _ in taken), against.Cost.least([cost for _, cost in taken])
    return (
        f"{count} articles, one worker of the whole pipeline against stock spaCy alone: {stock / ours.net:.2f} times as fast after start-up, "
        f"{stock / ours.whole:.2f} times with it; start-up to the first article {ours.start:.1f} s, a run with nothing new {ours.nothing_new:.1f} s "
        "of the processor here; by stage:"
    )


def _corenlp(source: Path, one: Path) -> str:
    """One worker against CoreNLP, or why they were not compared."""
    why = corenlp.lacking()
    if why:
        return f"not compared with CoreNLP: {why}"
    theirs, ours = corenlp.seconds(source, one), against.Cost.of(against.HERE, source, one).net
    return f"against CoreNLP with quotes and coreference, one thread: {theirs / ours:.1f} times as fast after start-up"


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--articles", type=Path, default=SEEDS)
    ap.add_argument("--count", type=int, default=300)
    ap.add_argument("--rounds", type=int, default=2)
    ap.add_argument("--memory", type=int, nargs=2, default=(500, 2000), metavar=("FEW", "MANY"))
    ap.add_argument("--nothing-new", type=int, nargs="?", const=100_000, metavar="N")
    ap.add_argument("--growth", type=int, nargs="?", const=1_000, metavar="COMMITS")
    ap.add_argument("--long", action="store_true")
    ap.add_argument("--against", type=Path, metavar="FOLDER")
    a = ap.parse_args()
    if a.growth:
        with tempfile.TemporaryDirectory() as tmp:
            print(growth.compared(a.growth, a.rounds, Path(tmp)))
        return
    if a.long:
        print(long.compared(a.articles, long.FEW, a.rounds))
        return
    if a.nothing_new:
        with tempfile.TemporaryDirectory() as tmp:
            print(compared(a.nothing_new, a.rounds, Path(tmp)))
        return
    with tempfile.TemporaryDirectory() as tmp:
        source, one = first(a.articles, a.count, Path(tmp)), first(a.articles, 1, Path(tmp))
        if a.against:
            of = a.against.resolve()
            print(against.compared(against.unpacked(of, Path(tmp, of.stem)) if of.suffix == ".whl" else of, source, one, a.rounds))
            return
        print(_speed(source, one, a.count, a.rounds))
        print(stages.table(measured("stages", source)))
        print(_corenlp(source, one))
        parsing = measured("parsing", source)
        for kind in ("page", "feed"):
            here, apart = parsing[f"{kind} here"], parsing[f"{kind} apart"]
            print(f"parsing a {kind} apart costs {100 * (apart / here - 1):.0f} % over parsing it here ({1000 * apart:.1f} ms)")
        fixed = measured("fixed", source)
        print(f"what Beam costs a slice, kept built against built anew: {fixed['kept'] / fixed['anew']:.2f} times")
        few, many = (against.Cost.of(against.HERE, first(a.articles, n, Path(tmp)), one).peak for n in a.memory)
        print(
            f"peak memory of a worker: {few:.0f} MB after {a.memory[0]} articles, {many:.0f} MB after {a.memory[1]}: {many / few:.2f} times"
        )
    poll_to_commit.main([])
    engine_costs.main([])
    report_opening.main([])


if __name__ == "__main__":
    main()
