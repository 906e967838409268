"""Reads and writes the CSV files of the policy; what is not changed stays byte for byte."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.errors import ConfigurationError

POLICY_FOLDER = Path("seeds") / "policy"

Cells = dict[str, str]


@dataclass
class PolicyFile:
    """A policy table as a file.

    Attributes:
        path: Where it is.
        columns: Its header, in order.
        rows: Its rows, in order; an empty cell is an empty text.
    """

    path: Path
    columns: list[str]
    rows: list[Cells]

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.path.stem

    def text(self) -> str:
        """The file with its rows as they are now."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()

    def write(self) -> None:
        """Replace the file."""
        self.path.write_text(self.text(), encoding="utf-8", newline="")


def policy_file(project: Path, table: str) -> PolicyFile:
    """Return a policy table of a project.

    Raises:
        ConfigurationError: There is no such table, or it is not the CSV that dbt reads.
    """
    paths = {path.stem: path for path in policy_paths(project)}
    if table not in paths:
        raise ConfigurationError(
            f"{POLICY_FOLDER / table}.csv: there is no such policy table",
            f"name one of {', '.join(sorted(paths))}",
        )
    return read(paths[table])


def policy_files(project: Path) -> list[PolicyFile]:
    """Return all policy tables of a project in the order of their names."""
    return [read(path) for path in policy_paths(project)]


def policy_paths(project: Path) -> list[Path]:
    """Return the files of the policy in the order of their names."""
    return sorted((project / POLICY_FOLDER).glob("*.csv"))


def read(path: Path) -> PolicyFile:
    """Return a policy table.

    Raises:
        ConfigurationError: It is not UTF-8, or a row has more or fewer cells than the header.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(
            f"{path.name}: {error}", "save it as CSV with commas, in UTF-8"
        ) from error
    header, *records = rows or [[]]
    for number, record in enumerate(records, start=2):
        if len(record) != len(header):
            raise ConfigurationError(
                f"{path.name}, row {number}: {len(record)} cells, the header has {len(header)}",
                "add or remove commas",
            )
    return PolicyFile(path, header, [dict(zip(header, record, strict=True)) for record in records])
