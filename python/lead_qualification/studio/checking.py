"""The check of edited files while they are edited, and the pick-lists of their cells."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from lead_qualification.policy.files import PolicyFile
from lead_qualification.policy_check.check import Checked, check_policy
from lead_qualification.policy_check.schema import Column

YES_OR_NO = ("true", "false")


def check(project: Path, texts: Mapping[str, str]) -> Checked:
    """Check the policy of a project with other texts for some of its files.

    Args:
        project: Folder of the dbt project.
        texts: The edited files by table.

    Raises:
        ConfigurationError: policy.yml cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), texts)
        return check_policy(project, Path(folder))


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write edited files into a folder."""
    for table, text in texts.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="")


def choices(column: Column, files: Mapping[str, PolicyFile], own: set[str]) -> list[str]:
    """Return what may be picked for a cell; nothing where it is free text, a number or a list.

    Args:
        column: The column of the cell.
        files: The policy files by table, edited ones as they are edited.
        own: What the column has already, so that no cell is lost.
    """
    if column.list:
        return []
    if column.data_type == "boolean":
        known = set(YES_OR_NO)
    elif column.references:
        other, _, name = column.references.partition(".")
        known = {row[name] for row in files[other].rows} | set(column.values)
    elif column.values and not column.each:
        known = set(column.values)
    else:
        return []
    empty = set() if column.required else {""}
    return sorted(known | own | empty)
