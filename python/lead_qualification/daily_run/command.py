"""The command ``leadq daily``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lead_qualification.exit_codes import OK
from lead_qualification.options import Target

if TYPE_CHECKING:
    from lead_qualification.daily_run.run import Report


def daily(
    as_of: Annotated[
        str | None, typer.Option(help='Clock in UTC, "2026-08-01 00:00:00"; default: now.')
    ] = None,
    target: Target = "duckdb",
    vars: Annotated[str, typer.Option(help="Vars of dbt as YAML, without as_of.")] = "{}",
    full: Annotated[bool, typer.Option("--full", help="Compute everything.")] = False,
    project_dir: Annotated[
        Path | None, typer.Option(help="Folder of the dbt project; default: the one found.")
    ] = None,
) -> int:
    """Bring the tables up to date, lead by lead.

    Only leads that something happened to are recomputed.

    Raw data: the folder LEAD_RAW_PATH, or the var raw_schema.
    """
    from lead_qualification.daily_run.orders import order_of
    from lead_qualification.daily_run.run import Run

    report = Run(order_of(as_of, target, vars, project_dir, is_full=full)).go()
    print("\n".join(described(report)))
    return OK


def described(report: Report) -> list[str]:
    """A report in words."""
    lines = [f"{report.recomputed:,} of {report.leads:,} leads recomputed"]
    if report.full_because:
        lines = [f"full build: {report.full_because}", f"{report.leads:,} leads"]
    lines += [f"  {name}: {number} records changed" for name, number in report.changed.items()]
    lines += [f"  {phase}: {seconds:.1f} s" for phase, seconds in report.seconds.items()]
    return lines
