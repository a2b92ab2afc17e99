# Everything this project does, one word each. `make help` lists them.
# The first of them sets up .venv by itself; only python3, git and make are needed for that.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Never with -q, which would cancel it.
PELICAN := $(BIN)/pelican content --fatal errors --log-handler plain
# Gives the command that follows a PostgreSQL server of its own, where Debian's is installed.
POSTGRES := $(if $(wildcard /usr/lib/postgresql/*/bin/postgres),$(if $(shell command -v pg_virtualenv),pg_virtualenv -o log_checkpoints=off))
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --quiet

.DEFAULT_GOAL := help
.PHONY: help serve html publish test check check-browser check-faults check-builds bench bench-intake \
	bench-builds lock clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

serve: $(VENV)/.runtime ## build the blog, serve it at http://127.0.0.1:8000 (PORT=…) and reload it on change
	@exec $(BIN)/afterword serve --port $(PORT)

html: $(VENV)/.runtime ## build the blog into output/ (WHY=1 says why each page is rendered)
	@$(PELICAN) -s pelicanconf.py -o output $(if $(WHY),-e INCREMENTAL_WHY=true)

publish: $(VENV)/.runtime ## build the blog for its public address, and let public/ lead to it
	@$(BIN)/afterword publish --settings publishconf.py

test: $(VENV)/.dev ## run the tests
	@$(if $(POSTGRES),,echo "PostgreSQL's tests are left out: apt install postgresql")
	@$(POSTGRES) $(BIN)/pytest -n auto -q

check: $(VENV)/.dev ## check style, types, layering and documentation
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q tests/test_architecture.py tests/test_docs.py

check-browser: $(VENV)/.dev tests/browser/node_modules/.done ## check every kind of page in Chromium, and all HTML and feeds
	@$(BIN)/pytest -q -m browser tests/browser

check-faults: $(VENV)/.dev ## kill, cut off and fill up the service: FAULTS=40 times of each kind
	@command -v cc >/dev/null || { echo "A C compiler is missing: apt install gcc libc6-dev" >&2; exit 1; }
	@$(if $(POSTGRES),,echo "PostgreSQL's tests are left out: apt install postgresql")
	@$(POSTGRES) $(BIN)/pytest -n 2 -q -m faults tests/faults

check-builds: $(VENV)/.dev ## hold builds to clean ones after all kinds of edits: EDITS=40 random sites, STEPS=15 edits of each
	@EDITS=$(or $(EDITS),40) STEPS=$(or $(STEPS),15) $(BIN)/pytest -n auto -x -q -m builds

bench: bench-intake bench-builds ## measure the service and the builds

bench-intake: $(VENV)/.dev ## measure how many responses the service takes, beside Isso in the same run
	@$(BIN)/python -m bench.intake

bench-builds: $(VENV)/.dev ## measure what builds cost, beside Pelican and Hugo: SIZES="100 1000" posts
	@$(BIN)/python -m bench.builds --sizes $(or $(SIZES),100 1000 10000)

lock: $(VENV)/.dev ## renew the locked versions of what we depend on
	@$(LOCK) --upgrade --group setup -o requirements.txt
	@$(LOCK) --upgrade --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove everything that these commands have made
	rm -rf $(VENV) output public public.releases var dist tests/browser/node_modules
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A half-made environment has no stamp and is made anew.
$(VENV)/.runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Setting up the tools for tests …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

tests/browser/node_modules/.done: tests/browser/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: apt install npm" >&2; exit 1; }
	@command -v java >/dev/null || \
		{ echo "Java is missing: apt install default-jre-headless" >&2; exit 1; }
	@command -v chromium >/dev/null || { echo "Chromium is missing: apt install chromium" >&2; exit 1; }
	@cd tests/browser && npm ci --silent --no-audit --no-fund
	@touch $@
