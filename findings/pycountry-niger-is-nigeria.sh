#!/usr/bin/env bash
# pycountry 26.2.16: the first answer of search_fuzzy need not be the country whose name was asked for.
#   It counts points for each of its passes, and a name that contains the word gets them as the word itself does: "Niger" gives Nigeria first,
#   "Korea" North Korea, "Kosovo" Serbia (by a subdivision). lookup("Congo") is Congo-Brazzaville without a word of the other, while names of
#   long ago or of every day (Turkey, Russia, Ivory Coast) are not found by lookup at all.
#   Cure: an exact name before all else, and nothing where two fit.
#
# Seen: search_fuzzy("Niger")[0] is NG; lookup("Niger") is NE
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16

cat >"$here/seen.py" <<'PY'
import pycountry

for asked in ("Niger", "Korea", "Kosovo"):
    print("search_fuzzy", asked, [found.alpha_2 for found in pycountry.countries.search_fuzzy(asked)][:2])
for asked in ("Niger", "Congo", "Turkey", "Russia"):
    try:
        print("lookup", asked, pycountry.countries.lookup(asked).alpha_2)
    except LookupError:
        print("lookup", asked, "nothing")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
search_fuzzy Niger ['NG', 'NE']
search_fuzzy Korea ['KP', 'KR']
search_fuzzy Kosovo ['RS']
lookup Niger NE
lookup Congo CG
lookup Turkey nothing
lookup Russia nothing
END
