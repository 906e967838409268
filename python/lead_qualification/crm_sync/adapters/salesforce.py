"""Salesforce: collections of Lead, Contact or Account records over its REST API.

A converted lead goes on as a contact, so a row of leads is a Lead or a Contact (records.py). Both
have the same fields unless the file of CRM_SYNC_FIELDS says otherwise.

By default our key is the record's Id, and records are updated. If the file of CRM_SYNC_FIELDS
names an external id field, the same call is an upsert by that field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any

import requests
from simple_salesforce import Salesforce, format_soql
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceError,
    SalesforceMalformedRequest,
)

from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.crm import LOOK_UP, NOT_NAMED, Outcome
from lead_qualification.crm_sync.decoding import entry, objects, text
from lead_qualification.crm_sync.errors import (
    BatchRefusedError,
    TemporaryError,
    UnreadableAnswerError,
)
from lead_qualification.crm_sync.field_mapping import FieldMapping, field_mapping
from lead_qualification.crm_sync.records import CONTACT, RECORD_IDS
from lead_qualification.crm_sync.sync_tables import ACCOUNTS, LEADS, Row, SyncTable, Value
from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import required, setting

RECORD_ID = RECORD_IDS["salesforce"]
# An Id has a short and a long form; the long one has three more characters.
ID_LENGTH = 15
DEFAULT_FIELDS = {
    LEADS.name: {
        "object": "Lead",
        "lead_id": RECORD_ID,
        "lifecycle_stage": "Lifecycle_Stage__c",
        "lead_stage": "Lead_Stage__c",
        "lead_score": "Lead_Score__c",
        "lead_grade": "Lead_Grade__c",
        "recommended_action": "Recommended_Action__c",
        "action_owner": "Action_Owner__c",
        "action_due_at": "Action_Due_At__c",
        "nurture_track": "Nurture_Track__c",
        "re_engage_on": "Re_Engage_On__c",
        "sql_handed_off_at": "Sql_Handed_Off_At__c",
        "recommended_rep_id": "Recommended_Rep_Id__c",
        "sla_due_at": "Sla_Due_At__c",
        "held_back_by": "Held_Back_By__c",
        "handoff_context": "Handoff_Context__c",
        "score_reasons": "Score_Reasons__c",
        "row_hash": "Lead_Qualification_Hash__c",
    },
    ACCOUNTS.name: {
        "object": "Account",
        "account_id": RECORD_ID,
        "account_score": "Account_Score__c",
        "account_stage": "Account_Stage__c",
        "is_in_market": "Is_In_Market__c",
        "row_hash": "Lead_Qualification_Hash__c",
    },
}
CONTACTS = "contacts"
CRM = "Salesforce"
TIMEOUT = 60
TOO_MANY = 429
LIMIT_REACHED = "REQUEST_LIMIT_EXCEEDED"


class SalesforceCrm:
    """Lead, Contact or Account records of an organisation."""

    name = "salesforce"
    batch_size = 200
    settle_seconds = 10.0

    def __init__(self, table: SyncTable, kinds: Sequence[str] = ()) -> None:
        """Read the settings; the client logs in when it is first needed.

        Args:
            table: The sync table.
            kinds: Which kinds of records its rows are; only their fields have to be there.
        """
        default = DEFAULT_FIELDS[table.name]
        self.kinds = kinds or ("",)
        self.mapping = field_mapping(self.name, table, default)
        self.contacts = self.mapping
        if CONTACT in kinds:
            as_contact = {**default, "object": "Contact"}
            self.contacts = field_mapping(self.name, table, as_contact, name=CONTACTS)
        self.login = _login_settings()
        self.connection: Salesforce | None = None

    def identity(self) -> str:
        """Check that all fields are there; return the organisation and the kind of object."""
        for kind in self.kinds:
            self._check_fields(self._mapping(kind))
        with _problems():
            organisation = self._client().query("select Id from Organization")
        records = objects(CRM, entry(CRM, organisation, "records", list), "records")
        if not records:
            raise UnreadableAnswerError(CRM, "there is no organisation in it")
        return f"{entry(CRM, records[0], 'Id', str)} {self.mapping.object_name}"

    def _mapping(self, kind: str) -> FieldMapping:
        """Where rows of a kind go."""
        return self.contacts if kind == CONTACT else self.mapping

    def _check_fields(self, mapping: FieldMapping) -> None:
        """Check that an object has all fields."""
        with _problems():
            description = self._client().restful(f"sobjects/{mapping.object_name}/describe")
        fields = objects(CRM, entry(CRM, description, "fields", list), "fields")
        found = {entry(CRM, field, "name", str) for field in fields}
        missing = [name for name in (mapping.key, *mapping.fields) if name not in found]
        if missing:
            raise ConfigurationError(
                f"Salesforce's {mapping.object_name} has no field {', '.join(missing)} that "
                "this user may see; create it, or name another one in the file of CRM_SYNC_FIELDS"
            )

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Update or upsert the records; each has its own outcome in the answer."""
        mapping = self._mapping(rows[0].kind)
        path = "composite/sobjects"
        if mapping.key != RECORD_ID:
            path += f"/{mapping.object_name}/{mapping.key}"
        with _problems():
            answers = self._client().restful(
                path,
                method="PATCH",
                json={"allOrNone": False, "records": [_record(row, mapping) for row in rows]},
            )
        if len(objects(CRM, answers, "the answer")) != len(rows):
            raise UnreadableAnswerError(CRM, f"it tells of {len(answers)} of {len(rows)} records")
        is_key_id = mapping.key == RECORD_ID
        return [_outcome(row, answer, is_key_id) for row, answer in zip(rows, answers, strict=True)]

    def written_hashes(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the hashes of the records that are there and have one."""
        found: dict[str, str] = {}
        for kind in dict.fromkeys(row.kind for row in rows):
            keys = [row.key for row in rows if row.kind == kind]
            for start in range(0, len(keys), self.batch_size):
                found |= self._hashes(keys[start : start + self.batch_size], self._mapping(kind))
        return found

    def _hashes(self, keys: Sequence[str], mapping: FieldMapping) -> dict[str, str]:
        """The hashes of a batch; a query that a malformed Id spoils is asked in halves."""
        key, row_hash = mapping.key, mapping.row_hash
        query = format_soql(
            f"select {key}, {row_hash} from {mapping.object_name} where {key} in {{keys}}",
            keys=list(keys),
        )
        try:
            with _problems():
                answer = self._client().query(query)
        except BatchRefusedError:
            middle = len(keys) // 2
            if middle == 0:
                return {}
            return self._hashes(keys[:middle], mapping) | self._hashes(keys[middle:], mapping)
        # A batch fits in one page of an answer.
        records = objects(CRM, entry(CRM, answer, "records", list), "records")
        return {
            _spelled(entry(CRM, record, key, str), keys): text(CRM, record, row_hash)
            for record in records
        }

    def _client(self) -> Salesforce:
        """The client, logged in."""
        if self.connection is None:
            session = requests.Session()
            session.request = partial(session.request, timeout=TIMEOUT)
            self.connection = Salesforce(session=session, **self.login)
        return self.connection


def _login_settings() -> dict[str, str]:
    """What the client needs to log in: a token, or a domain with the consumer's credentials."""
    if setting("CRM_SALESFORCE_ACCESS_TOKEN"):
        return {
            "instance_url": required("CRM_SALESFORCE_INSTANCE_URL"),
            "session_id": required("CRM_SALESFORCE_ACCESS_TOKEN"),
        }
    if setting("CRM_SALESFORCE_CONSUMER_KEY"):
        return {
            "domain": required("CRM_SALESFORCE_DOMAIN"),
            "consumer_key": required("CRM_SALESFORCE_CONSUMER_KEY"),
            "consumer_secret": required("CRM_SALESFORCE_CONSUMER_SECRET"),
        }
    raise ConfigurationError(
        "set CRM_SALESFORCE_INSTANCE_URL and CRM_SALESFORCE_ACCESS_TOKEN, or "
        "CRM_SALESFORCE_DOMAIN, CRM_SALESFORCE_CONSUMER_KEY and CRM_SALESFORCE_CONSUMER_SECRET"
    )


def _record(row: Row, mapping: FieldMapping) -> dict[str, Any]:
    """A row as a record of a collection."""
    key = "id" if mapping.key == RECORD_ID else mapping.key
    content = {name: _json(value) for name, value in mapping.content(row).items()}
    return {"attributes": {"type": mapping.object_name}, key: row.key, **content}


def _spelled(key: str, keys: Sequence[str]) -> str:
    """A key of an answer as we spell it: Salesforce answers with the long form of an Id."""
    return key if key in keys else key[:ID_LENGTH]


def _json(value: Value) -> Any:
    """A value as Salesforce takes it in JSON."""
    if isinstance(value, datetime):
        return f"{value.isoformat(timespec='milliseconds')}Z"
    return value.isoformat() if isinstance(value, date) else value


def _outcome(row: Row, answer: dict[str, Any], is_key_id: bool) -> Outcome:
    """What became of a row: written only if the answer has the id of a record, ours if we know it.

    Args:
        row: The row that was sent.
        answer: What stands in its place of the answer.
        is_key_id: Whether our key is the record's Id.
    """
    if entry(CRM, answer, "success", bool):
        record_id = text(CRM, answer, "id")
        is_named = _spelled(record_id, [row.key]) == row.key if is_key_id else bool(record_id)
        return Outcome(row.key) if is_named else Outcome(row.key, NOT_NAMED, LOOK_UP)
    errors = [
        f"{text(CRM, error, 'statusCode')}: {text(CRM, error, 'message')}"
        for error in objects(CRM, answer.get("errors", []), "errors")
    ]
    return Outcome(row.key, redacted("; ".join(errors)) or "refused without a reason")


@contextmanager
def _problems() -> Iterator[None]:
    """Turn what the client raises into our terms; no address or header gets into the text."""
    try:
        yield
    except requests.exceptions.InvalidJSONError:
        raise UnreadableAnswerError(CRM, "it is not JSON") from None
    except requests.RequestException as error:
        raise TemporaryError(
            f"no answer from Salesforce ({type(error).__name__})", may_have_arrived=True
        ) from None
    except SalesforceError as error:
        raise _problem(error) from None
    except (ValueError, TypeError, LookupError, AttributeError):
        # The client takes the form of an answer for granted.
        raise UnreadableAnswerError(CRM, "the client cannot read it") from None


def _problem(error: SalesforceError) -> Exception:
    """What an error status means."""
    code, message = _code_and_message(error)
    reason = redacted(f"Salesforce answers {error.status}: {code} {message}".rstrip())
    if error.status == TOO_MANY or code == LIMIT_REACHED:
        return TemporaryError(reason, may_have_arrived=False)
    if isinstance(error, SalesforceAuthenticationFailed) or error.status in (401, 403, 404):
        return ConfigurationError(f"{reason}; check CRM_SALESFORCE_* and the user's permissions")
    if isinstance(error, SalesforceMalformedRequest):
        return BatchRefusedError(reason)
    return TemporaryError(reason, may_have_arrived=True)


def _code_and_message(error: SalesforceError) -> tuple[str, str]:
    """Code and message of the first error in an answer."""
    if isinstance(error, SalesforceAuthenticationFailed):
        return str(error.code or ""), error.auth_message
    content: Any = error.content
    if isinstance(content, list) and content and isinstance(content[0], dict):
        return str(content[0].get("errorCode", "")), str(content[0].get("message", ""))
    return "", "no message"
