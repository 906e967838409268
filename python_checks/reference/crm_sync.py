"""CRM sync: which leads and accounts must be written to the CRM, and with which values?"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_checks.reference.feedback import QUEUE_ROLES
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import MARKETING, Policy
from python_checks.reference.raw import Record

CLOSED_ROLES = {"disqualified", "suppressed"}
LEAD_COLUMNS = {
    "lifecycle_stage": "crm_lifecycle_stage",
    "lead_stage": "crm_lead_stage",
    "lead_score": "crm_lead_score",
    "lead_grade": "crm_lead_grade",
    "recommended_action": "crm_recommended_action",
    "nurture_track": "crm_nurture_track",
    "re_engage_on": "crm_re_engage_on",
    "sql_handed_off_at": "crm_sql_handed_off_at",
    "recommended_rep_id": "crm_recommended_rep_id",
    "score_reasons": "crm_score_reasons",
}
"""The fields of crm_lead_sync in order, and where the CRM's own value of each arrives."""

ACCOUNT_COLUMNS = {
    "account_score": "crm_account_score",
    "account_stage": "crm_account_stage",
    "is_in_market": "crm_is_in_market",
}
Rows = list[dict[str, Any]]


def crm_lead_sync(
    results: list[LeadResult],
    primary_scores: dict[str, dict[str, Any]],
    handoffs: Rows,
    policy: Policy,
    as_of: datetime,
    arriving: set[str],
) -> Rows:
    """The leads whose values differ from the CRM's; ``arriving`` are the columns of leads.csv."""
    latest: dict[str, dict[str, Any]] = {}
    for row in sorted(handoffs, key=lambda row: row["handoff_number"]):
        latest[row["lead_id"]] = row
    rows = []
    for result in results:
        lead_id = result.lead.lead_id
        desired = desired_of_lead(result, primary_scores[lead_id], latest.get(lead_id), policy)
        change = change_of(desired, result.lead.record, LEAD_COLUMNS, arriving)
        if change is not None:
            record = result.lead.record
            known = {"crm_object": record["crm_object"], **known_to_crm(record, LEAD_COLUMNS)}
            rows.append(_row("lead_id", lead_id, desired, known, change, as_of))
    return rows


def crm_sync_ledger(results: list[LeadResult], written: Rows, as_of: datetime) -> Rows:
    """How many leads are rows of crm_lead_sync, and how many are not."""
    counts = {"to_write": len(written), "up_to_date": len(results) - len(written)}
    return [
        {"outcome": outcome, "leads": leads, "computed_at": as_of}
        for outcome, leads in counts.items()
        if leads
    ]


def crm_account_sync(
    accounts: list[Record], engagement: Rows, as_of: datetime, arriving: set[str]
) -> Rows:
    """The accounts whose values differ; ``engagement`` are the rows of account_engagement."""
    record_of = {record["account_id"]: record for record in accounts}
    rows = []
    for row in engagement:
        account_id = row["account_id"]
        desired = {field: row[field] for field in ACCOUNT_COLUMNS}
        record = record_of[account_id]
        change = change_of(desired, record, ACCOUNT_COLUMNS, arriving)
        if change is not None:
            known = known_to_crm(record, ACCOUNT_COLUMNS)
            rows.append(_row("account_id", account_id, desired, known, change, as_of))
    return rows


def desired_of_lead(
    result: LeadResult,
    score: dict[str, Any],
    handoff: dict[str, Any] | None,
    policy: Policy,
) -> dict[str, Any]:
    """What the CRM should say of a lead; ``handoff`` is its latest, ``score`` its primary one."""
    machine = result.machine
    stage = policy.stages[machine.stage]
    until = machine.cooldown_until if stage.role in QUEUE_ROLES else None
    return {
        "lifecycle_stage": stage.funnel_stage,
        "lead_stage": machine.stage,
        "lead_score": rounded_half_up(score["adjusted_score"]),
        "lead_grade": score["grade"],
        "recommended_action": None if stage.role in CLOSED_ROLES else score["recommended_action"],
        "nurture_track": _nurture_track(result, until is not None, policy),
        "re_engage_on": None if until is None else until.date(),
        "sql_handed_off_at": handoff["handed_off_at"].replace(microsecond=0) if handoff else None,
        "recommended_rep_id": handoff["recommended_rep_id"]
        if handoff and handoff["is_open"]
        else None,
        "score_reasons": score["top_contributions"],
    }


def _nurture_track(result: LeadResult, is_resting: bool, policy: Policy) -> str | None:
    """The track of a cooldown's reason, else of the profile while marketing has the lead."""
    machine, profile = result.machine, policy.profiles[result.lead.profile]
    if is_resting and machine.cooldown_track is not None:
        return machine.cooldown_track
    if policy.stages[machine.stage].role in CLOSED_ROLES or machine.owner != MARKETING:
        return None
    is_active = any(
        signal.kind.signal == profile.activation_signal for signal in result.lead.signals
    )
    return profile.active_nurture_track if is_active else profile.nurture_track


def rounded_half_up(score: Decimal) -> int:
    """floor(score + 0.5): 82.5 becomes 83, -2.5 becomes -2."""
    return int((score + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))


def change_of(
    desired: dict[str, Any], record: Record, columns: dict[str, str], arriving: set[str]
) -> dict[str, Any] | None:
    """Which fields differ from the CRM's, and whether it has none yet; ``None`` if all agree."""
    compared = {field: column for field, column in columns.items() if column in arriving}
    changed = [field for field, column in compared.items() if desired[field] != record[column]]
    if compared and not changed:
        return None
    return {
        "changed_fields": ", ".join(changed) if compared else "all",
        "is_first_sync": all(record[column] is None for column in compared.values()),
    }


def known_to_crm(record: Record, columns: dict[str, str]) -> dict[str, Any]:
    """What the CRM had in the last extract, by ``crm_`` column."""
    return {column: record.get(column) for column in columns.values()}


def _row(
    key: str,
    record_id: str,
    desired: dict[str, Any],
    known: dict[str, Any],
    change: dict[str, Any],
    as_of: datetime,
) -> dict[str, Any]:
    return {
        key: record_id,
        **desired,
        **known,
        **change,
        "row_hash": row_hash([record_id, *desired.values()]),
        "computed_at": as_of,
    }


def row_hash(values: list[Any]) -> str:
    """The md5, in hexadecimal, of the values as text joined with ``|``."""
    text = "|".join(as_text(value) for value in values)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def as_text(value: Any) -> str:
    """A value as the hash sees it: null empty, times without a zone, booleans lower case."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
        return f"{value:%Y-%m-%d %H:%M:%S}{fraction}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
