"""The command ``leadq generate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lead_qualification.exit_codes import OK

EFFECTS = ("signal", "sequence", "channel", "fit", "rate_drift", "score_drift")


def generate(
    out: Annotated[Path, typer.Option(help="Folder of the files.")],
    planted: Annotated[
        list[str] | None, typer.Argument(metavar="[EFFECT]...", help="The effects of --plant.")
    ] = None,
    plant: Annotated[
        bool,
        typer.Option(
            "--plant",
            help="Redraw the deals with the effects that follow, of "
            f"{', '.join(EFFECTS)}; with none of them, without any.",
        ),
    ] = False,
    leads: Annotated[int, typer.Option(min=1, help="Number of people.")] = 600,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 20260630,
    as_of: Annotated[str, typer.Option(help="End of the timeline, UTC.")] = "2026-06-30 23:59:59",
    months: Annotated[int, typer.Option(min=1, help="Length of the timeline.")] = 15,
    events: Annotated[
        int | None, typer.Option(help="Rows over the five event tables, roughly.")
    ] = None,
    format: Annotated[Literal["csv", "parquet"], typer.Option(help="Kind of the files.")] = "csv",
    prefix: Annotated[str, typer.Option(help="Put before the file names.")] = "",
) -> int:
    """Write raw tables of a company that does not exist."""
    unknown = sorted({*(planted or [])} - {*EFFECTS})
    if unknown or (planted and not plant):
        raise typer.BadParameter(
            f"{', '.join(unknown or planted or [])}: write --plant and then names of "
            f"{', '.join(EFFECTS)}"
        )
    from lead_qualification.generator import Planted
    from lead_qualification.generator import generate as tables_of
    from lead_qualification.generator.writing import write

    effects = Planted.of(planted or []) if plant else None
    tables = tables_of(leads, seed, as_of, months, events, effects)
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write(table, out / f"{prefix}{name}.{format}")
        print(f"{name}: {len(table)} rows")
    return OK
