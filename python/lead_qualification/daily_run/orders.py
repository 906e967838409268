"""What a daily run is to do, by the options and the environment."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import yaml

from lead_qualification.daily_run.dbt_runs import SCHEMA_VARIABLES
from lead_qualification.daily_run.raw_tables import RawPlace
from lead_qualification.daily_run.run import Order
from lead_qualification.errors import ConfigurationError
from lead_qualification.raw_contract import raw_tables
from lead_qualification.settings import dbt_project, project_folder
from lead_qualification.warehouse import (
    USUAL_SCHEMAS,
    Warehouse,
    duckdb_warehouse,
    postgres_environment,
    postgres_warehouse,
)


def order_of(
    as_of: str | None, target: str, variables: str, project_dir: Path | None, *, is_full: bool
) -> Order:
    """Return what the options and the environment ask for.

    Raises:
        ConfigurationError: Something that was asked for makes no sense.
    """
    project = (
        dbt_project(project_dir.resolve(), "give --project-dir the folder that has it")
        if project_dir
        else project_folder()
    )
    given = _variables(variables)
    warehouse, schema = _warehouse(target, project)
    return Order(
        project=project,
        warehouse=warehouse,
        schema=schema,
        place=_place(target, project, given),
        as_of=_clock(as_of),
        variables=given,
        dbt_folder=project / "target" / "daily_run",
        is_full=is_full,
    )


def _variables(text: str) -> dict[str, object]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigurationError(f"--vars is not YAML: {error}") from None
    if not isinstance(found, dict) or "as_of" in found:
        raise ConfigurationError("--vars takes a mapping without as_of; that one is --as-of")
    return found


def _clock(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f'--as-of is {text}; write "2026-08-01 00:00:00"') from None
    if found.tzinfo is not None:
        raise ConfigurationError(f"--as-of is {text}; write it in UTC, without a zone")
    return found


def _warehouse(target: str, project: Path) -> tuple[Warehouse, str]:
    """The warehouse of a dbt target, with the variables and defaults of profiles.yml."""
    schema = os.environ.get(SCHEMA_VARIABLES[target]) or USUAL_SCHEMAS[target]
    if target == "duckdb":
        path = Path(os.environ.get("LEAD_DB_PATH") or "lead_qualification.duckdb")
        return duckdb_warehouse(project / path, schema), schema
    return postgres_warehouse(postgres_environment(), schema), schema


def _place(target: str, project: Path, variables: dict[str, object]) -> RawPlace | None:
    """Where the raw tables are, as the macro raw_data finds them."""
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    known = settings.get("vars", {})
    usual = known | known.get("lead_qualification", {}) | variables
    off = frozenset(name for name in raw_tables(project) if not usual.get(f"has_{name}", True))
    folder, schema = os.environ.get("LEAD_RAW_PATH"), str(usual.get("raw_schema") or "")
    if folder and target != "duckdb":
        raise ConfigurationError("LEAD_RAW_PATH is for DuckDB; name a schema by the var raw_schema")
    if folder and not Path(folder).is_dir():
        raise ConfigurationError(f"LEAD_RAW_PATH: there is no folder {folder}")
    if not folder and not schema:
        return None
    return RawPlace(Path(folder).resolve() if folder else None, schema, off)
