# Everything a checkout needs: `make run`, `make test`. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check format slow bench notebooks lock clean

help: ## Show what there is.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/'

run: $(VENV)/.installed ## Read every PDF of data/raw and publish to data/clean/latest.
	@$(BIN)/renja run

test: check ## Lint, types, import contracts and the fast tests.
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev ## Everything of `make test` but the tests.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev ## Put the code in its one format.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

slow: $(VENV)/.installed-dev ## The tests that take minutes or read scans.
	$(BIN)/python -m pytest -m slow

bench: $(VENV)/.installed-dev ## Measure speed and memory.
	$(BIN)/python -m benchmarks

notebooks: $(VENV)/.installed-dev ## Run the notebooks.
	$(BIN)/python -m pytest --nbmake notebooks

lock: $(VENV)/.installed-dev ## Renew requirements.lock from pyproject.toml alone.
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --no-input install --quiet -e '.[dev,dask,s3]'
	@{ echo "# Constraints: the versions of a real installation of renja[dev,dask,s3] with Python 3.11."; \
	   echo "# Renew with 'make lock' after a change of the dependencies in pyproject.toml."; \
	   build/lock/bin/python -m pip freeze --exclude-editable; } > requirements.lock

clean: ## Remove what can be made again: environment, store, caches.
	rm -rf $(VENV) .renja build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("renja needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml requirements.lock
	@echo "installing renja into $(VENV) (once, a few minutes)"
	@$(PIP) --constraint requirements.lock --editable .
	@touch $@

$(VENV)/.installed-dev: $(BIN)/python pyproject.toml requirements.lock
	@echo "installing renja and its development tools into $(VENV) (once, a few minutes)"
	@$(PIP) --constraint requirements.lock --editable '.[dev]'
	@touch $(VENV)/.installed $@
