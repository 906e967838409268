"""Connectors side by side: two accounts of one product, and sources beside the CRM of record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lead_qualification.warehouse import duckdb_warehouse
from python_checks.building import BuildError, build
from python_checks.connecting import (
    SEEDS_READ,
    connected_project,
    differences,
    load_into_duckdb,
)
from python_checks.extracts import CONNECTOR_OF, options_of
from python_checks.tests.builds import DATA_ONLY

pytestmark = pytest.mark.nightly

CRM = "salesforce_fivetran"
TWICE = ("hubspot_fivetran", "hubspot_airbyte", "marketo_fivetran", "pardot_fivetran")
PORTALS = ("north", "south")
SHARED = "omar@ruizmetal.example.com"
"""The address of a lead of Salesforce, which a contact of HubSpot in the north has, too."""


def schemas(extract: str) -> list[str]:
    """Return the two schemas into which an extract lands."""
    return [f"{extract}_{portal}" for portal in PORTALS]


def settings() -> dict[str, dict[str, Any]]:
    """Return the var connectors: Salesforce first, two accounts of everything else."""
    found: dict[str, dict[str, Any]] = {"salesforce": {"schema": CRM, **options_of(CRM)}}
    for extract in (*TWICE, "segment", "ga4"):
        found[CONNECTOR_OF[extract]] = {"schema": schemas(extract)}
    found["pardot"]["except"] = ["marketing_activities"]
    return found


def project_of(folder: Path, extracts: tuple[str, ...]) -> Path:
    """Copy the project, with what the users of extracts say of their values."""
    return connected_project(folder, {CONNECTOR_OF[extract]: extract for extract in extracts})


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything beside Salesforce, each product landed twice."""
    folder = tmp_path_factory.mktemp("beside")
    path = folder / "beside.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'")
        load_into_duckdb(connection, CRM, CRM)
        for extract in (*TWICE, "segment", "ga4"):
            for schema in schemas(extract):
                load_into_duckdb(connection, extract, schema)
        connection.execute(
            f"update hubspot_fivetran_north.contact set property_email = upper('{SHARED}') "
            "where id = 106"
        )
        connection.execute(
            "create table hubspot_fivetran_north.company_property_history as select "
            "501 as company_id, 'country' as name, 'Chile' as value, '2026-03-01' as timestamp"
        )
        connection.execute(
            "drop table ga4_south.events_20260302; drop table ga4_south.events_intraday_20260303; "
            "update ga4_south.events_intraday_20260302 set user_pseudo_id = 'south'"
        )
    build(
        duckdb_warehouse(path),
        variables={"connectors": settings()},
        project=project_of(folder / "project", (CRM, *TWICE, "segment", "ga4")),
        arguments=(*DATA_ONLY, "--select", *SEEDS_READ, "path:models/connectors"),
    )
    return path


@pytest.fixture(scope="module")
def organisations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two organisations of Salesforce."""
    folder = tmp_path_factory.mktemp("organisations")
    path = folder / "organisations.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'")
        for schema in schemas(CRM):
            load_into_duckdb(connection, CRM, schema)
    build(
        duckdb_warehouse(path),
        variables={"connectors": {"salesforce": {"schema": schemas(CRM), **options_of(CRM)}}},
        project=project_of(folder / "project", (CRM,)),
        arguments=(*DATA_ONLY, "--select", *SEEDS_READ, "path:models/connectors/salesforce"),
    )
    return path


@dataclass(frozen=True)
class Found:
    """Columns and rows of a query."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Portal:
    """The rows of one of two accounts, with the identifiers that they have at home.

    Attributes:
        connection: Where they are.
        prefix: What stands before them.
    """

    connection: duckdb.DuckDBPyConnection
    prefix: str

    def table(self, sql: str) -> Found:
        """Return the rows of a query that belong to the account."""
        found = self.connection.execute(
            f"select regexp_replace(columns(*)::varchar, '(^|-){self.prefix}', '\\1', 'g') "
            f"from ({sql}) as found where contains(cast(found as varchar), '{self.prefix}')"
        )
        return Found([column[0] for column in found.description or []], found.fetchall())


@pytest.mark.parametrize("portal", PORTALS)
@pytest.mark.parametrize("extract", [CRM, *TWICE])
def test_each_account_gives_its_rows(
    request: pytest.FixtureRequest, extract: str, portal: str
) -> None:
    """No row of one account joins with one of the other, though their identifiers are the same."""
    path: Path = request.getfixturevalue("organisations" if extract == CRM else "beside")
    relation = f"main_connectors.{CONNECTOR_OF[extract]}__{{table}}"
    with duckdb.connect(str(path), read_only=True) as connection:
        found = differences(Portal(connection, f"{extract}_{portal}-"), relation, extract)
    if (extract, portal) == ("hubspot_fivetran", "north"):
        (changed,) = found
        assert [row["lead_id"] for row in changed.missing + changed.added] == ["106", "106"]
    else:
        assert found == []


def test_an_event_that_landed_twice_is_one(beside: Path) -> None:
    """Two schemas of one tracker are not two visitors: ids of events and visitors stay."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        landed = connection.execute("select count(*) from segment_north.pages").fetchone()
        given = connection.execute(
            "select count(distinct event_id), count(*) from main_connectors.segment__web_events "
            "where event_name = 'page_view'"
        ).fetchone()
    assert landed is not None
    assert given is not None
    assert given[0] == given[1] > 0
    assert given[0] <= landed[0]


def test_a_finished_day_of_one_property_says_nothing_of_another(beside: Path) -> None:
    """A day that grows is left out only where the same property has the whole day."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        found = connection.execute(
            "select count(*) from main_connectors.ga4__web_events where anonymous_id = 'south'"
        ).fetchone()
    assert found == (1,)


def test_ids_beside_the_crm_are_told_apart(beside: Path) -> None:
    """Every lead is there once; what is not of the CRM begins with its connector."""
    given = settings()
    with duckdb.connect(str(beside), read_only=True) as connection:
        ids = [
            row[0] for row in connection.execute("select lead_id from main_raw.leads").fetchall()
        ]
        assert len(ids) == len(set(ids))
        count = 0
        for connector in ("salesforce", "hubspot_fivetran", "hubspot_airbyte", "marketo", "pardot"):
            rows = connection.execute(f"from main_connectors.{connector}__leads").fetchall()
            own = [key for key in ids if key.startswith(f"{connector}-")]
            assert len(own) == (0 if connector == "salesforce" else len(rows) if rows else -1)
            count += len(rows)
        assert count == len(ids)
        for table in ("lead_status_changes", "sales_activities", "email_events"):
            of_others = connection.execute(
                f"select lead_id, rep_id from main_raw.{table} where lead_id is not null"
                if table != "email_events"
                else f"select campaign_id, null from main_raw.{table} where campaign_id is not null"
            ).fetchall()
            prefixes = tuple(f"{connector}-" for connector in given)
            assert any(key.startswith(prefixes) for key, _ in of_others)
            assert all(rep is None for key, rep in of_others if key.startswith(prefixes))


def test_accounts_deals_and_reps_are_those_of_the_crm(beside: Path) -> None:
    """A second CRM gives none, and its people name none."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        for table in ("accounts", "opportunities", "opportunity_contacts", "sales_reps"):
            own = connection.execute(f"from main_connectors.salesforce__{table}").fetchall()
            other = connection.execute(f"from main_connectors.hubspot_fivetran__{table}").fetchall()
            assert len(own) > 0
            assert len(other) > 0
            assert len(connection.execute(f"from main_raw.{table}").fetchall()) == len(own)
        named = connection.execute(
            "select count(*) from main_raw.leads where lead_id like 'hubspot%' "
            "and (account_id is not null or owner_id is not null)"
        ).fetchone()
    assert named == (0,)


def test_changes_of_a_second_crm_are_of_its_own_leads(beside: Path) -> None:
    """A change has the id of its lead; changes of accounts of a second CRM do not count."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        at_home = connection.execute(
            "select object, count(*) from main_connectors.hubspot_fivetran__attribute_changes "
            "group by object order by object"
        ).fetchall()
        found = connection.execute(
            "select changes.object, count(*), count(leads.lead_id) "
            "from main_raw.attribute_changes as changes "
            "left join main_raw.leads as leads on changes.record_id = leads.lead_id "
            "where changes.change_id like 'hubspot_fivetran-%' group by changes.object"
        ).fetchall()
    assert [name for name, _ in at_home] == ["account", "lead"]
    count = dict(at_home)["lead"]
    assert found == [("lead", count, count)]


def test_fields_of_a_sync_are_those_of_the_crm(beside: Path) -> None:
    """What our sync wrote into another system is not compared with the CRM."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        rows = connection.execute(
            "select crm_lead_score from main_raw.leads where lead_id like 'hubspot%'"
        ).fetchall()
        there = connection.execute(
            "select count(crm_lead_score) from main_connectors.hubspot_fivetran__leads"
        ).fetchone()
    assert there is not None
    assert there[0] > 0
    assert {row[0] for row in rows} == {None}


def test_a_record_with_an_address_of_the_crm_points_to_it(beside: Path) -> None:
    """The CRM's record survives; who is in no CRM stays a lead."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        pointers = dict(
            connection.execute(
                "select lead_id, merged_into_lead_id from main_raw.leads where lead_id like 'hub%'"
            ).fetchall()
        )
        crm = connection.execute(
            "select lead_id, merged_into_lead_id from main_raw.leads "
            f"where email = '{SHARED}' and lead_id not like '%-%'"
        ).fetchall()
    assert crm == [("00Q8a000000abcdEAA", None)]
    assert pointers["hubspot_fivetran-hubspot_fivetran_north-106"] == "00Q8a000000abcdEAA"
    assert pointers["hubspot_fivetran-hubspot_fivetran_south-106"] is None
    merged = pointers["hubspot_fivetran-hubspot_fivetran_south-103"]
    assert merged == "hubspot_fivetran-hubspot_fivetran_south-102"


def test_a_table_that_is_excepted_is_not_read(beside: Path) -> None:
    """Pardot has forms, but the var leaves them to others."""
    with duckdb.connect(str(beside), read_only=True) as connection:
        at_home = connection.execute("from main_connectors.pardot__marketing_activities").fetchall()
        found = connection.execute(
            "select count(*) from main_raw.marketing_activities where activity_id like 'pardot-%'"
        ).fetchone()
    assert len(at_home) > 0
    assert found == (0,)


def test_a_table_that_a_connector_does_not_give_cannot_be_excepted(tmp_path: Path) -> None:
    """A misspelt name would leave everything as it is."""
    with pytest.raises(BuildError) as stopped:
        build(
            duckdb_warehouse(tmp_path / "misspelt.duckdb"),
            variables={"connectors": {"pardot": {"schema": "pardot", "except": ["forms"]}}},
            command="parse",
        )
    assert "pardot the exception forms, which it does not give" in str(stopped.value)
