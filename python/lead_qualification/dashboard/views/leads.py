"""Leads: the list behind a figure, by the filters of its address, in words and as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import streamlit

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.access import may_be_shown
from lead_qualification.dashboard.wording import count
from lead_qualification.labels import within
from lead_qualification.metrics import metrics
from lead_qualification.settings import PROJECT_FILE, project_folder
from lead_qualification.yaml_text import from_yaml

TITLE = "Leads"
MONTH, FIRST_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII), "1900-01"
MONTHS = re.compile(r"[1-9]\d?", re.ASCII)
PERSON = ("first_name", "last_name", "company_name")
STEPS = {
    "leads": "first_seen_at",
    "mqls": "mql_at",
    "pqls": "pql_at",
    "sqls": "sql_at",
    "direct_sqls": "sql_at",
    "opportunities": "opportunity_at",
    "customers": "customer_at",
}
"""When a lead reached each step."""
CONDITIONS = {
    **{step: f"funnel.{reached_at} is not null" for step, reached_at in STEPS.items()},
    "direct_sqls": "funnel.sql_at is not null and funnel.mql_at is null",
    "leads_to_mql": "funnel.mql_at >= funnel.first_seen_at",
    "leads_to_sql": "funnel.sql_at >= funnel.first_seen_at",
    "leads_to_customer": "funnel.customer_at >= funnel.first_seen_at",
    "mqls_to_sql": "funnel.sql_at >= funnel.mql_at",
    "mqls_to_opportunity": "funnel.opportunity_at >= funnel.mql_at",
    "mqls_to_customer": "funnel.customer_at >= funnel.mql_at",
    "pqls_to_sql": "funnel.sql_at >= funnel.pql_at",
    "pqls_to_customer": "funnel.customer_at >= funnel.pql_at",
    "sqls_to_opportunity": "funnel.opportunity_at >= funnel.sql_at",
    "sqls_to_customer": "funnel.customer_at >= funnel.sql_at",
    "opportunities_to_customer": "funnel.customer_at >= funnel.opportunity_at",
}
"""What the macro funnel_conditions counts; the tests compare the counts."""
COHORTS = {"mql": "mql_at", "lead": "first_seen_at"}
BASES = {"mql": "that became MQLs", "lead": "that were first seen"}
DIMENSIONS = {
    "channel": "channel",
    "lead_source": "lead_source",
    "motion": "motion",
    "intent_class": "intent_class",
    "company_segment": "company_segment",
    "campaign": "campaign_id",
    "country": "country",
    "industry": "industry",
    "grade": "grade",
    "profile": "profile",
}
TO_ANSWER = "not handoffs.is_begun_by_sales"
HANDOFFS = {
    "all": ("all hand-offs", "1 = 1"),
    "to_answer": ("to answer", TO_ANSWER),
    "at_risk": ("at risk", "handoffs.sla_status = 'at_risk'"),
    "open": ("open, in time so far", "handoffs.sla_status = 'open'"),
    "overdue": (
        "breached, open and without an answer",
        "handoffs.sla_status = 'breached' and handoffs.is_open "
        "and handoffs.first_response_at is null",
    ),
    "waiting": (
        "waiting for an answer, not late",
        "handoffs.sla_status in ('at_risk', 'open') and handoffs.is_open "
        "and handoffs.first_response_at is null",
    ),
    "met": ("answered in time", f"{TO_ANSWER} and handoffs.sla_status = 'met'"),
    "due": (
        "answered in time or breached",
        f"{TO_ANSWER} and handoffs.sla_status in ('met', 'breached')",
    ),
    "accepted": ("accepted", f"{TO_ANSWER} and handoffs.disposition = 'accepted'"),
    "opportunity": ("with an opportunity", f"{TO_ANSWER} and handoffs.opportunity_at is not null"),
    "decided": ("decided by sales", "handoffs.disposition <> 'none'"),
    "rejected": ("rejected by sales", "handoffs.disposition = 'rejected'"),
}
"""Which hand-offs: in words, and the condition."""
QUEUES = {
    "all": ("to approach again", "1 = 1"),
    "ready": ("to approach again now", "queue.is_cooldown_over"),
}
AGEINGS = {
    "all": ("in a stage that has a usual time", "ageing.ageing is not null"),
    "over_typical": ("longer in a stage than usual", "ageing.ageing = 'over_typical'"),
}
WORKS = {
    "all": ("to do by sales", "1 = 1"),
    "late": (
        "to do by sales, late",
        "actions.due_at < actions.as_of and actions.blocked_by is null",
    ),
    "held_back": ("to do by sales, held back", "actions.blocked_by is not null"),
}
OF_REP = """(
    handoffs.assigned_rep_id = $rep
    or (handoffs.assigned_rep_id is null and handoffs.recommended_rep_id = $rep)
    or (
        handoffs.assigned_rep_id is null
        and lower(handoffs.territory) in (
            select lower(territory) from {staging}.stg_sales__sales_reps where rep_id = $rep
        )
    )
)"""
PLAIN = {
    "stage": "lead_stages.stage",
    "channel": "lead_stages.channel",
    "account": "lead_stages.account_id",
    "action": "actions.action",
    "owner": "actions.owner",
    "rep": "actions.rep_id",
}
"""Filters of a value, and the column that has it."""
FIELDS = """
    lead_stages.lead_id,
    {person}
    lead_stages.account_id,
    accounts.name as account_name,
    lead_stages.stage,
    actions.action,
    actions.owner,
    actions.due_at,
    scores.adjusted_score,
    scores.grade,
    lead_stages.channel,
    lead_stages.first_seen_at
"""
FIELDS_OF_HANDOFFS = """,
    handoffs.handoff_number,
    handoffs.handed_off_at,
    handoffs.sla_policy,
    handoffs.sla_status,
    handoffs.sla_due_at,
    handoffs.assigned_rep_id,
    handoffs.recommended_rep_id,
    handoffs.disposition,
    handoffs.reason_code
"""
ALL_LEADS = """
from {marts}.lead_stages
left join {intermediate}.int_funnel_leads as funnel on lead_stages.lead_id = funnel.lead_id
left join {marts}.next_best_action as actions on lead_stages.lead_id = actions.lead_id
left join {marts}.lead_scores as scores
    on lead_stages.lead_id = scores.lead_id and scores.is_primary
left join {intermediate}.int_leads as people on lead_stages.lead_id = people.lead_id
left join {marts}.account_engagement as accounts on lead_stages.account_id = accounts.account_id
"""
WITH_HANDOFFS = "inner join {marts}.handoffs on lead_stages.lead_id = handoffs.lead_id"
WITH_OPEN = """
left join {marts}.handoffs on lead_stages.lead_id = handoffs.lead_id and handoffs.is_open
"""
WITH_QUEUE = """
inner join {marts}.re_engagement_queue as queue on lead_stages.lead_id = queue.lead_id
"""
WITH_AGEING = "inner join {marts}.stage_ageing as ageing on lead_stages.lead_id = ageing.lead_id"


@dataclass
class Asked:
    """What an address asks for.

    Attributes:
        what: It in words, each a part of a sentence.
        conditions: SQL of this module.
        values: The parameters of the conditions.
        joined: Tables beside those of the leads.
        fields: Columns beside those of the leads.
    """

    what: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    joined: str = ""
    fields: str = ""

    @property
    def are_handoffs(self) -> bool:
        """Whether a row is a hand-off and not a lead."""
        return bool(self.fields)

    def add(self, what: str, condition: str, **values: Any) -> None:
        """Ask for one thing more."""
        self.what.append(what)
        self.conditions.append(condition)
        self.values.update(values)

    def query(self, fields: str) -> str:
        """The query for columns of the rows."""
        where = " and ".join(["1 = 1", *self.conditions])
        return f"select {fields} {ALL_LEADS} {self.joined} where {where}"

    def rows(self) -> str:
        """The query for all rows."""
        names = may_be_shown("leads", PERSON)
        person = "".join(f"people.{name}, " for name in names)
        order = "handoffs.handed_off_at desc, " if self.are_handoffs else ""
        return (
            self.query(FIELDS.replace("{person}", person) + self.fields)
            + f" order by {order}scores.adjusted_score desc, lead_stages.lead_id"
        )


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Who is behind a figure?")
    asked = asked_for(streamlit.query_params.to_dict())
    (found,) = parts.read(asked.query("count(*) as found"), **asked.values).rows[0]
    what = ("hand-off" if asked.are_handoffs else "lead") + ("" if found == 1 else "s")
    told = "; ".join(asked.what) or "all"
    parts.section(f"{count(found)} {what}: {told}")
    if not found:
        parts.nothing("Nobody fits the address.", "Follow a link of another page.")
        return
    if found > parts.LISTED:
        parts.note(f"The first {count(parts.LISTED)} are shown; CSV: all.")
    listing(asked)


def listing(asked: Asked) -> None:
    """Show what is asked for as a list, and all of it as a file."""
    rows = asked.rows()
    parts.listing(
        parts.read(f"{rows} limit {parts.LISTED}", **asked.values),
        "handoffs" if asked.are_handoffs else "lead_stages",
        "leads",
        complete=parts.complete(rows, **asked.values),
    )


def asked_for(query: dict[str, str]) -> Asked:
    """Return what the filters of an address ask for; values that do not exist are ignored.

    Args:
        query: The filters by name.
    """
    asked = Asked()
    plain = dict(PLAIN)
    months = _months(query)
    if (kind := query.get("handoffs")) in HANDOFFS:
        plain |= {"channel": "handoffs.channel", "policy": "handoffs.sla_policy"}
        plain["rep"] = "coalesce(handoffs.assigned_rep_id, 'unassigned')"
        plain["reason"] = "coalesce(handoffs.reason_code, 'unknown')"
        asked.joined, asked.fields = WITH_HANDOFFS, FIELDS_OF_HANDOFFS
        asked.add(*HANDOFFS[kind])
        if months:
            _within(asked, "handed over", "handoffs.handed_off_at", months)
    elif (kind := query.get("queue")) in QUEUES:
        plain["track"] = "queue.nurture_track"
        asked.joined = WITH_QUEUE
        asked.add(*QUEUES[kind])
    elif (kind := query.get("ageing")) in AGEINGS:
        asked.joined = WITH_AGEING
        asked.add(*AGEINGS[kind])
    elif (kind := query.get("work")) in WORKS:
        asked.joined = WITH_OPEN
        asked.add(*WORKS[kind])
        asked.conditions.append("actions.owner in ('sdr', 'sales')")
        if rep := query.get("rep"):
            asked.add(f"rep: {parts.told('rep_id', rep)}", OF_REP, rep=rep)
            del plain["rep"]
    else:
        _of_funnel(asked, query, months)
    for name, column in plain.items():
        if value := query.get(name):
            asked.add(_told(name, value), f"{column} = ${name}", **{name: value})
    return asked


def _months(query: dict[str, str]) -> Sequence[str]:
    """The first and the last month of ``month`` and as many before as ``months`` says, or none."""
    last, length = query.get("month", ""), query.get("months", "1")
    if not MONTH.fullmatch(last) or last < FIRST_MONTH:
        return ()
    back = int(length) - 1 if MONTHS.fullmatch(length) else 0
    year, month = divmod(int(last[:4]) * 12 + int(last[5:]) - 1 - back, 12)
    return f"{year}-{month + 1:02}", last


def _of_funnel(asked: Asked, query: dict[str, str], months: Sequence[str]) -> None:
    """The step, the month of it or of the cohort, and the member of a dimension."""
    step, basis = query.get("step", ""), query.get("basis", "")
    if step in CONDITIONS:
        asked.add(within(metrics()[step].label), CONDITIONS[step])
    if months and basis in COHORTS:
        _within(asked, BASES[basis], f"funnel.{COHORTS[basis]}", months)
    elif months:
        reached_at = STEPS.get(step, "first_seen_at")
        was = "reached" if step in STEPS and step != "leads" else "first seen"
        _within(asked, was, f"funnel.{reached_at}", months)
    dimension, member = query.get("dimension", ""), query.get("member", "")
    if dimension in DIMENSIONS and member:
        heading = within(parts.heading_of(dimension))
        asked.add(
            f"{heading}: {parts.told(dimension, member)}",
            f"coalesce(funnel.{DIMENSIONS[dimension]}, 'unknown') = $member "
            "and funnel.lead_id is not null",
            member=member,
        )


def _within(asked: Asked, what: str, column: str, months: Sequence[str]) -> None:
    """Ask for what happened from a month of the reports to another."""
    first, after = bounds(*months)
    asked.add(
        f"{what} in {' to '.join(dict.fromkeys(months))}",
        f"{column} >= cast($first as timestamp) and {column} < cast($after as timestamp)",
        first=first,
        after=after,
    )


def _told(name: str, value: str) -> str:
    """A filter in words."""
    column = {"account": "account_id", "rep": "rep_id", "policy": "sla_policy"}.get(name, name)
    column = {"track": "nurture_track", "reason": "reason_code"}.get(column, column)
    return f"{within(parts.heading_of(column))}: {parts.told(column, value)}"


def bounds(first_month: str, last_month: str) -> tuple[str, str]:
    """Return when the first month begins and the last one ends in the reports, UTC."""
    first, last = (date.fromisoformat(f"{month}-01") for month in (first_month, last_month))
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    begins, ends = (
        datetime(day.year, day.month, 1, tzinfo=_zone()).astimezone(UTC) for day in (first, after)
    )
    return f"{begins:%Y-%m-%d %H:%M:%S}", f"{ends:%Y-%m-%d %H:%M:%S}"


@cache
def _zone() -> ZoneInfo:
    """The time zone of the reports, as the project says."""
    content = from_yaml((project_folder() / PROJECT_FILE).read_text(encoding="utf-8"))
    variables = content.get("vars", {})
    zone = variables.get("lead_qualification", variables).get("reporting_time_zone", "UTC")
    return ZoneInfo(str(zone))
