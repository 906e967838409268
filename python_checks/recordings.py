"""Builds that are recorded and replayed: what dbt said to DuckDB, said again without dbt.

Of a small build most of the time is dbt's own: it renders, compiles and renames. Two builds whose
raw rows, clock or policy differ often have the same statements. So the first one is recorded: each
statement of its models, and each answer that dbt read, since its SQL depends on nothing else but
the settings. A replay says the statements again and compares the answers. Where one differs, dbt
has to build.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from lead_qualification.yaml_text import from_yaml

PROJECT = Path(__file__).resolve().parents[1]
OF_MODELS = ("model.", "create_")
"""How the connections are named that build models and make their schemas."""
OF_TRANSACTIONS = ("begin", "commit", "rollback")
READS = ("select", "with", "describe")
COMMENT = re.compile(r"^\s*/\*.*?\*/\s*", re.DOTALL)
ONLY_SHOWN = re.compile(
    r'"int_(run_scope|leads_this_run)"|'
    r'from "\w+"\."\w+"\."int_(data_health|quarantine_rates)" where'
)
"""Queries whose answers dbt only shows, if a build begins from nothing and nothing stops it."""
STOPS = ("stop", 1)
"""What the last column of such an answer says where something stops the build."""
COLUMNS_OF_A_TABLE = re.compile(r"\(\s*describe ", re.IGNORECASE)
"""Queries for columns, whose order decides nothing, since statements name them."""

Answer = list[tuple[Any, ...]]


@dataclass
class Statement:
    """A statement, and the answer that dbt read; None if it read none."""

    sql: str
    answer: Answer | None = None

    @property
    def is_replayed(self) -> bool:
        """Whether it changes something, or was asked for its answer."""
        words = COMMENT.sub("", self.sql).lstrip("( \n").lower()
        if words.startswith(OF_TRANSACTIONS):
            return False
        return self.answer is not None or not words.startswith(READS)

    def leads_to_the_same(self, answer: Answer) -> bool:
        """Whether dbt would go on after an answer as it did after the recorded one."""
        if ONLY_SHOWN.search(self.sql):
            return not any(row[-1] in STOPS for row in answer)
        if COLUMNS_OF_A_TABLE.search(self.sql):
            return Counter(answer) == Counter(self.answer or ())
        return answer == self.answer


@dataclass(frozen=True)
class Recording:
    """What the models of a finished build said.

    Attributes:
        statements: In the order in which they were done.
        clock: The clock of the build, as dbt wrote it.
    """

    statements: Sequence[Statement]
    clock: str

    def replay(self, path: Path, clock: str) -> bool:
        """Build at another clock into a file that has seeds and raw tables.

        Returns:
            Whether all answers led to the same. If not, the file is half built.
        """
        ours, theirs = (f"cast('{text}' as timestamp)" for text in (self.clock, clock))
        with _opened(path) as connection:
            for statement in self.statements:
                try:
                    connection.execute(statement.sql.replace(ours, theirs))
                    answer = None if statement.answer is None else connection.fetchall()
                except duckdb.Error:
                    return False
                if answer is not None and not statement.leads_to_the_same(answer):
                    return False
        return True


class Recordings:
    """The recordings of a session, in a folder that its processes share."""

    def __init__(self, folder: Path) -> None:
        """Keep recordings in a folder, which is made with the first one."""
        self.folder = folder

    def of_kind(self, kind: str) -> Iterator[Recording]:
        """Read the recordings of a kind of build, one after the other."""
        for path in sorted(self._folder_of(kind).glob("*.recording")):
            yield pickle.loads(path.read_bytes())

    def keep(self, kind: str, found: Recording) -> None:
        """Add a recording; other processes see it whole or not at all."""
        folder = self._folder_of(kind)
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / f"{time.time_ns()}_{os.getpid()}"
        written.write_bytes(pickle.dumps(found))
        written.rename(written.with_suffix(".recording"))

    def _folder_of(self, kind: str) -> Path:
        return self.folder / hashlib.sha256(kind.encode()).hexdigest()[:16]


def recording(statements: list[Statement], clock: str) -> Recording | None:
    """Return what can be replayed of a build; None if an answer has its clock."""
    kept = [statement for statement in statements if statement.is_replayed]
    has_clock = any(
        clock in map(str, row)
        for statement in kept
        if not ONLY_SHOWN.search(statement.sql)
        for row in statement.answer or ()
    )
    return None if has_clock else Recording(kept, clock)


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Record what models say to DuckDB meanwhile, in the order in which it was done."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager as Manager
    from dbt_common.clients.agate_helper import table_from_data_flat

    found: list[Statement] = []
    latest: dict[int, Statement] = {}

    def add_query(self: Any, sql: str, *arguments: Any, **options: Any) -> Any:
        connection, cursor = super(Manager, self).add_query(sql, *arguments, **options)
        latest.pop(threading.get_ident(), None)
        if (connection.name or "").startswith(OF_MODELS):
            latest[threading.get_ident()] = Statement(sql)
            found.append(latest[threading.get_ident()])
        return connection, cursor

    def get_result_from_cursor(cls: type, cursor: Any, limit: int | None) -> Any:
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchmany(limit) if limit else cursor.fetchall()
        if threading.get_ident() in latest:
            latest[threading.get_ident()].answer = rows
        return table_from_data_flat(cls.process_results(names, rows), names)

    Manager.add_query = add_query
    Manager.get_result_from_cursor = classmethod(get_result_from_cursor)
    try:
        yield found
    finally:
        del Manager.add_query, Manager.get_result_from_cursor


def columns_of_raw_files(path: Path) -> str:
    """Return what tells builds apart by the columns of their raw files."""
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'lead_raw' order by all"
        ).fetchall()
    return str(rows)


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file, with the settings that profiles.yml gives to dbt."""
    profile = from_yaml((PROJECT / "profiles.yml").read_text("utf-8"))
    given = profile["lead_qualification"]["outputs"]["duckdb"]
    with duckdb.connect(str(path), config=given["config_options"]) as connection:
        for name, value in given["settings"].items():
            if "{{" not in str(value):
                connection.execute(f"set {name} = '{value}'")
        yield connection
