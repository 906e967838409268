"""The command; ``python -m lead_qualification.daily_run --help`` names every option and environment variable."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml

from lead_qualification.daily_run.dbt_runs import SCHEMA_VARIABLES
from lead_qualification.daily_run.problems import ConfigurationError, DbtError
from lead_qualification.daily_run.raw_tables import RawPlace
from lead_qualification.daily_run.run import Order, Report, Run
from lead_qualification.raw_contract import raw_tables
from lead_qualification.warehouse import (
    PROJECT,
    USUAL_SCHEMA,
    Warehouse,
    duckdb_warehouse,
    postgres_environment,
    postgres_warehouse,
)

DONE, FAILED, WRONG_USE = 0, 1, 2
DEFAULT_SCHEMAS = {"duckdb": "main", "postgres": USUAL_SCHEMA}


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    found = argparse.ArgumentParser(
        prog="python -m lead_qualification.daily_run",
        description="Bring the tables up to the raw data and the clock; only leads that "
        "something happened to are computed anew.",
        epilog="exit codes: 0 done, 1 dbt failed, 2 wrong use or configuration. Raw data: the "
        "folder LEAD_RAW_PATH, or the var raw_schema. The warehouse is found by LEAD_DB_PATH or "
        "LEAD_PG_*, as by dbt.",
    )
    found.add_argument("--as-of", help='clock in UTC, "2026-08-01 00:00:00"; default: now')
    found.add_argument(
        "--target", default="duckdb", choices=["duckdb", "postgres"], help="dbt target"
    )
    found.add_argument("--vars", default="{}", help="vars of dbt as YAML, without as_of")
    found.add_argument("--full", action="store_true", help="compute everything")
    found.add_argument(
        "--project-dir", type=Path, default=PROJECT, help="folder of the dbt project"
    )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        report = Run(_order(given)).go()
    except ConfigurationError as error:
        print(f"daily_run: {error}", file=sys.stderr)
        return WRONG_USE
    except DbtError as error:
        print(f"daily_run: dbt failed; mend it and run the same again\n{error}", file=sys.stderr)
        return FAILED
    print("\n".join(described(report)))
    return DONE


def described(report: Report) -> list[str]:
    """A report in words."""
    lines = [f"{report.recomputed} of {report.leads} leads computed anew"]
    if report.full_because:
        lines = [f"full build: {report.full_because}", f"{report.leads} leads"]
    lines += [f"  {name}: {number} records changed" for name, number in report.changed.items()]
    lines += [f"  {phase}: {seconds:.1f} s" for phase, seconds in report.seconds.items()]
    return lines


def _order(given: argparse.Namespace) -> Order:
    """What the arguments and the environment ask for."""
    project = given.project_dir.resolve()
    if not (project / "dbt_project.yml").exists():
        raise ConfigurationError(f"{project} is no dbt project: it has no dbt_project.yml")
    variables = _variables(given.vars)
    warehouse, schema = _warehouse(given.target, project)
    return Order(
        project=project,
        warehouse=warehouse,
        schema=schema,
        place=_place(given.target, project, variables),
        as_of=_clock(given.as_of),
        variables=variables,
        dbt_folder=project / "target" / "daily_run",
        is_full=given.full,
    )


def _variables(text: str) -> dict[str, object]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigurationError(f"--vars is no YAML: {error}") from None
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
    schema = os.environ.get(SCHEMA_VARIABLES[target]) or DEFAULT_SCHEMAS[target]
    if target == "duckdb":
        path = Path(os.environ.get("LEAD_DB_PATH") or "lead_qualification.duckdb")
        return duckdb_warehouse(project / path), schema
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


if __name__ == "__main__":
    sys.exit(main())
