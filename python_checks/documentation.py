"""Runs the examples of the documentation: SQL blocks, each with a table of what it gives.

``python -m python_checks.documentation`` runs them on the build that ``LEAD_DB_PATH`` names, by
default the one of ``make build``, and rewrites the tables of ``docs/*.md`` and
``docs/motions/*.md``. A test does the same on the demo and expects that nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from lead_qualification.errors import WarehouseError
from lead_qualification.labels import Labels, labels_of
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.tables import Table
from lead_qualification.warehouse import (
    PROJECT,
    duckdb_warehouse,
    open_duckdb,
    warehouse_of_target,
)

DOCS = PROJECT / "docs"
FOLDERS = (DOCS, DOCS / "motions")
"""Folders whose examples run on the demo; that of the connectors asks builds with connectors."""
WORDED = ("handoff_and_sla.md", "marketing_lead.md", "sales_lead.md")
"""Pages for readers who know no codes."""
EXAMPLE = re.compile(r"```sql\n(?P<sql>.*?)\n```\n\n(?P<table>(?:\|[^\n]*\n)*)", re.DOTALL)
"""A block of SQL and the Markdown table below it; a new example begins with the table ``|``."""


class ExampleError(Exception):
    """An example cannot be run; the message has the SQL and what the engine says."""


def pages() -> list[Path]:
    """Return the pages whose examples run on the demo."""
    return sorted(page for folder in FOLDERS for page in folder.glob("*.md"))


def refreshed(text: str, database: Path, *, is_worded: bool = False) -> str:
    """Return the text of a page with every table as its SQL gives it now.

    Args:
        text: The page, in Markdown.
        database: A DuckDB file with a finished build.
        is_worded: Whether tables have the labels of labels.csv for codes and columns.

    Raises:
        ExampleError: A block of SQL fails, gives no row, or has no table below it.
    """
    labels = labels_of(duckdb_warehouse(database)) if is_worded else None
    with open_duckdb(str(database), is_read_only=True) as connection:

        def with_result(example: re.Match[str]) -> str:
            if not example["table"]:
                raise ExampleError(f"no table below this SQL; begin it with |\n{example['sql']}")
            shown = result(connection, example["sql"], labels)
            return f"```sql\n{example['sql']}\n```\n\n{shown}"

        return EXAMPLE.sub(with_result, text)


def result(connection: duckdb.DuckDBPyConnection, sql: str, labels: Labels | None = None) -> str:
    """Return the rows of a query as a Markdown table, with labels for codes if there are any.

    Raises:
        ExampleError: The query fails or gives no row.
    """
    try:
        rows = connection.execute(sql).fetchall()
    except duckdb.Error as error:
        raise ExampleError(f"{error}\n{sql}") from error
    if not rows:
        raise ExampleError(f"no row; choose another example\n{sql}")
    names = [column[0] for column in connection.description]
    if labels is None:
        return table(names, rows)
    worded = labels.table(Table(tuple(names), tuple(rows)))
    return table(labels.headings(names), worded.rows)


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a Markdown table under the names of their columns."""
    lines = [names, ["---"] * len(names), *([cell(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: object) -> str:
    """Return a value as a cell: unknown is empty, decimals have no zeros at the end."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("|", r"\|")


def main() -> None:
    """Rewrite the tables of all pages."""
    database = Path(warehouse_of_target("duckdb").environment[DUCKDB_FILE])
    for page in pages():
        text = page.read_text(encoding="utf-8")
        try:
            now = refreshed(text, database, is_worded=page.name in WORDED)
        except (ExampleError, WarehouseError) as error:
            raise SystemExit(f"{page.relative_to(PROJECT)}: {error}") from None
        if now != text:
            page.write_text(now, encoding="utf-8")
            print(page.relative_to(PROJECT))


if __name__ == "__main__":
    main()
