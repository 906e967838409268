"""Connectors: each extract, loaded with its types, gives the contract rows that it must."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import (
    PROJECT,
    Warehouse,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.building import BuildError, add_policy_row, build, spark_warehouse
from python_checks.connecting import (
    SEEDS_READ,
    comparable,
    connected_project,
    differences,
    load_into_duckdb,
    load_into_postgres,
    variables,
)
from python_checks.extracts import CONNECTOR_OF, EXTRACTS, extract_of, rows_of_csv
from python_checks.tests.builds import DATA_ONLY

FIRST = {connector: extract_of(connector) for connector in CONNECTOR_OF.values()}
SECOND = {"salesforce": "salesforce_airbyte", "rudderstack": "segment"}
"""What one build cannot read beside the first: another spelling, the same tables again."""

CHECKED = [(connector, extract) for run in (FIRST, SECOND) for connector, extract in run.items()]
ENGINES = ("duckdb", "postgres")
CAUTIOUS = ("--indirect-selection", "cautious")
"""No test of a model that is not built."""
ONLY_CONNECTORS = (
    *("--select", *SEEDS_READ),
    *("path:models/connectors", "connector_coverage"),
    *CAUTIOUS,
)
TRAPS = rows_of_csv(EXTRACTS / "traps.csv")
AS_OF = "2026-04-20 03:00:00"
DECLARATIONS = PROJECT / "macros" / "connectors" / "declarations"


@dataclass(frozen=True)
class Built:
    """What connectors made of extracts.

    Attributes:
        warehouse: Where it is.
        schema: How the names of its schemas begin.
    """

    warehouse: Warehouse
    schema: str

    def differences(self, connector: str, extract: str) -> list[Any]:
        """Compare the views of a connector with the rows that an extract must give."""
        relation = f"{self.schema}_connectors.{connector}__{{table}}"
        with self.warehouse.connection() as connection:
            return differences(connection, relation, extract)

    def rows(self, relation: str) -> list[dict[str, Any]]:
        """Return the rows of a relation of the connectors or of the marts."""
        with self.warehouse.connection() as connection:
            found = connection.table(f"select * from {self.schema}_{relation}")
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def connect_on_duckdb(
    folder: Path,
    connectors: dict[str, str],
    arguments: tuple[str, ...] = ONLY_CONNECTORS,
    attributes: tuple[str, ...] = (),
) -> Built:
    """Load extracts into a DuckDB file and build what their connectors make of them.

    Args:
        folder: A new folder for the file and a copy of the project.
        connectors: The extracts, by connector.
        arguments: Further arguments of dbt.
        attributes: What attributes.csv lists, of leads.
    """
    path = folder / "connected.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'")
        for extract in set(connectors.values()):
            load_into_duckdb(connection, extract, extract)
    warehouse = duckdb_warehouse(path)
    project = connected_project(folder / "project", connectors)
    for attribute in attributes:
        row = {"attribute": attribute, "object": "lead", "type": "text"}
        row |= {"is_dimension": "false", "is_feature": "false"}
        add_policy_row(project, "attributes", row)
    build(
        warehouse,
        as_of=AS_OF,
        variables=variables(connectors),
        project=project,
        arguments=("--exclude-resource-type", "unit_test", *arguments),
    )
    return Built(warehouse, "main")


def connect_on_postgres(
    folder: Path, server: dict[str, str], connectors: dict[str, str], schema: str
) -> Built:
    """Load extracts into PostgreSQL and build what their connectors make of them."""
    for extract in set(connectors.values()) - set(loaded_in_postgres):
        load_into_postgres(server, extract, extract)
        loaded_in_postgres.append(extract)
    warehouse = postgres_warehouse(server, schema)
    build(
        warehouse,
        as_of=AS_OF,
        variables=variables(connectors),
        project=connected_project(folder / "project", connectors),
        arguments=("--exclude-resource-type", "unit_test", *ONLY_CONNECTORS),
    )
    return Built(warehouse, schema)


loaded_in_postgres: list[str] = []


@pytest.fixture(scope="module")
def on_duckdb(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """Both runs on DuckDB, by extract."""
    built = {}
    for connectors in (FIRST, SECOND):
        made = connect_on_duckdb(tmp_path_factory.mktemp("connected"), connectors)
        built |= {f"{name}/{extract}": made for name, extract in connectors.items()}
    return built


@pytest.fixture(scope="module")
def on_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres: dict[str, str]
) -> dict[str, Built]:
    """Both runs on PostgreSQL, by extract."""
    built = {}
    for number, connectors in enumerate((FIRST, SECOND)):
        folder = tmp_path_factory.mktemp("connected")
        made = connect_on_postgres(folder, postgres, connectors, f"connected_{number}")
        built |= {f"{name}/{extract}": made for name, extract in connectors.items()}
    return built


@pytest.mark.nightly
@pytest.mark.parametrize(("connector", "extract"), CHECKED)
@pytest.mark.parametrize("engine", ENGINES)
def test_connector_gives_the_expected_rows(
    request: pytest.FixtureRequest, engine: str, connector: str, extract: str
) -> None:
    """No row of the contract is missing, too many or different."""
    built: dict[str, Built] = request.getfixturevalue(f"on_{engine}")
    assert built[f"{connector}/{extract}"].differences(connector, extract) == []


ON_SPARK = {"hubspot_airbyte": "hubspot_airbyte", "segment": "segment"}
LAND_ON_SPARK = """\
{% macro land_extracts() %}
    {%- for schema, table, path in [EXTRACTS] if execute -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
        {%- do run_query('create table ' ~ schema ~ '.' ~ table
            ~ " using parquet location '" ~ path ~ "'") -%}
    {%- endfor -%}
{% endmacro %}
"""


@pytest.fixture(scope="module")
def on_spark(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Two connectors on Spark, whose views are tables here: its catalog ends with the build."""
    folder = tmp_path_factory.mktemp("connected_on_spark")
    project = connected_project(folder / "project", ON_SPARK)
    landed = [
        (extract, path.stem, str(path))
        for extract in ON_SPARK.values()
        for path in parquet_files(folder / extract, extract)
    ]
    (project / "macros" / "land_extracts.sql").write_text(
        LAND_ON_SPARK.replace("EXTRACTS", ", ".join(map(str, landed))), encoding="utf-8"
    )
    for path, old, new in (
        ("dbt_project.yml", "on-run-start:\n", 'on-run-start:\n  - "{{ land_extracts() }}"\n'),
        ("macros/connectors/contract_rows.sql", "materialized='view'", "materialized='table'"),
    ):
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), encoding="utf-8")
    warehouse = spark_warehouse(folder / "warehouse")
    build(
        warehouse,
        as_of=AS_OF,
        variables=variables(ON_SPARK),
        project=project,
        arguments=(*DATA_ONLY, *ONLY_CONNECTORS),
    )
    return Built(replace(warehouse, marts="lead_qualification_connectors"), "")


def parquet_files(folder: Path, extract: str) -> list[Path]:
    """Write an extract with its types as a folder of Parquet files per table."""
    found = []
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        load_into_duckdb(connection, extract, extract)
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            (folder / table).mkdir(parents=True)
            path = folder / table / "rows.parquet"
            connection.execute(
                f'copy "{extract}"."{table}" to {sql_literal(path)} (format parquet)'
            )
            found.append(folder / table)
    return found


@pytest.mark.nightly
@pytest.mark.parametrize(("connector", "extract"), ON_SPARK.items())
def test_connector_gives_the_expected_rows_on_spark(
    on_spark: Built, connector: str, extract: str
) -> None:
    """As on the other engines."""
    relation = f"{on_spark.warehouse.marts}.{connector}__{{table}}"
    with on_spark.warehouse.connection() as connection:
        assert differences(connection, relation, extract) == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    "trap", TRAPS, ids=lambda trap: f"{trap['id']} {trap['extract']} {trap['rows']}"
)
def test_trap_is_caught(on_duckdb: dict[str, Built], trap: dict[str, str]) -> None:
    """What goes wrong most often is right in a row of the contract, or visible in the coverage."""
    connector = CONNECTOR_OF[trap["extract"]]
    built = on_duckdb[f"{connector}/{trap['extract']}"]
    conditions = dict(part.split("=", 1) for part in trap["rows"].split(";"))
    if trap["relation"] == "connector_coverage":
        conditions["connector"] = connector
        rows = built.rows("marts.connector_coverage")
    else:
        rows = built.rows(f"connectors.{connector}__{trap['relation']}")
    found = [
        row
        for row in rows
        if all(
            comparable(name, row[name]) == comparable(name, value)
            for name, value in conditions.items()
        )
    ]
    assert len(found) == int(trap["row_count"])


def test_every_trap_has_a_row() -> None:
    """The table of traps knows all seventeen."""
    assert {trap["id"] for trap in TRAPS} == {f"T{number}" for number in range(1, 18)}


@pytest.mark.nightly
def test_leads_without_an_account_have_its_attributes(on_duckdb: dict[str, Built]) -> None:
    """Industry and size of a company stand on an unconverted lead, too."""
    built = on_duckdb["salesforce/salesforce_fivetran"]
    leads = {row["lead_id"]: row for row in built.rows("connectors.salesforce__leads")}
    for row in rows_of_csv(EXTRACTS / "salesforce_fivetran" / "expected_of_some" / "leads.csv"):
        given = leads[row["lead_id"]]
        assert (given["industry"], given["employee_count"]) == (
            row["industry"],
            row["employee_count"],
        )


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("connector", "changes"),
    [
        ("salesforce", {("phone", "1", "2")}),
        ("marketo", {("phone", None, "1"), ("lead_status", "New", "MQL")}),
        ("hubspot_fivetran", {("hs_lead_status", None, "ATTEMPTED_TO_CONTACT")}),
    ],
)
def test_history_of_listed_attributes_passes(
    with_attributes: Built, connector: str, changes: set[tuple[str | None, ...]]
) -> None:
    """A field that attributes.csv names comes through under its own name."""
    rows = with_attributes.rows(f"connectors.{connector}__attribute_changes")
    found = {(row["attribute"], row["old_value"], row["new_value"]) for row in rows}
    assert changes <= found


@pytest.fixture(scope="module")
def with_attributes(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Three connectors of which fields are listed in attributes.csv that nothing else reads."""
    connectors = {name: FIRST[name] for name in ("salesforce", "marketo", "hubspot_fivetran")}
    tables = (f"+{name}__attribute_changes" for name in connectors)
    return connect_on_duckdb(
        tmp_path_factory.mktemp("with_attributes"),
        connectors,
        ("--select", *SEEDS_READ, *tables, *CAUTIOUS),
        ("phone", "lead_status", "hs_lead_status"),
    )


@pytest.mark.nightly
def test_keys_are_unique(on_duckdb: dict[str, Built]) -> None:
    """Each record of an extract is one row, by a key that does not depend on the build."""
    for table, key in (
        ("lead_status_changes", "change_id"),
        ("sales_activities", "activity_id"),
        ("marketing_activities", "activity_id"),
        ("email_events", "event_id"),
        ("web_events", "event_id"),
        ("attribute_changes", "change_id"),
    ):
        for connector in FIRST:
            if table in declaration(connector)["gives"]:
                built = on_duckdb[f"{connector}/{FIRST[connector]}"]
                keys = [row[key] for row in built.rows(f"connectors.{connector}__{table}")]
                assert len(keys) == len(set(keys)), (connector, table)
                assert None not in keys


def declaration(connector: str) -> dict[str, Any]:
    """Return what a connector lands and gives, as its file declares it."""
    text = (DECLARATIONS / f"{connector}.sql").read_text(encoding="utf-8")
    (literal,) = re.findall(r"return\((\{.*\})\)", text, re.DOTALL)
    return dict(ast.literal_eval(literal))


@pytest.mark.parametrize("path", sorted(DECLARATIONS.glob("*.sql")), ids=lambda path: path.stem)
def test_connector_is_whole(path: Path) -> None:
    """A connector has models, an extract with expected rows, meanings of values and a page."""
    connector = path.stem
    declared = declaration(connector)
    models = PROJECT / "models" / "connectors" / connector
    for table in declared["gives"]:
        assert (models / f"{connector}__{table}.sql").exists()
        assert (models / f"{connector}__all_{table}.sql").exists()
    assert (models / f"{connector}__coverage.sql").exists()
    assert (models / f"_{connector}__contract.yml").exists()
    extracts = [
        extract
        for extract, reader in CONNECTOR_OF.items()
        if declaration(reader)["family"] == declared["family"]
    ]
    assert extracts
    for extract in extracts:
        assert list((EXTRACTS / extract / "landed").iterdir())
        assert list((EXTRACTS / extract / "expected").iterdir())
    described = "".join((PROJECT / declared["page"]).read_text(encoding="utf-8"))
    for heading in ("What to sync", "What feeds what", "What cannot be known", "Values to review"):
        assert f"## {heading}" in described
    names = {connector, declared["family"]}
    values = rows_of_csv(PROJECT / "seeds" / "connectors" / "value_map.csv")
    assert names & {row["connector"] for row in values}
    documented = (models / f"_{connector}__contract.yml").read_text(encoding="utf-8")
    assert f"enabled: \"{{{{ '{connector}' in (var('connectors'" in documented


def test_no_connector_reads_the_time_of_a_sync() -> None:
    """What changes with every re-sync would make a daily run recompute everybody."""
    for path in DECLARATIONS.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"_synced|_extracted_at|uuid_ts|loaded_at|etl_tstamp|load_tstamp", text
        )


@pytest.mark.nightly
def test_required_column_that_is_absent_stops_the_build(tmp_path: Path) -> None:
    """The message names connector, table and column, and what to do."""
    with pytest.raises(BuildError) as stopped:
        connect_without(tmp_path, "alter table hubspot_fivetran.contact drop property_email")
    assert "Connector hubspot_fivetran: table contact" in str(stopped.value)
    assert "has no column property_email. Sync it" in str(stopped.value)


@pytest.mark.nightly
def test_two_columns_that_fit_stop_the_build(tmp_path: Path) -> None:
    """Neither is guessed."""
    with pytest.raises(BuildError) as stopped:
        connect_without(
            tmp_path,
            "alter table hubspot_fivetran.company rename property_name to PropertyName; "
            'alter table hubspot_fivetran.company add column "property-name" varchar',
        )
    assert "two columns of table company could be property_name" in str(stopped.value)


def connect_without(folder: Path, edit: str) -> None:
    """Build the connector of HubSpot over an extract that was edited."""
    path = folder / "edited.duckdb"
    with duckdb.connect(str(path)) as connection:
        load_into_duckdb(connection, "hubspot_fivetran", "hubspot_fivetran")
        connection.execute(edit)
    connectors = {"hubspot_fivetran": "hubspot_fivetran"}
    build(
        duckdb_warehouse(path),
        variables=variables(connectors),
        project=connected_project(folder / "project", connectors),
        command="run",
        arguments=("--select", "hubspot_fivetran__leads", "hubspot_fivetran__accounts"),
    )


@pytest.mark.nightly
@pytest.mark.parametrize(
    "connectors",
    [
        {"hubspot_fivetran": "hubspot_fivetran"},
        {
            "salesforce": "salesforce_fivetran",
            "segment": "segment",
            "marketo": "marketo_fivetran",
        },
    ],
    ids=["hubspot", "salesforce, segment and marketo"],
)
def test_landed_tables_become_scored_leads(tmp_path: Path, connectors: dict[str, str]) -> None:
    """A whole build: books balance, health is judged, the CRM's records survive."""
    built = connect_on_duckdb(tmp_path, connectors, ())
    leads = built.rows("marts.lead_stages")
    crm = next(iter(connectors))
    of_crm = {row["lead_id"] for row in built.rows(f"connectors.{crm}__leads")}
    assert of_crm & {row["lead_id"] for row in leads}
    ledger = built.rows("marts.raw_row_ledger")
    given = built.rows("raw.leads")
    assert sum(row["rows"] for row in ledger if row["source"] == "leads") == len(given)
    assert built.rows("marts.data_health")
    assert built.rows("marts.connector_coverage")
