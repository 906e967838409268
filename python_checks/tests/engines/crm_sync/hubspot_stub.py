"""HubSpot, as far as the sync uses it: batch update and batch read of its CRM API, version 3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from python_checks.tests.engines.crm_sync.stub_server import Answer, Stub

TOKEN = "pat-eu1-sesame-of-hubspot"
TYPES = {
    "hs_object_id": r"\d+",
    "lifecycle_stage": r".*",
    "lead_stage": r".*",
    "lead_score": r"-?\d+",
    "lead_grade": r".*",
    "recommended_action": r".*",
    "action_owner": r".*",
    "action_due_at": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?",
    "nurture_track": r".*",
    "re_engage_on": r"(\d{4}-\d\d-\d\d)?",
    "sql_handed_off_at": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?",
    "recommended_rep_id": r".*",
    "sla_due_at": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?",
    "held_back_by": r".*",
    "handoff_context": r"(?s:.*)",
    "score_reasons": r"(?s:.*)",
    "account_score": r"-?\d+",
    "account_stage": r".*",
    "is_in_market": r"(true|false)?",
    "lead_qualification_hash": r"[0-9a-f]{32}",
    "external_id": r".*",
    "lifecyclestage": r".*",
}
STAGES = ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "customer")
"""HubSpot's own lifecycle stages, in order; a record goes forward only, unless it is cleared."""
MOST_INPUTS = 100
TIME = "2026-07-01T00:00:00.000Z"


@dataclass
class HubspotStub(Stub):
    """A HubSpot account.

    Attributes:
        properties: Names of the properties that exist.
        portal: Number of the account.
        refuses_whole_batches: Whether one refused row answers 400 for its batch; else 207.
        stuck: Records whose lifecycle stage a workflow sets back at once.
    """

    properties: tuple[str, ...] = tuple(TYPES)
    portal: int = 4711
    refuses_whole_batches: bool = False
    stuck: frozenset[str] = frozenset()

    @property
    def environment(self) -> dict[str, str]:
        """How the command finds the CRM."""
        return {
            "CRM_HUBSPOT_URL": f"http://127.0.0.1:{self.port}",
            "CRM_HUBSPOT_ACCESS_TOKEN": TOKEN,
        }

    def is_write(self, method: str, path: str) -> bool:
        """Whether a request changes records."""
        return path.endswith("/batch/update")

    def error(self, status: int, message: str, category: str = "ERROR") -> Answer:
        """An error in HubSpot's form."""
        return status, {
            "status": "error",
            "message": message,
            "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
            "category": category,
        }

    def answer(self, method: str, path: str, headers: Any, body: Any) -> Answer:
        """Check and carry out a request."""
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.error(401, "Authentication credentials not found", "INVALID_AUTHENTICATION")
        if (method, path) == ("GET", "/account-info/v3/details"):
            return 200, {"portalId": self.portal, "timeZone": "Europe/Berlin"}
        if method == "GET" and path in (
            "/crm/v3/properties/contacts",
            "/crm/v3/properties/companies",
        ):
            options = [
                {"value": stage, "label": stage, "displayOrder": place}
                for place, stage in enumerate(STAGES)
            ]
            return 200, {
                "results": [
                    {"name": name, "options": options if name == "lifecyclestage" else []}
                    for name in self.properties
                ]
            }
        found = re.fullmatch(r"/crm/v3/objects/(contacts|companies)/batch/(update|read)", path)
        if method != "POST" or found is None:
            return self.error(404, f"no resource {method} {path}")
        if headers.get("Content-Type") != "application/json":
            return self.error(415, "Content-Type must be application/json")
        if not 0 < len(body["inputs"]) <= MOST_INPUTS:
            return self.error(400, "The maximum number of inputs is 100", "VALIDATION_ERROR")
        return self.update(body["inputs"]) if found[2] == "update" else self.read(body)

    def update(self, inputs: list[dict[str, Any]]) -> Answer:
        """Update records that exist; tell the refused ones apart, or refuse all."""
        problems = {entry["id"]: self.problem(entry) for entry in inputs}
        problems = {key: problem for key, problem in problems.items() if problem}
        if problems and self.refuses_whole_batches:
            _, message = next(iter(problems.values()))
            return self.error(400, message, "VALIDATION_ERROR")
        results = []
        for entry in inputs:
            key = self.record_key(entry["id"], entry.get("idProperty"))
            if entry["id"] not in problems and key is not None:
                self.take(key, entry["properties"])
                results.append(self.shown(key, list(entry["properties"])))
        content = {"status": "COMPLETE", "results": results, "startedAt": TIME, "completedAt": TIME}
        if not problems:
            return 200, content
        errors = [
            {"status": "error", "category": category, "message": message, "context": {"ids": [key]}}
            for key, (category, message) in problems.items()
        ]
        return 207, {**content, "numErrors": len(errors), "errors": errors}

    def take(self, key: str, properties: dict[str, Any]) -> None:
        """Write values; an earlier lifecycle stage is not taken, and nothing is said of it."""
        before = self.records[key].get("lifecyclestage") or ""
        wanted = properties.get("lifecyclestage") or ""
        self.records[key].update(properties)
        if key in self.stuck or (before and wanted and STAGES.index(wanted) < STAGES.index(before)):
            self.records[key]["lifecyclestage"] = before
        self.writes[key] += "lead_qualification_hash" in properties

    def problem(self, entry: dict[str, Any]) -> tuple[str, str] | None:
        """Category and message of what is wrong with an input."""
        if self.record_key(entry["id"], entry.get("idProperty")) is None:
            return "OBJECT_NOT_FOUND", "Could not get some objects, they may be deleted"
        if entry["id"] in self.refused:
            return "VALIDATION_ERROR", self.refused[entry["id"]]
        for name, value in entry["properties"].items():
            if not isinstance(value, str) or not re.fullmatch(TYPES[name], value):
                return "VALIDATION_ERROR", f"Property values were not valid: {name}"
        return None

    def read(self, body: dict[str, Any]) -> Answer:
        """Return the records that exist."""
        id_property = body.get("idProperty")
        keys = [self.record_key(entry["id"], id_property) for entry in body["inputs"]]
        results = [self.shown(key, body["properties"]) for key in keys if key is not None]
        content = {"status": "COMPLETE", "results": results, "startedAt": TIME, "completedAt": TIME}
        if None not in keys:
            return 200, content
        error = {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": "Could not get some objects, they may be deleted",
            "context": {"ids": ["?"]},
        }
        return 207, {**content, "numErrors": 1, "errors": [error]}

    def record_key(self, value: str, id_property: str | None) -> str | None:
        """The id of the record with a value of the id property."""
        if id_property is None:
            return value if value in self.records else None
        hits = [key for key, record in self.records.items() if record.get(id_property) == value]
        return hits[0] if hits else None

    def shown(self, key: str, names: list[str]) -> dict[str, Any]:
        """A record in an answer."""
        properties = {name: self.records[key].get(name) for name in names}
        return {"id": key, "properties": properties, "createdAt": TIME, "updatedAt": TIME}
