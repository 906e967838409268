"""Builds the demo by dbt and its Snowflake adapter on fakesnow, an emulator that is DuckDB beneath.

fakesnow takes the place of the connector in its own process, so dbt runs in it too: twice, at an
earlier as_of and at the demo's, so that the second build replaces the rows of the leads that
changed. What that shows and what not: docs/engines.md.
"""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb
import fakesnow
import snowflake.connector
from dbt.cli.main import dbtRunner
from fakesnow import transforms
from fakesnow.transforms import transforms as usual
from sqlglot import exp

if TYPE_CHECKING:
    from python_checks.dialects import Model

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = os.environ.get("LEAD_SNOWFLAKE_DATABASE", "lead_qualification")
EARLIER = "2026-06-15 00:00:00"
OF_A_RUN = (
    *("row_hash", "fingerprint", "run_id", "code_checksum", "policy_checksum"),
    *("finished_as_of", "follows_unfinished", "whole_because"),
)
"""Columns with hashes, which each engine has its own of, or that say how the tables were built."""
OF_RUNS = ("int_run_scope", "int_leads_this_run", "int_finished_run")
"""Tables whose rows are those of the runs before."""


@contextmanager
def emulated() -> Iterator[None]:
    """Let fakesnow be Snowflake, with four things that it does otherwise.

    It knows no hexadecimal digits, keeps 38 digits in 64 bits, also sums, sums decimals as
    doubles, and leaves the quotes around a text of JSON where its name is not a literal.
    """
    warnings.filterwarnings("ignore", module="fakesnow")
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    with (
        patch.multiple(
            transforms,
            to_decimal=to_decimal,
            integer_precision=integer_precision,
            numeric_agg_implicit_cast=numeric_agg_implicit_cast,
            json_extract_cast_as_varchar=json_extract_cast_as_varchar,
        ),
        fakesnow.patch(),
    ):
        yield


def to_decimal(part: exp.Expression) -> exp.Expression:
    """Read hexadecimal digits as a number."""
    style = part.args.get("format") if isinstance(part, exp.ToNumber) else None
    if style is None or set(style.name) != {"X"}:
        return usual.to_decimal(part)
    digits = exp.DPipe(this=exp.Literal.string("0x"), expression=part.this, safe=True)
    return exp.Cast(this=digits, to=exp.DataType.build("bigint"))


def integer_precision(part: exp.Expression) -> exp.Expression:
    """Leave numbers of 38 digits that wide around and within a sum."""
    cast = part.parent if isinstance(part, exp.DataType) else None
    around = (cast.this, cast.parent) if isinstance(cast, exp.Cast) else ()
    is_summed = any(isinstance(one, exp.Sum) for one in around)
    return part if is_summed else usual.integer_precision(part)


def numeric_agg_implicit_cast(part: exp.Expression) -> exp.Expression:
    """Sum decimals as decimals."""
    return part


def json_extract_cast_as_varchar(part: exp.Expression) -> exp.Expression:
    """Take the quotes off a text of JSON, also where the name of its member is an expression."""
    member = part.this if isinstance(part, exp.Cast) else None
    if not isinstance(member, exp.GetExtract):
        return usual.json_extract_cast_as_varchar(part)
    return exp.Anonymous(this="json_extract_string", expressions=[member.this, member.expression])


def build_problems(models: list[Model], path: Path) -> list[str]:
    """Build twice and return what fails or differs from a build of the demo by DuckDB.

    Args:
        models: All models.
        path: The DuckDB file.
    """
    with emulated():
        problems = run_dbt(EARLIER, ("unit_test", "test")) + run_dbt("", ("unit_test",))
        cursor = snowflake.connector.connect(database=DATABASE).cursor()
        scope = cursor.execute("select whole_because from main_intermediate.int_run_scope")
        (whole_because,) = scope.fetchone()
        if whole_because:
            problems.append(f"the second build recomputed every lead: {whole_because}")
        with duckdb.connect(str(path), read_only=True) as build:
            for model in models:
                if model.is_stored and model.name not in OF_RUNS:
                    problems += differences(model, cursor, build)
    return problems


def run_dbt(as_of: str, without: tuple[str, ...]) -> list[str]:
    """Run ``dbt build`` on the emulator; return what failed.

    Args:
        as_of: The clock; empty: the demo's.
        without: Kinds of resources that are left out.
    """
    os.environ["LEAD_AS_OF"] = as_of
    with tempfile.TemporaryDirectory() as folder:
        finished = dbtRunner().invoke(
            [
                *("build", "--target", "snowflake", "--threads", "1", "--log-level", "none"),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", folder, "--log-path", folder, "--log-level-file", "none"),
                *(word for kind in without for word in ("--exclude-resource-type", kind)),
            ]
        )
    if finished.exception is not None:
        return [f"dbt build at as_of {as_of or 'of the demo'}: {finished.exception}"]
    return [
        f"{one.node.name} at as_of {as_of or 'of the demo'}: {str(one.message).strip()[:300]}"
        for one in finished.result.results
        if one.status in ("error", "fail", "warn")
    ]


def differences(model: Model, cursor: Any, build: duckdb.DuckDBPyConnection) -> list[str]:
    """How the rows of a model differ from those of a build, but for ``OF_A_RUN``."""
    table = f"{model.schema}.{model.name}"
    names = [row[0] for row in build.execute(f"describe {table}").fetchall()]
    compared = ", ".join(
        f'"{name}"' if name in model.quoted else name for name in names if name not in OF_A_RUN
    )
    expected = build.execute(f"select {compared} from {table}").fetchall()
    found = cursor.execute(f"select {compared} from {table}").fetchall()
    if len(expected) != len(found):
        return [f"{table}: {len(found)} rows, DuckDB has {len(expected)}"]
    pairs = zip(sorted(map(_key, expected)), sorted(map(_key, found)), strict=True)
    unequal = [(wanted, row) for wanted, row in pairs if wanted != row]
    if not unequal:
        return []
    wanted, row = unequal[0]
    cells = [f"{a} is {b}" for a, b in zip(wanted, row, strict=True) if a != b]
    return [f"{table}: {len(unequal)} of {len(found)} rows differ: {'; '.join(cells)[:300]}"]


def _key(row: tuple[Any, ...]) -> tuple[str, ...]:
    """A row as texts; decimals and doubles to four places."""
    return tuple(
        f"{float(cell):.4f}"
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
        else str(cell)
        for cell in row
    )
