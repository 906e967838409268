"""Accounts: who shows intent, who of the buying committee is there, whom to call."""

from __future__ import annotations

import pandas
import streamlit

from lead_qualification import untrusted
from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.wording import count

TITLE = "Accounts"
SHOWN_ACCOUNTS = 25
MARKETS = (parts.ALL, "in market", "to call")

STAGES = """
select distinct coalesce(account_stage, 'none') as found
from {marts}.account_engagement
order by 1
"""
ROLES = "select distinct buying_role as found from {policy}.buying_roles order by 1"
FITTING = """
    ($stage = 'all' or coalesce(account_stage, 'none') = $stage)
    and ($market = 'all' or ($market = 'in market' and is_in_market)
        or ($market = 'to call' and outbound_trigger))
"""
COUNTS = f"""
select
    count(*) as accounts,
    count(case when is_target_account then 1 end) as targets,
    count(case when is_in_market then 1 end) as in_market,
    count(case when outbound_trigger then 1 end) as to_call
from {{marts}}.account_engagement
where {FITTING}
"""
COVERAGE = f"""
select
    coalesce(account_stage, 'none') as account_stage,
    buying_roles_covered,
    count(*) as accounts,
    max(as_of) as as_of
from {{marts}}.account_engagement
where {FITTING}
group by coalesce(account_stage, 'none'), buying_roles_covered
order by account_stage, buying_roles_covered
"""
ALL_FITTING = f"""
select * from {{marts}}.account_engagement
where {FITTING}
order by
    case when outbound_trigger then 0 when is_in_market then 1 else 2 end,
    account_score desc,
    account_id
"""
LISTED = f"{ALL_FITTING} limit {parts.LISTED}"
ALL_CALLS = f"""
select
    account_id,
    name,
    account_score,
    third_party_intent_points,
    account_stage,
    is_target_account,
    outbound_trigger,
    buying_roles,
    leads,
    engaged_leads_90d,
    last_intent_at,
    last_engagement_at
from {{marts}}.account_engagement
where is_in_market and {FITTING}
order by
    case when outbound_trigger then 0 else 1 end,
    account_score desc,
    account_id
"""
CALLS = f"{ALL_CALLS} limit {parts.LISTED}"
SEGMENTS = """
select *
from {marts}.account_funnel
where cohort_month is null
order by target_accounts desc, company_segment
"""

ALL_MOVES = """
select
    moves.account_id,
    accounts.name,
    moves.stage,
    moves.entered_at,
    moves.exited_at,
    accounts.account_score
from {marts}.account_stage_history as moves
inner join {marts}.account_engagement as accounts on moves.account_id = accounts.account_id
order by moves.entered_at desc, moves.account_id
"""
MOVES = f"{ALL_MOVES} limit {parts.LISTED}"


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Which accounts show intent, and who of the buying committee is there?")
    meaning = definition_of("account_engagement")
    columns = streamlit.columns(2)
    with columns[0]:
        stages = [parts.ALL, *parts.read(STAGES).values("found")]
        stage = parts.choice(
            "Account stage",
            "stage",
            stages,
            parts.ALL,
            meaning.of("account_stage"),
            "account_stage",
        )
    with columns[1]:
        market = parts.choice("Market", "market", MARKETS, parts.ALL, meaning.of("is_in_market"))
    filters = {"stage": stage, "market": market}
    numbers = parts.read(COUNTS, **filters).records[0]
    parts.numbers(
        "account_engagement",
        [
            parts.Number("account_id", count(numbers["accounts"]), title="Accounts"),
            parts.Number("is_target_account", count(numbers["targets"]), title="Target accounts"),
            parts.Number("is_in_market", count(numbers["in_market"]), title="In market"),
            parts.Number("outbound_trigger", count(numbers["to_call"]), title="To call"),
        ],
    )
    _calls(filters)
    _committee(filters)
    _segments()
    _moves()


def _calls(filters: dict[str, str]) -> None:
    """Accounts in the market, those without own engagement first."""
    parts.section(
        "In the market: whom to call",
        "Accounts whose intent elsewhere says that they are looking; those that nobody here has "
        "heard from come first.",
    )
    found = parts.read(CALLS, **filters)
    if not found.rows:
        parts.nothing("No account of this choice is in the market.")
        return
    parts.listing(
        found,
        "account_engagement",
        "calls",
        complete=parts.complete(ALL_CALLS, **filters),
        links=lambda row: parts.leads_link(account=row["account_id"]) if row["leads"] else "",
    )


def _committee(filters: dict[str, str]) -> None:
    """Who of the buying committee is known."""
    parts.section(
        "Buying committee", meaning=definition_of("account_engagement").of("buying_roles")
    )
    found = parts.read(LISTED, **filters)
    if not found.rows:
        parts.nothing("No account fits these filters.")
        return
    roles = parts.read(ROLES).values("found")
    shown = found.records[:SHOWN_ACCOUNTS]
    parts.subtitle("How many roles are covered, by account stage")
    by_stage = parts.read(COVERAGE, **filters)
    parts.picture(
        charts.covered_roles(by_stage.frame, len(roles)),
        by_stage,
        "account_engagement",
        "coverage",
        alt="Number of accounts by stage and by how many buying roles are covered.",
        defines=("buying_roles_covered", "account_stage"),
    )
    parts.subtitle("Who is missing")
    if len(found) > SHOWN_ACCOUNTS:
        parts.note(
            f"The first {SHOWN_ACCOUNTS} of {len(found)} accounts, to call and in the market "
            "first, then by score; CSV: all. A filled square is a role that somebody has."
        )
    parts.picture(
        charts.coverage(
            _squares(shown, roles),
            [_name(row) for row in shown],
            [parts.told("buying_role", role) for role in roles],
        ),
        found,
        "account_engagement",
        "accounts",
        alt="A square for each account and buying role, filled where the role is covered.",
        defines=("buying_roles", "account_score"),
        complete=parts.complete(ALL_FITTING, **filters),
    )


def _name(row: dict[str, object]) -> str:
    """An account as a reader knows it, and unique."""
    return untrusted.plain(f"{row['name'] or 'no name'} ({row['account_id']})")


def _squares(rows: list[dict[str, object]], roles: list[str]) -> pandas.DataFrame:
    """A row for each account and role, with whether somebody has the role."""
    return pandas.DataFrame(
        [
            {
                "account": _name(row),
                "role": parts.told("buying_role", role),
                "state": "known"
                if role in str(row["buying_roles"] or "").split(", ")
                else "missing",
            }
            for row in rows
            for role in roles
        ]
    )


def _segments() -> None:
    """Whether account-based marketing pays."""
    parts.section("Target accounts by segment", meaning=definition_of("account_funnel").description)
    found = parts.read(SEGMENTS)
    frame = found.frame.dropna(subset=["engaged_rate"])
    if len(frame) == 0:
        parts.nothing("There is no target account.", "Mark accounts as targets in the CRM.")
        return
    parts.picture(
        charts.intervals(
            frame,
            "company_segment",
            "engaged_rate",
            ["engaged:Q", "target_accounts:Q", "to_pipeline:Q", "won:Q"],
        ),
        found,
        "account_funnel",
        "segments",
        alt="The share of target accounts that are engaged, by segment, with its 95 % interval.",
        defines=("engaged_rate", "engaged_to_pipeline_rate"),
    )


def _moves() -> None:
    """Which accounts moved lately."""
    parts.section("Which accounts moved lately?")
    with parts.folded("Which stage did each enter, the latest first?"):
        parts.listing(
            parts.read(MOVES), "account_stage_history", "moves", complete=parts.complete(ALL_MOVES)
        )
