# make build: environment, locked install, dbt build of the embedded demo, summary.
# make dashboard: the dashboard of what was built, in a browser.
# make check: before a commit, a few minutes: linters, unit tests, the demo, golden cases.
# make test:  what CI runs.
# make nightly: everything, for an hour or two; CONTRIBUTING.md says which check runs where.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DBT_PROFILES_DIR := $(CURDIR)
# Hundreds of processes import the same modules; without compiled ones each has to compile them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: build dashboard check test nightly dialects policy lint lint-changed lint-all coverage docs plots lock demo contract metrics clean

$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	@echo "Installing requirements.txt (with uv, which takes a third of pip's time; without it, with pip)"
	$(PIP) install --quiet uv && $(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements.txt || \
		$(PIP) install --quiet --no-compile --requirement requirements.txt
	$(PIP) install --quiet --no-deps --editable .
	touch $@

# The policy files, in plain Python, before dbt reads them.
policy: $(VENV)/.installed
	$(BIN)/leadq policy check

build: policy
	@echo "Building the demo with its tests"
	$(BIN)/leadq build $(UNIT_TESTS) -- --log-level-file info

# Unit tests check the code; a newcomer's first build does without.
check test nightly: UNIT_TESTS := --unit-tests

# The dashboard of what was built, on this machine only; other options: leadq dashboard --help.
dashboard: $(VENV)/.installed
	$(BIN)/leadq dashboard

lint: policy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/yamllint --strict .

# sqlfluff takes minutes for all files, so make test lints those that changed (python_checks/changed_sql.py).
lint-changed: lint
	$(BIN)/python -m python_checks.changed_sql | xargs -r $(BIN)/sqlfluff lint --disable-progress-bar

lint-all: lint
	$(BIN)/sqlfluff lint --disable-progress-bar models tests analyses

# After a build the SQL need not be compiled again.
coverage: $(VENV)/.installed
	$(BIN)/dbt docs generate --quiet --static --no-compile
	$(BIN)/dbt-bouncer run

# The tests read the demo that was just built.
PYTEST := LEAD_TEST_DEMO=$(CURDIR)/lead_qualification.duckdb $(BIN)/python -m pytest
SIDE_BY_SIDE := --numprocesses 2 --dist loadgroup --no-loadscope-reorder

check: build lint-changed
	$(PYTEST) -m "not nightly" $(SIDE_BY_SIDE) -k "unit or duckdb" \
		python_checks/tests/unit python_checks/tests/engines/test_golden.py

test: build lint-changed coverage
	LEAD_WORLDS_COUNT=60 $(PYTEST) -m "not nightly" $(SIDE_BY_SIDE)

# Snowflake and BigQuery without an account; their packages do not go with ours, so each has an environment.
.venv-%/.installed: requirements_%.txt $(VENV)/.installed
	$(PYTHON) -m venv .venv-$*
	$(PIP) install --quiet uv && $(BIN)/uv pip install --quiet --python .venv-$*/bin/python --requirement $<
	touch $@

dialects: build .venv-snowflake/.installed .venv-bigquery/.installed
	for engine in snowflake bigquery; do \
		.venv-$$engine/bin/python -m python_checks.dialects $$engine --duckdb lead_qualification.duckdb && \
		.venv-$$engine/bin/python -m python_checks.dialects $$engine --connectors || exit 1; \
	done

nightly: build lint-all coverage dialects
	LEAD_WORLDS_COUNT=240 LEAD_SEQUENCES_COUNT=60 LEAD_TEST_KILLS=all $(PYTEST) $(SIDE_BY_SIDE)

# Every model and column in one file, target/static_index.html, which opens without a connection.
docs: $(VENV)/.installed
	$(BIN)/dbt docs generate --quiet --static

# Pictures of the build that LEAD_DB_PATH names, by default the one of make build.
plots: $(VENV)/.installed
	$(BIN)/python -m python_checks.plots --out docs/plots

# The exact versions, without the address of any registry.
lock: $(VENV)/.installed
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 requirements.in --output-file requirements.txt

# Regenerates the demo seeds; the same seed gives the same files.
demo: $(VENV)/.installed
	$(BIN)/leadq generate --out seeds/demo --prefix demo_

# What repeats the raw contract (its page, the column lists of staging and of the demo seeds) and policy.yml (its page).
contract: $(VENV)/.installed
	$(BIN)/python -m lead_qualification.raw_contract
	$(BIN)/python -m lead_qualification.policy_check.page

# What repeats the registry of metrics: the list of its page and the texts of columns.
metrics: $(VENV)/.installed
	$(BIN)/python -m lead_qualification.metrics

clean:
	rm -rf $(VENV) .venv-snowflake .venv-bigquery target logs dbt_packages lead_qualification.duckdb spark-warehouse metastore_db derby.log
