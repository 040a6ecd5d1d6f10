# Everything a newcomer types. `make run` and `make test` set up what they need: Python 3.11+, pip, git and make suffice.
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

.DEFAULT_GOAL := help
.PHONY: help run test browser interop check bench format clean

help:          ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

run: .venv/ready  ## set everything up and run the daemon on the worked examples in config/partnerships
	$(BIN)/cadence --config config/cadence.yaml serve

test: .venv/ready-dev  ## run the tests
	$(BIN)/pytest -q -n auto --dist loadfile --ignore=tests/interop --ignore=tests/browser

browser: .venv/ready-dev  ## fill in the forms in a real browser (needs Debian's chromium: see .ci/run)
	$(BIN)/pytest -q tests/browser

interop: .venv/ready-dev  ## let other calendar programs read what cadence writes (needs node, php, libical: see .ci/run)
	npm ci --prefix tests/interop --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/pytest -q tests/interop

check: .venv/ready-dev  ## what a change must pass besides the tests: format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready-dev  ## measure the speed (COUNT=10000 partnerships)
	$(BIN)/python -m benchmarks $(if $(COUNT),--count $(COUNT))
	$(BIN)/python -m benchmarks.feeds

format: .venv/ready-dev  ## put the code into its format
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

clean:         ## remove the environment and what the examples' daemon wrote
	rm -rf .venv .tools data

# uv is brought by pip into a folder of the project's own, because a plain Debian has neither uv nor ensurepip.
$(UV):
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv

.venv/ready: $(UV) pyproject.toml
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --editable .
	touch $@

.venv/ready-dev: .venv/ready
	$(UV) pip install --quiet --python $(BIN)/python --group dev
	touch $@
