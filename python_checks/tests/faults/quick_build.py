"""A command that builds a small state in a moment, where dbt would: for tests of publishing.

Every table and the view hold the name of the state; the view lies across schemas, as predictions
does. A table to which each build adds stands for snapshots.
Usage: python quick_build.py <state> [file that is made when the tables are there] [tables]
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import duckdb
import psycopg2

TABLES = 12
LANDING = "(lead_id {text}, version {text})"


def statements(state: str, schema: str, text: str, tables: int) -> list[str]:
    """Return what makes the state."""
    landed = f"{schema}_predictive.lead_predictions"
    remembered = f"{schema}_history.remembered"
    return [
        f"create schema if not exists {schema}_marts",
        *(
            f"create table {schema}_marts.facts_{number:02} as "
            f"select cast('{state}' as {text}) as state, number from numbers"
            for number in range(tables)
        ),
        f"create schema if not exists {schema}_predictive",
        f"create table if not exists {landed} {LANDING.format(text=text)}",
        f"create schema if not exists {schema}_history",
        f"create table if not exists {remembered} (number integer, state {text})",
        f"insert into {remembered} select count(*), '{state}' from {remembered}",
        f"create view {schema}_marts.predictions as "
        f"select landed.*, cast('{state}' as {text}) as state from {landed} as landed",
    ]


def on_duckdb(state: str, tables: int) -> None:
    """Build into the file of LEAD_DB_PATH; over the tables of a copy, if they are there."""
    with duckdb.connect(os.environ["LEAD_DB_PATH"]) as connection:
        connection.execute("create temp table numbers as select range as number from range(1000)")
        for statement in statements(state, "main", "varchar", tables):
            connection.execute(
                re.sub("^create (table|view) main", r"create or replace \1 main", statement)
            )


def on_postgres(state: str, tables: int) -> None:
    """Build into the schemas of LEAD_PG_SCHEMA, a transaction for each table as dbt does."""
    connection = psycopg2.connect(
        host=os.environ["LEAD_PG_HOST"],
        user=os.environ["LEAD_PG_USER"],
        dbname=os.environ["LEAD_PG_DATABASE"],
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("create temp table numbers as select generate_series(1, 1000) as number")
        for statement in statements(state, os.environ["LEAD_PG_SCHEMA"], "text", tables):
            cursor.execute(statement)
    connection.close()


if __name__ == "__main__":
    number = int(sys.argv[3]) if len(sys.argv) > 3 else TABLES
    build = on_postgres if "LEAD_PG_SCHEMA" in os.environ else on_duckdb
    build(sys.argv[1], number)
    if len(sys.argv) > 2 and sys.argv[2]:
        Path(sys.argv[2]).touch()
