"""Salesforce, as far as the sync uses it: collections, describe and queries of its REST API."""

from __future__ import annotations

import re
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

from python_checks.tests.engines.crm_sync.stub_server import Answer, Stub

TOKEN = "00D-sesame-of-salesforce"
LEAD_TYPES = {
    "Lifecycle_Stage__c": str,
    "Lead_Stage__c": str,
    "Lead_Score__c": int,
    "Lead_Grade__c": str,
    "Recommended_Action__c": str,
    "Action_Owner__c": str,
    "Action_Due_At__c": str,
    "Nurture_Track__c": str,
    "Re_Engage_On__c": str,
    "Sql_Handed_Off_At__c": str,
    "Recommended_Rep_Id__c": str,
    "Sla_Due_At__c": str,
    "Held_Back_By__c": str,
    "Handoff_Context__c": str,
    "Score_Reasons__c": str,
    "Account_Score__c": int,
    "Account_Stage__c": str,
    "Is_In_Market__c": bool,
    "Lead_Qualification_Hash__c": str,
}
MOST_RECORDS = 200
TYPES = {"00Q": "Lead", "003": "Contact", "001": "Account"}
"""What the first characters of an Id say."""


@dataclass
class SalesforceStub(Stub):
    """An organisation; it speaks TLS because its client does.

    Attributes:
        fields: Names of the fields that exist.
        contact_fields: Those of Contact; none: the same.
    """

    fields: tuple[str, ...] = ("Id", "External_Id__c", *LEAD_TYPES)
    contact_fields: tuple[str, ...] | None = None
    folder: Any = field(default_factory=tempfile.TemporaryDirectory)

    def __enter__(self) -> Any:
        """Make a certificate, then listen."""
        authority = trustme.CA()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.tls)
        self.certificate = Path(self.folder.name) / "authority.pem"
        authority.cert_pem.write_to_path(str(self.certificate))
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        """Stop, and forget the certificate."""
        super().__exit__(*error)
        self.folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """How the command finds the CRM."""
        return {
            "CRM_SALESFORCE_INSTANCE_URL": f"https://localhost:{self.port}",
            "CRM_SALESFORCE_ACCESS_TOKEN": TOKEN,
            "REQUESTS_CA_BUNDLE": str(self.certificate),
        }

    def is_write(self, method: str, path: str) -> bool:
        """Whether a request changes records."""
        return method == "PATCH"

    def error(self, status: int, message: str, code: str = "UNKNOWN") -> Answer:
        """An error in Salesforce's form."""
        return status, [{"message": message, "errorCode": code}]

    def answer(self, method: str, path: str, headers: Any, body: Any) -> Answer:
        """Check and carry out a request."""
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.error(401, "Session expired or invalid", "INVALID_SESSION_ID")
        address = urlsplit(path)
        found = re.fullmatch(r"/services/data/v\d+\.0/(.+)", address.path)
        resource = found[1].rstrip("/") if found else ""
        described = re.fullmatch(r"sobjects/(Lead|Contact|Account)/describe", resource)
        if method == "GET" and described:
            is_other = described[1] == "Contact" and self.contact_fields is not None
            names = self.contact_fields if is_other else self.fields
            return 200, {"fields": [{"name": name} for name in names]}
        if method == "GET" and resource == "query":
            return self.query(parse_qs(address.query)["q"][0])
        collection = re.fullmatch(
            r"composite/sobjects(?:/(?:Lead|Contact|Account)/(\w+))?", resource
        )
        if method == "PATCH" and collection:
            return self.change(body, collection[1])
        return self.error(404, "The requested resource does not exist", "NOT_FOUND")

    def query(self, soql: str) -> Answer:
        """Answer the queries of the sync."""
        if soql == "select Id from Organization":
            return 200, {"done": True, "records": [{"Id": "00D000000000001"}]}
        found = re.fullmatch(
            r"select (\w+), (\w+) from (Lead|Contact|Account) where \1 in \((.*)\)", soql
        )
        if found is None:
            return self.error(400, "unexpected token", "MALFORMED_QUERY")
        key, name, keys = found[1], found[2], re.findall(r"'([^']*)'", found[4])
        if key == "Id" and not all(re.fullmatch(r"\w{15}(\w{3})?", value) for value in keys):
            return self.error(400, "invalid ID field", "INVALID_QUERY_FILTER_OPERATOR")
        records = [
            self.records[value]
            for value in keys
            if value in self.records and TYPES.get(value[:3], found[3]) == found[3]
        ]
        shown = [{key: record[key], name: record.get(name)} for record in records]
        return 200, {"done": True, "totalSize": len(shown), "records": shown}

    def change(self, body: dict[str, Any], external_id: str | None) -> Answer:
        """Update the records of a collection, each by itself."""
        if len(body["records"]) > MOST_RECORDS or body["allOrNone"] is not False:
            return self.error(400, "The maximum number of records is 200", "LIMIT_EXCEEDED")
        return 200, [self.change_one(record, external_id or "id") for record in body["records"]]

    def change_one(self, record: dict[str, Any], key_name: str) -> dict[str, Any]:
        """Update a record, or say why not."""
        record = dict(record)
        kind = record.pop("attributes")["type"]
        if kind not in ("Lead", "Contact", "Account"):
            return _refusal("INVALID_TYPE", "no such object")
        key = record.pop(key_name)
        if TYPES.get(key[:3], kind) != kind:
            return _refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if key not in self.records:
            return _refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if key in self.refused:
            return _refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", self.refused[key])
        for name, value in record.items():
            if value is not None and type(value) is not LEAD_TYPES[name]:
                return _refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", f"{name}: value not of type")
        self.records[key].update(record)
        self.writes[key] += 1
        return {"id": key, "success": True, "errors": []}


def _refusal(code: str, message: str) -> dict[str, Any]:
    """The answer for a record that is refused."""
    errors = [{"statusCode": code, "message": message, "fields": []}]
    return {"success": False, "errors": errors}
