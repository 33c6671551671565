"""How far facts agree with MEANTIME's events: certainty, polarity and time of the events whose word is a fact's predicate.

    python -m tests.quality.meantime_events meantime_events.jsonl

MEANTIME (Minard et al. 2016) tells certain from possible and probable, positive from negative, future from not future; what it calls
underspecified is left out. An event is uncertain to us where the clause is hypothetical or its modality alleged, possible or
conditional; negative where it is negated, refused or denied; future where it is planned, threatened or demanded.
"""

import argparse
import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
quick = importlib.import_module("quick")

from schemas.fact import Fact  # noqa: E402
from transforms.extract import rows_of  # noqa: E402

_GOLD = {
    "certainty": {"CERTAIN": "certain", "POSSIBLE": "uncertain", "PROBABLE": "uncertain"},
    "polarity": {"POS": "positive", "NEG": "negative"},
    "time": {"FUTURE": "future", "NON_FUTURE": "not future"},
}


def told(fact: Fact) -> dict[str, str]:
    """A fact's certainty, polarity and time in MEANTIME's classes."""
    uncertain = fact.status == "hypothetical" or fact.modality in ("alleged", "possible", "conditional")
    negative = fact.polarity == "negative" or fact.status in ("refused", "denied")
    future = fact.status in ("planned", "threatened", "demanded")
    return {
        "certainty": "uncertain" if uncertain else "certain",
        "polarity": "negative" if negative else "positive",
        "time": "future" if future else "not future",
    }


def matched(spans: list[dict[str, Any]], facts: tuple[Fact, ...]) -> Iterator[tuple[dict[str, Any], Fact]]:
    """Events with the fact whose predicate lies in their words."""
    for span in spans:
        hit = next((f for f in facts if span["start"] <= f.predicate_start and f.predicate_end <= span["end"]), None)
        if hit is not None and "certainty" in span:
            yield span, hit


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("set", type=Path)
    a = ap.parse_args()
    gold = [json.loads(line) for line in a.set.read_text("utf-8").splitlines() if line.strip()]
    pairs: dict[str, Counter[tuple[str, str]]] = {attribute: Counter() for attribute in _GOLD}
    events = found = 0
    for article, one in zip(gold, quick.docs_of(a.set, gold, refresh=False), strict=True):
        events += sum("certainty" in s for s in article["spans"])
        for span, fact in matched(article["spans"], tuple(rows_of(one).facts)):
            found += 1
            for attribute, classes in _GOLD.items():
                if (wanted := classes.get(span.get(attribute) or "")) is not None:
                    pairs[attribute][wanted, told(fact)[attribute]] += 1
    print(f"{found} of {events} events are predicates of facts (MEANTIME's are nouns too)")
    for attribute, counted in pairs.items():
        same = sum(n for (wanted, got), n in counted.items() if wanted == got)
        print(f"{attribute}: {same / counted.total():.1%} of {counted.total()} agree")
        for (wanted, got), n in sorted(counted.items()):
            print(f"  {wanted} to MEANTIME, {got} to us: {n}")


if __name__ == "__main__":
    main()
