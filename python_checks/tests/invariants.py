"""What must hold of every row of next_best_action, asked by its own tests of a finished build."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from lead_qualification.warehouse import Warehouse
from python_checks.building import BuildError
from python_checks.dbt_process import Command, DbtProcess
from python_checks.tests.builds import DEMO_NAME

TESTS_OF_ACTIONS = (
    *("--select", "path:tests/activation", "next_best_action"),
    *("--exclude-resource-type", "unit_test"),
)
"""Arguments of ``dbt test``: the invariants, and what is declared of each column."""


def check_actions(
    dbt: DbtProcess, built: Warehouse, raw: Path, as_of: datetime, folder: Path
) -> None:
    """Run the tests over a copy of a DuckDB build, under a name that dbt has parsed.

    Args:
        dbt: Runs them.
        built: The build.
        raw: The raw files that it was made of.
        as_of: Its clock.
        folder: Where the copy and the files of dbt go.

    Raises:
        BuildError: One of them failed; the message says which.
    """
    copy = folder / DEMO_NAME
    shutil.copy(built.environment["LEAD_DB_PATH"], copy)
    command = Command(
        name="test",
        target="duckdb",
        environment={
            "LEAD_DB_PATH": str(copy),
            "LEAD_RAW_PATH": str(raw),
            "LEAD_AS_OF": str(as_of),
        },
        arguments=TESTS_OF_ACTIONS,
        folder=str(folder / "dbt"),
    )
    ended = dbt.run(command)
    if not ended.is_success:
        raise BuildError(ended.printed)
