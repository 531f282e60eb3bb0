# `make` alone lists the targets. They all run in .venv, with the versions pinned in constraints.txt.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The wheels contain all of pyright and of Node.js, so pyright neither looks for updates nor downloads anything.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
# Compiled files are kept: the processes of `make test`, and those that tests start, would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help install generate format check test test-fast demo bench code-size build release clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(INSTALLED) ## create .venv with everything that the other targets need

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Try: make PYTHON=python3.12 install" >&2; exit 1; }
	@echo "installing into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --constraint constraints.txt --editable '.[dev]'
	@touch $@

generate: $(INSTALLED) ## generate generated/ from openapi.yaml, and the sync code from the async code
	$(BIN)/python tools/generate.py

format: $(INSTALLED) ## format the code, and fix what the linter can fix
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: $(INSTALLED) ## lint, check types and import direction, and check that the generated code is up to date
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python tools/generate.py --check

# More processes than cores: many tests wait, for a server or for a timeout.
test: $(INSTALLED) ## run all tests, including those against a real local server
	$(BIN)/python -m pytest --numprocesses 6 --dist worksteal

test-fast: $(INSTALLED) ## run the tests that need no real server and take little time
	$(BIN)/python -m pytest --numprocesses 6 --dist worksteal -m "not live and not exhaustive"

demo: $(INSTALLED) ## start a local server and run the examples
	$(BIN)/python tools/demo.py

bench: $(INSTALLED) ## compare speed and memory with other clients (10 minutes); write docs/performance.md
	$(BIN)/python benchmarks/report.py

code-size: $(INSTALLED) ## count the lines of code of the wrapper; name its longest files and functions
	$(BIN)/python tools/code_size.py

build: $(INSTALLED) ## build the wheel and the sdist in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation

release: $(INSTALLED) ## check, test and build a release; uploads nothing
	$(BIN)/python tools/release.py
	$(MAKE) check test build
	$(BIN)/python tools/release.py dist/*

clean: ## remove .venv, dist/ and all caches
	rm -rf .venv* dist .generate-* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
