"""What the columns of the policy tables are: ``seeds/policy/policy.yml``, the one place for it.

``column_types`` of dbt and ``data_type`` must say the same; the keys below ``meta`` are those of
``Column``. How large a quantity may be is in ``macros/ranges.sql``, for dbt and for this check.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.keys import KEYS

SCHEMA = Path("seeds") / "policy" / "policy.yml"
RANGES = Path("macros") / "ranges.sql"
LITERAL = r"macro {}\(\) %}}\s*\{{\{{ return\((\{{.*?\}})\) \}}\}}"
ANY_CASE, AS_LEAD_SOURCE = "any_case", "as_lead_source"


@dataclass(frozen=True)
class Column:
    """A column of a policy table.

    Attributes:
        name: Its name.
        data_type: Its type in the warehouse.
        description: What it means.
        example: A cell that it might have.
        required: Whether each row needs it.
        list: Whether it has several values with bars between them.
        compared: How it is compared, if not exactly: any_case or as_lead_source.
        unique: Whether no two rows in force at a time may have the same.
        values: All values that there are, besides those that references have.
        each: Values that the table needs a row of.
        references: Table and column that have its values.
        range: The quantity that it is.
        at_least: The least, where that is more than for any such quantity.
        at_most: The most, likewise.
        plausible: Beyond these two it is probably a typing error.
        format: How a text is written; HH:MM is the only one.
    """

    name: str
    data_type: str
    description: str
    example: str
    required: bool = False
    list: bool = False
    compared: str = ""
    unique: bool = False
    values: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    references: str = ""
    range: str = ""
    at_least: int | None = None
    at_most: int | None = None
    plausible: tuple[int, ...] = ()
    format: str = ""

    def folded(self, value: Any) -> Any:
        """Return a value as it is compared."""
        if not isinstance(value, str) or not self.compared:
            return value
        text = re.sub(r"[_\s-]+", " ", value) if self.compared == AS_LEAD_SOURCE else value
        return " ".join(text.split()).lower()


@dataclass(frozen=True)
class TableSchema:
    """A policy table.

    Attributes:
        name: Its name.
        needs_rows: Whether nothing works without any row.
        columns: Its columns by name, in order.
    """

    name: str
    needs_rows: bool
    columns: dict[str, Column]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return KEYS.get(self.name, ())


@dataclass(frozen=True)
class Schema:
    """All policy tables and quantities.

    Attributes:
        tables: The tables by name.
        ranges: The least and the most of each quantity.
        settings: The quantity of each row of lifecycle_settings that has one.
    """

    tables: dict[str, TableSchema]
    ranges: dict[str, tuple[Decimal, Decimal]]
    settings: dict[str, str] = field(default_factory=dict)

    def bounds(self, column: Column, quantity: str = "") -> tuple[Decimal, Decimal] | None:
        """Return the least and the most that a column may have; none if anything goes."""
        lowest, highest = self.ranges.get(quantity or column.range, (None, None))
        lowest = lowest if column.at_least is None else Decimal(column.at_least)
        highest = highest if column.at_most is None else Decimal(column.at_most)
        if lowest is None and highest is None:
            return None
        return (
            lowest if lowest is not None else Decimal("-Infinity"),
            highest if highest is not None else Decimal("Infinity"),
        )


def read_schema(project: Path) -> Schema:
    """Return the schema of the policy of a project.

    Raises:
        ConfigurationError: policy.yml lacks something, or contradicts itself.
    """
    import yaml

    from lead_qualification.yaml_text import from_yaml

    try:
        content = from_yaml((project / SCHEMA).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{SCHEMA}: {error}", "correct it there") from error
    tables = {seed["name"]: table_of(seed) for seed in content["seeds"]}
    macros = (project / RANGES).read_text(encoding="utf-8")
    ranges = {
        name: (Decimal(lowest), Decimal(highest))
        for name, (lowest, highest) in literal(macros, "ranges").items()
    }
    settings = {
        setting: quantity
        for quantity, names in literal(macros, "quantities_of_settings").items()
        for setting in names
    }
    for table in tables.values():
        for column in table.columns.values():
            other, _, name = column.references.partition(".")
            if column.references and name not in tables[other].columns:
                raise wrong(table.name, column.name, f"references has {column.references}")
            if column.range and column.range not in ranges:
                raise wrong(table.name, column.name, f"range has {column.range}")
    return Schema(tables, ranges, settings)


def table_of(seed: dict[str, Any]) -> TableSchema:
    """Return a table as policy.yml has it.

    Raises:
        ConfigurationError: A column has no type, none that column_types has too, or other keys.
    """
    types = seed["config"]["column_types"]
    columns = {}
    for given in seed["columns"]:
        name, meta = given["name"], given.get("config", {}).get("meta", {})
        if given.get("data_type") != types.get(name):
            raise wrong(seed["name"], name, "data_type and column_types do not agree")
        try:
            columns[name] = Column(
                name=name,
                data_type=types[name],
                description=" ".join(given["description"].split()),
                **{key: tuple(v) if isinstance(v, list) else v for key, v in meta.items()},
            )
        except TypeError as error:
            raise wrong(seed["name"], name, f"meta: {error}") from error
    if list(types) != list(columns):
        raise wrong(seed["name"], "columns", "they are not those of column_types")
    needs_rows = bool(seed["config"].get("meta", {}).get("needs_rows"))
    return TableSchema(seed["name"], needs_rows, columns)


def wrong(table: str, column: str, what: str) -> ConfigurationError:
    """Return what is wrong with policy.yml."""
    return ConfigurationError(f"{SCHEMA}, {table}.{column}: {what}", "correct it there")


def literal(macros: str, name: str) -> dict[str, Any]:
    """Return what a macro returns that is one literal."""
    found = re.search(LITERAL.format(name), macros, re.DOTALL)
    if found is None:
        raise ConfigurationError(f"{RANGES}: no macro {name} that returns a literal")
    value: dict[str, Any] = ast.literal_eval(found[1])
    return value
