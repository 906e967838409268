"""The command ``leadq diff``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.options import Target, share

BUILD = "a DuckDB file; with --target postgres what LEAD_PG_SCHEMA was in that build"


def diff(
    before: Annotated[str, typer.Option(metavar="BUILD", help=f"The build before: {BUILD}.")],
    after: Annotated[str, typer.Option(metavar="BUILD", help="The build after, likewise.")],
    target: Target = "duckdb",
    format: Annotated[
        Literal["text", "markdown", "json"], typer.Option(help="How to print it.")
    ] = "text",
    max_changed: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            parser=share,
            help="Largest share of leads (0 to 1) that may change band, grade, stage or owner.",
        ),
    ] = 0.0,
    no_restatement: Annotated[
        bool,
        typer.Option(
            "--no-restatement",
            help="Also fail if MQLs or SQLs of a month that ended before as_of move.",
        ),
    ] = False,
    examples: Annotated[int, typer.Option(min=0, help="Leads shown for each change.")] = 3,
) -> int:
    """Say what an edit of the policy changes.

    It compares a build before the edit with one after it.

    Exit code 1: more leads change than may; with --no-restatement also, a month that was reported
    is another one now.
    """
    from lead_qualification.policy_diff.builds import build_of
    from lead_qualification.policy_diff.comparison import compare
    from lead_qualification.policy_diff.report import as_comment, as_json, as_terminal_text

    shown = {"text": as_terminal_text, "markdown": as_comment, "json": as_json}[format]
    found = compare(build_of(before, target), build_of(after, target), examples)
    print(shown(found, max_changed))
    is_restated = no_restatement and bool(found.restated)
    return OK if found.largest_share <= max_changed and not is_restated else FAILED
