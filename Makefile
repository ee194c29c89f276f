# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# Tests of a file share a store, and are one worker's. A worker that dies ends the run: what it had is not handed out anew.
WORKERS := -n 2 --dist loadfile --max-worker-restart=0

.DEFAULT_GOAL := help
.PHONY: help install demo test quick sim sweep races security served lint format bench lock clean coverage

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamp is newer than the requirements exactly when what is installed fits them. They are whole: pip looks for nothing
# else, because with hashes it takes a package with and without its extras for two, of which one is not pinned.
$(VENV)/installed: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: $(VENV)/installed  ## build the environment in .venv

# The vendor's SDK for Node.js drives the simulated Sage Intacct in a test, which is left out where there is no Node.js.
SDK := tests/third_party/intacct_js
$(VENV)/sdk: $(SDK)/package-lock.json $(VENV)/installed
	@if command -v npm >/dev/null && (cd $(SDK) && npm ci --ignore-scripts --no-audit --no-fund --silent); then touch $@; \
	else echo "The SDK for Node.js could not be installed: the test that it drives is left out."; fi

demo: install  ## poll a month from a simulated POS, show a DSS, serve the API (ARGS="--no-serve --days 3")
	$(BIN)/daybook demo $(ARGS)

test: install $(VENV)/sdk  ## all tests, those against a real PostgreSQL included
	$(BIN)/python -m pytest $(WORKERS) --cov=domain --cov-report=term $(ARGS)
	@# All of the domain, but for a branch that only a lost race takes: the gate falls by what is written, not by chance.
	$(BIN)/python -m coverage report --include='domain/*' --precision=2 --fail-under=99.9

coverage: install $(VENV)/sdk  ## all tests once more, every one of them measured over the whole product, and laws in full number
	DAYBOOK_TEST_MEASURE=all DAYBOOK_TEST_EXAMPLES=all $(BIN)/python -m pytest $(WORKERS) --cov --cov-report=term $(ARGS)

quick: install  ## the fast tests only
	$(BIN)/python -m pytest $(WORKERS) -m "not slow" $(ARGS)

sim: install  ## the deterministic simulator: 500 worlds of 200 steps (ARGS="--seeds 0:10000 --steps 200 --jobs 2")
	$(BIN)/python -m tests.sim --seeds 0:500 --steps 200 --jobs 2 $(ARGS)

sweep: install  ## every statement and request of the flows outward broken in turn (ARGS="--database postgresql --sample 50")
	$(BIN)/python -m tests.sweep $(ARGS)

races: install  ## 1,000 business days raced for by eight threads on PostgreSQL (ARGS="--rounds 5000 --database sqlite")
	$(BIN)/python -m tests.races --rounds 1000 $(ARGS)

security: install  ## the security runs in full size: ids of others, reused connections, every problem, 200 people forgotten
	$(BIN)/python -m tests.bola --n 10000
	$(BIN)/python -m tests.authz --n 10000
	$(BIN)/python -m tests.problems --examples 200
	$(BIN)/python -m tests.shred --subjects 200

served: install  ## real servers in full size: keys sent at once, races for versions, own writes read, pages while others write
	$(BIN)/python -m tests.idempotency --n 1000
	$(BIN)/python -m tests.etags --n 1000
	$(BIN)/python -m tests.ryw --n 10000
	$(BIN)/python -m tests.paging --rows 100000

lint: install  ## what the house rules say: imports, style, types
	$(BIN)/lint-imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install  ## put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/bench: requirements/bench.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.txt
	@touch $@

bench: $(VENV)/bench  ## ratios against floors and peers measured in the same run (ARGS="--quick")
	$(BIN)/python -m benchmarks $(ARGS)

lock:  ## compile the requirement files again, with hashes and without index addresses (needs uv)
	cd requirements && for set in run dev bench; do \
	  uv pip compile --quiet --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header $$set.in -o $$set.txt || exit 1; done

clean:  ## remove what was built and what the demo made; no other data
	rm -rf $(VENV) $(SDK)/node_modules data/demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
