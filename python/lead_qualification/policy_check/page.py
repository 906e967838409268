"""Writes ``docs/policy_columns.md``: what each column of the policy tables may have.

Command: ``python -m lead_qualification.policy_check.page``; ``--check`` writes nothing and fails if
the page is not as ``seeds/policy/policy.yml`` says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.policy.dates import BOUNDS
from lead_qualification.policy_check.schema import AS_LEAD_SOURCE, Column, Schema, read_schema
from lead_qualification.settings import project_folder

PAGE = Path("docs") / "policy_columns.md"
INTRODUCTION = (
    "<!-- Made from seeds/policy/policy.yml by make contract. -->",
    "# Columns of the policy",
    "What may stand in each cell of `seeds/policy/*.csv`. A **required** cell may not be empty. "
    "Dated tables also have `valid_from` and `valid_to`: the date or timestamp (UTC) from which "
    "a row holds and at which it ends, such as `2026-07-01`; an empty one is open. "
    "[`leadq policy check`](policy.md#check-what-you-edited) goes by the same list.",
)


def page(schema: Schema) -> str:
    """Return the page."""
    parts = list(INTRODUCTION)
    for table in schema.tables.values():
        dated = " Dated." if set(BOUNDS) <= set(table.columns) else ""
        parts.append(f"## {table.name}")
        parts.append(f"Key: {', '.join(table.key)}.{dated}")
        rows = [("column", "type", "meaning", "may be", "example"), ("---",) * 5]
        rows += [cells(schema, c) for c in table.columns.values() if c.name not in BOUNDS]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return "\n\n".join(parts) + "\n"


def cells(schema: Schema, column: Column) -> tuple[str, ...]:
    """Return the row of a column."""
    name = f"**{column.name}**, required" if column.required else column.name
    description = column.description.replace("|", "\\|")
    example = column.example.replace("|", "\\|")
    return name, column.data_type, description, "; ".join(limits(schema, column)), f"`{example}`"


def limits(schema: Schema, column: Column) -> Iterator[str]:
    """Yield what a column may have, in words."""
    if column.list:
        yield "several with bars between them"
    names = [f"`{value}`" for value in column.values]
    if column.references:
        names.append(f"{column.references.replace('.', '.csv: ')}")
    if names:
        yield ", ".join(names)
    bounds = schema.bounds(column)
    if bounds:
        lowest, highest = bounds
        yield f"from {lowest:f} to {highest:f}" if highest.is_finite() else f"from {lowest:f}"
    if column.plausible:
        yield f"usually {column.plausible[0]} to {column.plausible[1]}"
    if column.format:
        yield column.format
    if column.compared == AS_LEAD_SOURCE:
        yield "compared without case, - and _"
    elif column.compared:
        yield "compared in any case"
    if column.unique:
        yield "once each"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check it; the exit code is 1 where it is out of date."""
    project = project_folder()
    path, text = project / PAGE, page(read_schema(project))
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return OK
    if "--check" in (sys.argv[1:] if arguments is None else arguments):
        print(f"policy_check: {PAGE} is out of date; run make contract", file=sys.stderr)
        return FAILED
    path.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE}")
    return OK


if __name__ == "__main__":
    sys.exit(main())
