#!/usr/bin/env bash
# Apache Beam 2.77: in the patterns of its filesystems "**" is any text, not any number of folders. "news/**/*.jsonl" wants a "/" behind the text, so
#   that the files in news/ itself are left out without a word, which Python's glob, shells and .gitignore all take; and "a**.jsonl" reaches into folders.
#   Cure: ask for the pattern with and without each "**/", and write any other "**" as "*".
#
# Seen:
#   Beam: ['news/b/two.jsonl']
#   glob: ['news/b/two.jsonl', 'news/one.jsonl']
set -euo pipefail

python3 - <<'PY'
import glob
import os
import sys
import tempfile
from pathlib import Path

from apache_beam.io.filesystems import FileSystems

with tempfile.TemporaryDirectory() as folder:
    for place in ("news/one.jsonl", "news/b/two.jsonl"):
        path = Path(folder, place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    pattern = f"{folder}/news/**/*.jsonl"
    beam = sorted(os.path.relpath(m.path, folder) for m in FileSystems.match([pattern])[0].metadata_list)
    disk = sorted(os.path.relpath(path, folder) for path in glob.glob(pattern, recursive=True))
print("Beam:", beam)
print("glob:", disk)
sys.exit(not (beam == ["news/b/two.jsonl"] and len(disk) == 2))
PY
