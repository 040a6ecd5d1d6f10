# Everything a newcomer types. `make run` and `make test` set up what they need: Python 3.11+, pip, git and make suffice.
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export UV_COMPILE_BYTECODE := 1
# Every file is held to its hash, so it does not matter which of the machine's own package indexes has it.
export UV_INDEX_STRATEGY := unsafe-best-match

COMPILE = $(UV) --no-config pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock"
ITSELF = $(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
LOWEST := .venv-lowest
# A file's tests stay together, in the order in which they come: tests/conftest.py has the longest files first.
ON_ALL_CORES := -n auto --dist loadfile --no-loadscope-reorder
# What needs other programs, or installs some, has targets of its own.
BESIDES := --ignore=tests/interop --ignore=tests/browser --ignore=tests/soak --ignore=tests/packaged
# Whatever is packed is dated as the last commit (reproducible-builds.org), so that it is the same bytes each time.
DATED = SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)}
NEWER = $(strip $(foreach each,3.12 3.13 3.14,$(if $(shell python$(each) -c 0 2>/dev/null && echo found),$(each))))
UNITS := $(addprefix tests/,definitions domain render rules settings store transports web)

.DEFAULT_GOAL := help
.PHONY: help run test newer coverage browser screenshots interop soak check bench micro pages growth format lock upgrade lowest clean
.PHONY: audit deb dist man packaged several translate years

help:          ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

run: .venv/ready  ## set everything up and run the daemon on the worked examples in config/partnerships
	$(BIN)/cadence --config config/cadence.yaml db create
	$(BIN)/cadence --config config/cadence.yaml serve

test: .venv/ready-dev  ## run the tests
	$(BIN)/pytest -q $(ON_ALL_CORES) $(BESIDES)

newer: $(UV)   ## run the unit tests with each newer Python that is found (NEWEST=1: with the newest alone)
	@$(foreach each,$(if $(NEWEST),$(lastword $(NEWER)),$(NEWER)),$(MAKE) --no-print-directory newer-$(each) &&) \
		echo "Pythons newer than 3.11: $(or $(NEWER),none is found)"

coverage: .venv/ready-dev  ## tell which lines and branches no test runs through, in this process
	$(BIN)/pytest -q $(ON_ALL_CORES) $(BESIDES) --cov

browser: .venv/ready-dev  ## fill in the forms in a real browser (needs Debian's chromium: see .ci/run)
	$(BIN)/pytest -q tests/browser

screenshots: .venv/ready-dev  ## pictures of every page, light, dark and on a phone, to be looked at (INTO=screenshots)
	$(BIN)/python -m tests.browser.screenshots $(or $(INTO),screenshots)

interop: .venv/ready-dev  ## let other calendar programs read what cadence writes (needs node, php, libical: see .ci/run)
	npm ci --prefix tests/interop --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/pytest -q tests/interop

soak: .venv/ready-dev  ## break the real program in earnest, two hours and more; SHORT=1 takes some minutes (needs libfaketime)
	$(BIN)/pytest -q $(ON_ALL_CORES) $(if $(SHORT),,--soak --soak-table=soak.md) tests/soak

years: .venv/ready-dev  ## live months by many seeds, with failures at any place (SEEDS=30, FIRST=1, DAYS=730: eight minutes a seed, JOBS=2, MINUTES=5, AT_LEAST=30)
	$(BIN)/python -m tests.simulation.years --seeds $(or $(SEEDS),30) --first $(or $(FIRST),1) $(if $(DAYS),--days $(DAYS)) \
		$(if $(JOBS),--jobs $(JOBS)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(AT_LEAST),--at-least $(AT_LEAST))

check: .venv/ready-dev  ## what a change must pass besides the tests: format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready-dev  ## measure the speed of whole cycles (COUNT=3000 partnerships, BEFORE=another checkout)
	$(BIN)/python -m benchmarks.cycles $(if $(COUNT),--count $(COUNT)) $(if $(BEFORE),--before $(BEFORE))

micro: .venv/ready-dev  ## measure planning, checks and feeds by themselves (COUNT=10000 partnerships)
	$(BIN)/python -m benchmarks $(if $(COUNT),--count $(COUNT))
	$(BIN)/python -m benchmarks.feeds

pages: .venv/ready-dev  ## measure the pages beside a bare answer of the same bytes (COUNT=10000 partnerships)
	$(BIN)/python -m benchmarks.pages $(if $(COUNT),--count $(COUNT))

growth: .venv/ready-dev  ## measure how a record grows in a year (COUNT=100 partnerships, YEARS=1)
	$(BIN)/python -m benchmarks.growth $(if $(COUNT),--count $(COUNT)) $(if $(YEARS),--years $(YEARS))

several: .venv/ready-dev  ## measure two daemons on one PostgreSQL beside one (COUNT=100 partnerships, SAMPLES=3, MARGIN=30)
	$(BIN)/python -m benchmarks.several $(if $(COUNT),--count $(COUNT)) $(if $(SAMPLES),--samples $(SAMPLES)) \
		$(if $(MARGIN),--margin $(MARGIN))

format: .venv/ready-dev  ## put the code into its format
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

translate: .venv/ready-dev  ## bring the catalogues of all languages up to date, and tell what they lack (docs/translating.md)
	$(BIN)/python -m release.catalogues

lock: $(UV)    ## write the lock files anew after a change in pyproject.toml; what still fits stays as it is
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group build --group dev --extra oidc --extra office --extra pdf --extra postgresql --constraints requirements.lock \
		--output-file requirements-dev.lock
	$(COMPILE) --group uv --output-file requirements-uv.lock
	$(COMPILE) --group audit --output-file requirements-audit.lock
	$(foreach extra,oidc office pdf postgresql,$(COMPILE) pyproject.toml --extra $(extra) --constraints requirements-dev.lock \
		--output-file requirements-$(extra).lock &&) true

upgrade: COMPILE += --upgrade
upgrade: lock  ## the newest releases that pyproject.toml allows, into the lock files

lowest: $(UV)  ## try the oldest releases that pyproject.toml allows
	rm -rf $(LOWEST)
	$(UV) venv --quiet --python $(PYTHON) $(LOWEST)
	$(UV) pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct \
		--group build --group dev --editable '.[oidc,office,pdf,postgresql]'
	$(LOWEST)/bin/python -m pytest -q $(ON_ALL_CORES) -p no:cacheprovider \
		$(UNITS) $(addprefix tests/,cli daemon services)

audit: .venv-audit/ready .venv/ready  ## ask the package index whether a locked package is known to be vulnerable
	$(BIN)/python -m release.audit .venv-audit/bin/pip-audit

.venv-audit/ready: $(UV) requirements-audit.lock
	test -x .venv-audit/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv-audit
	$(UV) pip sync --quiet --python .venv-audit/bin/python --require-hashes requirements-audit.lock
	touch $@

dist: .venv/ready  ## the wheel and the sdist, with manual pages and bill of materials, dated as the last commit (in dist/)
	$(DATED) $(BIN)/python -m hatchling build --clean

deb: dist      ## a package for Debian 12 of that wheel, with all that it needs (in dist/)
	$(DATED) $(BIN)/python -m release.deb dist --wheel dist/*.whl

man: .venv/ready  ## the manual pages, to be looked at: man -l dist/man/cadence-review.1
	$(BIN)/python -m release.man_pages dist/man

packaged: .venv/ready-dev  ## install wheel and Debian package where there is nothing else, as root, and run them
	$(BIN)/pytest -q -p no:randomly tests/packaged

clean:         ## remove the environment and what the examples' daemon wrote
	rm -rf .venv .venv-* .tools data dist

# uv is brought by pip into a folder of the project's own, because a plain Debian has neither uv nor ensurepip.
$(UV): requirements-uv.lock
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target .tools \
		--require-hashes --requirement requirements-uv.lock
	touch $@

# What is installed is what the lock files name, file by file, and then the project itself with nothing else: whatever
# is released tomorrow, today's commit is set up and tested as it was.
.venv/ready: $(UV) pyproject.toml requirements.lock
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	$(ITSELF)
	touch $@

.PRECIOUS: .venv-%/ready
newer-%: .venv-%/ready
	.venv-$*/bin/pytest -q $(ON_ALL_CORES) -p no:cacheprovider $(UNITS)

.venv-%/ready: $(UV) pyproject.toml requirements-dev.lock
	test -x .venv-$*/bin/python || $(UV) venv --quiet --python python$* .venv-$*
	$(UV) pip sync --quiet --python .venv-$*/bin/python --require-hashes requirements-dev.lock
	$(UV) pip install --quiet --python .venv-$*/bin/python --no-deps --no-build-isolation --editable .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	$(ITSELF)
	touch $@
