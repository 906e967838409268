"""The raw tables: their contract, as the dbt project says it, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from lead_qualification.daily_run.session import Session
from lead_qualification.errors import ConfigurationError


@dataclass(frozen=True)
class RawTable:
    """A raw table.

    Attributes:
        name: Its name in the raw contract.
        key: The column that names a record.
        columns: All columns of the contract.
        base: The model that reads it.
        staged: The model with the newest usable row of each key.
    """

    name: str
    key: str
    columns: tuple[str, ...]
    base: str
    staged: str


def raw_tables(project: Path) -> dict[str, RawTable]:
    """Return the raw tables by name, from the macros raw_contract and base_models."""
    contract = _returned(project / "macros" / "raw" / "raw_contract.sql", "raw_contract(none)")
    bases = _returned(project / "macros" / "staging" / "base_models.sql", "base_models()")
    return {
        name: RawTable(
            name=name,
            key=table["key"],
            columns=(*table["required"], *table["optional"]),
            base=bases[name],
            staged=bases[name].replace("base_", "stg_", 1),
        )
        for name, table in contract.items()
    }


def _returned(path: Path, call: str) -> Any:
    """What a macro that reads nothing hands to ``return``."""
    found: list[Any] = []
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])

    def keep(value: object) -> str:
        found.append(value)
        return ""

    environment.globals["return"] = keep
    environment.from_string(f"{path.read_text(encoding='utf-8')}{{{{ {call} }}}}").render()
    return found[0]


@dataclass(frozen=True)
class RawPlace:
    """Where raw tables are: a folder of files, or a schema."""

    folder: Path | None
    schema: str
    switched_off: frozenset[str]

    def relation(self, session: Session, table: RawTable) -> tuple[str, list[str]] | None:
        """Return what stands after ``from``, and the columns of the contract that are there.

        None where the table is absent or switched off.
        """
        if table.name in self.switched_off:
            return None
        if self.folder is not None:
            found = self._file(table.name)
            if found is None:
                return None
            described = session.rows(f"describe select * from {found}")
            present = [row[0].lower() for row in described]
            relation = found
        else:
            present = session.columns(self.schema, table.name)
            relation = f'"{self.schema}"."{table.name}"'
        columns = [column for column in table.columns if column in present]
        if not present or table.key not in columns:
            return None
        return relation, columns

    def _file(self, name: str) -> str | None:
        parquet, csv = (self.folder / f"{name}.{kind}" for kind in ("parquet", "csv"))
        if parquet.exists() and csv.exists():
            raise ConfigurationError(f"raw table {name} is there twice: {parquet} and {csv}")
        if parquet.exists():
            return f"read_parquet('{parquet}')"
        if csv.exists():
            return (
                f"read_csv('{csv}', header = true, all_varchar = true, "
                "delim = ',', quote = '\"', escape = '\"')"
            )
        return None
