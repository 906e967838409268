"""What ``leadq connect`` says: what landed, what feeds what, what is unknown, what to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lead_qualification.connect.csv_rows import (
    FIELD_COLUMNS,
    FIELD_MAP,
    VALUE_COLUMNS,
    VALUE_MAP,
    Row,
    Value,
    as_csv,
)
from lead_qualification.connect.plan import Plan
from lead_qualification.connect.project_vars import var_as_yaml
from lead_qualification.connect.recognition import Match
from lead_qualification.tables import Table, as_text
from lead_qualification.untrusted import plain

SHOWN = 15
NAMES = 8


@dataclass(frozen=True)
class Findings:
    """Everything that was found.

    Attributes:
        plan: The var and what it reads.
        contract: The contract tables, in their order.
        coverage: connector_coverage.
        values: Values without a meaning.
        fields: New rows of field_map.csv.
        meanings: New rows of value_map.csv.
        is_new: Whether the var changes.
        is_of_build: Whether the figures are those of the last build.
        homes: By map, the file that its rows belong in; none: nobody knows it.
    """

    plan: Plan
    contract: tuple[str, ...]
    coverage: Table
    values: list[Value]
    fields: list[Row]
    meanings: list[Row]
    is_new: bool
    is_of_build: bool = False
    homes: dict[str, str | None] = field(default_factory=dict)


def report(found: Findings) -> str:
    """Return all of it as text for a terminal."""
    parts = [
        *_landed(found),
        *_feeds(found),
        *_unknown(found),
        *_left_out(found),
        *_values(found),
        *_notes(found),
        *_rows(found, FIELD_MAP, FIELD_COLUMNS, found.fields),
        *_rows(found, VALUE_MAP, VALUE_COLUMNS, found.meanings),
    ]
    if found.is_new:
        parts.append(
            f"the var for dbt_project.yml:\n{var_as_yaml(found.plan.settings, 2).rstrip()}"
        )
    return "\n\n".join(parts)


def _landed(found: Findings) -> Iterator[str]:
    """A line per connector and schema."""
    counts = _row_counts(found.coverage)
    lines = []
    for match in found.plan.matches:
        name = match.connector.name
        rows = sum(counts[name, table] for table in match.tables)
        several = sum(1 for one in found.plan.matches if one.connector.name == name) > 1
        told = "" if several else f", {rows:,} rows"
        lines.append(
            f"{match.connector.title} in schema {plain(match.schema)}: {len(match.tables)} of "
            f"{len(match.connector.tables)} tables{told} ({match.connector.page})"
        )
    if found.is_of_build:
        lines.append("figures of the last build; after an edit of a map: leadq build")
    yield "\n".join(lines)


def _feeds(found: Findings) -> Iterator[str]:
    """Contract table by contract table: the landed tables with their rows, and what is absent."""
    counts = _row_counts(found.coverage)
    rows = []
    for table in found.contract:
        for name, matches in _by_connector(found.plan.matches).items():
            if table not in matches[0].connector.gives:
                continue
            declared = [one for one in matches[0].connector.tables.values() if table in one.feeds]
            there = {one for match in matches for one in match.tables}
            read = [f"{one.name} {counts[name, one.name]}" for one in declared if one.name in there]
            absent = [one.name for one in declared if one.name not in there]
            rows.append((table, name, ", ".join(read) or "nothing", ", ".join(absent)))
    yield as_text(Table(("table", "connector", "read from, with rows", "not landed"), tuple(rows)))
    given = {row[0] for row in rows if row[2] != "nothing"}
    nobody = [table for table in found.contract if table not in given]
    if nobody:
        yield f"empty, because nothing that landed gives them: {', '.join(nobody)}"


def _unknown(found: Findings) -> Iterator[str]:
    """Columns that are read and did not land."""
    lines = []
    for match in found.plan.matches:
        for name, columns in match.absent.items():
            if columns:
                more = f" and {len(columns) - NAMES} more" if len(columns) > NAMES else ""
                lines.append(f"  {match.schema}.{name}: {', '.join(columns[:NAMES])}{more}")
    if lines:
        yield "unknown, because the column did not land:\n" + "\n".join(map(plain, lines))


def _left_out(found: Findings) -> Iterator[str]:
    """Rows of sources that become nothing, by reason."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in found.coverage.records:
        if row["outcome"] in ("left_out", "ignored"):
            key = (row["connector"], row["contract_table"], row["reason"] or row["outcome"])
            counts[key] += int(row["row_count"])
    if counts:
        rows = tuple((*key, count) for key, count in sorted(counts.items()) if count)
        yield "left out:\n" + as_text(Table(("connector", "table", "reason", "rows"), rows))


def _values(found: Findings) -> Iterator[str]:
    """Values that mean nothing yet."""
    open_ones = [value for value in found.values if not value.meaning]
    if not open_ones:
        return
    rows = tuple((*one.key, one.rows) for one in open_ones[:SHOWN])
    columns = ("connector", "table", "column", "source column", "value", "rows")
    told = "values without a meaning, which only you can give:\n" + as_text(Table(columns, rows))
    if len(open_ones) > SHOWN:
        told += f"\n  ... and {len(open_ones) - SHOWN} more (--rows writes them all to a file)"
    lines = as_csv(one.row for one in open_ones[:SHOWN])
    home = found.homes.get(VALUE_MAP) or f"a {VALUE_MAP}.csv of your own"
    yield (
        f"{told}\n\nrows for {home}; fill in the last but one cell, (ignore) for nothing:\n"
        + "\n".join(f"  {plain(line)}" for line in lines.splitlines())
    )


def _notes(found: Findings) -> Iterator[str]:
    """What to look at."""
    notes = [*found.plan.notes, *_important(found)]
    if notes:
        yield "to look at:\n" + "\n".join(f"  {note}" for note in notes)


def _important(found: Findings) -> Iterator[str]:
    """Contract tables that a connector could give, and for which none of its tables landed."""
    for name, matches in _by_connector(found.plan.matches).items():
        connector = matches[0].connector
        there = {table for match in matches for table in match.tables}
        for table in connector.gives:
            feeding = [one.name for one in connector.tables.values() if table in one.feeds]
            if feeding and not there & set(feeding):
                yield (
                    f"{name} gives no {table}: sync {' or '.join(feeding[:3])} "
                    f"to have them ({connector.page})"
                )


def _rows(found: Findings, name: str, columns: Row, rows: list[Row]) -> Iterator[str]:
    """Rows of a CSV that a name alone decides."""
    if rows:
        home = found.homes.get(name) or f"a {name}.csv of your own (docs/host_project.md)"
        lines = "\n".join(f"  {plain(line)}" for line in as_csv(rows).splitlines())
        yield f"rows for {home}, because the names agree ({', '.join(columns)}):\n{lines}"


def _by_connector(matches: list[Match]) -> dict[str, list[Match]]:
    """The matches of each connector, in order."""
    found: dict[str, list[Match]] = {}
    for match in matches:
        found.setdefault(match.connector.name, []).append(match)
    return found


def _row_counts(coverage: Table) -> Counter[tuple[str, str]]:
    """Rows of each landed table, by connector and declared name."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in coverage.records:
        is_table = row["outcome"] == "read" and row["source_value"] is None
        if is_table and row["source_column"] is None and row["contract_column"] is None:
            key = (row["connector"], row["source_table"])
            counts[key] = max(counts[key], int(row["row_count"]))
    return counts
