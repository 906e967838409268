"""The command ``leadq sync``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lead_qualification.crm_sync.credentials import VARIABLES
from lead_qualification.errors import ConfigurationError
from lead_qualification.exit_codes import MEANING
from lead_qualification.options import Target

FOLDER = Path(".crm_sync")
EPILOG = "\n\n".join(
    [
        MEANING,
        *(
            f"\b\nenvironment variables of --to {crm}:\n"
            + "\n".join(f"  {name}: {meaning}" for name, meaning in names.items())
            for crm, names in VARIABLES.items()
        ),
        "CRM_SYNC_FIELDS: optional TOML file with other field names (crm_sync/field_mapping.py).",
    ]
)


def sync(
    to: Annotated[Literal["sql", "hubspot", "salesforce", "tryton"], typer.Option(help="The CRM.")],
    table: Annotated[Literal["leads", "accounts"], typer.Option(help="What to write.")] = "leads",
    target: Target = "duckdb",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written; the CRM is not called.")
    ] = False,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Rows of a batch; default: the CRM's.")
    ] = None,
    changes: Annotated[
        Path | None,
        typer.Option(help="With --dry-run: CSV of every value that would change, old and new."),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help=f"What is known of each row; default: in {FOLDER}/.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help=f"CSV of failed rows; default: in {FOLDER}/.")
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="Calls before giving up.")] = 6,
    longest_wait: Annotated[float, typer.Option(help="Seconds between two calls at most.")] = 60,
    settle_seconds: Annotated[
        float | None,
        typer.Option(
            help="How long the CRM may work at a request whose sender was killed; default: the "
            "CRM's."
        ),
    ] = None,
) -> int:
    """Write stages and scores back to a CRM."""
    if changes is not None and not dry_run:
        raise ConfigurationError("--changes says what a dry run would change", "add --dry-run")
    from lead_qualification.crm_sync.run import Order, run
    from lead_qualification.warehouse import warehouse_of_target

    name = f"{to}_{table}"
    return run(
        warehouse_of_target(target),
        Order(
            to=to,
            table=table,
            is_dry_run=dry_run,
            batch_size=batch_size,
            checkpoint=checkpoint or FOLDER / f"{name}.sqlite",
            report=report or FOLDER / f"{name}_failures.csv",
            tries=tries,
            longest_wait=longest_wait,
            settle_seconds=settle_seconds,
            changes=changes,
        ),
    )
