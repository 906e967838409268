"""From what a tool landed to the dashboard and to the CRM, by the commands that a user types.

leadq connect, leadq connect --write, leadq build; then the summary, every page of the dashboard,
and a dry run of the sync. In between nothing is written by hand.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

from lead_qualification.cli import main
from lead_qualification.connect.project_vars import connectors_of
from lead_qualification.dashboard.variables import TARGET
from lead_qualification.exit_codes import OK
from lead_qualification.warehouse import (
    Warehouse,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.building import copy_project
from python_checks.connecting import landed_files, load_into_duckdb, load_into_postgres
from python_checks.tests.builds import ENGINES
from python_checks.tests.pages import opened

pytestmark = pytest.mark.nightly

MODELS = ("--", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
VIEWS = ("accounts", "channels", "data", "feedback", "funnel", "handoffs", "lead", "score_health")
SCHEMAS = "select distinct schema_name as name from information_schema.schemata"


@dataclass(frozen=True)
class Source:
    """What landed, and what is to come of it.

    Attributes:
        extracts: Schema by extract.
        crm: Where leadq sync writes.
        settings: The var connectors.
        told: Lines of leadq connect.
        not_in_crm: How many leads only another connector knows.
    """

    extracts: dict[str, str]
    crm: str
    settings: dict[str, dict[str, str]]
    told: tuple[str, ...]
    not_in_crm: int = 0


SOURCES = {
    "hubspot": Source(
        extracts={"hubspot_fivetran": "hubspot"},
        crm="hubspot",
        settings={"hubspot_fivetran": {"schema": "hubspot"}},
        told=("HubSpot by Fivetran in schema hubspot: 24 of 25 tables", "PARKED_EMEA"),
    ),
    "salesforce": Source(
        extracts={
            "segment": "segment_web",
            "marketo_fivetran": "marketo",
            "salesforce_fivetran": "salesforce",
        },
        crm="salesforce",
        settings={
            "salesforce": {"schema": "salesforce"},
            "marketo": {"schema": "marketo"},
            "segment": {"schema": "segment_web"},
        },
        told=(
            "Salesforce by Fivetran, Airbyte or dlt in schema salesforce: 12 of 14 tables",
            "Segment in schema segment_web: 4 of 4 tables",
            "salesforce,sales_reps,territory,user,territory_c",
        ),
        not_in_crm=3,
    ),
}


@dataclass
class Journey:
    """The commands on one warehouse.

    Attributes:
        source: What landed.
        warehouse: Where.
        project: A copy of the project.
        landed: Rows by schema and table.
        told: What each command printed.
    """

    source: Source
    warehouse: Warehouse
    project: Path
    landed: dict[str, dict[str, int]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def schemas(self) -> set[str]:
        """The schemas of the warehouse."""
        return set(self.warehouse.read(SCHEMAS)["name"])


def landed(extract: str, warehouse: Warehouse, schema: str) -> dict[str, int]:
    """Load an extract; return the rows of each of its tables."""
    if warehouse.target == "duckdb":
        with warehouse.connection(is_read_only=False) as connection:
            load_into_duckdb(connection.raw, extract, schema)
    else:
        load_into_postgres(warehouse.environment, extract, schema)
    return {
        path.stem: int(
            warehouse.read(f'select count(*) as n from "{schema}"."{path.stem}"')["n"][0]
        )
        for path in landed_files(extract)
    }


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that the commands read."""
    return request.param


@pytest.fixture(scope="module", params=["hubspot", "salesforce"])
def journey(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journey]:
    """What landed, connected and built."""
    folder = tmp_path_factory.mktemp("journey")
    source = SOURCES[request.param]
    if engine == "duckdb":
        warehouse = duckdb_warehouse(folder / "landed.duckdb")
        own = {"LEAD_DB_PATH": str(folder / "landed.duckdb")}
    else:
        server = request.getfixturevalue("postgres")
        warehouse = postgres_warehouse(server, f"connected_{request.param}")
        own = warehouse.environment
    found = Journey(source, warehouse, copy_project(folder / "project"))
    for extract, schema in source.extracts.items():
        found.landed[schema] = landed(extract, warehouse, schema)
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith(("LEAD_", "CRM_", "DBT_")):
            del os.environ[name]
    os.environ |= {**own, "LEAD_PROJECT_DIR": str(found.project), "LEAD_AS_OF": "2026-06-30"}
    try:
        _travel(found, engine)
        yield found
    finally:
        os.environ.clear()
        os.environ.update(before)
        with warehouse.connection(is_read_only=False) as connection:
            for schema in source.extracts.values():
                connection.execute(f'drop schema "{schema}" cascade')


def _travel(journey: Journey, engine: str) -> None:
    """Run the commands one after the other."""

    def run(name: str, *words: str) -> None:
        printed = StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            code = main([*words[:1], "--target", engine, *words[1:]])
        journey.told[name] = printed.getvalue()
        assert code == OK, journey.told[name]

    schemas = list(journey.source.extracts.values())
    there = journey.schemas()
    run("dry", "connect", *schemas)
    assert journey.schemas() == there
    run("write", "connect", "--write", *schemas)
    run("build", "build", *MODELS)
    run("again", "connect", *schemas)
    changes = journey.project / "changes.csv"
    files = ("--checkpoint", str(journey.project / "none.sqlite"), "--changes", str(changes))
    run("sync", "sync", "--to", journey.source.crm, "--dry-run", *files)


def test_what_landed_is_found_and_the_var_is_written(journey: Journey) -> None:
    assert connectors_of(journey.project) == journey.source.settings
    for line in journey.source.told:
        assert line in journey.told["dry"]
    assert "nothing was written" in journey.told["dry"]
    assert "figures of the last build" in journey.told["again"]
    assert "nothing to write: all of it is there" in journey.told["again"]


def test_every_landed_row_is_counted(journey: Journey) -> None:
    """connector_coverage has each landed table that is read, with the rows that it has."""
    found = journey.warehouse.table("connector_coverage")
    tables = found[
        (found["outcome"] == "read")
        & found["source_column"].isna()
        & found["contract_column"].isna()
        & found["source_value"].isna()
    ]
    counted = tables.groupby("source_table")["row_count"].sum().to_dict()
    there = {name: rows for own in journey.landed.values() for name, rows in own.items()}
    # The same name in two sources, and tables that no connector reads.
    several = {"lead", "campaign"} & counted.keys() if len(journey.landed) > 1 else set()
    read = {name: rows for name, rows in there.items() if name in counted.keys() - several}
    assert len(read) > len(there) / 2
    assert {name: counted[name] for name in read} == read


def test_the_books_balance(journey: Journey) -> None:
    """Every raw row has one outcome; every lead is written, up to date or not in the CRM."""
    ledger = journey.warehouse.table("raw_row_ledger").groupby("source")["rows"].sum().to_dict()
    schema = f"{journey.warehouse.schema}_raw"
    counts = {
        source: int(journey.warehouse.read(f"select count(*) as n from {schema}.{source}")["n"][0])
        for source in ledger
    }
    assert ledger == counts
    assert counts["leads"] > 0
    leads = journey.warehouse.table("lead_stages")["lead_id"]
    synced = journey.warehouse.table("crm_sync_ledger").set_index("outcome")["leads"].to_dict()
    assert sum(synced.values()) == len(leads)
    assert synced.get("not_in_crm", 0) == journey.source.not_in_crm


def test_health_is_judged(journey: Journey) -> None:
    health = journey.warehouse.table("data_health")
    assert set(health["verdict"]) <= {"fine", "warn", "stop"}
    assert len(health) > 0


def test_the_build_ends_with_the_summary(journey: Journey) -> None:
    assert "Channel" in journey.told["build"] or "Stage" in journey.told["build"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_of_the_dashboard_is_shown(view: str, journey: Journey) -> None:
    os.environ[TARGET] = journey.warehouse.target
    assert [error.message for error in opened(view).exception] == []


def test_the_sync_would_write_records_of_the_crm_only(journey: Journey) -> None:
    path = journey.project / "changes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    written = {row["key"] for row in rows}
    sync = journey.warehouse.table("crm_lead_sync")
    assert written == set(sync["lead_id"])
    assert f"{len(written)} rows would be written" in journey.told["sync"]
    assert not any("@" in row["old"] + row["new"] for row in rows)
    if journey.source.not_in_crm:
        told = f"left out: {journey.source.not_in_crm}, known to another connector"
        assert told in journey.told["sync"]
