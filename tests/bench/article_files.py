"""The articles that a bench runs over."""

import json
from pathlib import Path

SEEDS = Path(__file__).parent.parent.parent / "seeds" / "wikinews.jsonl"


def first(source: Path, count: int, folder: Path) -> Path:
    """A file of `count` articles; a smaller set is gone through again under new ids."""
    lines = [json.loads(line) for line in source.read_text("utf-8").splitlines() if line.strip()]
    chosen = [lines[i % len(lines)] | {"id": f"{lines[i % len(lines)].get('id')}-{i}"} for i in range(count)]
    out = folder / f"{count}.jsonl"
    keep = ("id", "title", "text", "published_at")
    out.write_text("".join(json.dumps({k: d[k] for k in keep if d.get(k)}) + "\n" for d in chosen), "utf-8")
    return out
