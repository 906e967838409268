"""The project as a dbt package inside integration_tests, a project with the same names."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lead_qualification.warehouse import PROJECT
from python_checks.processes import environment_without_settings

pytestmark = pytest.mark.nightly

PACKAGE = "lead_qualification"
HOST = "acme_analytics"
REPLACED = {"signal_points": "our_signal_points", "bot_user_agents": "bot_user_agents"}
BUILT = ("+sales_leads", f"package:{HOST}", "+lead_score_contributions", "+excluded_events")


@dataclass(frozen=True)
class Host:
    """The host project, built.

    Attributes:
        database: DuckDB file of its build.
        manifest: All nodes of the host and the package, as dbt resolved them.
        spines: Time spines that MetricFlow sees.
    """

    database: Path
    manifest: dict[str, Any]
    spines: list[dict[str, Any]]

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    @property
    def nodes_of_package(self) -> list[dict[str, Any]]:
        """Everything of the package that says itself what it reads.

        What a data test reads is said by dbt: without the flag
        require_ref_searches_node_package_before_root it tests the host's model of that name.
        """
        groups = ("nodes", "exposures", "semantic_models", "metrics", "saved_queries")
        nodes = [node for group in groups for node in self.manifest[group].values()]
        return [
            node
            for node in nodes
            if node["package_name"] == PACKAGE and not node.get("test_metadata")
        ]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    folder = tmp_path_factory.mktemp("package")
    project = folder / "integration_tests"
    shutil.copytree(
        PROJECT / "integration_tests",
        project,
        ignore=shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb"),
    )
    (project / "packages.yml").write_text(f"packages:\n  - local: {PROJECT}\n", encoding="utf-8")
    for command in (["deps"], ["build", "--exclude-resource-type", "test", "--select", *BUILT]):
        finished = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", *command, "--profiles-dir", str(project)],
            cwd=project,
            env=environment_without_settings(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout[-5000:] + finished.stderr
    manifest = json.loads((project / "target" / "manifest.json").read_text(encoding="utf-8"))
    semantic = json.loads((project / "target" / "semantic_manifest.json").read_text("utf-8"))
    return Host(
        database=project / "acme_analytics.duckdb",
        manifest=manifest,
        spines=semantic["project_configuration"]["time_spines"],
    )


def test_host_has_names_of_the_package(host: Host) -> None:
    ours = {n["name"] for n in host.nodes_of_package if n["resource_type"] in ("model", "seed")}
    theirs = {n["name"] for n in host.manifest["nodes"].values() if n["package_name"] == HOST}
    macros = [m for m in host.manifest["macros"].values() if m["package_name"] in (HOST, PACKAGE)]
    shared_macros = {m["name"] for m in macros if m["package_name"] == HOST} & {
        m["name"] for m in macros if m["package_name"] == PACKAGE
    }
    assert {"channels", "signals", "stages", "int_leads", "lead_scores"} <= ours & theirs
    assert {"as_of", "policy", "raw_table", "stop_if_rows", "test_column_checks"} <= shared_macros


def test_package_reads_of_the_host_only_its_policy(host: Host) -> None:
    read = {
        (node["name"], parent)
        for node in host.nodes_of_package
        for parent in node["depends_on"].get("nodes", [])
        if parent.split(".")[1] == HOST and parent.split(".")[2] not in REPLACED.values()
    }
    assert not read


def test_package_reads_no_policy_table_that_is_replaced(host: Host) -> None:
    replaced = {f"seed.{PACKAGE}.{name}" for name in REPLACED}
    read = {
        (node["name"], parent)
        for node in host.manifest["nodes"].values()
        if node["package_name"] == PACKAGE and node["resource_type"] != "unit_test"
        for parent in node["depends_on"].get("nodes", [])
        if parent in replaced and parent != node.get("attached_node")
    }
    assert not read


def test_package_calls_no_macro_of_the_host(host: Host) -> None:
    called = {
        (node["name"], macro)
        for node in [*host.manifest["nodes"].values(), *host.manifest["macros"].values()]
        if node["package_name"] == PACKAGE
        for macro in node["depends_on"]["macros"]
        if macro.split(".")[1] == HOST
    }
    assert not called


def test_host_reads_the_public_tables(host: Host) -> None:
    rows = host.read("select lead_id, cast(as_of as varchar) from main.sales_leads order by 1")
    assert rows == [(lead, "2026-06-30 00:00:00") for lead in ("A1", "A2", "A3")]


def test_edited_policy_row_has_effect(host: Host) -> None:
    points = host.read(
        "select points, count(*) from main_marts.lead_score_contributions "
        "where lead_id = 'A1' and scoring_model = 'guide' and item = 'pricing_page_visit' "
        "group by points"
    )
    assert points == [(Decimal(25), 2)]


def test_replaced_policy_table_takes_the_place_of_ours(host: Host) -> None:
    excluded = host.read(
        "select source, reason, events from main_marts.excluded_events where reason = 'bot'"
    )
    assert excluded == [("web_events", "bot", 1)]


def test_host_time_spine_is_the_only_one(host: Host) -> None:
    assert [spine["node_relation"]["alias"] for spine in host.spines] == ["our_days"]


def test_same_names_are_different_tables(host: Host) -> None:
    schemas = host.read(
        "select schema_name from duckdb_tables() where table_name = 'channels' "
        "union all select schema_name from duckdb_views() where view_name = 'channels' order by 1"
    )
    assert schemas == [("main",), ("main_policy",)]


def test_host_gets_no_demo(host: Host) -> None:
    assert not host.read("select table_name from duckdb_tables() where table_name like 'demo_%'")


def test_switched_off_source_is_empty(host: Host) -> None:
    assert host.read("select count(*) from crm_landing.intent_signals") == [(1,)]
    assert host.read("select count(*) from main_staging.stg_intent__intent_signals") == [(0,)]
