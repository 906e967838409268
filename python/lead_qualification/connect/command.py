"""The command ``leadq connect``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lead_qualification.errors import WarehouseError
from lead_qualification.exit_codes import OK
from lead_qualification.options import Target
from lead_qualification.settings import DUCKDB_FILE, PROJECT_FILE, project_folder

if TYPE_CHECKING:
    from lead_qualification.connect.report import Findings
    from lead_qualification.warehouse import Warehouse


def connect(
    schemas: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCHEMA]...", help="Where to look; default: all schemas."),
    ] = None,
    target: Target = "duckdb",
    write: Annotated[
        bool,
        typer.Option("--write", help=f"Write the var into {PROJECT_FILE}, and rows of the CSVs."),
    ] = False,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Compare names and count rows only; values need a run of dbt."
        ),
    ] = False,
    rows: Annotated[
        Path | None, typer.Option(help="CSV of all values without a meaning, to be filled in.")
    ] = None,
) -> int:
    """Find what a tool landed in the warehouse, and connect it.

    Says what feeds what, what is unknown and which values mean nothing yet. Without --write nothing
    is changed.
    """
    from lead_qualification.connect.csv_rows import VALUE_COLUMNS
    from lead_qualification.connect.report import report
    from lead_qualification.tables import Table
    from lead_qualification.warehouse import warehouse_of_target

    project = project_folder()
    found = _found(project, warehouse_of_target(target), schemas or [], is_quick=quick)
    print(report(found))
    if rows is not None:
        table = Table(VALUE_COLUMNS, tuple(value.row for value in found.values))
        rows.write_text(table.csv(), encoding="utf-8", newline="")
        print(f"\nvalues without a meaning: {rows}")
    print("\n" + (_write(project, found) if write else _what_now(found)))
    return OK


def _found(project: Path, warehouse: Warehouse, wanted: list[str], *, is_quick: bool) -> Findings:
    """Look at the warehouse."""
    from lead_qualification.connect import csv_rows
    from lead_qualification.connect.coverage import built, counted, coverage
    from lead_qualification.connect.declarations import connectors, package_folder
    from lead_qualification.connect.landed import schemas
    from lead_qualification.connect.plan import planned
    from lead_qualification.connect.project_vars import connectors_of
    from lead_qualification.connect.report import Findings
    from lead_qualification.raw_contract import raw_tables

    before, package = connectors_of(project), package_folder(project)
    try:
        there = schemas(warehouse, wanted)
    except WarehouseError as error:
        remedy = f"set {DUCKDB_FILE} to the file in which your data landed"
        raise WarehouseError(
            error.what, remedy if "no DuckDB file" in error.what else error.remedy
        ) from None
    plan = planned(connectors(package), there, before, is_named=bool(wanted))
    of_build = None if is_quick or plan.settings != before else built(warehouse, before)
    if is_quick:
        told = counted(warehouse, plan.matches)
    else:
        told = of_build or coverage(warehouse, project, plan.settings)
    tables = raw_tables(package)
    values = csv_rows.values_without_meaning(told, csv_rows.vocabularies(package, tables))
    custom = csv_rows.custom_columns(plan.matches, {one.name: one for one in there}, tables)
    homes = {
        name: csv_rows.csv_of(project, name) for name in (csv_rows.FIELD_MAP, csv_rows.VALUE_MAP)
    }
    known = [value.row for value in values if value.meaning]
    return Findings(
        plan=plan,
        contract=tuple(tables),
        coverage=told,
        values=values,
        fields=csv_rows.missing(homes[csv_rows.FIELD_MAP], csv_rows.FIELD_COLUMNS, custom),
        meanings=csv_rows.missing(homes[csv_rows.VALUE_MAP], csv_rows.VALUE_COLUMNS, known),
        is_new=plan.settings != before,
        is_of_build=of_build is not None,
        homes={
            name: str(path.relative_to(project)) if path else None for name, path in homes.items()
        },
    )


def _write(project: Path, found: Findings) -> str:
    """Write what is new; say what was written."""
    from lead_qualification.connect.csv_rows import FIELD_MAP, VALUE_MAP, append
    from lead_qualification.connect.project_vars import with_connectors

    told = []
    text = with_connectors(project, found.plan.settings) if found.is_new else ""
    for name, rows in ((FIELD_MAP, found.fields), (VALUE_MAP, found.meanings)):
        home = found.homes[name]
        if rows and home:
            append(project / home, rows)
            told.append(f"{len(rows)} rows to {home}")
    if text:
        (project / PROJECT_FILE).write_text(text, encoding="utf-8")
        told.append(f"the var connectors to {PROJECT_FILE}")
    written = f"wrote {' and '.join(told)}" if told else "nothing to write: all of it is there"
    return f"{written}; next: leadq build"


def _what_now(found: Findings) -> str:
    """What to do after a dry run."""
    if found.is_new or found.fields or found.meanings:
        return "nothing was written; next: leadq connect --write, then leadq build"
    return "nothing to write: all of it is there; next: leadq build"
