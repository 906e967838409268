"""Where the raw tables are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lead_qualification.daily_run.session import Session
from lead_qualification.errors import ConfigurationError
from lead_qualification.raw_contract import RawTable


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
        columns = [column for column in table.names if column in present]
        if not present or table.record_id not in columns:
            return None
        return relation, columns

    def _file(self, name: str) -> str | None:
        parquet, csv = (self.folder / f"{name}.{kind}" for kind in ("parquet", "csv"))
        if parquet.exists() and csv.exists():
            raise ConfigurationError(f"raw table {name} exists twice: {parquet} and {csv}")
        if parquet.exists():
            return f"read_parquet('{parquet}')"
        if csv.exists():
            return (
                f"read_csv('{csv}', header = true, all_varchar = true, "
                "delim = ',', quote = '\"', escape = '\"')"
            )
        return None
