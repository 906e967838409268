"""The command ``leadq predict``."""

from __future__ import annotations

from typing import Annotated

import typer

from lead_qualification.exit_codes import OK
from lead_qualification.options import Target


def predict(
    target: Target = "duckdb",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ignore the active model in .predictive_score/.")
    ] = False,
) -> int:
    """Predict which leads become opportunities."""
    from lead_qualification.prediction.run import run
    from lead_qualification.warehouse import warehouse_of_target

    run(warehouse_of_target(target), is_fresh=fresh)
    return OK
