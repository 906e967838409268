"""The command ``leadq publish``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lead_qualification.errors import StoppedError
from lead_qualification.exit_codes import OK
from lead_qualification.options import Target

if TYPE_CHECKING:
    from lead_qualification.publishing.duckdb_file import NextFile
    from lead_qualification.publishing.postgres_schemas import NextSchemas
    from lead_qualification.warehouse import Warehouse


def publish(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTIONS OF DBT BUILD, OR A COMMAND]")
    ] = None,
    target: Target = "duckdb",
    on_top: Annotated[
        bool, typer.Option("--on-top", help="Begin with a copy of the published file (duckdb).")
    ] = False,
    drop_removed: Annotated[
        bool, typer.Option("--drop-removed", help="Drop tables that the new build has not made.")
    ] = False,
    wait: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            help="How long to wait for a pause of those who use the published tables.",
        ),
    ] = 600,
) -> int:
    """Build, then publish all tables at once, or none.

    After -- stand options of dbt build, or a whole command that builds, such as: leadq build
    """
    from lead_qualification.publishing.build_process import command_of, run
    from lead_qualification.settings import DUCKDB_FILE
    from lead_qualification.warehouse import warehouse_of_target

    command = command_of(words or [], target)
    warehouse = warehouse_of_target(target)
    try:
        with _next_state(warehouse) as state:
            state.begin(on_top=on_top)
            run(command, state.variables, state.keep_open)
            state.publish(drop_removed=drop_removed, wait_seconds=wait)
    except KeyboardInterrupt:
        raise StoppedError("stopped, nothing published") from None
    print(f"published: {warehouse.environment.get(DUCKDB_FILE) or warehouse.marts}")
    return OK


def _next_state(warehouse: Warehouse) -> AbstractContextManager[NextFile | NextSchemas]:
    """Where the next state of a warehouse is built."""
    from lead_qualification.publishing.duckdb_file import next_file
    from lead_qualification.publishing.postgres_schemas import next_schemas
    from lead_qualification.settings import DUCKDB_FILE

    if warehouse.target == "duckdb":
        return next_file(Path(warehouse.environment[DUCKDB_FILE]))
    return next_schemas(warehouse.environment)
