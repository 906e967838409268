"""Builds the dbt project in tests, checks and benchmarks, on DuckDB, PostgreSQL or Spark.

Every build runs dbt as a user would, in a process of its own, with its own target folder.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas
import psycopg2

PROJECT = Path(__file__).resolve().parents[2]


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


def postgres_warehouse(server: dict[str, str], schema: str) -> Warehouse:
    """Return a warehouse in schemas of a server that begin with schema."""
    return Warehouse(
        target="postgres",
        environment={**server, "LEAD_PG_SCHEMA": schema},
        marts=f"{schema}_marts",
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
