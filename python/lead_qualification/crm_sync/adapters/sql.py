"""A PostgreSQL table as CRM: one upsert in a transaction for each batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg2
from psycopg2 import sql
from psycopg2.extras import execute_values

from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.crm import Outcome
from lead_qualification.crm_sync.errors import BatchRefusedError, TemporaryError
from lead_qualification.crm_sync.field_mapping import field_mapping
from lead_qualification.crm_sync.sync_tables import ACCOUNTS, LEADS, Row, SyncTable
from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import required

DEFAULT_FIELDS = {
    table.name: {
        "object": f"crm_{table.name}",
        table.key: table.key,
        **{column: column for column in table.values},
        "row_hash": "lead_qualification_hash",
    }
    for table in (LEADS, ACCOUNTS)
}
WRONG_ACCESS = ("authentication failed", "no password", "does not exist", "no pg_hba.conf entry")
NOT_ALLOWED = (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.InvalidColumnReference)

# A record that has all values already is left alone, so a batch that arrives twice is written once.
UPSERT = """
insert into {table} ({columns}) values %s
on conflict ({key}) do update set ({fields}) = row({new_fields})
where ({old_fields}) is distinct from ({new_fields})
"""
HASHES = "select {key}, {row_hash} from {table} where {key} in %s"
COLUMNS = """
select attname from pg_attribute
where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
"""


class SqlCrm:
    """A table of leads or accounts; the tables are the CRM's, and must be there."""

    name = "sql"
    batch_size = 500
    settle_seconds = 0.0

    def __init__(self, table: SyncTable) -> None:
        """Read the settings."""
        self.mapping = field_mapping(self.name, table, DEFAULT_FIELDS[table.name])
        self.dsn = required("CRM_SQL_DSN")
        self.connection: psycopg2.extensions.connection | None = None

    def identity(self) -> str:
        """Check that the table has all columns; return server, database and table."""
        with self._cursor() as cursor:
            cursor.execute(COLUMNS, (self.mapping.object_name,))
            found = {name for (name,) in cursor.fetchall()}
            info = cursor.connection.info
            identity = f"{info.host} {info.port} {info.dbname} {self.mapping.object_name}"
        if not found:
            raise ConfigurationError(
                f"the target has no table {self.mapping.object_name}; create it, or name another "
                "one in the file of CRM_SYNC_FIELDS"
            )
        missing = [name for name in (self.mapping.key, *self.mapping.fields) if name not in found]
        if missing:
            raise ConfigurationError(
                f"{self.mapping.object_name} has no column {', '.join(missing)}; add it, or name "
                "another one in the file of CRM_SYNC_FIELDS"
            )
        return identity

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Insert or update the rows in one transaction."""
        fields = self.mapping.fields
        contents = [(row.key, *self.mapping.content(row).values()) for row in rows]
        statement = sql.SQL(UPSERT).format(
            table=self._table(),
            key=sql.Identifier(self.mapping.key),
            columns=_names([self.mapping.key, *fields]),
            fields=_names(fields),
            new_fields=_names(fields, "excluded"),
            old_fields=_names(fields, "target"),
        )
        with self._cursor() as cursor:
            execute_values(cursor, statement.as_string(cursor), contents, page_size=len(rows))
        return [Outcome(row.key) for row in rows]

    def written_hashes(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the hashes of the keys that the table has."""
        statement = sql.SQL(HASHES).format(
            table=self._table(),
            key=sql.Identifier(self.mapping.key),
            row_hash=sql.Identifier(self.mapping.row_hash),
        )
        with self._cursor() as cursor:
            cursor.execute(statement, (tuple(keys),))
            return {str(key): row_hash for key, row_hash in cursor.fetchall()}

    def _table(self) -> sql.Composable:
        """The table, under a name of its own."""
        name = sql.Identifier(*self.mapping.object_name.split("."))
        return sql.SQL("{} as target").format(name)

    @contextmanager
    def _cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        """A cursor in a transaction that is committed; what goes wrong, in our terms."""
        try:
            if self.connection is None:
                self.connection = _connect(self.dsn)
            with self.connection, self.connection.cursor() as cursor:
                yield cursor
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            self._disconnect()
            raise TemporaryError(_first_line(error), may_have_arrived=True) from None
        except NOT_ALLOWED as error:
            raise ConfigurationError(
                f"{_first_line(error)}; the user needs select, insert and update on "
                f"{self.mapping.object_name}, and {self.mapping.key} has to be its primary key"
            ) from None
        except (psycopg2.Error, ValueError) as error:
            raise BatchRefusedError(_first_line(error)) from None

    def _disconnect(self) -> None:
        """Forget a connection that does not work."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _connect(dsn: str) -> psycopg2.extensions.connection:
    """Connect; timestamps are UTC."""
    try:
        connection = psycopg2.connect(dsn, connect_timeout=10)
        with connection, connection.cursor() as cursor:
            cursor.execute("set time zone 'UTC'")
        return connection
    except psycopg2.OperationalError as error:
        reason = _first_line(error)
        if any(words in reason for words in WRONG_ACCESS):
            raise ConfigurationError(f"CRM_SQL_DSN: {reason}") from None
        raise
    except psycopg2.ProgrammingError:
        raise ConfigurationError("CRM_SQL_DSN is not a PostgreSQL connection string") from None


def _names(names: Sequence[str], table: str | None = None) -> sql.Composable:
    """Column names with commas between, each with the table before it if there is one."""
    return sql.SQL(", ").join(
        sql.Identifier(name) if table is None else sql.Identifier(table, name) for name in names
    )


def _first_line(error: Exception) -> str:
    """What an error says, without addresses."""
    lines = str(error).split(" failed: ")[-1].strip().splitlines()
    return redacted(lines[0]) if lines else type(error).__name__
