#!/bin/sh
# install.sh LOCK WHEEL: what a worker of an engine needs, into the Python that comes first on PATH. The image runs it, and a test does.
set -eu

lock=$1 wheel=$2

# The locked requirements, the model among them, each by its hash; then Factwire, which may bring nothing that is not in the lock.
python -m pip install --disable-pip-version-check --no-cache-dir --no-deps --require-hashes -r "$lock"
python -m pip install --disable-pip-version-check --no-cache-dir --no-deps "$wheel"
python -m pip check

# It starts, and finds its model.
factwire --version
echo 'The firm said on Monday that it had cut 1,200 jobs.' | factwire extract - --published-at 2024-05-06 --format json | grep --quiet '"1,200"'
