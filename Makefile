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

# Without the advertisement for the theme's successor. Not --quiet: it would hide the warnings from --strict, too.
MKDOCS = NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

.DELETE_ON_ERROR:
.PHONY: help install generate format check mypy pyright lint docs test test-fast test-servers test-matrix test-browser test-terminal demo chat drift bench code-size build release-check release-ready release clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(INSTALLED) ## create .venv with everything that the other targets need

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Try: make PYTHON=python3.12 install" >&2; exit 1; }
	@echo "installing into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --constraint constraints.txt --editable '.[dev,docs]'
	@touch $@

generate: $(INSTALLED) ## generate generated/ from openapi.yaml, and the sync code from the async code
	$(BIN)/python tools/generate.py

format: $(INSTALLED) ## format the code, and fix what the linter can fix
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# In parts, so that `make --jobs 2 check` uses two cores. The longest ones are first.
check: mypy pyright lint docs ## lint, check types and import direction, and check that the generated code is up to date

mypy: $(INSTALLED)
	$(BIN)/mypy

pyright: $(INSTALLED)
	$(BIN)/pyright --pythonpath $(BIN)/python

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/python tools/generate.py --check

# Its links, its anchors and its docstrings are checked too. Nothing is downloaded.
docs: $(INSTALLED) ## build the site of the docs in site/; start at site/index.html
	$(MKDOCS)

# More processes than cores: many tests wait, for a server or for a timeout.
test: $(INSTALLED) ## run all tests, including those against a real local server
	$(BIN)/python -m pytest --numprocesses 6 --dist worksteal

test-fast: $(INSTALLED) ## run the tests that need no real server and take little time
	$(BIN)/python -m pytest --numprocesses 6 --dist worksteal -m "not live and not exhaustive"

# One process: the servers are started once. What they need is installed into .cache/.
test-servers: $(INSTALLED) ## run the tests of LangGraph.js and Aegra on both servers (20 minutes); needs Node.js and PostgreSQL
	OTHER_SERVERS=real $(BIN)/python -m pytest tests/other_servers

test-matrix: $(INSTALLED) ## run the live tests against several servers, with each Python that is present (42 minutes, longer on a busy machine)
	$(BIN)/python tools/matrix.py

test-browser: docs ## test the site and the chat in Chromium; needs it (apt-get install chromium chromium-driver)
	$(BIN)/python tools/browse.py site
	$(BIN)/python -m pytest tests/browser

test-terminal: $(INSTALLED) ## type in a terminal, and read its screen; needs tmux (apt-get install tmux)
	$(BIN)/python -m pytest tests/terminal

demo: $(INSTALLED) ## start a local server and run the examples
	$(BIN)/python tools/demo.py

chat: $(INSTALLED) ## start a local server and the chat of examples/chat, until Ctrl-C
	$(BIN)/python tools/chat.py

drift: $(INSTALLED) ## compare openapi.yaml with what a server documents (URL=..., or a local one)
	$(BIN)/python tools/drift.py $(URL)

bench: $(INSTALLED) ## compare speed and memory with other clients (10 minutes); write docs/performance.md
	$(BIN)/python benchmarks/report.py

code-size: $(INSTALLED) ## count the lines of code of the wrapper; name its longest files and functions
	$(BIN)/python tools/code_size.py

# Both from the checkout; `make release-check` builds the wheel from the sdist, too, and compares them.
build: $(INSTALLED) ## build the wheel and the sdist in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --sdist --wheel

# Three times as long if only one core is free.
release-check: build ## check the wheel and the sdist, and run the fast tests with the lowest and the newest dependencies (25 minutes)
	$(BIN)/python tools/release_check.py dist/*

release-ready: $(INSTALLED) ## list what is missing for a release: a commit, a new version, its tag, its changelog
	$(BIN)/python tools/release.py

release: ## check, test and build a release; uploads nothing
	$(MAKE) release-ready
	$(MAKE) check test release-check
	$(MAKE) release-ready

clean: ## remove .venv, dist/, site/ and all caches
	rm -rf .venv* .cache dist site .generate-* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
