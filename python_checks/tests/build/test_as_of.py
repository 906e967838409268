"""The clock: a var or an environment variable, and never two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import duckdb_warehouse
from python_checks.building import BuildError, build

INLINE = ("--inline", "select {{ lead_qualification.as_of() }} as now", "--quiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt parses for the tests of this module."""
    return tmp_path_factory.mktemp("as_of")


def compiled(folder: Path, as_of: str | None, variables: dict[str, object]) -> str:
    """What dbt makes of the clock, with LEAD_AS_OF and vars."""
    return build(
        duckdb_warehouse(folder / "as_of.duckdb"),
        as_of=as_of,
        variables=variables,
        command="compile",
        arguments=INLINE,
    )


def test_environment_is_the_clock_without_parsing_anew(folder: Path) -> None:
    """LEAD_AS_OF is now; another one is read although dbt keeps what it parsed."""
    assert "cast('2026-03-31 12:00:00' as timestamp)" in compiled(folder, "2026-03-31 12:00:00", {})
    with pytest.raises(BuildError, match="as_of is 'yesterday'"):
        compiled(folder, "yesterday", {})
    log = next(folder.glob("*.target/dbt.log")).read_text(encoding="utf-8")
    assert log.count("no changes found, skipping parsing") == 1


@pytest.mark.nightly
def test_two_clocks_are_refused(folder: Path) -> None:
    """The var is now, too; but a LEAD_AS_OF that differs from it stops dbt."""
    given: dict[str, object] = {"as_of": "2026-05-01 00:00:00"}
    assert "cast('2026-05-01 00:00:00' as timestamp)" in compiled(folder, None, given)
    with pytest.raises(BuildError, match="as_of is given twice"):
        compiled(folder, "2026-06-01 00:00:00", given)
