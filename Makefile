# Every target works on a fresh machine with Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test check coverage fleet e2e bench lock clean

help: ## List the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(VENV)/.run-ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock $(VENV)/.run-ready
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run-ready ## Plan, apply and drift-check a small fleet on the embedded simulator
	@$(BIN)/eksdns demo

test: $(VENV)/.dev-ready ## Unit, contract and functional tests
	$(BIN)/python -m pytest -q -n auto tests/unit tests/contract tests/functional

coverage: $(VENV)/.dev-ready ## The same tests with the coverage that the project promises
	$(BIN)/python -m pytest -q -n auto --cov --cov-report= tests/unit tests/contract tests/functional
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='eksaddon/domain/*,eksaddon/corefile/*,eksaddon/schema/*,eksaddon/rules/*,eksaddon/plan/*'

fleet: $(VENV)/.dev-ready ## Hundreds of clusters, faults, kill and resume, on simulated time
	$(BIN)/python -m pytest -q -n auto tests/fleet

e2e: $(VENV)/.dev-ready ## Real CoreDNS, real browser, real processes
	EKSDNS_E2E_REQUIRED=1 $(BIN)/python -m pytest -q tests/e2e

bench: $(VENV)/.dev-ready ## Wall time, CPU, memory and calls beside boto3 and the AWS CLI
	$(BIN)/python -m tests.bench $(BENCH)

check: $(VENV)/.dev-ready ## Lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

lock: $(VENV)/.dev-ready ## Pin and hash the dependencies anew
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade pyproject.toml --group build -o requirements.lock
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove what the targets made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov dist build
