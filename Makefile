# The one menu. `make` alone shows it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --require-virtualenv --no-input

# Handed to the program where they are given: make run PORT=8100 DATA_DIR=/srv/childcare
ifdef PORT
export PORT
endif
ifdef DATA_DIR
export DATA_DIR
endif

.PHONY: help
help: ## Show this menu
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: run
run: .venv/run ## Run it with demo data (PORT=8000 DATA_DIR=.data); Ctrl-C stops the database too
	@exec $(BIN)/childcare-api run

.PHONY: tour
tour: .venv/run ## Walk the main job against the running server (PORT=8000 DATA_DIR=.data)
	@$(BIN)/childcare-api tour

.PHONY: test
test: .venv/dev ## Run the tests on a private PostgreSQL
	@# In memory where there is room for it: databases made and thrown away by the dozen are half the time otherwise.
	if [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null; then export TMPDIR=/dev/shm; fi
	exec $(BIN)/pytest -n 2

.PHONY: lint
lint: .venv/dev ## Check style, types and which module may import which
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: .venv/dev ## Put the code into its one format
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: openapi
openapi: .venv/dev ## Write openapi/openapi.json anew
	@$(BIN)/childcare-api openapi --output openapi/openapi.json

.PHONY: problems
problems: .venv/dev ## Write docs/problems.md anew
	@$(BIN)/childcare-api problems >docs/problems.md

.PHONY: case-work
case-work: .venv/dev ## Write docs/case-work.md anew
	@$(BIN)/childcare-api case-work >docs/case-work.md

.PHONY: bench
bench: .venv/dev ## Measure the promised speeds beside a bare floor (needs wrk; CHILDREN="100000 1000000")
	@PYTHONPATH=. $(BIN)/python -m benchmarks $(foreach n,$(or $(CHILDREN),100000),--children $(n))

.PHONY: wheel
wheel: .venv/dev ## Build the wheel into dist/
	@$(PIP) wheel --no-deps --no-build-isolation --quiet --wheel-dir dist .

.PHONY: lock
lock: .venv/dev ## Choose the newest versions of everything we depend on, and lock them by hash
	@options="--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --quiet"
	export UV_CUSTOM_COMPILE_COMMAND="make lock"
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --upgrade $$options -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build -c requirements-dev.lock --upgrade $$options -o requirements.lock

.PHONY: clean
clean: ## Remove what was built and installed here; .data stays
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# One environment. Each mark says which locked list it holds; pip needs nothing but itself.
.venv/bin/python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	  echo "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv make" >&2; exit 1
	fi
	if ! "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null; then
	  echo "Python's venv is missing. On Debian: apt-get install python3-venv make" >&2; exit 1
	fi
	echo "Making .venv"
	"$(PYTHON)" -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	@if [ -e .venv/dev ] && [ .venv/dev -nt requirements.lock ] && [ .venv/dev -nt pyproject.toml ]; then touch $@; exit 0; fi
	echo "Installing what it needs into .venv (once)"
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	touch $@

.venv/dev: .venv/bin/python requirements-dev.lock pyproject.toml
	@echo "Installing what it and its tests need into .venv (once)"
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	touch $@
