"""Analyses models with GoogleSQL, the parser and analyser of BigQuery's language."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

# The usual reader of messages takes no query as deep as ours; this one is told how deep it may go.
os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"

from google.protobuf.internal import decoder
from google.protobuf.message import DecodeError
from sqlglot import exp, parse_one
from zetasql.api import Analyzer, CatalogBuilder, TableBuilder
from zetasql.core import ZetaSQLError
from zetasql.types import (
    AnalyzerOptions,
    LanguageOptions,
    SimpleTable,
    TypeKind,
    ZetaSQLBuiltinFunctionOptions,
)
from zetasql.types.proto_model import ProductMode

if TYPE_CHECKING:
    from python_checks.dialects import Model

Columns = list[tuple[str, int]]
decoder.SetRecursionLimit(10_000)

KINDS = {
    "VARCHAR": TypeKind.TYPE_STRING,
    "INTEGER": TypeKind.TYPE_INT64,
    "BIGINT": TypeKind.TYPE_INT64,
    "HUGEINT": TypeKind.TYPE_INT64,
    "BOOLEAN": TypeKind.TYPE_BOOL,
    "DATE": TypeKind.TYPE_DATE,
    "TIMESTAMP": TypeKind.TYPE_TIMESTAMP,
    "DOUBLE": TypeKind.TYPE_DOUBLE,
}


def analysis_problems(
    models: list[Model], built: dict[tuple[str, str], list[tuple[str, str]]]
) -> list[str]:
    """What GoogleSQL finds wrong in models, each of which comes after those that it reads.

    Args:
        models: Compiled models.
        built: Columns (name and DuckDB type) of tables, by schema and name: those that no model
            makes and, for models after one with a problem, those that models make.
    """
    language = LanguageOptions.maximum_features()
    language.product_mode = ProductMode.PRODUCT_EXTERNAL
    options = AnalyzerOptions(language_options=language)
    functions = ZetaSQLBuiltinFunctionOptions(language_options=language)
    columns: dict[str, Columns] = {
        f"{schema}.{table}": [(name, kind_of(data_type)) for name, data_type in found]
        for (schema, table), found in built.items()
    }
    problems = []
    for model in models:
        sql, inputs = with_short_names(model.sql)
        catalog = CatalogBuilder("catalog").with_builtin_functions(functions)
        absent = sorted(inputs - columns.keys())
        if absent:
            problems.append(f"{model.name}: not analysed, for want of {', '.join(absent)}")
            continue
        for name in sorted(inputs):
            catalog.add_table(table_of(name, columns[name]))
        try:
            analysed = Analyzer(options, catalog.build()).analyze_statement(sql)
        except (ZetaSQLError, DecodeError) as error:
            problems.append(f"{model.name}: {error}")
            continue
        columns[f"{model.schema}.{model.name}"] = [
            (output.name, output.column.type.type_kind) for output in analysed.output_column_list
        ]
    return problems


def kind_of(data_type: str) -> int:
    """GoogleSQL's kind of a DuckDB type."""
    if data_type.startswith("DECIMAL"):
        is_rate = data_type.endswith(",10)")
        return TypeKind.TYPE_BIGNUMERIC if is_rate else TypeKind.TYPE_NUMERIC
    return KINDS[data_type]


def table_of(name: str, columns: Columns) -> SimpleTable:
    """A table of the catalog."""
    table = TableBuilder(name)
    for column, kind in columns:
        table.add_column(column, kind)
    return table.build()


def with_short_names(sql: str) -> tuple[str, set[str]]:
    """The query with each table as one quoted name, and these names.

    The query itself is not rewritten, or GoogleSQL would see sqlglot's idea of it. Only BigQuery
    knows the types integer and bigint: they are int64.
    """
    names = set()
    for table in parse_one(sql, dialect="bigquery").find_all(exp.Table):
        if table.catalog:
            name = f"{table.db}.{table.name}"
            names.add(name)
            for quoted in (
                f"`{table.catalog}`.`{table.db}`.`{table.name}`",
                f"`{table.catalog}`.`{table.db}`.{table.name}",
            ):
                sql = sql.replace(quoted, f"`{name}`")
    return re.sub(r"\bas (integer|bigint)\b", "as int64", sql), names
