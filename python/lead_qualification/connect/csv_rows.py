"""Rows of field_map.csv and value_map.csv that are missing: those that a name alone decides.

A value means what the contract calls by the same name, whatever its spelling (``No Show`` is
no_show), and a custom column feeds the contract column of the same name. Anything else is for a
person to decide, and is told with its count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lead_qualification.connect.landed import Schema, bare
from lead_qualification.connect.recognition import Match
from lead_qualification.errors import ConfigurationError
from lead_qualification.raw_contract import RawTable
from lead_qualification.settings import PROJECT_FILE
from lead_qualification.tables import Table
from lead_qualification.yaml_text import from_yaml

FIELD_MAP, VALUE_MAP = "field_map", "value_map"
FOLDER = Path("seeds/connectors")
FIELD_COLUMNS = (
    "connector",
    "contract_table",
    "contract_column",
    "source_table",
    "source_column",
)
VALUE_COLUMNS = (
    "connector",
    "contract_table",
    "contract_column",
    "source_column",
    "source_value",
    "contract_value",
    "reason_code",
)
POLICY_WORDS = {
    ("lead_status_changes", "reason_code"): ("disposition_reasons", "reason_code", {}),
    ("campaigns", "channel"): ("channels", "channel", {}),
    ("marketing_activities", "activity_type"): (
        "signal_map",
        "event_name",
        {"source": "marketing_activities"},
    ),
}
"""Where the words of a contract column are that the contract does not list itself."""

AFFIXES = re.compile(r"^propert(?:y|ies)_|_{1,2}c$", re.IGNORECASE)
CUSTOM = re.compile(r"_{1,2}c$", re.IGNORECASE)
LETTERS = re.compile(r"[^a-z0-9]")
UNDECIDED = ("unmapped", "passed_on")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """A value of a source for which value_map.csv has no row.

    Attributes:
        key: connector, contract table, contract column, source column, source value.
        rows: How many rows have it.
        meaning: The word of the contract with the same name; empty if there is none.
    """

    key: tuple[str, str, str, str, str]
    rows: int
    meaning: str

    @property
    def row(self) -> Row:
        """The row of value_map.csv."""
        return (*self.key, self.meaning, "")


def values_without_meaning(
    coverage: Table, words: dict[tuple[str, str], frozenset[str]]
) -> list[Value]:
    """Return the values that a column with a vocabulary does not know, the most frequent first.

    Args:
        coverage: connector_coverage.
        words: The vocabulary by contract table and column.
    """
    found = []
    for row in coverage.records:
        place = (row["contract_table"], row["contract_column"])
        if row["outcome"] not in UNDECIDED or row["source_value"] is None:
            continue
        known = words.get(place, frozenset())
        value = str(row["source_value"])
        if row["outcome"] == "passed_on" and (not known or value.strip().lower() in known):
            continue
        key = (row["connector"], *place, row["source_column"] or "", value)
        named = {letters(word): word for word in known}
        found.append(Value(key, int(row["row_count"]), named.get(letters(value), "")))
    return sorted(found, key=lambda one: (-one.rows, one.key))


def vocabularies(
    package: Path, tables: dict[str, RawTable]
) -> dict[tuple[str, str], frozenset[str]]:
    """Return the words of each contract column that has a list of them."""
    words = {
        (table.name, column.name): frozenset(column.accepted)
        for table in tables.values()
        for column in table.columns
        if column.accepted
    }
    for place, (name, column, where) in POLICY_WORDS.items():
        path = package / "seeds" / "policy" / f"{name}.csv"
        if path.is_file():
            words[place] = frozenset(
                row[column].strip().lower()
                for row in _read(path)
                if row[column] and all(row[key] == value for key, value in where.items())
            )
    return words


def custom_columns(
    matches: Iterable[Match], schemas: dict[str, Schema], tables: dict[str, RawTable]
) -> list[Row]:
    """Return rows of field_map.csv: landed columns that are called like a column of the contract.

    Only a column that the connector does not read itself, for one that no declared column is called
    after; and only of the table that a row of the contract comes from, unless the column is custom
    by its name.
    """
    rows: dict[Row, None] = {}
    for match in matches:
        for name, landed in match.tables.items():
            declared = match.connector.tables[name]
            if declared.is_prefix or not declared.feeds or declared.feeds[0] not in tables:
                continue
            contract = tables[declared.feeds[0]]
            is_main = name == _main_table(match, contract.name)
            read = {bare(column) for column in declared.columns}
            served = {_meaning(column) for column in declared.columns}
            wanted = {
                _meaning(column.name): column.name
                for column in contract.columns
                if not column.required
                and column.name not in contract.key
                and not column.name.startswith("crm_")
            }
            for column in schemas[match.schema].tables[landed[0]]:
                meaning = _meaning(column)
                is_candidate = is_main or CUSTOM.search(column) is not None
                is_new = bare(column) not in read and meaning not in served
                if is_candidate and is_new and meaning in wanted:
                    row = (match.connector.name, contract.name, wanted[meaning], name, column)
                    rows.setdefault(row)
    return list(rows)


def _main_table(match: Match, contract_table: str) -> str:
    """The first table that a contract table is mainly read from."""
    tables = match.connector.tables.values()
    return next(table.name for table in tables if table.feeds[:1] == (contract_table,))


def missing(path: Path | None, columns: Row, rows: Iterable[Row]) -> list[Row]:
    """Return those rows that a CSV does not have, compared by all but what they say."""
    key = [name for name in columns if name not in ("contract_value", "reason_code")]
    there = {tuple(row[name].strip().lower() for name in key) for row in _read(path)}
    new = []
    for row in rows:
        said = dict(zip(columns, row, strict=True))
        if tuple(said[name].strip().lower() for name in key) not in there:
            new.append(row)
    return new


def csv_of(project: Path, name: str) -> Path | None:
    """Return the CSV that a build of the project reads for a map; none where there is none.

    In a host project it is the seed that the var policy_tables names.
    """
    own = project / FOLDER / f"{name}.csv"
    if own.is_file():
        return own
    said = from_yaml((project / PROJECT_FILE).read_text(encoding="utf-8")) or {}
    variables: dict[str, Any] = said.get("vars") or {}
    inner = variables.get("lead_qualification") or {}
    tables = inner.get("policy_tables", variables.get("policy_tables")) or {}
    if name not in tables:
        return None
    paths = sorted(path for path in project.glob(f"*/**/{tables[name]}.csv") if path.is_file())
    return paths[0] if paths else None


def append(path: Path, rows: list[Row]) -> None:
    """Add rows at the end of a CSV, whose header they fit."""
    text = path.read_text(encoding="utf-8")
    end = "" if text.endswith("\n") or not text else "\n"
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(end + as_csv(rows))


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def letters(text: str) -> str:
    """Return a text as names are compared: lower case, letters and digits only."""
    return LETTERS.sub("", text.lower())


def _meaning(column: str) -> str:
    """What a column is called, without what a tool puts around its name."""
    name = AFFIXES.sub("", column.lower())
    return letters(re.sub(r"^(is|has)_", "", AFFIXES.sub("", name)))


def _read(path: Path | None) -> list[dict[str, str]]:
    """The rows of a CSV; none without a file.

    Raises:
        ConfigurationError: A row has more or fewer cells than the header.
    """
    if path is None:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ConfigurationError(
                f"{path}, row {number}: not as many cells as the header", "correct the row"
            )
    return rows
