"""Text in a statement of SQL."""

from __future__ import annotations


def sql_literal(text: object) -> str:
    """Return a text between the quotes of SQL: where a path or name must stand in a statement."""
    return "'" + str(text).replace("'", "''") + "'"
