"""HubSpot: batches of contacts (leads) or companies (accounts) over its CRM API.

Records are updated and never created. By default our key is HubSpot's own record id; another
property with unique values can be named in the file of CRM_SYNC_FIELDS.

HubSpot's own lifecycle stage is moved only if that file has a section [hubspot.lifecyclestage].
It moves forward only: an earlier value is answered with success and not taken. So a record that is
in a later stage, or in one whose order is unknown, is cleared in a request of its own before the
others are written, and the stages are read back.
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
from lead_qualification.crm_sync.field_mapping import VARIABLE, field_mapping, section
from lead_qualification.crm_sync.records import RECORD_IDS
from lead_qualification.crm_sync.sync_tables import ACCOUNTS, LEADS, Row, SyncTable, Value
from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import required, setting

CRM = "HubSpot"
RECORD_ID = RECORD_IDS["hubspot"]
OWN_STAGE = "lifecyclestage"
STAGE_KEPT = Outcome(
    "",
    f"HubSpot keeps another {OWN_STAGE} than the one that was sent",
    "look for a workflow or an integration that sets it, then run again",
)
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

    def __init__(self, table: SyncTable, kinds: Sequence[str] = ()) -> None:
        """Read the settings."""
        self.mapping = field_mapping(self.name, table, DEFAULT_FIELDS[table.name])
        self.id_property = None if self.mapping.key == RECORD_ID else self.mapping.key
        self.stages = section(self.name, OWN_STAGE) if table is LEADS else {}
        self.order: dict[str, int] = {}
        if OWN_STAGE in self.mapping.fields:
            raise ConfigurationError(
                f"{VARIABLE}: {OWN_STAGE} is HubSpot's own, with values of its own",
                "give our stage a property of its own, and name the stages that move HubSpot's in "
                f"[{self.name}.{OWN_STAGE}]",
            )
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
        if self.stages:
            self._learn_order(properties)
        return f"{entry(CRM, account, 'portalId', int)} {self.mapping.object_name}"

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Update the records; written are those that the answer names."""
        wanted = self._wanted_stages(rows)
        self._clear_later_stages(wanted)
        inputs = [
            {
                **self._id(row.key),
                "objectWriteTraceId": row.key,
                "properties": {
                    **{name: _text(value) for name, value in self.mapping.content(row).items()},
                    **({OWN_STAGE: wanted[row.key]} if row.key in wanted else {}),
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
        with after_writing():
            kept = self._other_stages({key: wanted[key] for key in written & wanted.keys()})
        return [
            Outcome(row.key, STAGE_KEPT.reason, STAGE_KEPT.remedy)
            if row.key in kept
            else Outcome(row.key)
            if row.key in written
            else _refused(row.key, errors)
            for row in rows
        ]

    def written_hashes(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the hashes of the records that are there and have one."""
        return self._values([row.key for row in rows], self.mapping.row_hash)

    def _values(self, keys: Sequence[str], name: str) -> dict[str, str]:
        """A property of the records that are there, empty for none, by our key."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), self.batch_size):
            query = {
                "inputs": [{"id": key} for key in keys[start:][: self.batch_size]],
                "properties": [self.mapping.key, name],
                "propertiesWithHistory": [],
                **({"idProperty": self.id_property} if self.id_property else {}),
            }
            answer = self._asked("POST", f"{self.path}/read", query)
            for record in objects(CRM, entry(CRM, answer, "results", list), "results"):
                properties = entry(CRM, record, "properties", dict)
                key = entry(CRM, record, "id", str)
                if self.id_property:
                    key = entry(CRM, properties, self.id_property, str)
                found[key] = text(CRM, properties, name)
        return found

    def _learn_order(self, properties: list[dict[str, Any]]) -> None:
        """Note the order of HubSpot's own stages; check that those that are sent are among them."""
        own = next((one for one in properties if one["name"] == OWN_STAGE), None)
        options = objects(CRM, entry(CRM, own, "options", list), "options")
        self.order = {
            entry(CRM, option, "value", str): entry(CRM, option, "displayOrder", int)
            for option in options
        }
        unknown = sorted(set(self.stages.values()) - self.order.keys())
        if unknown:
            raise ConfigurationError(
                f"{VARIABLE}: HubSpot's {OWN_STAGE} has no option {', '.join(unknown)}",
                "name the internal value of an option, as the settings of the property show it",
            )

    def _wanted_stages(self, rows: Sequence[Row]) -> dict[str, str]:
        """HubSpot's own stage by key, for those rows whose stage moves it."""
        stages = {row.key: self.stages.get(str(row.values.get("lifecycle_stage"))) for row in rows}
        return {key: stage for key, stage in stages.items() if stage}

    def _other_stages(self, wanted: dict[str, str]) -> dict[str, str]:
        """The stage of the records that are in another one, by key."""
        if not wanted:
            return {}
        found = self._values(list(wanted), OWN_STAGE)
        return {key: stage for key, stage in found.items() if stage != wanted[key]}

    def _clear_later_stages(self, wanted: dict[str, str]) -> None:
        """Clear the stage of the records that would not go to an earlier one otherwise."""
        inputs = [
            {**self._id(key), "properties": {OWN_STAGE: ""}}
            for key, stage in self._other_stages(wanted).items()
            if stage and not self._is_before(stage, wanted[key])
        ]
        if inputs:
            self._asked("POST", f"{self.path}/update", {"inputs": inputs})

    def _is_before(self, stage: str, other: str) -> bool:
        """Whether a stage is known to come before another one."""
        known = stage in self.order and other in self.order
        return known and self.order[stage] < self.order[other]

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
        hashes = self.written_hashes(rows)
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
