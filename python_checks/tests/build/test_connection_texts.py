"""A message of a build has nothing of a user, key or password."""

from __future__ import annotations

from pathlib import Path

import pytest

from python_checks.dbt_process import Command, DbtProcess
from python_checks.tests.builds import DEMO_NAME


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("lake://KEY:SE/CRET@bucket/raw", "lake://***@bucket/raw"),
        ("lake://bucket/raw", "lake://bucket/raw"),
    ],
)
def test_where_raw_files_were_looked_for_is_shown_without_credentials(
    folder: str, shown: str, dbt: DbtProcess, tmp_path: Path
) -> None:
    ended = dbt.run(
        Command(
            name="run",
            target="duckdb",
            environment={"LEAD_DB_PATH": str(tmp_path / DEMO_NAME), "LEAD_RAW_PATH": folder},
            arguments=("--select", "base_crm__leads"),
            folder=str(tmp_path),
        )
    )
    assert not ended.is_success
    assert f"{shown} (LEAD_RAW_PATH)" in ended.printed
    assert "CRET" not in ended.printed
