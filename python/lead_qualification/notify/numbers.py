"""The numbers of a digest, with the names and definitions of the registry."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lead_qualification.labels import Labels, within, words
from lead_qualification.metrics import label_of
from lead_qualification.notify.occasions import Item, instant
from lead_qualification.warehouse import Connection, Warehouse

MONTHS = """
select
    target_month,
    mqls,
    target_mqls,
    sqls,
    sql_target,
    pipeline,
    pipeline_target
from {marts}.marketing_sla
where target_month <= (select max(as_of) from {marts}.lead_stages)
order by target_month desc
limit 2
"""

WAITING = """
select
    count(*) as waiting,
    sum(case when sla_status = 'breached' then 1 else 0 end) as late
from {marts}.handoffs
where is_open and not is_begun_by_sales and first_response_at is null
"""

TO_DO = """
select
    owner,
    count(*) as leads
from {marts}.next_best_action
where is_outreach and blocked_by is null
group by owner
order by owner
"""


def with_numbers(connection: Connection, warehouse: Warehouse, labels: Labels, item: Item) -> Item:
    """Return an item with the numbers of a build as its lines."""
    lines = [f"As of {instant(item.happens_at)}. By activity: who reached a step in the month."]
    for month, mqls, target_mqls, sqls, sql_target, pipeline, pipeline_target in connection.table(
        MONTHS.format(marts=warehouse.marts)
    ).rows:
        lines.append(
            f"{month:%Y-%m}: {_name('mqls')} {_of(mqls, target_mqls)}, "
            f"{_name('sqls')} {_of(sqls, sql_target)}, "
            f"{_name('pipeline')} {_of(pipeline, pipeline_target)}."
        )
    waiting, late = connection.table(WAITING.format(marts=warehouse.marts)).rows[0]
    lines.append(f"Hand-offs that wait for an answer: {waiting}, {late or 0} of them too late.")
    for owner, leads in connection.table(TO_DO.format(marts=warehouse.marts)).rows:
        lines.append(f"Leads to approach, {within(labels.of('owner', owner))}: {leads}.")
    return replace(item, lines=tuple(lines))


def _name(column: str) -> str:
    """What the registry calls a number of marketing_sla."""
    return label_of("marketing_sla", column) or words(column)


def _of(found: Decimal | int | None, target: Decimal | int | None) -> str:
    """A number, and what was promised."""
    told = f"{float(found or 0):,.0f}"
    return told if target is None else f"{told} of {float(target):,.0f}"
