"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Target = Annotated[
    Literal["duckdb", "postgres"],
    typer.Option(
        help="dbt target. The warehouse is found by LEAD_DB_PATH or LEAD_PG_*, as by dbt."
    ),
]
AnyTarget = Annotated[
    str,
    typer.Option(
        envvar="DBT_TARGET",
        help="dbt target of profiles.yml; duckdb, postgres and spark are there.",
    ),
]
Words = Annotated[list[str] | None, typer.Argument(metavar="[-- OPTIONS OF DBT]")]


def share(text: str) -> float:
    """A ratio from 0 to 1.

    Raises:
        BadParameter: It is something else.
    """
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise typer.BadParameter(f"{text} is not a share from 0 to 1, such as 0.05")
    return found
