"""The command ``leadq check``: is everything there that a build needs?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lead_qualification.errors import DbtError, WarehouseError
from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.options import Target
from lead_qualification.redaction import redacted
from lead_qualification.settings import DUCKDB_FILE, RAW_FOLDER, project_folder, setting
from lead_qualification.sql_text import sql_literal
from lead_qualification.untrusted import lines

if TYPE_CHECKING:
    from lead_qualification.warehouse import Warehouse

LINTER = "+int_policy_violations"
SUFFIXES = (".csv", ".parquet")
HIDDEN = (".", "_")
SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        is_well: Whether a build can go on from here.
        told: What was found, and what to do if it is not well.
    """

    is_well: bool
    told: str


def check(target: Target = "duckdb") -> int:
    """Check project, warehouse, raw files and policy.

    Nothing is built or changed.

    Exit code 1: something stands in the way of a build.
    """
    from lead_qualification.warehouse import warehouse_of_target

    project = project_folder()
    warehouse = warehouse_of_target(target)
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "project": lambda: iter([Finding(True, str(project))]),
        "warehouse": lambda: _warehouse(warehouse),
        "raw data": lambda: _raw_data(project, target),
        "policy": lambda: _policy(project),
    }
    is_well = True
    for name, findings in checks.items():
        for finding in findings():
            is_well &= finding.is_well
            print(
                f"{'ok  ' if finding.is_well else 'FAIL'}  {name}: {lines(redacted(finding.told))}",
                flush=True,
            )
    return OK if is_well else FAILED


def _warehouse(warehouse: Warehouse) -> Iterator[Finding]:
    """Whether the engine answers; a DuckDB file need not be there yet."""
    path = Path(warehouse.environment.get(DUCKDB_FILE, ""))
    if warehouse.target == "duckdb" and not path.exists():
        is_well = path.resolve().parent.is_dir()
        told = (
            "not built yet" if is_well else f"its folder is not there; make it or set {DUCKDB_FILE}"
        )
        yield Finding(is_well, f"{path}: {told}")
        return
    try:
        with warehouse.connection() as connection:
            counted = connection.table(
                "select count(*) as tables from information_schema.tables "
                f"where table_schema = {sql_literal(warehouse.marts)}"
            )
    except WarehouseError as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, f"{warehouse.name}: {counted.rows[0][0]} public tables")


def _raw_data(project: Path, target: str) -> Iterator[Finding]:
    """Which raw files are there; those that are absent count as empty, but leads are needed."""
    from lead_qualification.raw_contract import raw_tables

    folder = setting(RAW_FOLDER)
    if folder is None:
        yield Finding(
            True, f"{RAW_FOLDER} is not set: the demo, or the schema of the var raw_schema"
        )
        return
    if target != "duckdb":
        yield Finding(False, f"{RAW_FOLDER} is for DuckDB; unset it and set the var raw_schema")
        return
    if not Path(folder).is_dir():
        yield Finding(
            False, f"{folder} is not a folder; set {RAW_FOLDER} to the one with the files"
        )
        return
    names = list(raw_tables(project))
    found: dict[str, list[str]] = {name: [] for name in names}
    unread = []
    for path in sorted(Path(folder).iterdir()):
        if path.is_file() and path.suffix.lower() in SUFFIXES and path.stem.lower() in found:
            found[path.stem.lower()].append(path.name)
        elif path.name[0] not in HIDDEN:
            unread.append(path.name)
    for name in names:
        if len(found[name]) > 1:
            yield Finding(
                False, f"{' and '.join(found[name])} in {folder}: both are {name}; keep one"
            )
    if not found["leads"]:
        yield Finding(False, f"neither leads.csv nor leads.parquet in {folder}")
    if unread:
        yield Finding(
            True,
            f"{len(unread)} that no table reads: {', '.join(unread[:SHOWN])}"
            f"{', ...' if len(unread) > SHOWN else ''}; a build says which tables they may mean",
        )
    absent = [name for name in names if not found[name]]
    there = f"{len(names) - len(absent)} of {len(names)} tables in {folder}"
    yield Finding(True, f"{there}; absent, so empty: {', '.join(absent)}" if absent else there)


def _policy(project: Path) -> Iterator[Finding]:
    """Whether the policy contradicts itself: its checks are built into a file that then goes.

    What is wrong with its files is told first, and then nothing is built.
    """
    from lead_qualification.dbt import Parsed
    from lead_qualification.policy_check.check import check_policy
    from lead_qualification.progress import progress

    checked = check_policy(project)
    yield from (Finding(not found.is_error, found.told) for found in checked.findings)
    if any(found.is_error for found in checked.findings):
        return
    name = Path(setting(DUCKDB_FILE) or "lead_qualification.duckdb").name
    with tempfile.TemporaryDirectory() as folder, progress("policy"):
        try:
            Parsed(project, "duckdb").run(
                *("build", "--select", LINTER, "--exclude-resource-type", "test"),
                environment={DUCKDB_FILE: str(Path(folder) / name), RAW_FOLDER: ""},
            )
        except DbtError as error:
            yield Finding(False, str(error))
            return
    yield Finding(True, "no contradiction in seeds/policy")
