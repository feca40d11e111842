# Two commands a newcomer needs: `make run` and `make test`. Everything lives in .venv and the data folder.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ASSETS := src/juluo/site/static/vendor/.built
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run install test tested tested-elsewhere test-postgres check bench lock format assets browser clean

run: install
	$(BIN)/python -m tools.messages --compile
	$(BIN)/juluo up

install: .venv/.run $(ASSETS)

test: .venv/.dev $(ASSETS) browser
	$(BIN)/python -m tools.messages --compile
	$(BIN)/pytest

# Every test that meets a database, again on PostgreSQL: a server to throw away, as root or not. `check` runs it beside `test`:
# each has a data folder and a database of its own, and each keeps one core busy.
test-postgres: .venv/.dev
	$(BIN)/python -m tools.postgres $(BIN)/pytest -m "not browser" -p no:cacheprovider

check: .venv/.dev $(ASSETS) browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m tools.messages --check
	$(BIN)/python -m tools.messages --compile
	$(MAKE) -j2 --output-sync=target tested tested-elsewhere

# The two halves of the tests that `check` runs side by side: about as long as each other.
tested:
	$(BIN)/pytest -m "not browser"

tested-elsewhere: test-postgres
	$(BIN)/pytest -m browser -p no:cacheprovider

bench: .venv/.dev
	$(BIN)/python -m benchmarks

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Juluo needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/.run: requirements/run.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q -r requirements/run.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	$(BIN)/python -m tools.messages --compile
	touch $@

.venv/.dev: requirements/dev.lock .venv/.run
	$(BIN)/pip install -q -r requirements/dev.lock
	touch $@

# Browser assets come from the npm registry, pinned by package-lock.json; Node from the machine or, where it has none, from PyPI.
$(ASSETS): package.json package-lock.json tools/assets.py | .venv/.run
	$(BIN)/python -m tools.assets
	touch $@

assets: $(ASSETS)

# The browser tests use Debian's Chromium; elsewhere set JULUO_TEST_BROWSER to a Chromium or Chrome.
browser: | .venv/.dev
	$(BIN)/python -m tools.browser

# After changing dependencies in pyproject.toml.
lock: | .venv/bin/python
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --all-extras pyproject.toml --group pyproject.toml:build -o requirements/run.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --all-extras pyproject.toml --group pyproject.toml:build --group test --group check -o requirements/dev.lock

clean:
	rm -rf .venv src/juluo/site/static/vendor
