# Front door for people: `make demo`, `make test`, `make help` for the rest.
# Needs Python 3.11 or later, git, make and a package index; all else goes into .venv.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
CHECK := build/wheel-check
# The first of these that is recent enough makes .venv; `make test PYTHON=/path/to/python` names another.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
DEMO ?=
# How many charges `make bench` makes up.
N ?= 20000
# How many broken inputs `make mutants` makes up; N=… says so too.
MUTANTS := $(if $(filter command line environment,$(origin N)),$(N),1000000)

.PHONY: help demo setup test lint proof coverage mutation mutants bench wheel-check clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

# stdout is the demo's alone: its last line is the folder it made.
demo: $(VENV)/.installed ## one made-up month, settled, in ./evclear-demo (DEMO="--cdrs 200" passes options)
	@$(BIN)/evclear demo $(DEMO)

setup: $(VENV)/.installed-dev ## .venv with all that daily work needs

# Every check runs, also after one has failed, so that one run tells all.
test: $(VENV)/.installed-dev ## ruff, mypy, import contracts and all tests
	@status=0; \
	$(MAKE) lint || status=1; \
	workers=$$($(BIN)/python -c 'import os; print(2 if (os.cpu_count() or 1) > 1 else 0)'); \
	echo "== pytest -n $$workers"; $(BIN)/python -m pytest -n $$workers || status=1; \
	exit $$status

lint: $(VENV)/.installed-dev ## ruff, mypy and import contracts only
	@status=0; \
	echo "== ruff check"; $(BIN)/ruff check . || status=1; \
	echo "== mypy --strict"; $(BIN)/mypy --strict -p tariffs -p clearing || status=1; \
	echo "== lint-imports"; $(BIN)/lint-imports --no-logo || status=1; \
	exit $$status

proof: $(VENV)/.installed-dev ## 100,000 random charges by a second pricer; rewrites tests/tariffs/independent/RESULT.md
	@$(BIN)/python tests/tariffs/independent/prove.py

# A copy, so that nothing compiled and nothing beside the checkout takes part; `make test` is quicker without it.
coverage: $(VENV)/.installed-dev ## lines and branches of tariffs reached by its tests; fails below 100 %
	@rm -rf build/coverage && mkdir -p build/coverage
	@cp -r tariffs clearing tests fixtures pyproject.toml build/coverage
	@find build/coverage -name '*.so' -delete
	@cd build/coverage && $(CURDIR)/$(BIN)/python -m pytest -n 2 tests/tariffs \
	  --deselect tests/tariffs/independent/test_broken_rules.py --cov=tariffs --cov-branch \
	  --cov-fail-under=100 --cov-report=term-missing:skip-covered

mutation: $(VENV)/.installed-proof ## mutants of the pricing modules (MODULES="charge limits"); rewrites tests/tariffs/mutation/RESULT.md
	@$(BIN)/python tests/tariffs/mutation/measure.py $(MODULES)

mutants: $(VENV)/.installed-dev ## N=1000000 broken inputs; rewrites tests/tariffs/mutants/RESULT.md
	@$(BIN)/python tests/tariffs/mutants/prove.py $(MUTANTS)

bench: $(VENV)/.installed-dev ## measure; prints numbers, judges nothing (N=100000 for a large month)
	@for script in tests/benchmarks/*.py; do \
	  if [ -e "$$script" ]; then echo "== $$script"; $(BIN)/python "$$script" $(N) || exit 1; \
	  else echo "no script in tests/benchmarks"; fi; \
	done

wheel-check: $(VENV)/.pip ## build the wheel, settle a month with it in a fresh venv without dev packages
	@rm -rf $(CHECK) && mkdir -p $(CHECK)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir $(CHECK)/dist .
	$(BIN)/python -m venv $(CHECK)/venv
	$(CHECK)/venv/bin/python -m pip install --quiet $(CHECK)/dist/evclear-*.whl
	$(CHECK)/venv/bin/python -m pip check
	cd $(CHECK) && venv/bin/evclear --help
	cd $(CHECK) && venv/bin/python -c 'import os, tariffs.bulk.pricer as p; assert os.environ.get("EVCLEAR_COMPILED") != "1" or not p.__file__.endswith(".py"), p'
	cd $(CHECK) && venv/bin/evclear demo --cdrs 200 --out demo

clean: ## remove .venv, build output and caches; evclear-demo stays
	rm -rf $(VENV) build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	rm -f tariffs/bulk/*.so
	find clearing tariffs tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that works is kept, whoever made it; a broken or too old one is made anew.
$(VENV)/.pip:
	@if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  python=; old=; bare=; \
	  for candidate in $(PYTHON); do \
	    command -v "$$candidate" >/dev/null 2>&1 || continue; \
	    if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then old="$$old $$candidate"; \
	    elif ! "$$candidate" -c 'import ensurepip, ssl, venv' 2>/dev/null; then bare="$$bare $$candidate"; \
	    else python="$$candidate"; break; fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "evclear needs Python 3.11 or later with its venv module; looked for: $(PYTHON)" >&2; \
	    [ -z "$$old" ] || echo "  older than 3.11, or not working:$$old" >&2; \
	    [ -z "$$bare" ] || echo "  without venv, ensurepip or ssl:$$bare (Debian, Ubuntu: apt-get install python3-venv)" >&2; \
	    echo "  name one yourself: make PYTHON=/path/to/python3 ..." >&2; \
	    exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$python" --version)" >&2; \
	  "$$python" -m venv --clear $(VENV) >&2 || exit 1; \
	fi
	@$(BIN)/python -m pip install --quiet --upgrade pip >&2 || echo "pip stays as it is" >&2
	@touch $@

# What is compiled, and what compiles it: a change installs anew, as Python would not notice.
COMPILED := .ci/compile.py $(wildcard tariffs/bulk/*.py)

$(VENV)/.installed: $(VENV)/.pip pyproject.toml $(COMPILED)
	@echo "Installing evclear and what it needs into $(VENV) (a minute, once)" >&2
	@$(BIN)/python -m pip install --quiet --editable . >&2
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.pip pyproject.toml $(COMPILED)
	@echo "Installing evclear and the tools of its tests into $(VENV) (a minute or two, once)" >&2
	@$(BIN)/python -m pip install --quiet --editable ".[dev]" >&2
	@touch $(VENV)/.installed $@

$(VENV)/.installed-proof: $(VENV)/.installed-dev
	@echo "Installing what changes the code to try its tests into $(VENV)" >&2
	@$(BIN)/python -m pip install --quiet --editable ".[dev,proof]" >&2
	@touch $@
