"""The clock: a var or an environment variable, and never two of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lead_qualification.dbt import dbt_command
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.dbt_process import Command, DbtProcess, copy_what_was_parsed
from python_checks.processes import environment_without_settings

QUERY = "select {{ lead_qualification.as_of() }} as now"
NOT_PARSED = "no changes found, skipping parsing"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt runs for the tests of this module, with what the last build parsed."""
    found = tmp_path_factory.mktemp("as_of")
    copy_what_was_parsed(found)
    return found


def compiled(
    folder: Path, as_of: str | None, variables: dict[str, object]
) -> subprocess.CompletedProcess[str]:
    """What dbt makes of the clock, with LEAD_AS_OF and vars; its log is its own."""
    (folder / "dbt.log").unlink(missing_ok=True)
    return subprocess.run(
        [*dbt_command("compile", "duckdb", PROJECT, folder, variables), "--inline", QUERY],
        cwd=folder,
        env=environment_without_settings() | ({"LEAD_AS_OF": as_of} if as_of else {}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.nightly
def test_environment_is_the_clock_without_parsing_again(folder: Path) -> None:
    """LEAD_AS_OF is now; another one is read although dbt keeps what it parsed."""
    first = compiled(folder, "2026-03-31 12:00:00", {})
    assert "cast('2026-03-31 12:00:00' as timestamp)" in first.stdout
    assert "as_of is 'yesterday'" in compiled(folder, "yesterday", {}).stdout
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
    given: dict[str, object] = {"as_of": "2026-05-01 00:00:00"}
    assert "cast('2026-05-01 00:00:00' as timestamp)" in compiled(folder, None, given).stdout
    assert "as_of is given twice" in compiled(folder, "2026-06-01 00:00:00", given).stdout
