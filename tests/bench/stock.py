"""Stock spaCy alone: every component, its own settings.

python -m tests.bench.stock ARTICLES.jsonl
"""

import json
import sys
import time
from pathlib import Path

import spacy

from transforms.parse.pinned_model import PINNED_MODEL


def main() -> None:
    texts = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    joined = [f"{d['title']}\n\n{d['text']}" if d.get("title") else d["text"] for d in texts]
    nlp = spacy.load(PINNED_MODEL)
    list(nlp.pipe(joined[:32], batch_size=32))
    started = time.process_time()
    for _ in nlp.pipe(joined, batch_size=32):
        pass
    print(json.dumps({"seconds": time.process_time() - started}))


if __name__ == "__main__":
    main()
