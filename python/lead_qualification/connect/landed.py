"""What lies in the warehouse: schemas with their tables and columns."""

from __future__ import annotations

from dataclasses import dataclass

from lead_qualification.errors import ConfigurationError
from lead_qualification.sql_text import sql_literal
from lead_qualification.untrusted import plain
from lead_qualification.warehouse import SCHEMA_PARTS, Connection, Warehouse

SYSTEM = ("information_schema", "pg_catalog", "pg_toast")
OURS = (*SCHEMA_PARTS, "connectors", "raw")
CATALOGUE = """
select table_schema, table_name, column_name
from information_schema.columns
where table_catalog = {database} and table_schema not in ({system})
order by table_schema, table_name, ordinal_position
"""


@dataclass(frozen=True)
class Schema:
    """A schema of the warehouse.

    Attributes:
        name: Its name.
        tables: Columns by table, as they are spelled.
    """

    name: str
    tables: dict[str, tuple[str, ...]]


def schemas(warehouse: Warehouse, wanted: list[str]) -> list[Schema]:
    """Return the schemas of a warehouse that are not the project's own.

    Args:
        warehouse: The warehouse.
        wanted: Only these, in any case; empty: all.

    Raises:
        ConfigurationError: A schema is not there, or has no table.
        WarehouseError: The warehouse cannot be opened.
    """
    found: dict[str, dict[str, list[str]]] = {}
    with warehouse.connection() as connection:
        system = ", ".join(map(sql_literal, SYSTEM))
        statement = CATALOGUE.format(database=_database(connection), system=system)
        for schema, table, column in connection.table(statement).rows:
            found.setdefault(schema, {}).setdefault(table, []).append(column)
    ours = {f"{warehouse.schema}_{part}" for part in OURS}
    read = [
        Schema(name, {table: tuple(columns) for table, columns in tables.items()})
        for name, tables in found.items()
        if name not in ours
    ]
    if not wanted:
        return read
    by_name = {schema.name.lower(): schema for schema in read}
    missing = [name for name in wanted if name.lower() not in by_name]
    if missing:
        there = ", ".join(plain(schema.name) for schema in read) or "none"
        raise ConfigurationError(
            f"{warehouse.name}: no table in a schema {', '.join(missing)}",
            f"name one of: {there}",
        )
    return [by_name[name.lower()] for name in wanted]


def row_counts(warehouse: Warehouse, places: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return how many rows each table has, by schema and table."""
    with warehouse.connection() as connection:
        counts = {}
        for schema, table in places:
            statement = f"select count(*) from {_quoted(schema)}.{_quoted(table)}"
            counts[schema, table] = int(connection.table(statement).rows[0][0])
    return counts


def _quoted(name: str) -> str:
    """A name between quotes of SQL."""
    return '"' + name.replace('"', '""') + '"'


def _database(connection: Connection) -> str:
    """The name of the database that is open, as a literal."""
    statement = "select current_database() as name"
    return sql_literal(connection.table(statement).rows[0][0])


def bare(name: str) -> str:
    """Return a name as names are compared: lower case, without _ and -."""
    return name.lower().replace("_", "").replace("-", "")


def spelled(name: str, also: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of names that a declared name means: the exact one, else all that are alike."""
    if name in names:
        return (name,)
    alike = {bare(one) for one in (name, *also)}
    return tuple(one for one in names if bare(one) in alike)
