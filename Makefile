# Waymark: `make help` lists the commands. The work is done by the small Python files in make/.
.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-postgresql programs leaks breakages bench load lint format lock outdated sbom clean python

SUPPORTED = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# A Python that we support: the first that runs. Choose another with:  make run PYTHON=python3.12
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c '$(SUPPORTED)' 2>/dev/null && echo $$name && break; done)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
	printf '  make %-16s %s\n' "$$name" "$$what"; done

run: python ## install, prepare the database, serve http://127.0.0.1:8000 (PORT and DATABASE_URL are honoured)
	@exec $(PYTHON) -m make.run

test: python ## everything on SQLite, in Chromium, and on a PostgreSQL of its own (PYTEST="..." for pytest)
	@exec $(PYTHON) -m make.test

test-sqlite: python ## the same on SQLite and in Chromium only
	@exec $(PYTHON) -m make.test sqlite

test-postgresql: python ## the same on PostgreSQL only
	@exec $(PYTHON) -m make.test postgresql

programs: python ## what needs programs that pip cannot install, and drills of over 20 seconds (make test leaves them out)
	@exec $(PYTHON) -m make.test programs

leaks: python ## the whole leak test: every request of its grammar, in every world (make test sends a sample)
	@$(PYTHON) -m make.packages requirements-test.lock
	LEAKS_EVERY=1 .venv/bin/pytest tests/test_leaks.py -v -n 2 -o faulthandler_timeout=0

breakages: python ## make faults in a copy, one by one, and show that the leak test catches each
	@$(PYTHON) -m make.packages requirements-test.lock
	.venv/bin/python -m tests.leaks.breakages

bench: python ## how long everything takes, beside SQL by hand and other tools (SIZES="10000 100000", DATABASES=sqlite)
	@$(PYTHON) -m make.packages requirements-test.lock
	@exec .venv/bin/python -m bench

load: python ## 27 people and programs ask the server at once for five minutes, on each database (SECONDS=60)
	@$(PYTHON) -m make.packages requirements-test.lock
	@exec .venv/bin/python -m bench.load

lint: python ## ruff and mypy
	@$(PYTHON) -m make.packages requirements-test.lock
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

format: python ## let ruff mend what it can
	@$(PYTHON) -m make.packages requirements-test.lock
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: python ## resolve pyproject.toml into the lock files again (LOCK="--upgrade" for newer versions)
	@exec $(PYTHON) -m make.lock $(LOCK)

outdated: python ## list what pyproject.toml asks for and is behind: locked, newest that our range takes, newest there is
	@$(PYTHON) -m make.packages requirements-test.lock
	@.venv/bin/python -m make.outdated

sbom: python ## write what an installation runs as a CycloneDX list, to the terminal or to a file (SBOM=waymark.cdx.json)
	@$(PYTHON) -m make.packages requirements.lock requirements-sbom.lock >&2
	@.venv/bin/python -m make.sbom $(SBOM)

clean: ## remove what can be made again; your data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

python:
	@$(or $(PYTHON),false) -c '$(SUPPORTED)' 2>/dev/null || { \
	echo "Waymark needs Python 3.11, 3.12 or 3.13; found: $$($(or $(PYTHON),python3) --version 2>&1 || true)"; \
	echo "  Debian, Ubuntu:  sudo apt install python3 python3-venv"; \
	echo "  Fedora:          sudo dnf install python3.13"; \
	echo "Or name one yourself:  make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; } >&2
