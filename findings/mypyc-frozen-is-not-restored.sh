#!/usr/bin/env bash
# mypy 2.4.1 (PyPI), whose mypyc compiles (a C compiler and Python's headers are needed): a frozen dataclass that is compiled can be pickled, and not
#   restored: pickle sets its fields one by one, for which plain Python's frozen dataclasses with slots have a way of their own, and the compiled
#   class refuses. It is found only where the object gets to another process, by then with all of the work on it done.
#   Cure: a `__reduce__` that gives the class and its values, as a call.
#
# Seen:
#   plain: Point(x=1, y=2)
#   compiled: FrozenInstanceError: cannot assign to field 'x'
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check mypy==2.4.1 setuptools==84.2.1

for form in plain compiled; do
    mkdir "$here/$form"
    cat >"$here/$form/points.py" <<'PY'
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int
PY
done
(cd "$here/compiled" && "$here/venv/bin/mypyc" points.py >"$here/log" 2>&1) || { cat "$here/log" >&2; exit 1; }

cat >"$here/seen.py" <<'PY'
import pickle
import sys

import points

form, suffix = sys.argv[1:]
assert points.__file__.endswith(suffix), points.__file__
data = pickle.dumps(points.Point(1, 2))
try:
    told = repr(pickle.loads(data))
except Exception as error:
    told = f"{type(error).__name__}: {error}"
print(f"{form}: {told}")
sys.exit(told != {"plain": "Point(x=1, y=2)", "compiled": "FrozenInstanceError: cannot assign to field 'x'"}[form])
PY
for form in plain:.py compiled:.so; do
    (cd "$here/${form%:*}" && PYTHONPATH=. "$here/venv/bin/python" "$here/seen.py" "${form%:*}" "${form#*:}")
done
