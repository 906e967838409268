"""Checks the models for Snowflake and BigQuery without an account.

Command: ``python -m python_checks.dialects snowflake --duckdb FILE`` (or ``bigquery``), in an
environment of requirements_snowflake.txt or requirements_bigquery.txt. FILE is a build of the
demo by DuckDB. Every model is compiled by dbt and its adapter, without a connection, and parsed by
sqlglot. Then, for Snowflake, dbt builds the demo on fakesnow, and its tables are compared with
those of FILE; for BigQuery, all models are analysed by GoogleSQL: names, types and functions,
without rows. What that shows and what not: docs/engines.md.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from python_checks.extracts import EXTRACTS, extract_of, options_of, rows_of_csv

# This and the dbt command are not lead_qualification.warehouse's, because that module imports
# psycopg2, which the environments of this check do not have.
PROJECT = Path(__file__).resolve().parent.parent
# Compiling opens no connection, but profiles must be complete.
NO_ACCOUNT = {"LEAD_BIGQUERY_METHOD": "oauth-secrets", "LEAD_BIGQUERY_TOKEN": "none"}
ROWS_PER_INSERT = 500
CONNECTED = ("path:models/connectors", "connector_coverage")
DECLARATIONS = PROJECT / "macros" / "connectors" / "declarations"


@dataclass(frozen=True)
class Model:
    """A compiled model.

    Attributes:
        schema: Where a build makes it.
        name: Of the model and its table.
        sql: Its select.
        is_stored: Whether a build makes it.
        quoted: The columns whose names are words of SQL.
    """

    schema: str
    name: str
    sql: str
    is_stored: bool
    quoted: frozenset[str]


def compile_models(dialect: str, folder: Path, connectors: tuple[str, ...] = ()) -> list[Model]:
    """Compile all models into a folder and return them, each after those that it reads.

    Args:
        dialect: The target.
        folder: Where dbt writes.
        connectors: Connectors whose models are compiled instead, with every declared column.

    Raises:
        RuntimeError: dbt ended with an error.
    """
    environment = {**NO_ACCOUNT, **os.environ, "DBT_PROFILES_DIR": str(PROJECT)}
    settings = {name: {"schema": name, **options_of(extract_of(name))} for name in connectors}
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "compile", "--quiet", "--target", dialect),
            *("--no-introspect", "--no-populate-cache"),
            *("--select", *(CONNECTED if connectors else ("resource_type:model",))),
            *("--vars", json.dumps({"connectors": settings})),
            *("--indirect-selection", "empty"),
            *("--target-path", str(folder), "--log-path", str(folder)),
        ],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise RuntimeError(f"dbt compile failed:\n{finished.stdout}{finished.stderr}")
    return list(read_models(folder))


def read_models(folder: Path) -> Iterator[Model]:
    """Yield the models of a target folder, each after those that it reads."""
    nodes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    done: set[str] = set()

    def after_inputs(key: str) -> Iterator[str]:
        if key in models and key not in done:
            done.add(key)
            for needed in models[key]["depends_on"]["nodes"]:
                yield from after_inputs(needed)
            yield key

    for key in sorted(models):
        for found in after_inputs(key):
            node = models[found]
            path = folder / "compiled" / node["package_name"] / node["original_file_path"]
            if path.exists():
                sql = path.read_text(encoding="utf-8")
                is_stored = node["config"]["materialized"] != "ephemeral"
                quoted = frozenset(n for n, one in node["columns"].items() if one.get("quote"))
                yield Model(node["schema"], node["name"], sql, is_stored, quoted)


def parse_problems(model: Model, dialect: str) -> list[str]:
    """What sqlglot cannot parse in a model, and what parses but BigQuery refuses."""
    try:
        tree = sqlglot.parse_one(model.sql, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        return [f"{model.name}: {str(error).splitlines()[0]}"]
    if dialect != "bigquery":
        return []
    return [
        f"{model.name}: outer join without an equality of its sides: {join.sql(dialect)[:150]}"
        for join in tree.find_all(exp.Join)
        if join.side and not _has_equality(join)
    ]


def _has_equality(join: exp.Join) -> bool:
    """Whether one of the conditions that must all hold sets the two sides equal."""
    condition = join.args.get("on")
    if condition is None:
        return bool(join.args.get("using"))
    conditions = condition.flatten() if isinstance(condition, exp.And) else [condition]
    side = join.this.alias_or_name
    for part in conditions:
        part = part.unnest()
        if isinstance(part, exp.EQ | exp.NullSafeEQ):
            left, right = (
                {column.table for column in operand.find_all(exp.Column)}
                for operand in (part.left, part.right)
            )
            if (left == {side} and side not in right) or (right == {side} and side not in left):
                return True
    return False


def built_columns(build: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The columns (name and DuckDB type) of the tables of a build, by schema and name."""
    tables: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, data_type in build.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "order by table_schema, table_name, ordinal_position"
    ).fetchall():
        tables.setdefault((schema, table), []).append((column, data_type))
    return tables


def _literal(text: str | None) -> str:
    if text is None:
        return "null"
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def check_connectors(dialect: str) -> int:
    """Compile and parse the models of all connectors, then run or analyse them.

    Returns:
        1 if there are problems.
    """
    declared = {path.stem: declared_tables(path) for path in sorted(DECLARATIONS.glob("*.sql"))}
    with tempfile.TemporaryDirectory() as folder:
        models = compile_models(dialect, Path(folder), tuple(declared))
    problems = [line for model in models for line in parse_problems(model, dialect)]
    print(f"{len(models)} models of {len(declared)} connectors parsed: {len(problems)} problems")
    if dialect == "snowflake":
        found, rows = run_connectors_on_fakesnow(models, declared)
        print(f"{len(models)} run on fakesnow: {len(found)} fail; {rows} rows of the contract")
    else:
        from python_checks.googlesql import analysis_problems

        columns = {
            (schema, table): [(name, "VARCHAR") for name in names]
            for schema, tables in {**declared, "main_policy": lists()}.items()
            for table, names in tables.items()
        }
        found = analysis_problems(models, columns)
        print(f"{len(models)} analysed by GoogleSQL: {len(found)} problems")
    for problem in problems + found:
        print(problem)
    return 1 if problems + found else 0


def declared_tables(path: Path) -> dict[str, list[str]]:
    """The columns that a connector declares, by landed table."""
    literal = re.search(r"return\((\{.*\})\)", path.read_text(encoding="utf-8"), re.DOTALL)
    if literal is None:
        raise ValueError(f"{path}: no declaration")
    found = {}
    for table, about in ast.literal_eval(literal[1])["tables"].items():
        crm = about.get("crm", {}).values()
        names = [*about.get("required", []), *about.get("optional", []), *crm]
        found[table] = list(dict.fromkeys(names))
    return found


def lists() -> dict[str, list[str]]:
    """The columns of the seeds that say what is policy, by table."""
    found = {}
    for path in sorted(PROJECT.glob("seeds/*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = next(csv.reader(file))
    return found


def run_connectors_on_fakesnow(
    models: list[Model], declared: dict[str, dict[str, list[str]]]
) -> tuple[list[str], int]:
    """Run the models of connectors over their extracts.

    Returns:
        What does not run or gives another number of rows than it must, and the rows given.
    """
    import snowflake.connector

    from python_checks.emulated_snowflake import DATABASE, emulated

    problems, rows = [], 0
    with emulated():
        cursor = snowflake.connector.connect(database=DATABASE, schema="main").cursor()
        for schema in sorted({model.schema for model in models} | {*declared, "main_policy"}):
            cursor.execute(f"create schema if not exists {schema}")
        for name, columns in lists().items():
            create_of_texts(cursor, f"main_policy.{name}", columns, list_rows(name))
        for connector, tables in declared.items():
            for table, columns in tables.items():
                found = landed_rows(connector, table)
                create_of_texts(cursor, f"{connector}.{table}", columns, found)
        for model in models:
            table = f"{model.schema}.{model.name}"
            try:
                cursor.execute(f"create table {table} as {model.sql}")
            except Exception as error:
                lines = str(error).splitlines() or [type(error).__name__]
                problems.append(f"{table} does not run: {lines[0][:300]}")
                continue
            connector, _, contract_table = model.name.partition("__")
            path = EXTRACTS / extract_of(connector) / "expected" / f"{contract_table}.csv"
            if connector in declared and path.exists():
                (count,) = cursor.execute(f"select count(*) from {table}").fetchone()
                expected = len(rows_of_csv(path))
                rows += count
                if count != expected:
                    problems.append(f"{table}: {count} rows, the extract must give {expected}")
    return problems, rows


def create_of_texts(
    cursor: Any, table: str, columns: list[str], rows: list[dict[str, Any]]
) -> None:
    """Create a table of texts, with the rows that are given under its columns."""
    definition = ", ".join(f'"{name}" varchar' for name in columns)
    if table.startswith("main_policy."):
        definition = ", ".join(f"{name} varchar" for name in columns)
    cursor.execute(f"create table {table} ({definition})")
    for first in range(0, len(rows), ROWS_PER_INSERT):
        values = ", ".join(
            "(" + ", ".join(_literal(_text(row.get(name))) for name in columns) + ")"
            for row in rows[first : first + ROWS_PER_INSERT]
        )
        cursor.execute(f"insert into {table} values {values}")


def _text(cell: Any) -> str | None:
    if isinstance(cell, dict | list):
        return json.dumps(cell)
    return cell or None


def list_rows(name: str) -> list[dict[str, Any]]:
    """The rows of a seed, and of value_map those that users of the extracts have added."""
    (path,) = PROJECT.glob(f"seeds/*/{name}.csv")
    rows = rows_of_csv(path)
    if name == "value_map":
        connectors = [path.stem for path in DECLARATIONS.glob("*.sql")]
        for connector in connectors:
            for row in rows_of_csv(EXTRACTS / extract_of(connector) / "config" / f"{name}.csv"):
                rows.append({**row, "connector": connector})
    return rows


def landed_rows(connector: str, table: str) -> list[dict[str, Any]]:
    """The rows of an extract for a declared table, or for all tables whose names begin so."""
    rows: list[dict[str, Any]] = []
    for path in sorted((EXTRACTS / extract_of(connector) / "landed").iterdir()):
        rest = path.stem.removeprefix(table)
        if path.stem != table and not (table.endswith("_") and rest.isdigit()):
            continue
        if path.suffix == ".csv":
            rows += rows_of_csv(path)
        else:
            lines = path.read_text(encoding="utf-8").splitlines()
            rows += [json.loads(line) for line in lines]
    return rows


def main() -> int:
    """Check a dialect; returns 1 if there are problems."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dialect", choices=("snowflake", "bigquery"))
    parser.add_argument("--duckdb", type=Path, help="build of the demo by DuckDB")
    parser.add_argument("--connectors", action="store_true", help="check those models instead")
    parser.add_argument("--compiled", type=Path, help="target folder of an earlier compile")
    options = parser.parse_args()
    if options.connectors:
        return check_connectors(options.dialect)
    if options.duckdb is None or not options.duckdb.is_file():
        parser.error(f"{options.duckdb} is not there; run make build first")
    with tempfile.TemporaryDirectory() as folder:
        if options.compiled:
            models = list(read_models(options.compiled))
        else:
            models = compile_models(options.dialect, Path(folder))
    problems = [line for model in models for line in parse_problems(model, options.dialect)]
    print(f"{len(models)} models compiled and parsed: {len(problems)} problems")
    if options.dialect == "snowflake":
        from python_checks.emulated_snowflake import build_problems

        found = build_problems(models, options.duckdb)
        print(f"built twice on fakesnow: {len(found)} steps or tables fail or differ from DuckDB")
    else:
        from python_checks.googlesql import analysis_problems

        with duckdb.connect(str(options.duckdb), read_only=True) as build:
            found = analysis_problems(models, built_columns(build))
        print(f"{len(models)} models analysed by GoogleSQL: {len(found)} problems")
    problems += found
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
