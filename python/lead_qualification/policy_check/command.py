"""The command ``leadq policy check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.settings import project_folder

MOST_SHOWN = 100


def check(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="Other policy files, each in place of that of the project.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail, too.")] = False,
    rewrite: Annotated[
        bool,
        typer.Option(
            "--rewrite", help="Write files with another separator or encoding as dbt reads them."
        ),
    ] = False,
) -> int:
    """Check the policy files before dbt reads them.

    It needs no warehouse and takes a second or two. It names file, row and cell of what dbt would
    refuse or misread, of rules that can never count, and of numbers that look like typing errors.

    Exit code 1: there is an error, or with --strict a warning.
    """
    from lead_qualification.policy_check.check import check_policy

    checked = check_policy(project_folder(), folder)
    if rewrite and checked.foreign:
        for text in checked.foreign:
            text.rewrite()
            print(f"{text.path.name}: written in UTF-8 with commas")
        checked = check_policy(project_folder(), folder)
    for finding in checked.findings[:MOST_SHOWN]:
        print(finding.told)
    if len(checked.findings) > MOST_SHOWN:
        print(f"... and {len(checked.findings) - MOST_SHOWN} more")
    errors = sum(finding.is_error for finding in checked.findings)
    warnings = len(checked.findings) - errors
    if checked.findings:
        told = f"{counted(errors, 'error')} and {counted(warnings, 'warning')}"
        print(f"{told} in {checked.files} policy files")
    else:
        print(f"ok  {checked.rows} rows in {checked.files} policy files")
    if checked.skipped:
        print(f"Not yet checked: {checked.skipped}.")
    return FAILED if errors or (strict and warnings) else OK


def counted(number: int, what: str) -> str:
    """Return a number with what it counts."""
    return f"{number} {what}{'' if number == 1 else 's'}"
