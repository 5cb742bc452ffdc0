# Run `make` alone to print the targets.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
BUF = $(firstword $(wildcard node_modules/@bufbuild/buf-linux-*/bin/buf))
CODE := chassis services gateway portal deploy tests $(wildcard benchmarks docs)

.PHONY: help setup setup-run run demo check test test-others test-unit test-browser unit integration browser chaos fuzz format lint types imports dependencies lint-protos breaking protos bench bench-compare sbom images-local clean

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install packages and tools, generate code from protos/, fetch front-end files (other targets run it when needed)
	@$(PYTHON) deploy/local/setup.py

setup-run:
	@$(PYTHON) deploy/local/setup.py run

run: setup-run ## Start the whole suite on this machine; Ctrl-C stops it (options: PORT=8090, SUITE_TODAY=2026-05-20)
	@exec $(BIN)/python -m deploy.local up

demo: setup-run ## Go from quote to PDF over HTTP (starts the suite if it is not running)
	@exec $(BIN)/python -m deploy.local.demo

check: setup format lint types imports dependencies lint-protos test ## Run everything that must pass before a commit, as CI does

test: setup ## Run all tests; they start their own RabbitMQ and PostgreSQL (unit, browser and other tests side by side)
	@$(MAKE) --no-print-directory -j3 test-others test-unit test-browser

# Three at once: servers and pages are waited for most of the time. Only one may write to the terminal as it goes; the
# output of the two others comes when it is whole.
test-others:
	@exec $(BIN)/pytest --ignore tests/unit --ignore tests/browser

test-unit test-browser: test-%:
	@mkdir -p .run/logs; if $(BIN)/pytest tests/$* >.run/logs/$*-tests.log 2>&1; \
	then echo "$* tests: $$(tail -1 .run/logs/$*-tests.log)"; \
	else cat .run/logs/$*-tests.log; exit 1; fi

unit: setup ## Run only the fast unit tests, on all cores
	@exec $(BIN)/pytest tests/unit -m "not slow" --numprocesses auto

integration: setup ## Run only the integration tests (TEST_SERVERS=native or containers)
	@exec $(BIN)/pytest tests/integration

browser: setup ## Run only the browser tests (Chromium; screenshots in .run/screenshots)
	@exec $(BIN)/pytest tests/browser

# 50 kills give each process several, and 10,000 submissions leave each of them some 200 to strike among. The broker is
# killed twice, so that it has to come back to queues of before. CHAOS_* and STORM_* of the environment set other numbers.
chaos: setup ## Kill processes, broker and PostgreSQL while 10,000 events, then 10,000 applications go through (make test: short forms)
	@export CHAOS_NOTES=$${CHAOS_NOTES:-10000} CHAOS_KILLS=$${CHAOS_KILLS:-60} CHAOS_BROKER_KILLS=$${CHAOS_BROKER_KILLS:-2} \
		STORM_SUBMISSIONS=$${STORM_SUBMISSIONS:-10000} STORM_KILLS=$${STORM_KILLS:-50} \
		STORM_BROKER_KILLS=$${STORM_BROKER_KILLS:-2} STORM_DATABASE_KILLS=$${STORM_DATABASE_KILLS:-1} \
		STORM_PATIENCE=$${STORM_PATIENCE:-700} STORM_CONTROLS=1; \
		exec $(BIN)/pytest -s tests/chaos/test_chaos.py tests/chaos/test_submission_storm.py

fuzz: setup ## Send random commands and API requests for two hours (make test runs short forms)
	@MACHINE_EXAMPLES=2000 MACHINE_STEPS=50 MACHINE_SECONDS=7200 REQUEST_EXAMPLES=300 \
		exec $(BIN)/pytest tests/integration/test_application_machine.py tests/integration/test_random_requests.py

format: setup ## Check the formatting (fix it with .venv/bin/ruff format)
	@$(BIN)/ruff format --check $(CODE)

lint: setup ## Check the style and look for likely mistakes
	@$(BIN)/ruff check $(CODE)

types: setup ## Check the types (mypy strict)
	@$(BIN)/mypy $(CODE)

imports: setup ## Check the import rules
	@$(BIN)/lint-imports

dependencies: setup ## Check that every imported package is declared and every declared package is imported
	@$(BIN)/deptry . --no-ansi

protos: ## Regenerate code from protos/
	@rm -f generated/.stamp
	@$(PYTHON) deploy/local/setup.py

lint-protos: setup ## Check the contracts (buf STANDARD)
	@$(if $(BUF),$(BUF) lint && echo "protos: lint passed",echo "protos: buf has no binary for this platform, not checked")

breaking: setup ## Check that the contracts are compatible with the last release
	@tag=$$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null); \
	if [ -z "$$tag" ]; then echo "protos: no release yet to compare with"; \
	else $(BUF) breaking --against ".git#tag=$$tag" && echo "protos: compatible with $$tag"; fi

bench: setup ## Measure the figures in docs/reference/performance.md, and print which targets are met (15 minutes; needs wrk)
	@exec $(BIN)/python -m benchmarks

bench-compare: setup ## Measure this code and another commit by turns (REF=v1.2 or any commit, WORKERS=2; about 20 minutes)
	@exec $(BIN)/python -m benchmarks.compare $(REF) $(if $(WORKERS),--workers $(WORKERS))

sbom: setup ## Write the bill of materials (CycloneDX) from the locks, and check the licenses
	@$(BIN)/python -m deploy.bill_of_materials

images-local: ## Build RabbitMQ and PostgreSQL images from Debian packages, for use without an image registry
	@deploy/images/build-local.sh

clean: ## Remove what set-up installed; keep the suite's data in .run/
	@rm -rf .venv generated node_modules gateway/static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
