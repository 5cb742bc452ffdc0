# Run `make` alone to print the targets.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
BUF = $(firstword $(wildcard node_modules/@bufbuild/buf-linux-*/bin/buf))
CODE := chassis services gateway portal deploy tests $(wildcard benchmarks docs)

.PHONY: help setup setup-run run demo check test test-others test-chassis test-unit test-browser unit integration integration-others browser chaos soak drill network-faults crash-points authorization canary fuzz format lint types imports dependencies lint-protos breaking protos bench bench-compare sbom images-local clean

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

test: setup ## Run all tests; they start their own RabbitMQ and PostgreSQL (three lanes side by side)
	@$(MAKE) --no-print-directory -j3 test-others test-chassis test-browser test-unit

# Three at once: servers and pages are waited for most of the time. The longest come first; unit tests, which wait for
# nothing, begin when another lane ends. Only one may write to the terminal as it goes; the output of the others comes
# when it is whole.
CHASSIS := tests/integration/chassis tests/integration/authorization
test-chassis: TESTS := tests/chaos $(CHASSIS)
test-browser: TESTS := tests/browser
test-unit: TESTS := tests/unit

test-others:
	@exec $(BIN)/pytest --ignore tests/unit --ignore tests/browser --ignore tests/chaos $(CHASSIS:%=--ignore %)

test-chassis test-browser test-unit: test-%:
	@mkdir -p .run/logs; if $(BIN)/pytest $(TESTS) >.run/logs/$*-tests.log 2>&1; \
	then echo "$* tests: $$(tail -1 .run/logs/$*-tests.log)"; \
	else cat .run/logs/$*-tests.log; exit 1; fi

unit: setup ## Run only the fast unit tests, on all cores
	@exec $(BIN)/pytest tests/unit -m "not slow" --numprocesses auto

integration: setup ## Run only the integration tests (TEST_SERVERS=native or containers; two lanes side by side)
	@$(MAKE) --no-print-directory -j2 integration-others test-chassis TESTS="$(CHASSIS)"

integration-others:
	@exec $(BIN)/pytest tests/integration $(CHASSIS:%=--ignore %)

browser: setup ## Run only the browser tests (Chromium; screenshots in .run/screenshots)
	@SCREENSHOTS=1 exec $(BIN)/pytest tests/browser

# 50 kills give each process several, and 10,000 submissions leave each of them some 200 to strike among. The broker is
# killed twice, so that it has to come back to queues of before. CHAOS_* and STORM_* of the environment set other numbers.
chaos: setup ## Kill processes, broker and PostgreSQL while 10,000 events, then 10,000 applications go through, and in a release (make test: short forms)
	@export CHAOS_NOTES=$${CHAOS_NOTES:-10000} CHAOS_KILLS=$${CHAOS_KILLS:-60} CHAOS_BROKER_KILLS=$${CHAOS_BROKER_KILLS:-2} \
		STORM_SUBMISSIONS=$${STORM_SUBMISSIONS:-10000} STORM_KILLS=$${STORM_KILLS:-50} \
		STORM_BROKER_KILLS=$${STORM_BROKER_KILLS:-2} STORM_DATABASE_KILLS=$${STORM_DATABASE_KILLS:-1} \
		STORM_PATIENCE=$${STORM_PATIENCE:-700} STORM_CONTROLS=1; \
		exec $(BIN)/pytest -s tests/chaos/test_chaos.py tests/chaos/test_submission_storm.py \
		tests/chaos/test_rolling_upgrade.py

soak: setup ## Work for half an hour with faults, and see that memory, connections, files and queues stay flat
	@SOAK_MINUTES=$${SOAK_MINUTES:-30} exec $(BIN)/pytest -s tests/chaos/test_soak.py

# A third of 200 submissions is answered before the end, so that the dumps hold flows of every stage.
drill: setup ## Restore six databases to another server with a new broker, from dumps, under load (minutes)
	@export DRILL_SUBMISSIONS=$${DRILL_SUBMISSIONS:-200}; exec $(BIN)/pytest -s tests/chaos/test_restore_drill.py

# 200 submissions keep six producers busy well beyond the longest fault. NETWORK_* and AWAY_SECONDS set other numbers.
network-faults: setup ## Have every fault of a network under submissions, and the database away for a minute (make test: short forms)
	@export NETWORK_SUBMISSIONS=$${NETWORK_SUBMISSIONS:-200} AWAY_SECONDS=$${AWAY_SECONDS:-60}; \
		exec $(BIN)/pytest -s tests/chaos/test_network_faults.py tests/integration/chassis/test_database_away.py

crash-points: setup ## End a process once in everything that the suite can do, at every named point (make test: a short form)
	@CRASH_POINTS=1 exec $(BIN)/pytest -s tests/chaos/test_suite_crash_points.py

authorization: setup ## Compare 10,000 random decisions about access with the reference model (make test: a short form)
	@MODEL_DECISIONS=$${MODEL_DECISIONS:-10000} MODEL_SECONDS=7200 \
		exec $(BIN)/pytest -s tests/integration/authorization

fuzz: setup ## Send random commands, messages and API requests for hours (make test runs short forms)
	@MACHINE_EXAMPLES=2000 MACHINE_STEPS=50 MACHINE_SECONDS=7200 REQUEST_EXAMPLES=300 MESSAGE_EXAMPLES=300 \
		MESSAGE_SECONDS=3600 DOCUMENT_EXAMPLES=100 DOCUMENT_PHASES=examples,coverage,fuzzing,stateful \
		DOCUMENT_SECONDS=7200 \
		exec $(BIN)/pytest tests/integration/test_application_machine.py tests/integration/test_random_requests.py \
		tests/integration/test_random_messages.py tests/integration/test_openapi_conformance.py

canary: setup ## Lead 50 marked people through the product and look for their numbers everywhere (make test: a short form)
	@CANARY_PEOPLE=$${CANARY_PEOPLE:-50} exec $(BIN)/pytest -s tests/integration/test_canary_scan.py

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
