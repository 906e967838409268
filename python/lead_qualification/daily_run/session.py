"""One connection to the warehouse, and the little SQL in which the two engines differ."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from lead_qualification.warehouse import Warehouse

# As in profiles.yml, where the reasons stand; and no progress bar in what the command prints.
DUCKDB_SETTINGS = {
    "preserve_insertion_order": "false",
    "max_vacuum_tasks": "0",
    "enable_progress_bar": "false",
}
BLANKS = "' ' || chr(9) || chr(10) || chr(13)"


class Session:
    """A connection that runs statements; outside of ``transaction`` each stands for itself."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Connect.

        Raises:
            WarehouseError: The warehouse cannot be opened.
        """
        self.engine = warehouse.target
        self.connection = warehouse.open(is_read_only=False, settings=DUCKDB_SETTINGS)

    def close(self) -> None:
        """Close the connection."""
        self.connection.raw.close()

    def execute(self, sql: str) -> None:
        """Run a statement."""
        self.connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        return list(self.connection.execute(sql).fetchall())

    def value(self, sql: str) -> Any:
        """Run a query and return the only value of its only row."""
        return self.rows(sql)[0][0]

    def transaction(self) -> AbstractContextManager[None]:
        """All statements inside happen, or none of them."""
        return self.connection.transaction()

    def create_table(self, name: str, query: str) -> None:
        """Create a table of a query's rows, with what the planner wants to know of it."""
        self.execute(f"create table {name} as {query}")
        if self.engine == "postgres":
            self.execute(f"analyze {name}")

    def relation_kind(self, schema: str, name: str) -> str | None:
        """Return ``table``, ``view`` or none."""
        found = self.rows(
            "select table_type from information_schema.tables "
            f"where table_schema = '{schema}' and table_name = '{name}'"
            f"{self._in_this_database('table_catalog')}"
        )
        if not found:
            return None
        return "view" if found[0][0] == "VIEW" else "table"

    def columns(self, schema: str, name: str) -> list[str]:
        """Return the column names of a table or view, in lower case; none if it is absent."""
        return [
            row[0].lower()
            for row in self.rows(
                "select column_name from information_schema.columns "
                f"where table_schema = '{schema}' and table_name = '{name}'"
                f"{self._in_this_database('table_catalog')} order by ordinal_position"
            )
        ]

    def schemas_like(self, prefix: str) -> list[str]:
        """Return the names of the schemas that begin with a prefix."""
        found = self.rows(
            "select schema_name from information_schema.schemata "
            f"where substr(schema_name, 1, {len(prefix)}) = '{prefix}'"
            f"{self._in_this_database('catalog_name')}"
        )
        return sorted({row[0] for row in found})

    def _in_this_database(self, column: str) -> str:
        return f" and {column} = current_database()" if self.engine == "duckdb" else ""

    def hash_of(self, text: str) -> str:
        """A 64-bit hash of a text expression; a null has the hash of an empty text."""
        if self.engine == "duckdb":
            return f"hash(coalesce({text}, ''))"
        return f"hashtextextended(coalesce({text}, ''), 0)"

    def hash_of_row(self, columns: list[str]) -> str:
        """A 64-bit hash of the values of columns of any type."""
        listed = ", ".join(f'"{column}"' for column in columns)
        if self.engine == "duckdb":
            return f"hash({listed})"
        return f"hashtextextended(row({listed})::text, 0)"

    def trimmed(self, column: str) -> str:
        """A column as text without white space around it, as staging trims it."""
        text = f'cast("{column}" as {"varchar" if self.engine == "duckdb" else "text"})'
        if self.engine == "duckdb":
            return f"trim({text}, {BLANKS})"
        return f"trim(both {BLANKS} from {text})"
