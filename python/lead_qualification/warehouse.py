"""The warehouse that dbt builds: where it is, and how it is opened, read and written.

Every command opens an engine here, and what an engine says when it cannot do what is asked is
explained here, once.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas

from lead_qualification.errors import ConfigurationError, HeldError, WarehouseError
from lead_qualification.redaction import why_not_connected
from lead_qualification.settings import (
    CHECKOUT,
    DUCKDB_FILE,
    DUCKDB_SCHEMA,
    POSTGRES_SCHEMA,
    POSTGRES_VARIABLES,
    project_folder,
    setting,
)
from lead_qualification.sql_text import sql_literal
from lead_qualification.tables import Table

if TYPE_CHECKING:
    import psycopg2

PROJECT = CHECKOUT
"""What checks build; commands ask ``project_folder``."""

ENGINES = {"postgres": "PostgreSQL", "spark": "Spark"}
USUAL_FILE = "lead_qualification.duckdb"
USUAL_SCHEMAS = {"duckdb": "main", "postgres": "lead_qualification"}
RESERVED_NAMES = ("main", "temp", "system", "information_schema", "pg_catalog", "lead_raw")
"""What a DuckDB file may not be called: a.b may mean a database or a schema called a."""
SCHEMA_PARTS = ("staging", "intermediate", "marts", "policy", "demo", "predictive")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PARAMETER = re.compile(r"\$([a-z_]+)")
HOLDER = re.compile(r"held in (?:.*/)?(?P<program>[^/]+?) \(PID (?P<pid>\d+)\)")
MISSING_TABLE = re.compile(r"""(?:relation|Table with name|View with name) "?(?:\w+\.)?(\w+)""")
MISSING_COLUMN = re.compile(r"""column (?:named )?"?(?:\w+\.)?(\w+)""")
NAMED_TABLES = re.compile(r"""\b(?:from|join|into|update)\s+("?\w+"?\."?\w+"?)""", re.IGNORECASE)


class Connection:
    """An open warehouse: the few calls that all engines have in common.

    Attributes:
        where: What a message calls the warehouse.
        raw: The connection of the engine's own library.
    """

    def __init__(self, where: str, raw: Any) -> None:
        """Use an open connection."""
        self.where = where
        self.raw = raw

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Run a statement; return what has its rows.

        Raises:
            WarehouseError: A table or column is not there.
        """
        raise NotImplementedError

    def insert(self, table: str, rows: pandas.DataFrame) -> None:
        """Add rows to a table, with columns named as there."""
        raise NotImplementedError

    def table(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Table:
        """Return the rows of a query; ``$name`` stands for a parameter, which is bound."""
        found = self.execute(sql, parameters)
        columns = tuple(column[0] for column in found.description)
        return Table(columns, tuple(found.fetchall()))

    def frame(self, sql: str) -> pandas.DataFrame:
        """Return the rows of a query as a frame."""
        found = self.table(sql)
        return pandas.DataFrame(found.rows, columns=found.columns)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside happen, or none of them."""
        self.execute("begin")
        try:
            yield
        except BaseException:
            self.execute("rollback")
            raise
        self.execute("commit")


class DuckdbConnection(Connection):
    """An open DuckDB file."""

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Run a statement; return what has its rows."""
        with duckdb_explained(self.where, sql):
            return self.raw.execute(sql, parameters or None)

    def insert(self, table: str, rows: pandas.DataFrame) -> None:
        """Add rows to a table, with columns named as there."""
        import pyarrow

        self.raw.register("new_rows", pyarrow.Table.from_pandas(rows, preserve_index=False))
        self.execute(f"insert into {table} by name select * from new_rows")
        self.raw.unregister("new_rows")

    def frame(self, sql: str) -> pandas.DataFrame:
        """Return the rows of a query as a frame."""
        return self.execute(sql).df()


class PostgresConnection(Connection):
    """An open PostgreSQL database; statements outside of a transaction stand for themselves."""

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Run a statement; return what has its rows."""
        cursor = self.raw.cursor()
        with postgres_explained(self.where, sql):
            if parameters is None:
                cursor.execute(sql)
            else:
                cursor.execute(PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%")), parameters)
        return cursor

    def insert(self, table: str, rows: pandas.DataFrame) -> None:
        """Add rows to a table, with columns named as there."""
        from psycopg2.extras import execute_values

        values = rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None)
        statement = f"insert into {table} ({', '.join(rows.columns)}) values %s"
        with postgres_explained(self.where, statement):
            execute_values(self.raw.cursor(), statement, values, page_size=1000)


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
    def schema(self) -> str:
        """The target schema of dbt, with which the names of all schemas begin."""
        return self.marts.removesuffix("_marts")

    @property
    def policy(self) -> str:
        """Schema that holds the policy tables."""
        return f"{self.schema}_policy"

    @property
    def predictive(self) -> str:
        """Schema that holds what the predictive score writes."""
        return f"{self.schema}_predictive"

    @property
    def name(self) -> str:
        """What a message calls the warehouse."""
        return self.environment.get(DUCKDB_FILE) or f"{ENGINES[self.target]}, {self.schema}"

    @contextmanager
    def connection(
        self, *, is_read_only: bool = True, settings: Mapping[str, str] | None = None
    ) -> Iterator[Connection]:
        """Open the warehouse; times are UTC, and it is closed afterwards.

        Args:
            is_read_only: Whether nothing can be written.
            settings: Settings of DuckDB with their values as SQL.

        Raises:
            WarehouseError: It cannot be opened, or a table or column is not there.
        """
        found = self.open(is_read_only=is_read_only, settings=settings)
        try:
            yield found
        finally:
            found.raw.close()

    def open(
        self, *, is_read_only: bool = True, settings: Mapping[str, str] | None = None
    ) -> Connection:
        """Open the warehouse, as ``connection``; whoever asks closes it."""
        if self.target == "duckdb":
            path = self.environment[DUCKDB_FILE]
            raw = open_duckdb(path, is_read_only=is_read_only, settings=settings)
            return DuckdbConnection(self.name, raw)
        if self.target == "spark":
            return DuckdbConnection(self.name, self._parquet_views())
        server = connect_postgres(self.environment)
        server.set_session(readonly=is_read_only, autocommit=True)
        found = PostgresConnection(self.name, server)
        found.execute("set time zone 'UTC'")
        found.execute("set client_min_messages = warning")
        return found

    def read(self, sql: str) -> pandas.DataFrame:
        """Return the rows of a query as a frame; the connection is closed afterwards."""
        with self.connection() as connection:
            return connection.frame(sql)

    def table(self, name: str) -> pandas.DataFrame:
        """Return a public table as a frame."""
        return self.read(f"select * from {self.marts}.{name}")

    def _parquet_views(self) -> duckdb.DuckDBPyConnection:
        """Views of the public tables that Spark wrote as Parquet files."""
        folder = Path(self.environment["LEAD_SPARK_WAREHOUSE"]) / f"{self.marts}.db"
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create schema {self.marts}")
        for path in sorted(folder.iterdir()):
            files = f"read_parquet({sql_literal(glob.escape(str(path)) + '/*.parquet')})"
            connection.execute(f"create view {self.marts}.{path.name} as from {files}")
        return connection


def duckdb_warehouse(path: Path, schema: str = USUAL_SCHEMAS["duckdb"]) -> Warehouse:
    """Return a warehouse in a DuckDB file, which need not exist yet."""
    return Warehouse("duckdb", {DUCKDB_FILE: str(path)}, f"{schema}_marts")


def postgres_warehouse(server: dict[str, str], schema: str) -> Warehouse:
    """Return a warehouse in schemas of a server that begin with schema."""
    return Warehouse(
        target="postgres",
        environment={**server, "LEAD_PG_SCHEMA": schema},
        marts=f"{schema}_marts",
    )


def warehouse_of_target(target: str) -> Warehouse:
    """Return the warehouse of a dbt target, with the variables and defaults of profiles.yml."""
    if target == "duckdb":
        path = Path(setting(DUCKDB_FILE) or project_folder() / USUAL_FILE).absolute()
        schema = _schema(DUCKDB_SCHEMA, target)
        if path.stem.lower() in {*RESERVED_NAMES, *(f"{schema}_{part}" for part in SCHEMA_PARTS)}:
            raise ConfigurationError(
                f"{path}: {path.stem} is the name of a schema or of a database of DuckDB itself",
                f"give the file another name ({DUCKDB_FILE}), such as leads.duckdb",
            )
        return duckdb_warehouse(path, schema)
    return postgres_warehouse(postgres_environment(), _schema(POSTGRES_SCHEMA, target))


def _schema(variable: str, target: str) -> str:
    """The target schema of dbt, which may have letters, digits and _ only.

    Raises:
        ConfigurationError: It has others.
    """
    schema = setting(variable) or USUAL_SCHEMAS[target]
    if not IDENTIFIER.fullmatch(schema):
        raise ConfigurationError(
            f"{variable} is {schema!r}, which is not a name of a schema",
            "use letters, digits and _, a letter first",
        )
    return schema


def postgres_environment() -> dict[str, str]:
    """Return the variables of this process by which profiles.yml finds PostgreSQL."""
    return {name: os.environ[name] for name in POSTGRES_VARIABLES if setting(name)}


def open_duckdb(
    path: str, *, is_read_only: bool, settings: Mapping[str, str] | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file; times are UTC.

    Raises:
        WarehouseError: It cannot be opened.
    """
    with duckdb_explained(path):
        connection = duckdb.connect(path, read_only=is_read_only)
    for name, value in {"TimeZone": "'UTC'", **(settings or {})}.items():
        connection.execute(f"set {name} = {value}")
    return connection


def postgres_place(environment: Mapping[str, str]) -> dict[str, str]:
    """Return host, port, user and dbname by the variables that profiles.yml reads, and defaults."""
    return {
        "host": environment.get("LEAD_PG_HOST", "localhost"),
        "port": environment.get("LEAD_PG_PORT", "5432"),
        "user": environment.get("LEAD_PG_USER", "postgres"),
        "dbname": environment.get("LEAD_PG_DATABASE", "postgres"),
    }


def connect_postgres(environment: Mapping[str, str]) -> psycopg2.extensions.connection:
    """Connect with the variables that profiles.yml reads, and its defaults.

    Raises:
        WarehouseError: The server cannot be reached, or refuses.
    """
    import psycopg2

    try:
        return psycopg2.connect(
            **postgres_place(environment), password=environment.get("LEAD_PG_PASSWORD") or None
        )
    except psycopg2.Error as error:
        raise _not_connected("PostgreSQL", error) from None


@contextmanager
def duckdb_explained(where: str, sql: str = "") -> Iterator[None]:
    """Turn what DuckDB says when it cannot read into what to do about it.

    Raises:
        HeldError: Another process has the file open.
        WarehouseError: The file cannot be read, or a table or column is not there.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        raise _no_table(where, str(error), sql) from None
    except duckdb.BinderException as error:
        raise _no_column(where, str(error), sql) from None
    except duckdb.IOException as error:
        if "lock" in str(error):
            holder = HOLDER.search(str(error))
            by = f" ({holder['program']}, PID {holder['pid']})" if holder else ""
            raise HeldError(
                f"{where}: another process has the DuckDB file open{by}",
                "end it, or wait until it has ended (a dbt build, a notebook, a shell), then try "
                "again",
            ) from None
        what = "not a readable DuckDB file" if Path(where).exists() else "there is no DuckDB file"
        raise WarehouseError(
            f"{what} {where}" if what.startswith("there") else f"{where}: {what}",
            f"run dbt build first, or set {DUCKDB_FILE} to the file that it built",
        ) from None


@contextmanager
def postgres_explained(where: str, sql: str = "") -> Iterator[None]:
    """Turn what PostgreSQL says when it cannot be read into what to do about it.

    Raises:
        WarehouseError: The server cannot be reached, or a table or column is not there.
    """
    from psycopg2 import OperationalError, errors

    try:
        yield
    except (errors.UndefinedTable, errors.InvalidSchemaName) as error:
        raise _no_table(where, str(error), sql) from None
    except errors.UndefinedColumn as error:
        raise _no_column(where, str(error), sql) from None
    except OperationalError as error:
        if error.pgcode:
            told = str(error).strip().splitlines()[0]
            raise WarehouseError(f"{where}: {told}", "see the log of the server") from None
        raise _not_connected(where, error) from None


def _not_connected(where: str, error: Exception) -> WarehouseError:
    """Say why there is no connection; the driver's own words may quote a password."""
    refusal = why_not_connected(error)
    return WarehouseError(
        f"cannot connect to {where}: {refusal.what}",
        f"{refusal.remedy}; set {', '.join(POSTGRES_VARIABLES)} as for dbt",
    )


def _no_table(where: str, told: str, sql: str) -> WarehouseError:
    """Name the table that is not there, with its schema if the query says it."""
    found = MISSING_TABLE.search(told)
    name = found[1] if found else "a table"
    full = next((one for one in _named_tables(sql) if one.endswith(f".{name}")), name)
    return WarehouseError(f"{where}: there is no table {full}", "run dbt build first")


def _no_column(where: str, told: str, sql: str) -> WarehouseError:
    """Name the column that is not there, and where it should be."""
    found = MISSING_COLUMN.search(told)
    tables = " or ".join(_named_tables(sql)) or "a table"
    name = f"the column {found[1]}" if found else "a column"
    return WarehouseError(
        f"{where}: {tables} lacks {name}", "run dbt build with this version of the project"
    )


def _named_tables(sql: str) -> list[str]:
    """The tables that a statement names, each once."""
    return list(dict.fromkeys(name.replace('"', "") for name in NAMED_TABLES.findall(sql)))
