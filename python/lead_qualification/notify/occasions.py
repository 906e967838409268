"""What there is to tell: for each occasion of notifications.csv its query, when and how."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lead_qualification.labels import within

Row = dict[str, Any]
When = tuple[datetime, datetime | None]
"""When an item is told, and after which instant it is not told any more; UTC."""

OPEN_HANDOFFS = """
select
    handoffs.lead_id || ' ' || handoffs.handoff_number as key,
    handoffs.lead_id,
    accounts.name as account,
    coalesce(handoffs.assigned_rep_id, handoffs.recommended_rep_id) as rep_id,
    handoffs.handed_off_at,
    handoffs.sla_due_at,
    handoffs.trigger_event,
    handoffs.trigger_signal,
    handoffs.grade,
    handoffs.score_band,
    actions.action,
    actions.why,
    handoffs.as_of
from {marts}.handoffs as handoffs
inner join {marts}.next_best_action as actions on handoffs.lead_id = actions.lead_id
left join {marts}.account_engagement as accounts on handoffs.account_id = accounts.account_id
where
    handoffs.is_open
    and not handoffs.is_begun_by_sales
    and handoffs.first_response_at is null
"""

HOT_ACCOUNTS = """
select
    account_id as key,
    account_id,
    name as account,
    account_score,
    engaged_leads_90d,
    buying_roles,
    last_intent_at,
    last_engagement_at,
    as_of
from {marts}.account_engagement
where is_in_market
"""

SOURCES = """
select
    source || ' ' || cast(coalesce(newest_happened_at, newest_received_at) as varchar) as key,
    source,
    coalesce(newest_happened_at, newest_received_at) as newest_at,
    as_of
from {marts}.source_freshness
where coalesce(newest_happened_at, newest_received_at) is not null
"""

UNHEALTHY_DATA = """
select
    -- While it lasts it is told again every month.
    "check" || ' ' || source || ' ' || coalesce("column", '') || ' ' || verdict
        || ' ' || cast(extract(year from as_of) as varchar)
        || '-' || cast(extract(month from as_of) as varchar) as key,
    "check" as check_name,
    source,
    "column" as column_name,
    affected,
    "rows" as looked_at,
    verdict,
    remedy,
    as_of
from {marts}.data_health
where verdict <> 'fine'
"""

DRIFT = """
select
    scoring_model || ' ' || cast(month as varchar) as key,
    scoring_model,
    month,
    score_verdict,
    rate_verdict,
    mean_score,
    earlier_mean_score,
    base_rate,
    earlier_rate,
    as_of
from {marts}.model_monitor
where score_verdict in ('higher', 'lower') or rate_verdict in ('higher', 'lower')
"""

TARGETS = """
select
    cast(target_month as varchar) as key,
    target_month,
    mqls,
    target_mqls,
    sqls,
    sql_target,
    pipeline,
    pipeline_target,
    as_of
from {marts}.marketing_sla
where target_mqls is not null or sql_target is not null or pipeline_target is not null
"""

NEWEST_POLICY = """
select
    cast(max(valid_from) as varchar) as key,
    max(valid_from) as changed_at,
    max(as_of) as as_of
from {marts}.policy_versions
having max(valid_from) is not null
"""

NUMBERS = """
select
    cast(max(as_of) as varchar) as key,
    max(as_of) as as_of
from {marts}.lead_stages
"""

FIRST_DAYS = 10
"""Of a month; before them a rate of delivery says little."""


@dataclass(frozen=True)
class Item:
    """Something to tell.

    Attributes:
        key: What tells it apart from all other items of the occasion, forever.
        happens_at: When it is told, UTC; later than now for what is known in advance.
        ends_at: After this it is not told any more; None if it is always of use.
        rep_id: The rep whom it is about; None if nobody.
        title: It in a line.
        lines: What else there is to know, each in a line.
        lead_id: The lead that it is about; None if none.
    """

    key: str
    happens_at: datetime
    ends_at: datetime | None
    rep_id: str | None
    title: str
    lines: tuple[str, ...]
    lead_id: str | None = None


@dataclass(frozen=True)
class Occasion:
    """A kind of item.

    Attributes:
        sql: Rows that may be told; ``{marts}`` stands for the schema of the public tables.
        when: When a row is told, by the minutes of the rule; None if it is not.
        title: A row in a line.
        lines: What else there is to know.
        has_rep: Whether the rows have a rep.
    """

    sql: str
    when: Callable[[Row, int | None], When | None]
    title: Callable[[Row], str]
    lines: Callable[[Row], list[str]]
    has_rep: bool = False


def items(name: str, rows: list[Row], minutes: int | None) -> list[Item]:
    """Return the items of an occasion, the earliest first.

    Args:
        name: The occasion.
        rows: The rows of its query, with labels for codes.
        minutes: The column minutes of the rule.
    """
    occasion = OCCASIONS[name]
    found = []
    for row in rows:
        when = occasion.when(row, minutes)
        if when is None:
            continue
        found.append(
            Item(
                key=row["key"],
                happens_at=when[0],
                ends_at=when[1],
                rep_id=row.get("rep_id"),
                title=occasion.title(row),
                lines=tuple(line for line in occasion.lines(row) if line),
                lead_id=row.get("lead_id"),
            )
        )
    return sorted(found, key=lambda item: (item.happens_at, item.key))


def instant(at: datetime | None) -> str:
    """An instant as readers have it."""
    return "no due date" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _at_once(row: Row, _: int | None) -> When:
    return row["as_of"], None


def _handed_off(row: Row, _: int | None) -> When:
    return row["handed_off_at"], None


def _at_risk(row: Row, minutes: int | None) -> When | None:
    due = row["sla_due_at"]
    return None if due is None else (due - timedelta(minutes=minutes or 0), due)


def _breached(row: Row, _: int | None) -> When | None:
    return None if row["sla_due_at"] is None else (row["sla_due_at"], None)


def _who(row: Row) -> str:
    return row["lead_id"] + (f", {row['account']}" if row["account"] else "")


def _about_lead(row: Row) -> list[str]:
    trigger = within(row["trigger_signal"] or row["trigger_event"])
    return [
        f"To do: {within(row['action'])}. Answer due {instant(row['sla_due_at'])}.",
        f"Handed over {instant(row['handed_off_at'])} because of {trigger}; grade {row['grade']}, "
        f"{within(row['score_band'])}.",
        f"Why: {row['why']}." if row["why"] else "",
        "Nobody has it yet." if row["rep_id"] is None else "",
    ]


def _in_market(row: Row, _: int | None) -> When | None:
    latest = max(
        (at for at in (row["last_intent_at"], row["last_engagement_at"]) if at), default=None
    )
    return None if latest is None else (latest, None)


def _about_account(row: Row) -> list[str]:
    roles = f"; in contact: {row['buying_roles']}" if row["buying_roles"] else ""
    return [f"Score {row['account_score']}, people engaged: {row['engaged_leads_90d']}{roles}."]


def _stopped(row: Row, minutes: int | None) -> When | None:
    silent_from = row["newest_at"] + timedelta(minutes=minutes or 2 * 24 * 60)
    return (silent_from, None) if silent_from <= row["as_of"] else None


def _about_check(row: Row) -> list[str]:
    return [f"{row['affected']} of {row['looked_at']} rows. {row['remedy']}."]


def _about_drift(row: Row) -> list[str]:
    return [
        f"Mean score {row['mean_score']:.1f}, before {row['earlier_mean_score']:.1f}: "
        f"{within(row['score_verdict'])}."
        if row["earlier_mean_score"] is not None
        else "",
        f"Conversion {row['base_rate']:.1%}, before {row['earlier_rate']:.1%}: "
        f"{within(row['rate_verdict'])}."
        if row["base_rate"] is not None and row["earlier_rate"] is not None
        else "",
    ]


def _behind(row: Row) -> list[str]:
    """Which promises of a running month are behind the days that have passed."""
    first, now = _day(row["target_month"]), row["as_of"]
    days = calendar.monthrange(first.year, first.month)[1]
    passed = (now - datetime(first.year, first.month, 1)).total_seconds() / 86400
    if not FIRST_DAYS <= passed <= days:
        return []
    told = []
    for words, target, found in (
        ("MQLs", row["target_mqls"], row["mqls"]),
        ("SQLs", row["sql_target"], row["sqls"]),
        ("pipeline", row["pipeline_target"], row["pipeline"]),
    ):
        if target and float(found or 0) < float(target) * passed / days:
            share = float(found or 0) / float(target)
            told.append(
                f"{words}: {float(found or 0):,.0f} of {float(target):,.0f} promised "
                f"({share:.0%}), {passed / days:.0%} of the month has passed."
            )
    return told


def _target_at_risk(row: Row, _: int | None) -> When | None:
    return (row["as_of"], None) if _behind(row) else None


def _review_due(row: Row, minutes: int | None) -> When:
    return _day_start(row["changed_at"]) + timedelta(minutes=minutes or 90 * 24 * 60), None


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _day_start(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


OCCASIONS = {
    "handoff_new": Occasion(
        OPEN_HANDOFFS, _handed_off, lambda row: f"New hand-off: {_who(row)}", _about_lead, True
    ),
    "handoff_at_risk": Occasion(
        OPEN_HANDOFFS, _at_risk, lambda row: f"Answer soon: {_who(row)}", _about_lead, True
    ),
    "handoff_breached": Occasion(
        OPEN_HANDOFFS,
        _breached,
        lambda row: f"Not answered in time: {_who(row)}",
        _about_lead,
        True,
    ),
    "account_hot": Occasion(
        HOT_ACCOUNTS,
        _in_market,
        lambda row: f"In the market: {row['account'] or row['account_id']}",
        _about_account,
    ),
    "source_stopped": Occasion(
        SOURCES,
        _stopped,
        lambda row: f"No news from {within(row['source'])} since {instant(row['newest_at'])}",
        lambda row: ["Look at its connector, and at the credentials that it uses."],
    ),
    "data_unhealthy": Occasion(
        UNHEALTHY_DATA,
        _at_once,
        lambda row: (
            f"{row['check_name']} in {within(row['source'])}"
            + (f", {within(row['column_name'])}" if row["column_name"] else "")
        ),
        _about_check,
    ),
    "model_drift": Occasion(
        DRIFT,
        _at_once,
        lambda row: f"Scores of {row['scoring_model']} in {_day(row['month']):%Y-%m}",
        _about_drift,
    ),
    "target_at_risk": Occasion(
        TARGETS,
        _target_at_risk,
        lambda row: f"Behind target: {_day(row['target_month']):%Y-%m}",
        _behind,
    ),
    "policy_review_due": Occasion(
        NEWEST_POLICY,
        _review_due,
        lambda row: f"The rules were last changed on {_day(row['changed_at'])}",
        lambda row: ["Look at threshold_recommendation and signal_lift, then keep or change them."],
    ),
    "numbers": Occasion(NUMBERS, _at_once, lambda row: "The numbers", lambda row: []),
}
