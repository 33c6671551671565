#!/usr/bin/env bash
# pip 25.3 and 26.0: with --python-version, wheels are chosen for that Python, but markers (`; python_version >= "3.14"`) are still judged by the
# Python that pip runs on. So a lock file with a line for each Python is "checked" with the wrong lines, or fails for want of a wheel that
# nobody would install. uv 0.13.9 judges markers by the Python that it is asked about. Seen, run on 3.11 and asked for another Python:
#   pip 25.3 took six-1.16.0-py2.py3-none-any.whl
#   pip 26.0 took six-1.16.0-py2.py3-none-any.whl
#   uv  0.13.9 took six==1.17.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
ours=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
other=3.13
[ "$ours" != "$other" ] || other=3.12
cat > lock.txt <<END
six==1.16.0 ; python_version == "$ours"
six==1.17.0 ; python_version != "$ours"
END
python3 -m venv venv
for version in 25.3 26.0; do
    venv/bin/python -m pip install --quiet --disable-pip-version-check "pip==$version"
    venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --python-version "$other" \
        --dest "pip-$version" -r lock.txt
    echo "pip $version took $(ls "pip-$version")"
    [ -f "pip-$version/six-1.16.0-py2.py3-none-any.whl" ] || { echo "no longer so"; exit 1; }
done
venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
found=$(venv/bin/uv pip compile --quiet --no-header --no-annotate --python-version "$other" lock.txt)
echo "uv  0.13.9 took ${found%% *}"
[ "$found" = "six==1.17.0" ] || { echo "no longer so"; exit 1; }
