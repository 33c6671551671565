# One virtual environment, made from the lock file; every target builds what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DATA ?=

.PHONY: demo test check quality bench torture corpus fuzz soak clean lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

demo: $(READY)
	$(BIN)/python -m pipeline.demo

test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile -m "not soak"

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

quality: $(READY)
	$(BIN)/python -m tests.quality $(if $(DATA),--data $(DATA)) $(if $(JSON),--json)

bench: $(READY)
	$(BIN)/python -m tests.bench

torture: $(READY)
	$(BIN)/python -m tests.torture $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(EACH),--each $(EACH)) $(if $(RUNS),--runs $(RUNS))

corpus: $(READY)
	$(BIN)/python -m tests.corpus $(if $(DATA),--corpus $(DATA))

fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-fuzz.lock
	$(BIN)/python -m tests.fuzz $(if $(TIME),--time $(TIME))

prism: $(READY)
	$(BIN)/python -m pipeline.engines.prism_built
soak: $(READY)
	$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES))

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra dev --extra dask pyproject.toml -o requirements.lock
	echo "atheris==3.0.0; sys_platform == 'linux'" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate - -o requirements-fuzz.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .cache demo
