"""What a connector makes of what landed, asked of its own SQL.

If the last build had the same connectors, its connector_coverage is read. Otherwise the models of
the connectors are built into schemas of their own, which are dropped again: the answer is that of
the next build, and nothing of it stays.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from pathlib import Path

from lead_qualification.connect.landed import row_counts
from lead_qualification.connect.project_vars import Settings
from lead_qualification.connect.recognition import Match
from lead_qualification.dbt import dbt_command
from lead_qualification.errors import ConfigurationError, DbtError, WarehouseError
from lead_qualification.settings import DUCKDB_SCHEMA, POSTGRES_SCHEMA, RAW_FOLDER
from lead_qualification.sql_text import sql_literal
from lead_qualification.tables import Table
from lead_qualification.warehouse import Connection, Warehouse

MODEL = "connector_coverage"
SCRATCH = "leadq_connect"
VARIABLES = {"duckdb": DUCKDB_SCHEMA, "postgres": POSTGRES_SCHEMA}
COLUMNS = (
    "connector",
    "contract_table",
    "contract_column",
    "source_table",
    "source_column",
    "source_value",
    "outcome",
    "reason",
    "row_count",
)
SHOWN_LINES = 12
SCHEMAS = """
select distinct schema_name from information_schema.schemata
where catalog_name = current_database() and schema_name like {pattern}
"""


def coverage(warehouse: Warehouse, project: Path, settings: Settings) -> Table:
    """Return the rows of connector_coverage for a var.

    Raises:
        ConfigurationError: The project's profile does not let another schema be named.
        DbtError: The models do not run; the message has what dbt says.
        WarehouseError: The warehouse cannot be written to.
    """
    _check_profile(project, VARIABLES[warehouse.target])
    folder = project / "target" / "leadq" / f"connect_{warehouse.target}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _build(warehouse, project, folder, settings)
        with warehouse.connection() as connection:
            return _rows(connection, f"{SCRATCH}_marts")
    finally:
        _drop(warehouse)


def built(warehouse: Warehouse, settings: Settings) -> Table | None:
    """Return connector_coverage of the last build; none if there is none for these connectors."""
    try:
        with warehouse.connection() as connection:
            found = _rows(connection, warehouse.marts)
    except WarehouseError:
        return None
    is_same = {row["connector"] for row in found.records} == settings.keys()
    return found if is_same else None


def _rows(connection: Connection, schema: str) -> Table:
    """The rows of connector_coverage in a schema."""
    names = ", ".join(COLUMNS)
    return connection.table(f"select {names} from {schema}.{MODEL} order by {names}")


def counted(warehouse: Warehouse, matches: list[Match]) -> Table:
    """Return the rows of each landed table in the form of connector_coverage, without dbt."""
    places = {
        (match.schema, table): (match.connector, name)
        for match in matches
        for name, tables in match.tables.items()
        for table in tables
    }
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for place, count in row_counts(warehouse, list(places)).items():
        connector, name = places[place]
        counts[connector.name, next(iter(connector.tables[name].feeds), None), name] += count
    rows = [
        (connector, contract_table, None, name, None, None, "read", None, count)
        for (connector, contract_table, name), count in counts.items()
    ]
    return Table(COLUMNS, tuple(rows))


def _check_profile(project: Path, variable: str) -> None:
    """Check that dbt builds into the schema that a variable names, and into no other."""
    path = project / "profiles.yml"
    if not path.is_file() or variable not in path.read_text(encoding="utf-8"):
        raise ConfigurationError(
            f"values cannot be looked at before the first build: {path} does not read {variable}",
            "use --quick, then build; after that leadq connect reads connector_coverage",
        )


def _build(warehouse: Warehouse, project: Path, folder: Path, settings: Settings) -> None:
    """Build the connectors and what they need, without tests."""
    environment = {**os.environ, **warehouse.environment, VARIABLES[warehouse.target]: SCRATCH}
    environment.pop(RAW_FOLDER, None)
    words = dbt_command("build", warehouse.target, project, folder, {"connectors": settings})
    words += ["--select", f"+{MODEL}", "--exclude-resource-type", "test"]
    words += ["--exclude-resource-type", "unit_test", "--quiet", "--log-level-file", "none"]
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        told = [line for line in ended.stdout.splitlines() if line.strip()][-SHOWN_LINES:]
        raise DbtError(
            "the connectors cannot read what landed:\n" + "\n".join(told),
            "correct it in the source or in the var, then run this again",
        )


def _drop(warehouse: Warehouse) -> None:
    """Drop the schemas that were built."""
    with warehouse.connection(is_read_only=False) as connection:
        pattern = sql_literal(f"{SCRATCH}%")
        for (name,) in connection.table(SCHEMAS.format(pattern=pattern)).rows:
            connection.execute(f'drop schema "{name}" cascade')
