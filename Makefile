# make build: environment, locked install, dbt build of the embedded demo, summary.
# make dashboard: the dashboard of what was built, in a browser.
# make test:  everything that CI runs.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DBT_PROFILES_DIR := $(CURDIR)

.PHONY: build dashboard test lint coverage docs plots lock demo contract clean

$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

build: $(VENV)/.installed
	$(BIN)/leadq build

# The dashboard of what was built, on this machine only; other options: leadq dashboard --help.
dashboard: $(VENV)/.installed
	$(BIN)/leadq dashboard

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/yamllint --strict .
	$(BIN)/sqlfluff lint --disable-progress-bar models tests analyses

coverage: docs
	$(BIN)/dbt-bouncer run
	$(BIN)/dbt-coverage compute doc --cov-report target/doc_coverage.json --cov-fail-under 1.0
	$(BIN)/dbt-coverage compute test --cov-report target/test_coverage.json --cov-fail-under 1.0 \
		--model-path-filter models/marts

test: build lint coverage
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

# Every model and column in one file, target/static_index.html, which opens without a connection.
docs: $(VENV)/.installed
	$(BIN)/dbt docs generate --quiet --static

# Pictures of the build that LEAD_DB_PATH names, by default the one of make build.
plots: $(VENV)/.installed
	$(BIN)/python -m python_checks.plots --out docs/plots

# The exact versions, without the address of any registry.
lock: $(VENV)/.installed
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 requirements.in --output-file requirements.txt

# Regenerates the demo seeds; the same seed gives the same files.
demo: $(VENV)/.installed
	$(BIN)/leadq generate --out seeds/demo --prefix demo_

# What repeats the raw contract: its page, the column lists of staging and of the demo seeds.
contract: $(VENV)/.installed
	$(BIN)/python -m lead_qualification.raw_contract

clean:
	rm -rf $(VENV) target logs dbt_packages lead_qualification.duckdb spark-warehouse metastore_db derby.log
