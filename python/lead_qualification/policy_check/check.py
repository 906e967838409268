"""Checks a folder of policy files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.policy.files import policy_paths
from lead_qualification.policy_check import funnel, handoff, lifecycle, relations, scoring
from lead_qualification.policy_check.cells import did_you_mean
from lead_qualification.policy_check.findings import Finding, quoted
from lead_qualification.policy_check.reading import Text, read
from lead_qualification.policy_check.rows import Policy, rows_of
from lead_qualification.policy_check.schema import SCHEMA, TableSchema, read_schema

RULES = (*lifecycle.RULES, *scoring.RULES, *handoff.RULES, *funnel.RULES)
SHEETS = (".xlsx", ".xls", ".ods", ".tsv", ".txt")


@dataclass(frozen=True)
class Checked:
    """What was found.

    Attributes:
        findings: Mistakes, by file and row.
        files: How many files there are.
        rows: How many rows they have.
        skipped: What was not checked, because something else must be corrected first.
        foreign: Files that dbt cannot read but that can be written again.
    """

    findings: tuple[Finding, ...]
    files: int
    rows: int
    skipped: str
    foreign: tuple[Text, ...]


def check_policy(project: Path, folder: Path | None = None) -> Checked:
    """Check the policy of a project.

    Args:
        project: The dbt project, whose policy.yml says what the tables are.
        folder: Other files, each in place of that of the project.

    Raises:
        ConfigurationError: policy.yml cannot be read, or contradicts itself.
    """
    schema = read_schema(project)
    paths = {path.stem: path for path in policy_paths(project)}
    own = {path.stem: path for path in sorted(folder.glob("*.csv"))} if folder else {}
    paths |= {name: path for name, path in own.items() if name in schema.tables}
    texts = {name: read(path) for name, path in paths.items() if name in schema.tables}
    findings = [
        *misplaced(project / SCHEMA.parent, schema.tables),
        *(finding for text in texts.values() for finding in text.findings),
        *(
            finding
            for name, text in texts.items()
            for finding in wrong_header(schema.tables[name], text)
        ),
    ]
    lost = [name for name in schema.tables if name not in texts]
    findings += [
        Finding(f"{name}.csv", 0, "", "there is no such file", "put it back") for name in lost
    ]
    foreign = tuple(text for text in texts.values() if text.is_foreign)
    files, rows = len(texts), sum(len(text.rows) for text in texts.values())
    if any(set(text.header) != set(schema.tables[name].columns) for name, text in texts.items()):
        lost.append("")
    if lost:
        told = "cells are looked at once each file is there with its columns"
        return Checked(tuple(sorted(set(findings))), files, rows, told, foreign)
    read_rows = {
        name: rows_of(schema, schema.tables[name], text, findings) for name, text in texts.items()
    }
    policy = Policy(schema, {name: found for name, (found, _) in read_rows.items()})
    is_whole = all(is_whole for _, is_whole in read_rows.values())
    skipped = "" if is_whole else "what rules say together is looked at once each cell can be read"
    for version in policy.versions():
        for rule in (*relations.RULES, *(RULES if is_whole else ())):
            findings.extend(rule(version))
    return Checked(tuple(sorted(set(findings))), files, rows, skipped, foreign)


def misplaced(folder: Path, tables: dict[str, TableSchema]) -> Iterator[Finding]:
    """Files that look like policy tables and that dbt does not take for them."""
    for path in sorted(folder.iterdir()):
        kind = path.suffix.lower()
        if kind in SHEETS and not path.name.startswith("~$"):
            yield Finding(path.name, 0, "", "dbt reads only .csv", "save it as CSV UTF-8")
        elif kind == ".csv" and (path.stem not in tables or path.suffix != kind):
            near = did_you_mean(path.stem, tables) or "delete it"
            yield Finding(path.name, 0, "", "there is no policy table of this name", near)


def wrong_header(table: TableSchema, text: Text) -> Iterator[Finding]:
    """Columns that the table does not have, has twice or lacks."""
    name = text.path.name
    for place, column in enumerate(text.header):
        if not column.strip():
            yield Finding(name, 1, "", f"cell {place + 1} is empty", "delete the whole column")
        elif column in text.header[:place]:
            yield Finding(name, 1, column, "the column is there twice", "delete one of them")
        elif column not in table.columns:
            absent = [known for known in table.columns if known not in text.header]
            near = did_you_mean(column, absent) or f"there are {', '.join(table.columns)}"
            yield Finding(name, 1, column, f"there is no column {quoted(column)}", near)
    for column in table.columns:
        if column not in text.header:
            what = f"the column {column} is missing"
            yield Finding(name, 1, "", what, f"add it: {table.columns[column].description}")
