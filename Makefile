# The runbook. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
BUF = $(firstword $(wildcard node_modules/@bufbuild/buf-linux-*/bin/buf))
CODE := chassis services gateway portal deploy tests $(wildcard benchmarks)

.PHONY: help setup setup-run run demo check test unit integration chaos fuzz format lint types imports dependencies lint-protos breaking protos bench images-local clean

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install packages and tools, generate code from protos/, fetch front-end files (every target does this first)
	@$(PYTHON) deploy/local/setup.py

setup-run:
	@$(PYTHON) deploy/local/setup.py run

run: setup-run ## Start the whole suite on this machine, until Ctrl-C (PORT=8080, SUITE_TODAY=2026-05-20)
	@exec $(BIN)/python -m deploy.local up

demo: setup-run ## Show the main job over HTTP, from quote to PDF (starts the suite if it is not running)
	@exec $(BIN)/python -m deploy.local.demo

check: setup format lint types imports dependencies lint-protos test ## Everything that must pass before a commit: what CI runs

test: setup ## All tests; integration tests bring their own RabbitMQ and PostgreSQL
	@exec $(BIN)/pytest

unit: setup ## The fast tests alone, on all cores
	@exec $(BIN)/pytest tests/unit -m "not slow" --numprocesses auto

integration: setup ## The integration tests alone (TEST_SERVERS=native or containers)
	@exec $(BIN)/pytest tests/integration

chaos: setup ## Kill processes and the broker while 10,000 events are under way, 60 and 2 times (a short form is in test)
	@CHAOS_NOTES=10000 CHAOS_KILLS=60 CHAOS_BROKER_KILLS=2 exec $(BIN)/pytest tests/chaos/test_chaos.py

fuzz: setup ## Random commands on applications and random requests to the API, for two hours (short forms are in test)
	@MACHINE_EXAMPLES=2000 MACHINE_STEPS=50 MACHINE_SECONDS=7200 REQUEST_EXAMPLES=300 \
		exec $(BIN)/pytest tests/integration/test_application_machine.py tests/integration/test_random_requests.py

format: setup ## Check the formatting (to fix it: .venv/bin/ruff format)
	@$(BIN)/ruff format --check $(CODE)

lint: setup ## Check the style and look for likely mistakes
	@$(BIN)/ruff check $(CODE)

types: setup ## Check the types (mypy strict)
	@$(BIN)/mypy $(CODE)

imports: setup ## Check that no package imports what it may not
	@$(BIN)/lint-imports

dependencies: setup ## Check that every imported package is declared, and every declared one imported
	@$(BIN)/deptry . --no-ansi

protos: ## Generate code from protos/ again
	@rm -f generated/.stamp
	@$(PYTHON) deploy/local/setup.py

lint-protos: setup ## Check the contracts (buf STANDARD)
	@$(if $(BUF),$(BUF) lint && echo "protos: lint passed",echo "protos: buf has no binary for this platform, not checked")

breaking: setup ## Check that the contracts stay compatible with the last release
	@tag=$$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null); \
	if [ -z "$$tag" ]; then echo "protos: no release yet to compare with"; \
	else $(BUF) breaking --against ".git#tag=$$tag" && echo "protos: compatible with $$tag"; fi

bench: setup ## Measure the figures of docs/reference/performance.md on this machine (about ten minutes; uses wrk)
	@exec $(BIN)/python -m benchmarks

images-local: ## Build RabbitMQ and PostgreSQL images from Debian packages, where no image registry is reachable
	@deploy/images/build-local.sh

clean: ## Remove what set-up installed; keeps the suite's data in .run/
	@rm -rf .venv generated node_modules gateway/static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
