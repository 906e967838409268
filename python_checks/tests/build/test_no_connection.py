"""With --no-introspect dbt compiles every model; no warehouse need be there."""

from __future__ import annotations

from pathlib import Path

from python_checks.dbt_process import Command, DbtProcess


def test_all_models_are_compiled_without_a_warehouse(tmp_path: Path, dbt: DbtProcess) -> None:
    """As for Snowflake and BigQuery, where nobody has an account at hand."""
    nowhere = tmp_path / "no folder" / "leads.duckdb"
    asks_nothing = ("--no-introspect", "--no-populate-cache", "--indirect-selection", "empty")
    command = Command(
        "compile",
        "duckdb",
        {"LEAD_DB_PATH": str(nowhere)},
        arguments=("--select", "resource_type:model", *asks_nothing),
        folder=str(tmp_path / "target"),
    )
    ended = dbt.run(command)
    assert ended.is_success, ended.printed
    compiled = list((tmp_path / "target" / "compiled").rglob("lead_stages.sql"))
    assert len(compiled) == 1
    assert not nowhere.parent.exists()
