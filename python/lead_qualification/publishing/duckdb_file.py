"""DuckDB: builds into a file of its own, which takes the place of the published one at once."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lead_qualification.errors import ConfigurationError, HeldError, WarehouseError
from lead_qualification.publishing.errors import (
    NotPublishedError,
    check_nothing_removed,
    listed,
)
from lead_qualification.publishing.schemas import (
    HISTORY,
    PREDICTIVE,
    RAW_FILES,
    is_raw_table,
    schema_names,
)
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import duckdb_explained, open_duckdb

TARGET_SCHEMA = "main"
PAUSE_SECONDS = 0.2


class NextFile:
    """The file that the next state is built into.

    It lies in the folder ``<published file>.building``, so on the same disk, under the name of the
    published file: DuckDB names the catalog after it.

    Attributes:
        published: The file that readers open.
        folder: The folder of the build; locked, and emptied at both ends.
        path: The file to build into.
        lock: Descriptor of the locked folder. While any process has it open, no other build starts.
    """

    def __init__(self, published: Path, lock: int) -> None:
        """Take over a locked folder; see ``next_file``."""
        self.published = published
        self.folder = _folder_of(published)
        self.path = self.folder / published.name
        self.lock = lock

    @property
    def variables(self) -> dict[str, str]:
        """What leads dbt to the file."""
        return {DUCKDB_FILE: str(self.path)}

    @property
    def keep_open(self) -> tuple[int, ...]:
        """What the build must hold until its last process has ended."""
        return (self.lock,)

    def begin(self, *, on_top: bool) -> None:
        """Begin with what builds remember alone, or with a copy of the published file.

        Raises:
            ConfigurationError: The published file cannot be read, or holds what would be lost.
        """
        self.empty()
        if not self.published.exists():
            return
        try:
            with _attached(self.published) as connection:
                if on_top:
                    shutil.copyfile(self.published, self.path)
                else:
                    self._check_all_is_built(connection)
                    _copy_history(connection, self.path)
        except NotPublishedError as error:
            raise ConfigurationError(error.reason, error.remedy) from None
        except duckdb.Error as error:
            raise ConfigurationError(str(error)) from None

    def publish(self, *, drop_removed: bool, wait_seconds: float) -> None:
        """Put the new file in the place of the published one.

        Open readers keep the old file. Writers are kept away until it is done.

        Raises:
            NotPublishedError: It cannot be done; the published file is as it was.
        """
        if not self.path.exists():
            raise NotPublishedError(f"the build has not written the file of {DUCKDB_FILE}")
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                self._publish(drop_removed=drop_removed)
                return
            except _BusyError as error:
                if time.monotonic() > deadline:
                    raise NotPublishedError(str(error)) from None
                time.sleep(PAUSE_SECONDS)
            except (duckdb.Error, OSError) as error:
                raise NotPublishedError(f"{self.path}: {error}") from None

    def empty(self) -> None:
        """Remove what a build has left."""
        for entry in self.folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _publish(self, *, drop_removed: bool) -> None:
        """Publish, unless somebody is writing."""
        if not self.published.exists():
            _checkpoint(self.path)
            self._replace()
            return
        with _attached(self.published) as connection:
            connection.execute(f"attach {sql_literal(self.path)} as next")
            built = {name for name, _ in _relations(connection, "next")}
            removed = [
                f"{schema}.{name}"
                for (schema, name), _ in _relations(connection, "published")
                if schema in schema_names(TARGET_SCHEMA) and (schema, name) not in built
            ]
            check_nothing_removed(removed, may_drop=drop_removed)
            _carry_predictions(connection)
            connection.execute("checkpoint next")
            connection.execute("detach next")
            shutil.copymode(self.published, self.path)
            # The published file is still attached: nobody can begin to write into it.
            self._replace()

    def _replace(self) -> None:
        """Swap the files; what is on the disk is complete before its name is changed."""
        log = _log_of(self.path)
        if log.exists():
            raise NotPublishedError(f"{log}: the build is not closed")
        _flush(self.path)
        os.replace(self.path, self.published)
        _flush(self.published.parent)

    def _check_all_is_built(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The file must hold nothing that a build would not make again."""
        others = [
            f"{schema}.{name}"
            for (schema, name), kind in _relations(connection, "published")
            if is_raw_table(schema, kind)
            or (
                schema not in schema_names(TARGET_SCHEMA)
                and not (schema == RAW_FILES and kind == "VIEW")
            )
        ]
        if others:
            raise ConfigurationError(
                f"{self.published} also holds {listed(others)}, which a build from an empty file "
                "would lose",
                "add --on-top",
            )


class _BusyError(NotPublishedError):
    """Somebody has the published file open in a way that does not last."""


@contextmanager
def next_file(published: Path) -> Iterator[NextFile]:
    """Lock the folder of the next file; it is removed at the end.

    Raises:
        ConfigurationError: The folder cannot be made, or another build holds it.
    """
    published = published.resolve()
    folder = _folder_of(published)
    try:
        lock = _locked(folder)
    except OSError as error:
        raise ConfigurationError(
            f"cannot make {folder}: {error.strerror}",
            f"make its folder writable, or set {DUCKDB_FILE}",
        ) from None
    file = NextFile(published, lock)
    try:
        yield file
    finally:
        file.empty()
        folder.rmdir()
        os.close(lock)


def _folder_of(published: Path) -> Path:
    """Where the next state of a file is built."""
    return published.with_name(f"{published.name}.building")


def _log_of(path: Path) -> Path:
    """The write-ahead log of a DuckDB file; there is none once it is closed."""
    return path.with_name(f"{path.name}.wal")


def _locked(folder: Path) -> int:
    """Make and lock a folder; the lock goes with the last process that has it open."""
    while True:
        folder.mkdir(exist_ok=True)
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The build that held it may have removed it since it was opened.
            if _is_at(lock, folder):
                return lock
            os.close(lock)
        except BlockingIOError:
            os.close(lock)
            raise ConfigurationError(
                f"another build holds {folder}", "wait until it has ended"
            ) from None


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether a path still names what was opened."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _attached(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach a file to read it as ``published``; as long as it is, nobody can write into it.

    Raises:
        NotPublishedError: It cannot be read; a _BusyError if another process writes into it.
    """
    _merge_log(published)
    with duckdb.connect() as connection:
        with _file_problems(published):
            connection.execute(f"attach {sql_literal(published)} as published (read_only)")
        yield connection


def _merge_log(published: Path) -> None:
    """Merge the write-ahead log that a killed writer has left beside a file."""
    if not _log_of(published).exists():
        return
    with _file_problems(published):
        _checkpoint(published)


def _checkpoint(path: Path) -> None:
    """Write everything into the file itself, and close it."""
    with open_duckdb(str(path), is_read_only=False) as connection:
        connection.execute("checkpoint")


@contextmanager
def _file_problems(published: Path) -> Iterator[None]:
    """Turn what DuckDB says of a file that it cannot open into what to do about it."""
    try:
        with duckdb_explained(str(published)):
            yield
    except HeldError as error:
        if _log_of(published).exists():
            raise _BusyError(
                f"{error.what}, and a write-ahead log ({_log_of(published).name}) is beside it: a "
                "process writes into it, or was killed when it did and readers have the file open",
                "end them, then run again",
            ) from None
        raise _BusyError(error.what, error.remedy) from None
    except WarehouseError as error:
        raise NotPublishedError(error.what, "move it away to rebuild") from None


def _relations(
    connection: duckdb.DuckDBPyConnection, database: str
) -> list[tuple[tuple[str, str], str]]:
    """Every table and view of an attached file: schema and name, and its kind."""
    rows = connection.execute(
        "select table_schema, table_name, table_type from information_schema.tables "
        "where table_catalog = $1",
        [database],
    )
    return [((schema, name), kind) for schema, name, kind in rows.fetchall()]


def _copy_history(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Copy what builds remember into a new file; without any there is no file yet."""
    schema = f"{TARGET_SCHEMA}_{HISTORY}"
    names = [name for (found, name), _ in _relations(connection, "published") if found == schema]
    if not names:
        return
    connection.execute(f"attach {sql_literal(path)} as next")
    connection.execute(f"create schema next.{schema}")
    for name in names:
        connection.execute(
            f'create table next.{schema}."{name}" as from published.{schema}."{name}"'
        )
    connection.execute("checkpoint next")
    connection.execute("detach next")


def _carry_predictions(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring along what leadq predict has written, also while the build was running."""
    schema = f"{TARGET_SCHEMA}_{PREDICTIVE}"
    there = {name for name, _ in _relations(connection, "next")}
    for (found, name), _ in _relations(connection, "published"):
        if found != schema or (found, name) not in there:
            continue
        columns = ", ".join(
            f'"{column}"'
            for (column,) in connection.execute(
                "select column_name from duckdb_columns() where database_name = 'next' "
                "and schema_name = $1 and table_name = $2 and column_name in ("
                "select column_name from duckdb_columns() where database_name = 'published' "
                "and schema_name = $1 and table_name = $2)",
                [schema, name],
            ).fetchall()
        )
        connection.execute(f"delete from next.{schema}.{name}")
        connection.execute(
            f"insert into next.{schema}.{name} by name "
            f"select {columns} from published.{schema}.{name}"
        )


def _flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
