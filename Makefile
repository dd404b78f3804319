# Two commands do everything on a fresh machine: `make rehearsal` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TOXIPROXY := .cache/.toxiproxy

.PHONY: rehearsal rehearsal-unprepared rehearse-all smoke selftest matrix explore test lint types imports unit e2e bench setup lock clean
.DEFAULT_GOAL := rehearsal

rehearsal: setup  ## rehearse the closing night and judge it
	$(BIN)/rehearse run closing-night

rehearsal-unprepared: setup  ## the same night in a country that is not prepared: ends MISSED, exit code 1
	$(BIN)/rehearse run closing-night-unprepared

rehearse-all: setup  ## the whole calendar, prepared and unprepared, the sweep, the conversion: for the night
	@worst=0; for each in all readiness conversion requirements; do \
	$(BIN)/rehearse $$each; ended=$$?; [ $$ended -ne 130 ] || exit 130; \
	[ $$ended -le $$worst ] || worst=$$ended; done; exit $$worst

smoke: setup  ## a quarter of a minute with a handful of visitors
	$(BIN)/rehearse run smoke

selftest: setup  ## plant every defect and look for it; clean controls for false alarms
	$(BIN)/rehearse selftest

matrix: setup  ## the closing night under every single fault of every dependency
	$(BIN)/rehearse matrix closing-night

explore: setup  ## which load and which trigger bring a country with unbounded retries down for good?
	$(BIN)/rehearse explore metastable

setup: $(STAMP) $(TOXIPROXY)

$(STAMP): requirements.lock pyproject.toml
	@echo "set-up: Python environment in $(VENV), dependencies pinned by hash in requirements.lock"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it with PYTHON=")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(TOXIPROXY): $(STAMP) chaos/finding.py
	@echo "set-up: Toxiproxy, found on this machine, fetched as a container or built with go install"
	@$(BIN)/python -m chaos fetch
	@mkdir -p $(@D) && touch $@

test: setup lint types imports unit e2e  ## everything that must hold

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/pytest -m "not e2e" --numprocesses auto --dist loadfile

e2e: setup
	$(BIN)/pytest -m e2e --numprocesses 3 --dist loadfile

bench: setup  ## timings, never asserted; what the README says of them is written anew
	$(BIN)/python -m bench.generators
	$(BIN)/python -m bench.swarm
	$(BIN)/python -m bench.frozen --rate 1500
	$(BIN)/python -m bench.queueing --seeds 2
	$(BIN)/python -m bench.coverage --seeds 500
	$(BIN)/python -m bench.reports
	$(BIN)/python -m bench.mocks
	$(BIN)/python -m bench.dossiers
	$(BIN)/python -m bench.ledger --core 1 | $(BIN)/python -m bench.table keep ledger
	$(BIN)/python -m bench.conversion --core 1 | $(BIN)/python -m bench.table keep conversion
	$(BIN)/python -m bench.table write

lock: $(STAMP)  ## pin all dependencies anew; the lock file names no registry
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev --upgrade pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
