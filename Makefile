# One virtual environment, made from the lock file; every target builds what it needs. PYTHON=... names an interpreter for it.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
READY := environment
UV := .cache/uv/bin/uv
DATA ?=
TESTS ?=

.PHONY: $(READY) demo test engines services compiled compiled-tests check quality bench torture corpus fuzz prism soak soak-short clean dist lock wheels

$(READY):
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh .ci/environment

demo: $(READY)
	$(BIN)/python -m pipeline.demo

test: $(READY)
	@echo "The tests: 10 minutes on two quiet cores. What this machine lacks for some of them is told at the end; make engines tests Dask and Prism, make services Kafka and S3."
	@exec $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile -m "not soak and not engine and not service and not compiled" $(TESTS)

engines: $(READY)
	@echo "The tests of the engines beside the local one: 4 minutes on two quiet cores, and 2 more where Prism is to be built."
	@exec $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile -m "engine and not soak" $(TESTS)

services: $(READY)
	@echo "The tests with a broker of Kafka and an object store: 4 minutes on two quiet cores, and one more where Maven is to fetch the broker."
	@exec $(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m "service and not soak" $(TESTS)

compiled: $(READY)
	@echo "A wheel with compiled rules, for this Python and machine: 3 minutes."
	@PYTHON="$(BIN)/python" sh .ci/compiled

compiled-tests: $(READY)
	@echo "The tests that decide rows over compiled rules: 5 minutes on two quiet cores, 3 of them to compile."
	@exec $(BIN)/python -m pytest -m compiled tests/test_compiled.py

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

soak-short: $(READY)
	@echo "Two minutes of a watch on each engine and a day of commits each minute: four minutes on two cores."
	@exec $(BIN)/python -m pytest --numprocesses 2 --dist load -m soak tests/test_soak_watch.py tests/test_soak_month.py

$(UV):
	$(or $(PYTHON),python3) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate

lock: $(UV)
	$(COMPILE) --quiet --extra dev --extra dask --extra kafka pyproject.toml -o requirements.lock
	echo "atheris==3.0.0; sys_platform == 'linux'" | $(COMPILE) --quiet - -o requirements-fuzz.lock
	UV=$(UV) sh .ci/wheels

wheels: $(UV)
	UV=$(UV) sh .ci/wheels

dist: $(READY)
	@PYTHON="$(BIN)/python" sh .ci/distribution

clean:
	rm -rf $(VENV) build dist *.egg-info .cache demo demo.html
