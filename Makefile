# Every target works on a fresh machine with Python 3.11 or newer and make.
#   make test PYTHON=python3.13 VENV=.venv-3.13    another interpreter, next to the first
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Tests start hundreds of processes: each would compile every module again, and so would pytest each test.
unexport PYTHONDONTWRITEBYTECODE

TESTS   := tests/unit tests/contract tests/functional
QUICK    = HYPOTHESIS_PROFILE=quick $(1)/python -m tests.parts $(2) -- -q -m "not slow"
SECONDS := tests/e2e/kube/deadline tests/e2e/kube/probing
TENTHS  := tests/e2e/propagation tests/e2e/shutdown
TIMED   := $(SECONDS) $(TENTHS)
UNTIMED  = EKSDNS_E2E_REQUIRED=1 $(BIN)/python -m tests.parts --waiting $(1) -- -q $(TIMED:%=--ignore=%)
CHECKED := eksaddon/domain/*,eksaddon/corefile/*,eksaddon/schema/*,eksaddon/values/*,eksaddon/rules/*,eksaddon/plan/*

# A release younger than a week is not locked: a bad one is usually withdrawn by then.
COOLDOWN := 7 days
COMPILE  := $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate --no-header

# Pages, or parts of pages, that are generated from the code; tests compare them.
PAGES := pages.commands pages.fleet_file pages.lint_examples pages.rules pages.pictures exit_codes mistakes run_states state_table \
	scenario_table audit_cases.page walkthrough


.PHONY: help demo unit test check fix hooks coverage fleet e2e timed e2e-fleet bench pages docs audit lock lowest newest clean

help: ## List the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(VENV)/.run-ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt $(VENV)/.run-ready
	$(PIP) install --require-hashes --no-compile -r requirements-dev.txt # of these, tests import a small part
	@touch $@

demo: $(VENV)/.run-ready ## Plan, apply and drift-check a small fleet on the embedded simulator
	@$(BIN)/eksdns demo

unit: $(VENV)/.dev-ready ## Unit tests, the quick ones with few generated examples: the inner loop
	$(call QUICK,$(BIN),tests/unit)

test: $(VENV)/.dev-ready ## Unit, contract and functional tests, the quick ones with few generated examples
	$(call QUICK,$(BIN),$(TESTS))

coverage: $(VENV)/.dev-ready ## All of these tests with all examples, and the coverage that the project promises
	$(BIN)/coverage erase
	$(BIN)/python -m tests.parts --traced --waiting $(TESTS) -- -q
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='$(CHECKED)'

fleet: $(VENV)/.dev-ready ## Hundreds of clusters, faults, kill and resume, on simulated time
	$(BIN)/python -m tests.parts tests/fleet -- -q

e2e: timed ## Real CoreDNS, API server, browser and processes; what measures time runs before what computes
	$(call UNTIMED,tests/e2e)

timed: $(VENV)/.dev-ready # what is measured in seconds runs beside each other, in tenths alone
	EKSDNS_E2E_REQUIRED=1 $(BIN)/python -m tests.parts --waiting $(SECONDS) -- -q
	EKSDNS_E2E_REQUIRED=1 $(BIN)/python -m pytest -q $(TENTHS)

e2e-fleet: timed ## `make e2e` and `make fleet` at once: one computes while the other waits
	$(call UNTIMED,tests/e2e tests/fleet)

bench: $(VENV)/.dev-ready ## Wall time, CPU, memory and calls, compared with boto3 and the AWS CLI
	$(BIN)/python -m tests.bench $(BENCH)

check: $(VENV)/.dev-ready ## Lint, format, types, import contracts and declared dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry eksaddon

fix: $(VENV)/.dev-ready ## Fix what the linter can, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: ## Let git run `make check` before each commit
	git config core.hooksPath .githooks

$(VENV)-docs/.ready: requirements-docs.txt
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

pages: $(VENV)/.dev-ready ## Generate the pages of docs/ that are written from the code
	for page in $(PAGES); do $(BIN)/python -m tests.support.$$page || exit 1; done

docs: $(VENV)-docs/.ready ## The documentation as a site, in build/site; a broken link or an outside asset fails
	NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/mkdocs build --quiet --strict

$(VENV)-audit/.ready: requirements-audit.txt
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

audit: $(VENV)/.dev-ready $(VENV)-audit/.ready ## Licences and known vulnerabilities of everything locked
	$(VENV)-audit/bin/pip-licenses --python $(BIN)/python
	$(VENV)-audit/bin/pip-licenses --python $(VENV)-audit/bin/python
	$(VENV)-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt -r requirements-audit.txt -r requirements-docs.txt

lock: $(VENV)/.dev-ready ## Pin and hash the dependencies again
	$(COMPILE) --upgrade --exclude-newer "$(COOLDOWN)" pyproject.toml --group build -o requirements.txt
	$(COMPILE) --upgrade --exclude-newer "$(COOLDOWN)" pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --upgrade --exclude-newer "$(COOLDOWN)" --group audit -o requirements-audit.txt
	$(COMPILE) --upgrade --exclude-newer "$(COOLDOWN)" --group docs -o requirements-docs.txt
	$(COMPILE) --upgrade --exclude-newer "$(COOLDOWN)" --resolution lowest-direct --no-deps pyproject.toml | sed -n 's/^\([^ ]*==[^ ]*\).*/\1/p' >$(VENV)/lowest.txt
	$(COMPILE) --upgrade --exclude-newer "$(COOLDOWN)" pyproject.toml --group build --group dev -c $(VENV)/lowest.txt -o requirements-lowest.txt

lowest: $(VENV)/.dev-ready ## Unit, contract and functional tests on the oldest releases that pyproject.toml allows
	$(PYTHON) -m venv --clear $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-lowest.txt
	$(VENV)-lowest/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	$(call QUICK,$(VENV)-lowest/bin,$(TESTS))

newest: $(VENV)/.dev-ready ## The same tests on the newest releases there are, locked or not
	$(COMPILE) --upgrade pyproject.toml --group build --group dev -o $(VENV)/newest.txt
	$(PYTHON) -m venv --clear $(VENV)-newest
	$(VENV)-newest/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $(VENV)/newest.txt
	$(VENV)-newest/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	$(call QUICK,$(VENV)-newest/bin,$(TESTS))

clean: ## Remove what the targets made
	rm -rf $(VENV) $(VENV)-audit $(VENV)-docs $(VENV)-lowest $(VENV)-newest .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov dist build
