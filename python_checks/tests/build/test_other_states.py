"""dbt beside or after another state of the project: deferred, cloned, empty, or a part of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from lead_qualification.warehouse import DUCKDB_FILE, DUCKDB_SCHEMA, Warehouse, duckdb_warehouse
from python_checks.building import add_policy_row, edit_policy
from python_checks.dbt_process import Command, DbtProcess
from python_checks.tests.builds import DEMO_NAME, EDITABLE, MODELS_ONLY, Builds, edited_copy
from python_checks.tests.tables import have_same_rows

DEV = "dev"
OF_THE_RUN = {"int_finished_run", "int_run_scope", "int_leads_this_run"}
"""Tables that say which run made the others."""
LEADS_OF_RUN = ("int_run_scope", "int_leads_this_run")
STORED_IN_EACH_WAY = ("lead_stages", "int_cooldowns", "int_all_events", "int_unread_rows")
"""A table with a contract, one by lead, a view, a table without a contract."""
TABLES = (
    "select table_schema, table_name from information_schema.tables "
    "where starts_with(table_schema, ?) order by all"
)


def points_changed(project: Path) -> None:
    """A demo request is worth 60 points from March 2026 on: the policy has two versions."""
    of_demo_request = {"scoring_model": "guide", "signal": "demo_request"}
    edit_policy(project, "signal_points", of_demo_request, {"valid_to": "2026-03-01"})
    since = {"component": "intent", "dedupe_by": "day", "points": "60", "valid_from": "2026-03-01"}
    add_policy_row(project, "signal_points", {**of_demo_request, **since})


def succeed(dbt: DbtProcess, command: Command) -> None:
    """Run a command of dbt, which must end without an error."""
    ended = dbt.run(command)
    assert ended.is_success, ended.printed


@pytest.fixture(scope="module")
def dated_demo(builds: Builds) -> Warehouse:
    return builds.build(None, None, edit=points_changed)


@pytest.fixture
def production(dated_demo: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy of the demo with two versions of the policy, in the schemas that begin with main."""
    path = tmp_path / DEMO_NAME
    shutil.copy(dated_demo.environment[DUCKDB_FILE], path)
    return duckdb_warehouse(path)


@pytest.fixture
def state(production: Warehouse, dbt: DbtProcess, tmp_path: Path) -> tuple[str, ...]:
    """The options that name the manifest of production."""
    folder = tmp_path / "state"
    select = ("--select", "time_spine")
    succeed(
        dbt,
        Command("compile", "duckdb", production.environment, arguments=select, folder=str(folder)),
    )
    return ("--state", str(folder))


def develop(
    dbt: DbtProcess, production: Warehouse, name: str, *arguments: str, folder: Path
) -> None:
    """Run a command of dbt for the schemas that begin with dev."""
    environment = {**production.environment, DUCKDB_SCHEMA: DEV}
    succeed(
        dbt, Command(name, "duckdb", environment, arguments=arguments, folder=str(folder / "dbt"))
    )


def stored_in(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, str]:
    """The schemas of the tables and views of a target, by name."""
    found = connection.execute(TABLES, [f"{schema}_"]).fetchall()
    return {table: of_table for of_table, table in found if table not in OF_THE_RUN}


def assert_dev_is_as_production(warehouse: Warehouse) -> None:
    """Every table of dev, of which there are many, has the rows of that of production."""
    with duckdb.connect(warehouse.environment[DUCKDB_FILE], read_only=True) as connection:
        made = stored_in(connection, DEV)
        differing = {
            table
            for table, schema in made.items()
            if not have_same_rows(
                connection, f"{schema}.{table}", f"{schema.replace(DEV, 'main', 1)}.{table}"
            )
        }
    assert not differing
    assert len(made) > 100


def test_deferred_models_know_the_rules_of_the_other_state(
    production: Warehouse, state: tuple[str, ...], dbt: DbtProcess, tmp_path: Path
) -> None:
    """As in a check of a pull request, which builds what changed and what comes after it."""
    selection = ("--select", "int_scored_signals+", "--defer", *state)
    develop(dbt, production, "run", *MODELS_ONLY, *selection, folder=tmp_path)
    assert_dev_is_as_production(production)


def test_models_are_built_where_clones_stand(
    production: Warehouse, state: tuple[str, ...], dbt: DbtProcess, tmp_path: Path
) -> None:
    """DuckDB and PostgreSQL clone a table as a view, whose rows cannot be replaced."""
    # Two threads at a time would make the same schema, which DuckDB does not let them.
    develop(dbt, production, "clone", "--threads", "1", *state, folder=tmp_path)
    selection = ("--select", *LEADS_OF_RUN, "lead_stage_history", "lead_stages")
    develop(dbt, production, "run", *MODELS_ONLY, *selection, folder=tmp_path)
    assert_dev_is_as_production(production)


def without_first_stages(project: Path) -> None:
    """lead_stage_history leaves out how a lead began, which its test would not let pass."""
    path = next((project / "models").rglob("lead_stage_history.sql"))
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(f"select * from ({text}) as entries where stage_number > 1", encoding="utf-8")


class LaterRun:
    """A copy of the demo in which int_run_scope says that no lead is to be recomputed."""

    def __init__(self, warehouse: Warehouse, dbt: DbtProcess) -> None:
        """Make int_run_scope alone."""
        self.warehouse = warehouse
        self.dbt = dbt
        self.run("int_run_scope")
        scope = self.one("select whole_because from main_intermediate.int_run_scope")
        assert scope == (None,)

    def run(self, *models: str, edited: str = "") -> None:
        """Build models from the tables that are there."""
        arguments = (*MODELS_ONLY, "--select", *models)
        environment = self.warehouse.environment
        succeed(self.dbt, Command("run", "duckdb", environment, arguments=arguments, edited=edited))

    def one(self, sql: str) -> tuple[object, ...]:
        """Return the row that a query gives."""
        with duckdb.connect(self.warehouse.environment[DUCKDB_FILE], read_only=True) as connection:
            return connection.execute(sql).fetchone() or ()


def test_code_that_was_edited_since_recomputes_every_lead(
    demo_copy: Warehouse, dbt: DbtProcess, tmp_path: Path
) -> None:
    """As when a model is fixed before dbt retry."""
    later = LaterRun(demo_copy, dbt)
    counts = (
        "select count(case when stage_number = 1 then 1 end), "
        "count(case when stage_number > 1 then 1 end) from main_marts.lead_stage_history"
    )
    first, others = later.one(counts)
    assert first
    edited = edited_copy(tmp_path / "edited", without_first_stages)
    later.run("int_leads_this_run", "lead_stage_history", edited=str(edited))
    assert later.one(counts) == (0, others)


def test_a_table_that_was_dropped_since_is_made_of_every_lead(
    demo_copy: Warehouse, dbt: DbtProcess
) -> None:
    """Though part of its statement stands in an ephemeral model, int_score_changes."""
    later = LaterRun(demo_copy, dbt)
    counts = "select count(*), count(distinct lead_id) from main_intermediate.int_score_steps"
    before = later.one(counts)
    with duckdb.connect(demo_copy.environment[DUCKDB_FILE]) as connection:
        connection.execute("drop table main_intermediate.int_score_steps")
    later.run("int_leads_this_run", "int_score_steps")
    assert later.one(counts) == before


def ending_with_a_remark(project: Path) -> None:
    """Models of each kind end with a line of comment."""
    for name in STORED_IN_EACH_WAY:
        path = next((project / EDITABLE[1]).rglob(f"{name}.sql"))
        text = path.read_text(encoding="utf-8").rstrip()
        path.write_text(f"{text}\n-- The end.", encoding="utf-8")


def test_a_model_may_end_with_a_comment(
    demo_copy: Warehouse, dbt: DbtProcess, tmp_path: Path
) -> None:
    arguments = (*MODELS_ONLY, "--select", *LEADS_OF_RUN, *STORED_IN_EACH_WAY)
    edited = edited_copy(tmp_path / "edited", ending_with_a_remark)
    command = Command(
        "run", "duckdb", demo_copy.environment, arguments=arguments, edited=str(edited)
    )
    for _ in range(2):
        succeed(dbt, command)


@pytest.mark.nightly
def test_an_empty_build_leaves_nothing_behind(
    demo_copy: Warehouse, demo: Warehouse, dbt: DbtProcess
) -> None:
    """As a dry run of all statements; the next run has all rows again."""
    path = demo_copy.environment[DUCKDB_FILE]
    for options in (("--empty",), ()):
        arguments = (*MODELS_ONLY, *options)
        succeed(dbt, Command("run", "duckdb", demo_copy.environment, arguments=arguments))
        with duckdb.connect(path, read_only=True) as connection:
            leads = connection.execute("select count(*) from main_marts.lead_stages").fetchone()
        assert (leads == (0,)) == bool(options)
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute(f"attach '{demo.environment[DUCKDB_FILE]}' as usual (read_only)")
        for table, schema in stored_in(connection, "main").items():
            assert have_same_rows(connection, f"{schema}.{table}", f"usual.{schema}.{table}"), table
