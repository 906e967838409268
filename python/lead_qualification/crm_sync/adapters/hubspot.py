"""HubSpot: batches of contacts (leads) or companies (accounts) over its CRM API.

Records are updated and never created. By default our key is HubSpot's own record id; another
property with unique values can be named in the file of CRM_SYNC_FIELDS.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import urllib3
from hubspot import HubSpot
from hubspot.crm.objects.exceptions import ApiException

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
from lead_qualification.settings import required, setting

CRM = "HubSpot"
RECORD_ID = "hs_object_id"
DEFAULT_FIELDS = {
    table.name: {
        "object": object_name,
        table.key: RECORD_ID,
        **{column: column for column in table.values},
        "row_hash": "lead_qualification_hash",
    }
    for table, object_name in ((LEADS, "contacts"), (ACCOUNTS, "companies"))
}
TIMEOUT = (10, 60)
# Timeout, locked, too many requests, account being moved: nothing was done.
TRY_LATER = (408, 423, 429, 477)


class HubspotCrm:
    """Contacts or companies of a HubSpot account."""

    name = "hubspot"
    batch_size = 100
    settle_seconds = 10.0

    def __init__(self, table: SyncTable) -> None:
        """Read the settings."""
        self.mapping = field_mapping(self.name, table, DEFAULT_FIELDS[table.name])
        self.id_property = None if self.mapping.key == RECORD_ID else self.mapping.key
        address = setting("CRM_HUBSPOT_URL")
        client = HubSpot(
            access_token=required("CRM_HUBSPOT_ACCESS_TOKEN"),
            # Repeats are ours; and answers lack fields that the client thinks are required.
            retry=False,
            client_side_validation=False,
            **({"host": address.rstrip("/")} if address else {}),
        )
        self.client = client.crm.objects.batch_api.api_client
        self.path = f"/crm/v3/objects/{self.mapping.object_name}/batch"

    def identity(self) -> str:
        """Check that all properties are there; return the account and the kind of object."""
        account = self._asked("GET", "/account-info/v3/details")
        answer = self._asked("GET", f"/crm/v3/properties/{self.mapping.object_name}")
        properties = objects(CRM, entry(CRM, answer, "results", list), "results")
        found = {entry(CRM, one, "name", str) for one in properties}
        missing = [name for name in (self.mapping.key, *self.mapping.fields) if name not in found]
        if missing:
            raise ConfigurationError(
                f"HubSpot's {self.mapping.object_name} have no property {', '.join(missing)}; "
                "create it, or name another one in the file of CRM_SYNC_FIELDS"
            )
        return f"{entry(CRM, account, 'portalId', int)} {self.mapping.object_name}"

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Update the records; written are those that the answer names."""
        inputs = [
            {
                **self._id(row.key),
                "objectWriteTraceId": row.key,
                "properties": {
                    name: _text(value) for name, value in self.mapping.content(row).items()
                },
            }
            for row in rows
        ]
        answer = self._asked("POST", f"{self.path}/update", {"inputs": inputs})
        records = objects(CRM, entry(CRM, answer, "results", list), "results")
        errors = objects(CRM, answer.get("errors") or [], "errors")
        written = {key for record in records for key in self._keys(record)}
        missing = [row for row in rows if row.key not in written]
        if self.id_property and records and missing:
            with after_writing():
                written |= self._read_back(missing)
        return [
            Outcome(row.key) if row.key in written else _refused(row.key, errors) for row in rows
        ]

    def written_hashes(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the hashes of the records that are there and have one."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), self.batch_size):
            query = {
                "inputs": [{"id": key} for key in keys[start:][: self.batch_size]],
                "properties": [self.mapping.key, self.mapping.row_hash],
                "propertiesWithHistory": [],
                **({"idProperty": self.id_property} if self.id_property else {}),
            }
            answer = self._asked("POST", f"{self.path}/read", query)
            for record in objects(CRM, entry(CRM, answer, "results", list), "results"):
                properties = entry(CRM, record, "properties", dict)
                key = entry(CRM, record, "id", str)
                if self.id_property:
                    key = entry(CRM, properties, self.id_property, str)
                found[key] = text(CRM, properties, self.mapping.row_hash)
        return found

    def _id(self, key: str) -> dict[str, str]:
        """How an input of an update names its record."""
        return {"id": key, **({"idProperty": self.id_property} if self.id_property else {})}

    def _keys(self, record: dict[str, Any]) -> set[str]:
        """The keys of ours that a record of an answer names."""
        record_id = entry(CRM, record, "id", str)
        if self.id_property is None:
            return {record_id}
        properties = entry(CRM, record, "properties", dict)
        named = (text(CRM, properties, self.id_property), text(CRM, record, "objectWriteTraceId"))
        return {key for key in named if key}

    def _read_back(self, rows: Sequence[Row]) -> set[str]:
        """The keys of the rows that HubSpot holds; it need not name its own key in an answer."""
        hashes = self.written_hashes([row.key for row in rows])
        return {row.key for row in rows if hashes.get(row.key) == row.row_hash}

    def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON that HubSpot answers with; the client would fill in what is not there."""
        with _problems():
            return self.client.call_api(
                path,
                method,
                header_params={
                    "Accept": "application/json",
                    **({"Content-Type": "application/json"} if body else {}),
                },
                body=body,
                response_types_map={200: "object", 207: "object"},
                auth_settings=["oauth2"],
                _return_http_data_only=True,
                _request_timeout=TIMEOUT,
            )


def _text(value: Value) -> str:
    """A value as HubSpot takes it: a text; an empty one clears the property."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value.isoformat(timespec='milliseconds')}Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def _refused(key: str, errors: list[dict[str, Any]]) -> Outcome:
    """Why a row is not among the records of an answer, from its errors."""
    named = [text(CRM, error, "message") for error in errors if key in _named(error)]
    told = named or [text(CRM, error, "message") for error in errors]
    reason = "; ".join(filter(None, told))
    return Outcome(key, reason) if reason else Outcome(key, NOT_NAMED, LOOK_UP)


def _named(error: dict[str, Any]) -> list[Any]:
    """The ids that an error is about."""
    context = error.get("context")
    lists = context.values() if isinstance(context, dict) else ()
    return [one for found in lists if isinstance(found, list) for one in found]


@contextmanager
def _problems() -> Iterator[None]:
    """Turn what the client raises into our terms; no address or header gets into the text."""
    try:
        yield
    except urllib3.exceptions.HTTPError as error:
        raise TemporaryError(
            f"no answer from HubSpot ({type(error).__name__})", may_have_arrived=True
        ) from None
    except ApiException as error:
        raise _problem(error) from None
    except (ValueError, TypeError, LookupError, AttributeError):
        # The client takes the form of an answer for granted.
        raise UnreadableAnswerError(CRM, "the client cannot read it") from None


def _problem(error: ApiException) -> Exception:
    """What an error status means."""
    reason = f"HubSpot answers {error.status}: {_message(error.body)}"
    if error.status in TRY_LATER:
        wait = (error.headers or {}).get("Retry-After", "")
        seconds = float(wait) if wait.isdecimal() else None
        return TemporaryError(reason, may_have_arrived=False, retry_after=seconds)
    if error.status in (401, 403):
        return ConfigurationError(
            f"{reason}; check CRM_HUBSPOT_ACCESS_TOKEN and the scopes of the private app"
        )
    if error.status >= 500:
        return TemporaryError(reason, may_have_arrived=True)
    return BatchRefusedError(reason)


def _message(body: str | None) -> str:
    """The message in the body of an error."""
    try:
        return str(json.loads(body or "")["message"])
    except (ValueError, KeyError, TypeError):
        return "no message"
