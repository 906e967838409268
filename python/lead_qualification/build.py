"""The commands ``leadq build`` and ``leadq summary``."""

from __future__ import annotations

from typing import Annotated

import typer

from lead_qualification.exit_codes import OK
from lead_qualification.options import AnyTarget, Target, Words

SELECTION = ("--select", "-s", "--exclude", "--selector", "--models", "-m", "--resource-type")
READ = ("duckdb", "postgres")


def build(
    words: Words = None,
    target: AnyTarget = "duckdb",
    with_summary: Annotated[
        bool, typer.Option("--summary/--no-summary", help="Whether to end with the summary.")
    ] = True,
    unit_tests: Annotated[
        bool,
        typer.Option(
            "--unit-tests/--no-unit-tests",
            help="Whether unit tests run too; they check code, for those who change it.",
        ),
    ] = False,
) -> int:
    """Run dbt build with its data tests and with progress, then the summary.

    Options of dbt build stand after --, such as: leadq build -- --select lead_scores+
    """
    from lead_qualification.dbt import build_in_project, run_shown

    given = words or []
    command = build_in_project(target, given, with_unit_tests=unit_tests)
    print(run_shown(command, "build"), flush=True)
    is_part = any(word.split("=")[0] in SELECTION for word in given)
    if with_summary and not is_part and target in READ:
        return summary(target)
    return OK


def summary(target: Target = "duckdb") -> int:
    """Print what was built: stages, channels, leads to call."""
    from lead_qualification.summary import summary as summary_of
    from lead_qualification.warehouse import warehouse_of_target

    print(summary_of(warehouse_of_target(target)))
    return OK
