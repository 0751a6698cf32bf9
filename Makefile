# The commands of the project. `make demo` on a fresh machine needs Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SHARED := ../shared

.PHONY: demo test check faults bench score readme lock clean

## demo: make the environment, ingest the sample reports, answer two questions
demo: $(VENV)/run.stamp
	@$(BIN)/python -m flows.demo

## test: every test
test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest -n 2

## check: lint, format, types, import rules
check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## faults: the table of faults in full
faults: $(VENV)/dev.stamp
	SHUXIANG_FAULTS=all $(BIN)/python -m pytest -n 2 tests/faults

## bench: the speed of the whole way, by stage
bench: $(VENV)/dev.stamp
	@$(BIN)/python tests/bench/run.py

## score: the extraction beside the answer keys
score: $(VENV)/run.stamp
	@$(BIN)/python tests/score.py $(SHARED)

## readme: put the real answers into the READMEs
readme: $(VENV)/run.stamp
	$(BIN)/python tests/readme_answers.py

## lock: resolve the packages anew (needs uv)
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade \
		pyproject.toml --extra build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q \
		pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock
	echo 'setuptools>=77' | uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-header -q - -c requirements.lock -o requirements-build.lock

clean:
	rm -rf $(VENV) var build dist *.egg-info

# Setuptools comes first: what has no wheel, and the project itself, is built with it, so that
# nothing is fetched that the lock does not know.
$(VENV)/run.stamp: requirements-build.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements-build.lock
	$(PIP) --require-hashes --no-build-isolation -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(PIP) --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@
