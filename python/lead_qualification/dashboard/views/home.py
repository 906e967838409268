"""Home: on target or not, what changed and why, and what is worth doing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import streamlit

from lead_qualification.dashboard import actions, charts, parts
from lead_qualification.dashboard.actions import LEADS, MONEY, Action
from lead_qualification.dashboard.decomposition import (
    PARTS,
    Change,
    Counts,
    decomposed,
    foremost,
    in_tenths,
    total,
)
from lead_qualification.dashboard.wording import NOTHING, count, money, percent
from lead_qualification.labels import within
from lead_qualification.metrics import COUNTING
from lead_qualification.tables import Table
from lead_qualification.untrusted import markdown

TITLE = "Home"
LENGTHS = (1, 2, 3, 6, 12)
ACTIONS = 3
# What is explained, by the metric's name: the columns of channel_roi with its entries and results.
STEPS = ("mqls", "sqls")
EXPLAINED = {"sqls": ("mqls", "sqls"), "deals_won": ("opportunities", "customers")}
WITHOUT_MQLS = ("leads", "sqls")
UNFINISHED = ("in_progress", "not_started")
TARGETS = {"mqls": "target_mqls", "sqls": "sql_target", "pipeline": "pipeline_target"}
VERDICTS = {"mqls": "verdict", "sqls": "sql_verdict", "pipeline": "pipeline_verdict"}

MONTHS = """
select
    velocity.month,
    velocity.mqls,
    velocity.sqls,
    promised.pipeline,
    promised.target_mqls,
    promised.sql_target,
    promised.pipeline_target,
    promised.verdict,
    promised.sql_verdict,
    promised.pipeline_verdict,
    velocity.as_of
from {marts}.lead_velocity as velocity
left join {marts}.marketing_sla as promised on velocity.month = promised.target_month
where velocity.motion = 'all'
order by velocity.month
"""
CHANNELS = """
select
    member as channel,
    month,
    leads,
    mqls,
    sqls,
    opportunities,
    customers
from {marts}.channel_roi
where dimension = 'channel' and month is not null
order by member, month
"""


@dataclass(frozen=True)
class Span:
    """Months in a row, and as many before.

    Attributes:
        months: The rows of the chosen months.
        before: Those of the months before; empty if there are not as many.
    """

    months: Sequence[dict[str, Any]]
    before: Sequence[dict[str, Any]]

    @property
    def name(self) -> str:
        """The chosen months as text."""
        return _name([row["month"] for row in self.months])

    def link(self, **filters: str) -> str:
        """The address of the list of what was counted in the chosen months."""
        last = f"{self.months[-1]['month']:%Y-%m}"
        length = str(len(self.months)) if len(self.months) > 1 else None
        return parts.leads_link(**filters, month=last, months=length)

    @property
    def name_before(self) -> str:
        """The months before as text."""
        return _name([row["month"] for row in self.before])


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Are we on target, what changed and why, and what is worth doing first?")
    months = parts.read(MONTHS).records
    whole = [f"{row['month']:%Y-%m}" for row in months if _is_whole(row)]
    if not whole:
        parts.nothing("No month is over yet.", "Look again when one is.")
        _to_do(None)
        return
    columns = streamlit.columns(4)
    with columns[0]:
        last = parts.choice(
            "Month",
            "month",
            [f"{row['month']:%Y-%m}" for row in reversed(months)],
            whole[-1],
            "The month, or the last of several. At first the last one that is over.",
        )
    with columns[1]:
        length = parts.choice(
            "How many months",
            "months",
            LENGTHS,
            LENGTHS[0],
            "The month alone, or with months before it; compared with as many before those.",
        )
    with columns[2]:
        explained = parts.choice(
            "Explain",
            "explain",
            list(EXPLAINED),
            "sqls",
            "The number whose change is explained.",
            "metric",
        )
    with columns[3]:
        by = parts.choice(
            "Rank actions by", "by", (LEADS, MONEY), LEADS, "What counts in the list.", "unit"
        )
    span = _span(months, last, int(length))
    if not _is_whole(span.months[-1]):
        parts.note(f"{last} is not over yet: its numbers still grow.")
    _targets(span)
    _why(span, str(explained))
    _to_do(span, by)


def _is_whole(row: dict[str, Any]) -> bool:
    """Whether a month is over, as the verdicts on the promises see it."""
    month: date = row["month"]
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1)
    verdicts = (row[name] for name in VERDICTS.values())
    return row["as_of"] >= end and not any(verdict in UNFINISHED for verdict in verdicts)


def _span(months: Sequence[dict[str, Any]], last: str, length: int) -> Span:
    """The months up to the last one, and as many before."""
    end = next(n for n, row in enumerate(months, 1) if f"{row['month']:%Y-%m}" == last)
    start = max(end - length, 0)
    chosen = months[start:end]
    return Span(chosen, months[start - len(chosen) : start] if start >= len(chosen) else [])


def _name(months: Sequence[date]) -> str:
    """Months as text: 2026-05, or 2026-03 to 2026-05."""
    first, last = f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
    return first if first == last else f"{first} to {last}"


def _sum(rows: Sequence[dict[str, Any]], column: str) -> Any:
    """The sum of a column; None if it is missing in a month or there is no month."""
    values = [row[column] for row in rows]
    return sum(values) if values and None not in values else None


def _signed(value: Any) -> str:
    """A change with its sign."""
    return "no change" if value == 0 else f"{float(value):+,.0f}"


def _targets(span: Span) -> None:
    """Target against actual, and against the period before."""
    parts.section(f"Are we on target? {span.name}", COUNTING["activity"])
    parts.numbers("marketing_sla", [_against_target(span, name) for name in TARGETS], in_row=3)


def _against_target(span: Span, name: str) -> parts.Number:
    """A number with its target and that of the period before."""
    found, promised = _sum(span.months, name), _sum(span.months, TARGETS[name])
    before = _sum(span.before, name)
    told = ["No target."]
    if promised:
        share = None if found is None else found / promised
        told = [f"{percent(share)} of the promised {count(promised)}."]
        if len(span.months) == 1:
            told.append(f"{parts.told('verdict', span.months[0][VERDICTS[name]])}.")
    if found is None or before is None:
        told.append("Nothing to compare it with before.")
    else:
        growth = f" ({100 * float(found - before) / float(before):+.1f} %)" if before else ""
        told.append(
            f"Before, {span.name_before}: {count(before)}; {_signed(found - before)}{growth}."
        )
    shown = money(found) if name == "pipeline" else count(found)
    link = "" if name == "pipeline" else span.link(step=name)
    return parts.Number(name, shown, " ".join(told), link=link)


def _why(span: Span, explained: str) -> None:
    """The change of the results, by volume, mix and rate."""
    found = parts.read(CHANNELS).records
    entered, reached = EXPLAINED[explained]
    if explained == "sqls" and not any(row["mqls"] for row in found):
        entered, reached = WITHOUT_MQLS
    entries = within(parts.name_of("channel_roi", entered))
    results = parts.name_of("channel_roi", reached)
    parts.section(
        f"Why did {within(results)} change?",
        f"Volume: more or fewer {entries}. Mix: other shares of the channels in them. Rate: more "
        f"or fewer {within(results)} for the {entries} of a channel. The three add up to the "
        "change. Both are counted in the period, so a rate is not of the same leads.",
    )
    if not span.before:
        parts.nothing("There is no period of this length before.", "Choose fewer months.")
        return
    counts = _counts(found, span, entered, reached)
    changes = decomposed(counts)
    whole = total(changes.values())
    shown = in_tenths([getattr(whole, name) for name in PARTS])
    _sentence(span, counts, changes, results)
    parts.numbers(
        "channel_roi",
        [
            parts.Number(reached, _signed(whole.change), title=f"Change of {within(results)}"),
            *(
                parts.Number(reached, _tenths(value), title=f"By {name}")
                for name, value in zip(PARTS, shown, strict=True)
            ),
        ],
        in_row=4,
    )
    table = _by_channel(counts, changes, entered, reached)
    parts.subtitle("Which channel made the change?")
    parts.picture(
        charts.signed_bars(
            table.frame, "channel", "change", f"{results}: more or fewer than before"
        ),
        table,
        "channel_roi",
        "change",
        alt="Bars: by how many results each channel changed.",
        defines=(entered, reached),
        # Deals are counted, not their leads.
        links=None
        if reached not in STEPS
        else lambda row: span.link(step=reached, dimension="channel", member=row["channel"]),
    )


def _counts(
    rows: Sequence[dict[str, Any]], span: Span, entered: str, reached: str
) -> dict[str, Counts]:
    """Entries and results of each channel that had any, in the two periods."""
    now = {row["month"] for row in span.months}
    before = {row["month"] for row in span.before}

    def summed(channel: str, months: set[date], column: str) -> int:
        return sum(
            row[column] or 0 for row in rows if row["channel"] == channel and row["month"] in months
        )

    found = {
        channel: Counts(
            summed(channel, before, entered),
            summed(channel, now, entered),
            summed(channel, before, reached),
            summed(channel, now, reached),
        )
        for channel in dict.fromkeys(row["channel"] for row in rows)
    }
    return {channel: one for channel, one in found.items() if one != Counts()}


def _sentence(
    span: Span, counts: dict[str, Counts], changes: dict[str, Change], results: str
) -> None:
    """What changed, and which channel contributed most, in words."""
    before = sum(one.results_before for one in counts.values())
    now = sum(one.results for one in counts.values())
    if now == before:
        what = f"{results} stayed at {count(now)}, as in {span.name_before}"
    else:
        way = "rose" if now > before else "fell"
        what = (
            f"{results} {way} by {count(abs(now - before))}, from {count(before)} in "
            f"{span.name_before} to {count(now)} in {span.name}"
        )
    first = foremost(changes)
    if first is None:
        parts.verdict(what, "No channel changed.")
        return
    one = changes[first]
    largest = max(PARTS, key=lambda name: abs(getattr(one, name)))
    parts.verdict(
        what,
        f"{markdown(parts.told('channel', first))} contributed most: {_signed(one.change)}, "
        f"mainly by its {largest} ({_tenths(in_tenths([getattr(one, largest)])[0])}).",
    )


def _tenths(value: Fraction) -> str:
    """A number of tenths with its sign."""
    return "0.0" if value == 0 else f"{float(value):+,.1f}"


def _by_channel(
    counts: dict[str, Counts], changes: dict[str, Change], entered: str, reached: str
) -> Table:
    """The channels with what they contributed, the largest change first."""
    columns = (
        "channel",
        f"{entered}_before",
        entered,
        f"{reached}_before",
        reached,
        *(f"by_{name}" for name in PARTS),
        "change",
    )
    rows = []
    for channel in sorted(counts, key=lambda name: (-abs(changes[name].change), name)):
        one = counts[channel]
        shown = in_tenths([getattr(changes[channel], name) for name in PARTS])
        rows.append(
            (
                channel,
                one.entries_before,
                one.entries,
                one.results_before,
                one.results,
                *map(float, shown),
                int(changes[channel].change),
            )
        )
    return Table(columns, tuple(rows))


def _to_do(span: Span | None, by: str = LEADS) -> None:
    """The actions that are about most leads or money."""
    parts.section(
        "What is worth doing first?",
        f"The {ACTIONS} with the most {by} of all that is late, due, behind or advised.",
    )
    months = span.months if span else ()
    counted = [(name, _sum(months, name), _sum(months, goal)) for name, goal in TARGETS.items()]
    missing = actions.behind(counted, span.name) if span else ()
    found = actions.ranked(
        [
            *actions.waiting(),
            *actions.stale(),
            *missing,
            *actions.advised(),
            *actions.bars(),
        ],
        by,
    )[:ACTIONS]
    if not found:
        parts.nothing("Nothing is late, due or behind.", "That is good.")
        return
    for column, action in zip(streamlit.columns(ACTIONS), found, strict=False):
        with column:
            main, other = _shown(action, by)
            parts.subtitle(action.title)
            number = parts.Number("", main, other, _unit(action, by), action.link)
            parts.numbers(action.source, [number])
            parts.note(action.what)
            parts.link(action.page, action.address)


def _unit(action: Action, by: str) -> str:
    """What the number of an action counts."""
    is_money = bool(action.money) and (by == MONEY or not action.leads)
    return "Money" if is_money else "Leads"


def _shown(action: Action, by: str) -> tuple[str, str]:
    """The number of an action, and the other one as a note."""
    leads = count(action.leads) if action.leads else NOTHING
    amount = money(action.money) if action.money else NOTHING
    if _unit(action, by) == "Money":
        return amount, f"{leads} leads" if action.leads else ""
    return leads, f"with deals of {amount}" if action.money else ""
