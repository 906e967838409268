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
from hubspot.crm.objects import (
    BatchInputSimplePublicObjectBatchInput,
    BatchReadInputSimplePublicObjectId,
    SimplePublicObjectBatchInput,
    SimplePublicObjectId,
)
from hubspot.crm.objects.exceptions import ApiException

from lead_qualification.crm_sync.crm import Outcome
from lead_qualification.crm_sync.errors import BatchRefusedError, TemporaryError
from lead_qualification.crm_sync.field_mapping import field_mapping
from lead_qualification.crm_sync.sync_tables import ACCOUNTS, LEADS, Row, SyncTable, Value
from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import required, setting

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
        self.objects = client.crm.objects.batch_api

    def identity(self) -> str:
        """Check that all properties are there; return the account and the kind of object."""
        account = self._get("/account-info/v3/details")
        properties = self._get(f"/crm/v3/properties/{self.mapping.object_name}")
        found = {entry["name"] for entry in properties["results"]}
        missing = [name for name in (self.mapping.key, *self.mapping.fields) if name not in found]
        if missing:
            raise ConfigurationError(
                f"HubSpot's {self.mapping.object_name} have no property {', '.join(missing)}; "
                "create it, or name another one in the file of CRM_SYNC_FIELDS"
            )
        return f"{account['portalId']} {self.mapping.object_name}"

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Update the records; after a partial answer, look up which of them were."""
        inputs = [
            SimplePublicObjectBatchInput(
                id=row.key,
                id_property=self.id_property,
                object_write_trace_id=row.key,
                properties={
                    name: _text(value) for name, value in self.mapping.content(row).items()
                },
            )
            for row in rows
        ]
        with _problems():
            answer = self.objects.update(
                self.mapping.object_name,
                BatchInputSimplePublicObjectBatchInput(inputs=inputs),
                _request_timeout=TIMEOUT,
            )
        errors = getattr(answer, "errors", None) or []
        if not errors:
            return [Outcome(row.key) for row in rows]
        hashes = self.written_hashes([row.key for row in rows])
        return [
            Outcome(row.key)
            if hashes.get(row.key) == row.row_hash
            else Outcome(row.key, _reason(row.key, row.key in hashes, errors))
            for row in rows
        ]

    def written_hashes(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the hashes of the records that are there and have one."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), self.batch_size):
            query = BatchReadInputSimplePublicObjectId(
                id_property=self.id_property,
                inputs=[SimplePublicObjectId(id=key) for key in keys[start:][: self.batch_size]],
                properties=[self.mapping.key, self.mapping.row_hash],
                properties_with_history=[],
            )
            with _problems():
                answer = self.objects.read(
                    self.mapping.object_name, query, _request_timeout=TIMEOUT
                )
            for record in answer.results:
                key = record.properties[self.id_property] if self.id_property else record.id
                found[key] = record.properties.get(self.mapping.row_hash) or ""
        return found

    def _get(self, path: str) -> Any:
        """Ask for something that the client has no method for, or one with other exceptions."""
        with _problems():
            return self.objects.api_client.call_api(
                path,
                "GET",
                header_params={"Accept": "application/json"},
                response_types_map={200: "object"},
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


def _reason(key: str, is_there: bool, errors: list[Any]) -> str:
    """Why a row was not written, from the errors of a partial answer."""
    named = [
        error.message
        for error in errors
        if any(key in (keys or []) for keys in (error.context or {}).values())
    ]
    if named:
        return "; ".join(named)
    if not is_there:
        return "HubSpot has no such record"
    return "; ".join(error.message for error in errors)


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
