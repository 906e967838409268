"""Which connector a schema is: by the tables and columns that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lead_qualification.connect.declarations import Connector, DeclaredTable
from lead_qualification.connect.landed import Schema, bare, spelled


@dataclass(frozen=True)
class Match:
    """A connector compared with a schema.

    Attributes:
        connector: The connector.
        schema: Name of the schema.
        tables: Declared table to the tables that are there for it; several only for a prefix.
        absent: Declared table, if it is there, to the declared columns that are not.
        missing: What the connector cannot do without and the schema does not have, in words.
        unclear: Tables and columns for which two names could be meant, in words.
        has_sign: Whether a name is there that only this connector lands.
    """

    connector: Connector
    schema: str
    tables: dict[str, tuple[str, ...]]
    absent: dict[str, tuple[str, ...]]
    missing: tuple[str, ...]
    unclear: tuple[str, ...]
    has_sign: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing that is needed is missing."""
        return not self.missing

    @property
    def rank(self) -> int:
        """Higher with a sign of its own; lower where it has signs and none of them is there."""
        return int(self.has_sign) - int(bool(self.connector.signs) and not self.has_sign)

    @property
    def nearness(self) -> tuple[int, int]:
        """How much of the declaration is there: tables, columns."""
        declared = self.connector.tables
        columns = sum(
            len(declared[name].required) + len(declared[name].optional) - len(self.absent[name])
            for name in self.tables
        )
        return len(self.tables), columns

    @property
    def landed(self) -> set[str]:
        """The names of the tables that it reads."""
        return {name for names in self.tables.values() for name in names}


def recognised(connectors: Iterable[Connector], schema: Schema) -> list[Match]:
    """Return the connectors of a schema, the one with most of its tables first.

    Two connectors that read the same needed table are rivals, as of two tools for one product: the
    one of whose declaration most is there stays.
    """
    whole = [match for match in compared(connectors, schema) if match.is_whole]
    chosen: list[Match] = []
    for match in whole:
        if not any(_needed(match) & _needed(other) for other in chosen):
            chosen.append(match)
    return chosen


def compared(connectors: Iterable[Connector], schema: Schema) -> list[Match]:
    """Return every connector of which a needed table is there, the nearest first."""
    matches = [_match(connector, schema) for connector in connectors]
    near = [match for match in matches if _needed(match)]
    return sorted(near, key=lambda match: (match.rank, match.nearness), reverse=True)


def _match(connector: Connector, schema: Schema) -> Match:
    """A connector compared with a schema."""
    tables: dict[str, tuple[str, ...]] = {}
    absent: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    unclear: list[str] = []
    for name, declared in connector.tables.items():
        found = _tables(declared, schema)
        if not found:
            missing += [f"table {name}"] if declared.is_needed else []
            continue
        if len(found) > 1 and not declared.is_prefix:
            unclear.append(f"{' and '.join(found)} could both be {name}")
        tables[name] = found
        columns = schema.tables[found[0]]
        places = {column: spelled(column, (), columns) for column in declared.columns}
        unclear += [
            f"{' and '.join(places[column])} of {found[0]} could both be {column}"
            for column in places
            if len(places[column]) > 1
        ]
        written = set(declared.crm.values())
        absent[name] = tuple(c for c in places if not places[c] and c not in written)
        if declared.is_needed:
            missing += [f"column {name}.{c}" for c in declared.required if not places[c]]
    names = {bare(name) for table in schema.tables for name in (table, *schema.tables[table])}
    has_sign = any(bare(sign) in names for sign in connector.signs)
    return Match(connector, schema.name, tables, absent, tuple(missing), tuple(unclear), has_sign)


def _tables(declared: DeclaredTable, schema: Schema) -> tuple[str, ...]:
    """The tables of a schema that a declared one means."""
    names = tuple(schema.tables)
    if declared.is_prefix:
        return tuple(name for name in names if bare(name).startswith(bare(declared.name)))
    return spelled(declared.name, declared.also, names)


def _needed(match: Match) -> set[str]:
    """The names of the needed tables that are there."""
    return {
        name
        for declared, names in match.tables.items()
        if match.connector.tables[declared].is_needed
        for name in names
    }
