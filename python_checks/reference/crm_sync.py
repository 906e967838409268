"""CRM sync: which leads and accounts must be written to the CRM, and with which values?"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from python_checks.reference.feedback import QUEUE_ROLES
from python_checks.reference.lifecycle import held_back_by
from python_checks.reference.marts import LeadResult
from python_checks.reference.periods import UTC_ZONE, day_of
from python_checks.reference.policy import MARKETING, Policy
from python_checks.reference.raw import Record

CLOSED_ROLES = {"disqualified", "suppressed"}
LEAD_COLUMNS = {
    "lifecycle_stage": "crm_lifecycle_stage",
    "lead_stage": "crm_lead_stage",
    "lead_score": "crm_lead_score",
    "lead_grade": "crm_lead_grade",
    "recommended_action": "crm_recommended_action",
    "action_owner": "crm_action_owner",
    "action_due_at": "crm_action_due_at",
    "nurture_track": "crm_nurture_track",
    "re_engage_on": "crm_re_engage_on",
    "sql_handed_off_at": "crm_sql_handed_off_at",
    "recommended_rep_id": "crm_recommended_rep_id",
    "sla_due_at": "crm_sla_due_at",
    "held_back_by": "crm_held_back_by",
    "handoff_context": "crm_handoff_context",
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
    actions: Rows,
    policy: Policy,
    as_of: datetime,
    arriving: set[str],
    zone: str = UTC_ZONE,
) -> Rows:
    """The leads whose values differ from the CRM's; ``arriving`` are the columns of leads.csv.

    ``actions`` are the rows of next_best_action.
    """
    latest: dict[str, dict[str, Any]] = {}
    for row in sorted(handoffs, key=lambda row: row["handoff_number"]):
        latest[row["lead_id"]] = row
    action_of = {row["lead_id"]: row for row in actions}
    rows = []
    for result in of_crm(results):
        lead_id, record = result.lead.lead_id, result.lead.record
        desired = desired_of_lead(
            result,
            primary_scores[lead_id],
            latest.get(lead_id),
            action_of.get(lead_id),
            policy,
            as_of,
            zone,
        )
        known = known_to_crm(desired, record, LEAD_COLUMNS, policy)
        change = change_of(desired, known, LEAD_COLUMNS, arriving)
        if change is not None:
            known = {"crm_object": record["crm_object"], **known}
            rows.append(_row("lead_id", lead_id, desired, known, change, as_of))
    return rows


def of_crm(results: list[LeadResult]) -> list[LeadResult]:
    """Those that the CRM has: where some say what they are in the CRM, the others are not there."""
    saying = [result for result in results if result.lead.record["crm_object"] is not None]
    return saying or results


def crm_sync_ledger(results: list[LeadResult], written: Rows, as_of: datetime) -> Rows:
    """How many leads are rows of crm_lead_sync, how many need not be, and how many cannot."""
    in_crm = len(of_crm(results))
    counts = {
        "to_write": len(written),
        "up_to_date": in_crm - len(written),
        "not_in_crm": len(results) - in_crm,
    }
    return [
        {"outcome": outcome, "leads": leads, "computed_at": as_of}
        for outcome, leads in counts.items()
        if leads
    ]


def crm_account_sync(
    accounts: list[Record], engagement: Rows, policy: Policy, as_of: datetime, arriving: set[str]
) -> Rows:
    """The accounts whose values differ; ``engagement`` are the rows of account_engagement."""
    record_of = {record["account_id"]: record for record in accounts}
    rows = []
    for row in engagement:
        account_id = row["account_id"]
        desired = {field: row[field] for field in ACCOUNT_COLUMNS}
        known = known_to_crm(desired, record_of[account_id], ACCOUNT_COLUMNS, policy)
        change = change_of(desired, known, ACCOUNT_COLUMNS, arriving)
        if change is not None:
            rows.append(_row("account_id", account_id, desired, known, change, as_of))
    return rows


def desired_of_lead(
    result: LeadResult,
    score: dict[str, Any],
    handoff: dict[str, Any] | None,
    action: dict[str, Any] | None,
    policy: Policy,
    as_of: datetime,
    zone: str,
) -> dict[str, Any]:
    """What the CRM should say of a lead; ``handoff`` is its latest, ``score`` its primary one.

    ``action`` is its row of next_best_action; without rules for that the matrix says what to do.
    """
    machine = result.machine
    stage = policy.stages[machine.stage]
    is_marketings = action is None or action["owner"] == MARKETING
    until = machine.cooldown_until if stage.role in QUEUE_ROLES and is_marketings else None
    is_open = handoff is not None and handoff["is_open"]
    to_do = action or {"action": score["recommended_action"], "owner": None, "due_at": None}
    if stage.role in CLOSED_ROLES:
        to_do = dict.fromkeys(to_do)
    return {
        "lifecycle_stage": stage.funnel_stage,
        "lead_stage": machine.stage,
        "lead_score": rounded_half_up(score["adjusted_score"]),
        "lead_grade": score["grade"],
        "recommended_action": to_do["action"],
        "action_owner": to_do["owner"],
        "action_due_at": to_the_second(to_do["due_at"]),
        "nurture_track": _nurture_track(result, action, until is not None, policy),
        "re_engage_on": None if until is None else day_of(until, zone),
        "sql_handed_off_at": to_the_second(handoff["handed_off_at"]) if handoff else None,
        "recommended_rep_id": handoff["recommended_rep_id"] if is_open else None,
        "sla_due_at": to_the_second(handoff["sla_due_at"]) if is_open else None,
        "held_back_by": held_back_by(result.lead, result.scores, machine, policy, as_of),
        "handoff_context": context_of(handoff) if is_open else None,
        "score_reasons": score["top_contributions"],
    }


def to_the_second(at: datetime | None) -> datetime | None:
    """A time as a CRM keeps it."""
    return None if at is None else at.replace(microsecond=0)


def context_of(handoff: dict[str, Any]) -> str:
    """What was known when the lead changed hands, as text; what was unknown is left out."""
    trigger = f" ({handoff['trigger_signal']})" if handoff["trigger_signal"] else ""
    employees = None if handoff["employee_count"] is None else int(handoff["employee_count"])
    score = int((handoff["score"] + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    known = {
        "campaign": handoff["latest_campaign_id"],
        "industry": handoff["industry"],
        "employees": employees,
    }
    return "; ".join(
        [
            f"Handed over by {handoff['trigger_event']}{trigger}",
            f"score {score}, {handoff['score_band']}, grade {handoff['grade']}",
            f"channel {handoff['channel']}",
            *(f"{name} {value}" for name, value in known.items() if value is not None),
            f"pages visited {handoff['pages_visited']}, links clicked {handoff['links_clicked']}, "
            f"content downloaded {handoff['content_downloaded']}, "
            f"sales touches {handoff['sales_touches']}",
        ]
    )


def _nurture_track(
    result: LeadResult, action: dict[str, Any] | None, is_resting: bool, policy: Policy
) -> str | None:
    """The track of a cooldown's reason, else, while marketing has the lead, of its action."""
    machine = result.machine
    if is_resting and machine.cooldown_track is not None:
        return machine.cooldown_track
    if policy.stages[machine.stage].role in CLOSED_ROLES or machine.owner != MARKETING:
        return None
    return None if action is None else action["nurture_track"]


def rounded_half_up(score: Decimal) -> int:
    """floor(score + 0.5): 82.5 becomes 83, -2.5 becomes -2."""
    return int((score + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))


def change_of(
    desired: dict[str, Any], known: Record, columns: dict[str, str], arriving: set[str]
) -> dict[str, Any] | None:
    """Which fields differ from the CRM's, and whether it has none yet; ``None`` if all agree."""
    compared = {field: column for field, column in columns.items() if column in arriving}
    changed = [field for field, column in compared.items() if desired[field] != known[column]]
    if compared and not changed:
        return None
    return {
        "changed_fields": ", ".join(changed) if compared else "all",
        "is_first_sync": all(known[column] is None for column in compared.values()),
    }


def known_to_crm(
    desired: dict[str, Any], record: Record, columns: dict[str, str], policy: Policy
) -> Record:
    """What the CRM had in the last extract, by ``crm_`` column.

    A placeholder is nothing, unless the field should have that very word.
    """
    known = {}
    for field, column in columns.items():
        cell = record.get(column)
        is_word = isinstance(cell, str) and cell.lower() in policy.placeholders["text"]
        known[column] = None if is_word and cell != desired[field] else cell
    return known


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
