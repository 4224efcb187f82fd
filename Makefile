# Solbook: `make` lists the tasks. Each does its own set-up; all a machine needs is Python 3.11 or
# later and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What `demo` needs, and what developers need besides.
READY  := $(VENV)/.ready
DEV    := $(VENV)/.ready-dev
# The installation builds these.
FRONT  := hatch_build.py $(shell find frontend -name node_modules -prune -o -type f -print)
# Saved data to show in the demo, if there is any beside the clone.
DEMO_FROM ?= $(wildcard ../shared/data)
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check format frontend bench soak clean

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

define make-venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "Solbook needs Python 3.11 or later; found $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
$(PYTHON) -m venv $(VENV)
endef
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(READY): pyproject.toml $(FRONT)
	$(make-venv)
	$(PIP) --editable .
	@touch $@

$(DEV): pyproject.toml $(FRONT)
	$(make-venv)
	$(PIP) --editable '.[dev]'
	@touch $@ $(READY)

demo: $(READY) ## Serve the newest frames, off line a simulated mission, at http://127.0.0.1:8000/
	$(BIN)/solbook demo --port $(PORT) $(if $(DEMO_FROM),--from $(DEMO_FROM))

# The long files begin first (tests/conftest.py says which), so that none is left alone at the end.
TWO := -n 2 --dist loadfile --no-loadscope-reorder --durations=15

test: $(DEV) ## Run every test
	$(BIN)/pytest $(TWO) -m 'not soak'

test-fast: $(DEV) ## Run the tests that need no browser and no outside client
	$(BIN)/pytest $(TWO) -m 'not soak and not browser and not clients'

check: $(DEV) ## Check style, types and the rooms' imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py types

format: $(DEV) ## Put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

frontend: $(DEV) ## Check the types of the front end and build it
	$(BIN)/python hatch_build.py types
	$(BIN)/python hatch_build.py build

bench: $(DEV) ## Run the benchmarks; each prints ratios against a peer of the same run
	$(PIP) --editable '.[bench]'
	$(BIN)/python -m bench

soak: $(DEV) ## Run the tests that take minutes
	$(BIN)/pytest -m soak

clean: ## Remove everything that can be made again
	rm -rf $(VENV) frontend/node_modules src/solbook/site/static/built .cache demo-archive dist .mypy_cache .ruff_cache .pytest_cache
