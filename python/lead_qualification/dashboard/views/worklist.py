"""Worklist: what each rep should do now, late ones first, and who has more than they manage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.access import may_be_shown
from lead_qualification.dashboard.wording import NOTHING, count
from lead_qualification.tables import Table

TITLE = "Worklist"
EVERYBODY = "all"
WEEKS = 12
PERSON = ("first_name", "last_name", "job_title", "company_name", "phone")
REPS = """
select
    rep_id,
    {name}
    lower(territory) as territory
from {staging}.stg_sales__sales_reps
order by rep_id
"""
WORK = """
select
    case
        when $rep = 'all' then
            case when handoffs.assigned_rep_id is not null then 'assigned'
                when handoffs.recommended_rep_id is not null then 'recommended'
                else 'open' end
        when handoffs.assigned_rep_id = $rep then 'assigned'
        when handoffs.assigned_rep_id is null and handoffs.recommended_rep_id = $rep
            then 'recommended'
        when handoffs.assigned_rep_id is null then 'open'
    end as worklist,
    actions.lead_id,
    {person}
    accounts.name as account,
    actions.action,
    actions.due_at,
    actions.blocked_by,
    coalesce(handoffs.assigned_rep_id, handoffs.recommended_rep_id) as rep_id,
    handoffs.territory,
    handoffs.sla_status,
    actions.stage,
    scores.adjusted_score,
    scores.grade,
    handoffs.trigger_event,
    handoffs.trigger_signal,
    handoffs.attempts,
    actions.why,
    actions.reason,
    actions.as_of
from {marts}.next_best_action as actions
inner join {marts}.lead_scores as scores
    on actions.lead_id = scores.lead_id and scores.is_primary
left join {marts}.handoffs as handoffs
    on actions.lead_id = handoffs.lead_id and handoffs.is_open
left join {marts}.lead_stages as stages on actions.lead_id = stages.lead_id
left join {marts}.account_engagement as accounts on stages.account_id = accounts.account_id
left join {intermediate}.int_leads as people on actions.lead_id = people.lead_id
where
    actions.owner in ('sdr', 'sales')
    and (
        $rep = 'all'
        or handoffs.assigned_rep_id = $rep
        or (handoffs.assigned_rep_id is null and handoffs.recommended_rep_id = $rep)
        or (handoffs.assigned_rep_id is null and lower(handoffs.territory) = $territory)
    )
order by
    case when actions.blocked_by is null then 0 else 1 end,
    case when actions.due_at is null then 1 else 0 end,
    actions.due_at,
    scores.adjusted_score desc,
    actions.lead_id
"""
CAPACITY = """
with waiting as (
    select
        coalesce(assigned_rep_id, recommended_rep_id) as rep_id,
        count(*) as waiting
    from {marts}.handoffs
    where is_open and not is_begun_by_sales and first_response_at is null
    group by coalesce(assigned_rep_id, recommended_rep_id)
),

answered as (
    select
        rep_id,
        sum(met) as met
    from {marts}.sla_performance
    where
        week_start >= $first and sla_policy = 'all' and rep_id <> 'all'
        and response_bucket = 'all'
    group by rep_id
)

select
    coalesce(waiting.rep_id, answered.rep_id) as rep_id,
    coalesce(waiting.waiting, 0) as waiting,
    coalesce(answered.met, 0) as met
from waiting
full outer join answered on waiting.rep_id = answered.rep_id
order by 2 desc, 1
"""
AS_OF = "select max(as_of) as as_of from {marts}.next_best_action"
SECTIONS = {
    "assigned": ("Mine", "Assigned to the rep; late ones first."),
    "recommended": ("Recommended to me", "Nobody has them; it is the rep's turn."),
    "open": ("Unassigned in my territory", "Nobody has them, and it is the turn of another."),
}
SECTIONS_OF_ALL = {
    "assigned": ("Assigned", "Late ones first."),
    "recommended": (
        "Recommended, not assigned",
        "Nobody has them yet; it is the turn of the rep.",
    ),
    "open": ("Without a rep", "No hand-off is open, or no rep serves the territory."),
}
SHOWN = (
    "left",
    "lead_id",
    *PERSON,
    "account",
    "action",
    "blocked_by",
    "rep_id",
    "territory",
    "sla_status",
    "due_at",
    "stage",
    "adjusted_score",
    "grade",
    "trigger_event",
    "trigger_signal",
    "attempts",
    "why",
    "reason",
)


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "What should each rep do now, and is it more than they manage?")
    reps = {row["rep_id"]: row for row in parts.read(_with_name()).records}
    rep = parts.choice("Rep", "rep", list(reps), EVERYBODY, "Whose work to show.", "rep_id")
    chosen = reps.get(rep, {})
    if chosen.get("name"):
        parts.note(f"{chosen['name']}, {chosen.get('territory') or 'no territory'}")
    found = parts.read(_with_person(), rep=rep, territory=chosen.get("territory"))
    late = sum(1 for row in found.records if _is_late(row))
    parts.numbers(
        "next_best_action",
        [
            parts.Number(
                "action",
                count(len(found)),
                title="To do",
                link=parts.leads_link(work="all", rep=rep),
            ),
            parts.Number(
                "due_at",
                count(late),
                "due before the build",
                "Late",
                parts.leads_link(work="late", rep=rep),
            ),
            parts.Number(
                "blocked_by",
                count(sum(1 for row in found.records if row["blocked_by"] is not None)),
                title="Held back",
                link=parts.leads_link(work="held_back", rep=rep),
            ),
        ],
    )
    for name, (title, meaning) in (SECTIONS_OF_ALL if rep == EVERYBODY else SECTIONS).items():
        _list(found, name, title, meaning)
    _capacity()


def _list(found: Table, name: str, title: str, meaning: str) -> None:
    """The leads of one part of the worklist."""
    columns = tuple(column for column in SHOWN if column == "left" or column in found.columns)
    rows = tuple(
        tuple(left(row) if column == "left" else row[column] for column in columns)
        for row in found.records
        if row["worklist"] == name
    )
    parts.section(f"{title}: {len(rows)}", meaning)
    if rows:
        parts.listing(Table(columns, rows), "next_best_action", f"worklist_{name}")
    else:
        parts.nothing("Nothing to do here.", "That is good.")


def left(row: dict[str, Any]) -> str:
    """How long until it is due, at as_of: 2 h 5 min, or 3 d late."""
    if row["due_at"] is None:
        return NOTHING
    span = row["due_at"] - row["as_of"]
    minutes = abs(span) // timedelta(minutes=1)
    days, hours = divmod(minutes // 60, 24)
    told = f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"
    return f"{told} late" if span < timedelta(0) else told


def _is_late(row: dict[str, Any]) -> bool:
    """Whether it was due before the build, and nothing holds it back."""
    return row["due_at"] is not None and row["due_at"] < row["as_of"] and row["blocked_by"] is None


def _capacity() -> None:
    """Who has more open hand-offs than they answered in time before."""
    parts.section(
        "More than they manage?",
        f"Hand-offs that wait, against those that the rep answered in time in a week, on "
        f"average of the last {WEEKS}.",
    )
    now = parts.read(AS_OF).rows[0][0]
    if now is None:
        parts.nothing("No hand-off waits.", "There are no leads yet.")
        return
    found = parts.read(CAPACITY, first=(now - timedelta(weeks=WEEKS)).date())
    rows = tuple(
        (
            row["rep_id"],
            row["waiting"],
            round(float(row["met"]) / WEEKS, 2),
            "yes" if row["waiting"] > row["met"] / WEEKS else "no",
        )
        for row in found.records
        if row["rep_id"] is not None
    )
    parts.listing(
        Table(("rep_id", "waiting", "in_time_a_week", "more_than_a_week"), rows),
        "sla_performance",
        "capacity",
    )


def _with_name() -> str:
    """The query for reps, with their names where those may be shown."""
    names = may_be_shown("sales_reps", ["name"])
    return REPS.replace("{name}", "name," if names else "")


def _with_person() -> str:
    """The query for the work, with what may be shown of the person."""
    names = may_be_shown("leads", PERSON)
    return WORK.replace("{person}", "".join(f"people.{name}, " for name in names))
