"""Tryton: leads (sale.opportunity) or parties over its XML-RPC API, by its client proteus.

The fields come from the Tryton module in crm_sync/tryton_module. Records are updated and never
created. A batch is three calls: one reads the records, one writes those that differ, one reads back
what Tryton holds then. Tryton refuses the second if anybody changed a record in between, so a batch
that arrives twice is written once.
"""

from __future__ import annotations

import base64
import http.client
import xmlrpc.client
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError

from proteus.config import XmlrpcConfig, set_xmlrpc

from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.crm import LOOK_UP, NOT_NAMED, Outcome
from lead_qualification.crm_sync.decoding import entry, objects, text
from lead_qualification.crm_sync.errors import (
    BatchRefusedError,
    TemporaryError,
    UnreadableAnswerError,
    after_writing,
)
from lead_qualification.crm_sync.field_mapping import field_mapping
from lead_qualification.crm_sync.sync_tables import ACCOUNTS, LEADS, Row, SyncTable, Value
from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import required

DEFAULT_FIELDS = {
    LEADS.name: {
        "object": "sale.opportunity",
        "lead_id": "qualification_lead_id",
        **{column: column for column in LEADS.values},
        "row_hash": "lead_qualification_hash",
    },
    ACCOUNTS.name: {
        "object": "party.party",
        "account_id": "qualification_account_id",
        **{column: column for column in ACCOUNTS.values},
        "row_hash": "lead_qualification_hash",
    },
}
CRM = "Tryton"
TIMEOUT = 60
USER_ERROR, USER_WARNING, CHANGED_MEANWHILE = 1, 2, 4
NO_RECORD = Outcome("", "Tryton has no such record", "restore it there, or leave it out")


class TrytonCrm:
    """Leads or parties of a Tryton database."""

    name = "tryton"
    batch_size = 200
    settle_seconds = 0.0

    def __init__(self, table: SyncTable, kinds: Sequence[str] = ()) -> None:
        """Read the settings."""
        self.mapping = field_mapping(self.name, table, DEFAULT_FIELDS[table.name])
        self.url = f"{required('CRM_TRYTON_URL').rstrip('/')}/rpc/"
        self.user = required("CRM_TRYTON_USER")
        self.password = required("CRM_TRYTON_PASSWORD")
        self.connection: XmlrpcConfig | None = None

    def identity(self) -> str:
        """Check that the model has all fields; return address and model."""
        with _problems():
            found = self._model().fields_get([], 0, self._context())
        if not isinstance(found, dict):
            raise UnreadableAnswerError(CRM, "the fields are not an object")
        missing = [name for name in (self.mapping.key, *self.mapping.fields) if name not in found]
        if missing:
            raise ConfigurationError(
                f"Tryton's {self.mapping.object_name} has no field {', '.join(missing)}; activate "
                "the module lead_qualification (crm_sync/tryton_module/README.md)"
            )
        return f"{self.url} {self.mapping.object_name}"

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Write the records that differ, in one transaction of the server."""
        records = self._records([row.key for row in rows], self.mapping.fields)
        changes: list[Any] = []
        timestamps: dict[str, str] = {}
        for row in rows:
            record = records.get(row.key)
            content = {name: _sent(value) for name, value in self.mapping.content(row).items()}
            if record is None or all(record[name] == value for name, value in content.items()):
                continue
            changes += [[record["id"]], content]
            timestamps[f"{self.mapping.object_name},{record['id']}"] = record["_timestamp"]
        if changes:
            with _problems():
                self._model().write(*changes, {**self._context(), "_timestamp": timestamps})
        with after_writing():
            hashes = self.written_hashes(rows) if changes else None
        return [self._outcome(row, records, hashes) for row in rows]

    def _outcome(
        self, row: Row, records: dict[str, dict[str, Any]], hashes: dict[str, str] | None
    ) -> Outcome:
        """What became of a row.

        Args:
            row: The row.
            records: The records before.
            hashes: What Tryton holds now; None if no record differed.
        """
        if row.key not in records:
            return Outcome(row.key, NO_RECORD.reason, NO_RECORD.remedy)
        if hashes is None or hashes.get(row.key) == row.row_hash:
            return Outcome(row.key)
        return Outcome(row.key, NOT_NAMED, LOOK_UP)

    def written_hashes(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the hashes of the records that are there."""
        name = self.mapping.row_hash
        records = self._records([row.key for row in rows], [name])
        return {key: text(CRM, record, name) for key, record in records.items()}

    def _records(self, keys: Sequence[str], fields: list[str]) -> dict[str, dict[str, Any]]:
        """The records of the keys: fields, id and the time of the last change."""
        domain = [(self.mapping.key, "in", list(keys))]
        names = [self.mapping.key, "_timestamp", *fields]
        with _problems():
            found = self._model().search_read(domain, 0, None, None, names, self._context())
        for record in objects(CRM, found, "the answer"):
            missing = [name for name in ("id", *names) if name not in record]
            if missing:
                raise UnreadableAnswerError(CRM, f"a record has no {missing[0]}")
        return {entry(CRM, record, self.mapping.key, str): record for record in found}

    def _model(self) -> Any:
        """The model, through a connection that is logged in."""
        if self.connection is None:
            self.connection = _log_in(self.url, self.user, self.password)
        return self.connection.get_proxy(self.mapping.object_name)

    def _context(self) -> dict[str, Any]:
        """The user's context; records that are not active are found too."""
        context = self.connection.context if self.connection is not None else {}
        return {**context, "active_test": False}


class _Transport(xmlrpc.client.Transport):
    """HTTP that does not wait forever."""

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        """Connect with a timeout."""
        connection = super().make_connection(host)
        connection.timeout = TIMEOUT
        return connection


class _SafeTransport(xmlrpc.client.SafeTransport):
    """HTTPS that does not wait forever."""

    def make_connection(self, host: Any) -> http.client.HTTPSConnection:
        """Connect with a timeout."""
        connection = super().make_connection(host)
        connection.timeout = TIMEOUT
        return connection


def _log_in(url: str, user: str, password: str) -> XmlrpcConfig:
    """Open a session; the password is in no address, so that no error can show it."""
    kind = _SafeTransport if urlsplit(url).scheme == "https" else _Transport
    server = xmlrpc.client.ServerProxy(
        url, transport=kind(use_builtin_types=True), allow_none=True, use_builtin_types=True
    )
    user_id, session, *_ = server.common.db.login(user, {"password": password})
    token = base64.b64encode(f"{user}:{user_id}:{session}".encode()).decode("ascii")
    headers = [("Authorization", f"Session {token}")]
    return set_xmlrpc(url, transport=kind(use_builtin_types=True, headers=headers))


def _sent(value: Value) -> Value:
    """A value as Tryton takes it: its times have whole seconds."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


@contextmanager
def _problems() -> Iterator[None]:
    """Turn what the client raises into our terms; no address or header gets into the text."""
    try:
        yield
    except xmlrpc.client.Fault as error:
        raise _refusal(error) from None
    except xmlrpc.client.ProtocolError as error:
        raise _problem(error) from None
    except (xmlrpc.client.ResponseError, ExpatError, ValueError, TypeError):
        raise UnreadableAnswerError(CRM, "it is not XML-RPC") from None
    except (OSError, http.client.HTTPException) as error:
        raise TemporaryError(
            f"no answer from Tryton ({type(error).__name__})", may_have_arrived=True
        ) from None


def _refusal(error: xmlrpc.client.Fault) -> Exception:
    """What it means that Tryton refuses a call."""
    reason = redacted(str(error.faultString).strip().removesuffix("-").strip())
    if error.faultCode == CHANGED_MEANWHILE:
        return TemporaryError(reason, may_have_arrived=False)
    return BatchRefusedError(reason)


def _problem(error: xmlrpc.client.ProtocolError) -> Exception:
    """What an error status means."""
    reason = f"Tryton answers {error.errcode}: {error.errmsg}"
    if error.errcode == http.HTTPStatus.TOO_MANY_REQUESTS:
        return TemporaryError(reason, may_have_arrived=False)
    if error.errcode in (401, 403, 404):
        return ConfigurationError(
            f"{reason}; check CRM_TRYTON_URL, CRM_TRYTON_USER and CRM_TRYTON_PASSWORD"
        )
    if error.errcode >= 500:
        return TemporaryError(reason, may_have_arrived=True)
    return BatchRefusedError(reason)
