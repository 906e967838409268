"""A PostgreSQL table as CRM: one upsert in a transaction for each batch.

The same transaction reads back what the table holds then; a trigger or a policy of the table may
have left a row out without an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg2
from psycopg2 import sql
from psycopg2.extras import execute_values

from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.crm import NOT_NAMED, Outcome
from lead_qualification.crm_sync.errors import BatchRefusedError, TemporaryError
from lead_qualification.crm_sync.field_mapping import field_mapping
from lead_qualification.crm_sync.sync_tables import ACCOUNTS, LEADS, Row, SyncTable
from lead_qualification.errors import ConfigurationError
from lead_qualification.redaction import UNREADABLE, why_not_connected
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
LEFT_OUT = "look for a trigger, rule or row level policy of the table that leaves the row out"
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

    def __init__(self, table: SyncTable, kinds: Sequence[str] = ()) -> None:
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
            hashes = self._hashes(cursor, [row.key for row in rows])
        return [
            Outcome(row.key)
            if hashes.get(row.key) == row.row_hash
            else Outcome(row.key, NOT_NAMED, LEFT_OUT)
            for row in rows
        ]

    def written_hashes(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the hashes of the rows that the table has."""
        with self._cursor() as cursor:
            return self._hashes(cursor, [row.key for row in rows])

    def _hashes(self, cursor: psycopg2.extensions.cursor, keys: Sequence[str]) -> dict[str, str]:
        """The hashes of the keys that the table has, as the transaction sees it."""
        statement = sql.SQL(HASHES).format(
            table=self._table(),
            key=sql.Identifier(self.mapping.key),
            row_hash=sql.Identifier(self.mapping.row_hash),
        )
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
            reason = _first_line(error) if error.pgcode else why_not_connected(error).what
            raise TemporaryError(reason, may_have_arrived=True) from None
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
        refusal = why_not_connected(error)
        if refusal.is_lasting:
            raise ConfigurationError(f"CRM_SQL_DSN: {refusal.what}", refusal.remedy) from None
        raise
    except (psycopg2.ProgrammingError, ValueError):
        raise ConfigurationError(f"CRM_SQL_DSN: {UNREADABLE.what}", UNREADABLE.remedy) from None


def _names(names: Sequence[str], table: str | None = None) -> sql.Composable:
    """Column names with commas between, each with the table before it if there is one."""
    return sql.SQL(", ").join(
        sql.Identifier(name) if table is None else sql.Identifier(table, name) for name in names
    )


def _first_line(error: Exception) -> str:
    """What the server says of a statement, without addresses."""
    lines = str(error).strip().splitlines()
    return redacted(lines[0]) if lines else type(error).__name__
