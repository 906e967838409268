"""The command ``leadq policy search``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lead_qualification.exit_codes import OK
from lead_qualification.options import Target, share


def search(
    cells: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="CSV of the cells: policy_table, key, column, and from, to, step or values.",
        ),
    ],
    keep: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            parser=share,
            help="With the fewest hand-offs keep at least this share (0 to 1) of the opportunities "
            "that the present policy keeps.",
        ),
    ] = 0.9,
    capacity: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="HANDOFFS",
            help="Instead: keep the most opportunities with so many hand-offs a month.",
        ),
    ] = None,
    tries: Annotated[int, typer.Option(min=2, help="Policies tried at most.")] = 200,
    seed: Annotated[int, typer.Option(help="Of what is drawn where not all are tried.")] = 1,
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where report, table, plot and patch go.")
    ] = Path("policy_search"),
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DATE", help="The patch dates the rules from this day (UTC) on."
        ),
    ] = None,
    target: Target = "duckdb",
) -> int:
    """Search a better policy within limits.

    Each policy is replayed on the history of the last DuckDB build, chosen on earlier months and
    judged once on later ones. Nothing is built and no policy file is changed. Where no change is
    certain to be better, it says so.
    """
    from lead_qualification.errors import ConfigurationError
    from lead_qualification.policy.dates import instant
    from lead_qualification.policy_search.cells import read_cells
    from lead_qualification.policy_search.measures import Goal
    from lead_qualification.policy_search.replay import Replay, compiled, opened
    from lead_qualification.policy_search.report import summary, write
    from lead_qualification.policy_search.search import search as find
    from lead_qualification.progress import progress
    from lead_qualification.settings import project_folder
    from lead_qualification.warehouse import warehouse_of_target

    if target != "duckdb":
        raise ConfigurationError(
            f"policies are replayed on DuckDB builds only, not on {target}",
            "build the same raw data with --target duckdb, and search that file",
        )
    begins = instant(since) if since else None
    project, warehouse = project_folder(), warehouse_of_target(target)
    (as_of,) = warehouse.read(f"select max(as_of) as at from {warehouse.marts}.lead_stages")["at"]
    if as_of != as_of:
        raise ConfigurationError(
            f"{warehouse.name}: there are no leads", "build with leads, then search"
        )
    wanted = read_cells(cells, project, as_of.to_pydatetime())
    with progress("compiling the models up to hand-offs"):
        models = compiled(project, warehouse, f"{as_of:%Y-%m-%d %H:%M:%S.%f}", wanted)
    with opened(warehouse) as connection, progress("policies", tries) as shown:
        replay = Replay(connection, warehouse, models, wanted)
        found = find(replay, Goal(keep, capacity), tries, seed, shown.advance)
    write(found, project, output, as_of.to_pydatetime(), begins)
    print(summary(found, output))
    return OK
