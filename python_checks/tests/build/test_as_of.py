"""The clock: a var or an environment variable, and never two of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.dbt_process import Command, DbtProcess

PARSED = PROJECT / "target" / "partial_parse.msgpack"
QUERY = "select {{ lead_qualification.as_of() }} as now"
NOT_PARSED = "no changes found, skipping parsing"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt runs for the tests of this module, with what the last build parsed."""
    found = tmp_path_factory.mktemp("as_of")
    (found / "target").mkdir()
    if PARSED.exists():
        shutil.copy(PARSED, found / "target")
    return found


def compiled(folder: Path, as_of: str | None, *options: str) -> subprocess.CompletedProcess[str]:
    """What dbt makes of the clock, with LEAD_AS_OF and options; its log is its own."""
    kept = {name: value for name, value in os.environ.items() if name[:4] not in ("DBT_", "LEAD")}
    (folder / "dbt.log").unlink(missing_ok=True)
    places = {
        "--project-dir": PROJECT,
        "--profiles-dir": PROJECT,
        "--target-path": folder / "target",
        "--log-path": folder,
    }
    words = [str(word) for place in places.items() for word in place]
    return subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "compile", *words, "--inline", QUERY, *options],
        cwd=folder,
        env=kept | ({"LEAD_AS_OF": as_of} if as_of else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_environment_is_the_clock_without_parsing_again(folder: Path) -> None:
    """LEAD_AS_OF is now; another one is read although dbt keeps what it parsed."""
    first = compiled(folder, "2026-03-31 12:00:00")
    assert "cast('2026-03-31 12:00:00' as timestamp)" in first.stdout
    assert "as_of is 'yesterday'" in compiled(folder, "yesterday").stdout
    assert NOT_PARSED in (folder / "dbt.log").read_text(encoding="utf-8")


def test_unit_tests_have_a_clock_of_their_own(demo: Warehouse, dbt: DbtProcess) -> None:
    """Those that set the var as_of pass although LEAD_AS_OF is given."""
    command = Command(
        name="test",
        target="duckdb",
        environment={**demo.environment, "LEAD_AS_OF": "2026-03-31 12:00:00"},
        arguments=("--select", "test_type:unit,int_account_intent"),
    )
    ended = dbt.run(command)
    assert ended.is_success, ended.printed


@pytest.mark.nightly
def test_two_clocks_are_refused(folder: Path) -> None:
    """The var is now, too; but a LEAD_AS_OF that differs from it stops dbt."""
    given = ("--vars", "{as_of: '2026-05-01 00:00:00'}")
    assert "cast('2026-05-01 00:00:00' as timestamp)" in compiled(folder, None, *given).stdout
    assert "as_of is given twice" in compiled(folder, "2026-06-01 00:00:00", *given).stdout
