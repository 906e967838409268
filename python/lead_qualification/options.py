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
