"""What is known of each row, on disk before and after every batch.

A SQLite file. Before a batch is sent its rows are noted as in doubt; with the answer they become
done or failed. Whatever the moment of a kill, a row is never forgotten: done rows are skipped, rows
in doubt are looked up in the CRM (a message is sent again with the same id), all others are sent.
The file is locked while it is open, and the operating system ends the lock with the process.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol

from lead_qualification.errors import ConfigurationError

IN_DOUBT, DONE, FAILED = "in_doubt", "done", "failed"

SCHEMA = """
create table if not exists owner (name text primary key, content text not null);
create table if not exists row_state (
    row_key text primary key,
    row_version text not null,
    state text not null check (state in ('in_doubt', 'done', 'failed')),
    noted_at real not null
) without rowid;
"""
NOTE = (
    "insert or replace into row_state (row_key, row_version, state, noted_at) values (?, ?, ?, ?)"
)


class Row(Protocol):
    """What is sent: a row of a sync table, or a message.

    Attributes:
        key: What tells it apart.
        version: Changes with its content.
    """

    @property
    def key(self) -> str:
        """What tells it apart."""

    @property
    def version(self) -> str:
        """Changes with its content."""


class Checkpoint:
    """The checkpoint of one receiver: a CRM and a sync table, or the messages of a warehouse."""

    def __init__(self, path: Path) -> None:
        """Open a checkpoint, or begin one.

        Raises:
            ConfigurationError: Another process has it open, or it is not a checkpoint.
        """
        self.path = path
        _make_folder(path.parent)
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            # The lock is taken by the first statement and kept until the connection ends.
            self.connection.execute("pragma locking_mode = exclusive")
            self.connection.execute("pragma synchronous = full")
            self.connection.execute("begin exclusive")
            self.connection.execute("commit")
            self.connection.executescript(SCHEMA)
        except sqlite3.OperationalError as error:
            self.connection.close()
            if "locked" not in str(error):
                raise ConfigurationError(f"the checkpoint {path} cannot be used: {error}") from None
            raise ConfigurationError(
                f"another run has the checkpoint {path} open; wait until it ends"
            ) from None
        except sqlite3.DatabaseError:
            self.connection.close()
            raise ConfigurationError(
                f"{path} is not a checkpoint", "name another file with --checkpoint"
            ) from None

    def __enter__(self) -> Checkpoint:
        """Return the open checkpoint."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, which ends the lock."""
        self.connection.close()

    def belong_to(self, crm: str, table: str, identity: str) -> None:
        """Tie a new checkpoint to a CRM and a table; check that an old one is tied to the same.

        Only a digest of the identity is kept.

        Raises:
            ConfigurationError: The checkpoint belongs to another CRM or table.
        """
        digest = hashlib.sha256(identity.encode()).hexdigest()
        found = dict(self.connection.execute("select name, content from owner").fetchall())
        wanted = {"crm": crm, "table": table, "identity": digest}
        if not found:
            self.connection.execute("begin")
            self.connection.executemany("insert into owner values (?, ?)", wanted.items())
            self.connection.execute("commit")
        elif found != wanted:
            other = (
                f"{found.get('crm')}, {found.get('table')}"
                if (found.get("crm"), found.get("table")) != (crm, table)
                else f"another {crm} account or database"
            )
            raise ConfigurationError(
                f"the checkpoint {self.path} belongs to {other}; "
                "name another file with --checkpoint"
            )

    def states(self) -> dict[str, tuple[str, str]]:
        """Return key to (version, state) of all rows that were ever sent."""
        cursor = self.connection.execute("select row_key, row_version, state from row_state")
        return {key: (version, state) for key, version, state in cursor}

    def seconds_since_last_doubt(self) -> float:
        """Return how long ago the newest row that is in doubt was noted."""
        newest = self.connection.execute(
            "select max(noted_at) from row_state where state = 'in_doubt'"
        ).fetchone()[0]
        return float("inf") if newest is None else max(0.0, time.time() - newest)

    def note(self, rows: Iterable[Row], state: str) -> None:
        """Note the state of rows; they are on disk when this returns."""
        now = time.time()
        self.connection.execute("begin")
        self.connection.executemany(NOTE, [(row.key, row.version, state, now) for row in rows])
        self.connection.execute("commit")


def _make_folder(folder: Path) -> None:
    """Make the folder of a checkpoint, which git then ignores."""
    if folder.exists():
        return
    folder.mkdir(parents=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
