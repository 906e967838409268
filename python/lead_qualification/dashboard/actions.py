"""What is worth doing first: what is late, due, behind or advised, with how many leads or money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.wording import count, decimal
from lead_qualification.labels import within
from lead_qualification.metrics import metric, metrics

LEADS, MONEY = "leads", "money"
"""What actions are ranked by."""
WAITING = """
select
    case when sla_status = 'breached' then 'late' else 'waiting' end as state,
    count(distinct lead_id) as leads,
    sum(amount) as money
from (
    select
        lead_id,
        sla_status,
        max(case when customer_at is null then amount end) as amount
    from {marts}.handoffs
    where is_open and first_response_at is null and sla_status in ('breached', 'at_risk', 'open')
    group by lead_id, sla_status
) as waiting
group by case when sla_status = 'breached' then 'late' else 'waiting' end
"""
RE_ENGAGE = """
select count(*) as leads
from {marts}.re_engagement_queue
where is_cooldown_over
"""
AGEING = """
select count(*) as leads
from {marts}.stage_ageing
where ageing = 'over_typical'
"""
ADVICE = """
select source, metric, dimension, member, unit, denominator, advice
from {marts}.benchmark_comparison
where advice is not null
order by metric, dimension, member, source
"""
THRESHOLDS = """
select
    scoring_model,
    verdict,
    current_threshold,
    recommended_threshold,
    abs(recommended_leads - current_leads) as leads
from {marts}.threshold_recommendation
where basis = 'opportunity' and verdict in ('raise', 'lower')
order by scoring_model
"""


@dataclass(frozen=True)
class Action:
    """Something to do.

    Attributes:
        title: What its number counts.
        leads: How many leads it is about; None where it is about money alone.
        money: The amount that it is about; None where none is known.
        what: What to do, which may quote the data.
        address: The page where it is done.
        page: What the page is called.
        source: The public table that the number is from.
        link: Address of the list of its leads, if there is one.
    """

    title: str
    leads: int | None
    money: Decimal | None
    what: str
    address: str
    page: str
    source: str
    link: str = ""


def ranked(actions: Sequence[Action], by: str) -> list[Action]:
    """Return the actions that are about anything, the largest first by leads or by money."""

    def size(action: Action) -> tuple[Decimal | int, Decimal | int]:
        both = (action.leads or 0, action.money or 0)
        return both if by == LEADS else both[::-1]

    return sorted((one for one in actions if any(size(one))), key=size, reverse=True)


def waiting() -> Iterator[Action]:
    """Hand-offs without an answer."""
    titles = {
        "late": ("Late hand-offs", "Answer them today: their time to answer is over."),
        "waiting": ("Hand-offs to answer", "Answer them before they are late."),
    }
    for row in parts.read(WAITING).records:
        title, what = titles[row["state"]]
        yield Action(
            title,
            row["leads"],
            row["money"],
            what,
            "handoffs",
            "Hand-offs and SLA",
            "handoffs",
            parts.leads_link(handoffs="overdue" if row["state"] == "late" else "waiting"),
        )


def stale() -> Iterator[Action]:
    """Leads to approach again, and leads that stay too long."""
    yield Action(
        "Leads to approach again",
        parts.read(RE_ENGAGE).records[0]["leads"],
        None,
        "Their rest is over: send them the next program.",
        "feedback",
        "Feedback",
        "re_engagement_queue",
        parts.leads_link(queue="ready"),
    )
    yield Action(
        "Longer in a stage than usual",
        parts.read(AGEING).records[0]["leads"],
        None,
        "Decide about them: they stay longer than their stage usually takes.",
        "feedback",
        "Feedback",
        "stage_ageing",
        parts.leads_link(ageing="over_typical"),
    )


def behind(counted: Iterable[tuple[str, Any, Any]], when: str) -> Iterator[Action]:
    """What is missing to targets.

    Args:
        counted: Metric of marketing_sla, what was reached of it, and its target; None if unknown.
        when: The months that it is about, as text.
    """
    for name, found, promised in counted:
        if found is None or promised is None or found >= promised:
            continue
        missing = promised - found
        title = parts.name_of("marketing_sla", name)
        yield Action(
            f"{title} short of the target",
            None if name == "pipeline" else int(missing),
            Decimal(missing) if name == "pipeline" else None,
            f"{count(found)} of {count(promised)} in {when}: see which channel brings more.",
            "channels" if name == "mqls" else "funnel",
            "Channels and benchmarks" if name == "mqls" else "Funnel",
            "marketing_sla",
        )


def advised() -> Iterator[Action]:
    """Advice of the benchmarks where a warning clearly applies."""
    for row in parts.read(ADVICE).records:
        asked = {name: row[name] for name in ("source", "metric", "dimension")}
        found = metric(f"mature_{row['metric']}")
        name = found.label if found else parts.told("metric", row["metric"])
        yield Action(
            f"{name}: {parts.told('member', row['member'])}",
            row["denominator"],
            None,
            parts.told("advice", row["advice"]),
            f"channels?{urlencode(asked)}",
            "Channels and benchmarks",
            "benchmark_comparison",
        )


def bars() -> Iterator[Action]:
    """Thresholds that should be elsewhere."""
    label = metrics()["opportunities"].label
    for row in parts.read(THRESHOLDS).records:
        way = "Raise" if row["verdict"] == "raise" else "Lower"
        yield Action(
            f"{way} the threshold: {parts.told('scoring_model', row['scoring_model'])}",
            row["leads"],
            None,
            f"From {decimal(row['current_threshold'], 0)} to "
            f"{decimal(row['recommended_threshold'], 0)} points, by {within(label)}.",
            f"score_health?{urlencode({'model': row['scoring_model']})}",
            "Score health",
            "threshold_recommendation",
        )
