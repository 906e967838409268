"""Account: one account, what its score is made of, its stages, its leads and its intent."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.variables import CRM_ACCOUNT
from lead_qualification.dashboard.views import leads
from lead_qualification.dashboard.wording import count, plain
from lead_qualification.errors import HeldError, WarehouseError

TITLE = "Account"
FOUND = 50
SEARCH = f"""
select
    account_id,
    name,
    account_stage,
    account_score,
    leads,
    is_in_market,
    last_engagement_at
from {{marts}}.account_engagement
where
    $words = ''
    or account_id = $words
    or lower(name) like $pattern escape '!'
order by
    case when account_id = $words then 0 else 1 end,
    account_score desc,
    account_id
limit {FOUND}
"""
ONE = "select * from {marts}.account_engagement where account_id = $account"
STAGES = """
select stage, entered_at, exited_at
from {marts}.account_stage_history
where account_id = $account
order by entered_at desc
"""
INTENT = """
select occurred_at, signal, points, source
from {intermediate}.int_account_intent_points
where account_id = $account
order by occurred_at desc, signal
"""
SCORE_PARTS = (
    "account_fit_points",
    "top_lead_behaviour_points",
    "third_party_intent_points",
    "breadth_points",
    "account_score",
)


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "How far is this account, who is there, and what did they do?")
    words = parts.words("Search by id or name", "id", "The id of an account, or part of its name.")
    found = parts.read(SEARCH, words=words, pattern=f"%{parts.escaped(words.lower())}%")
    exact = [row for row in found.records if row["account_id"] == words]
    if not found.rows:
        parts.nothing("No account has this id or name.", "Check the spelling.")
    elif words and (exact or len(found) == 1):
        _account(found.rows[0][0])
    else:
        few = f"The first {FOUND} accounts" if len(found) == FOUND else f"{len(found)} accounts"
        parts.section(f"{few}, the highest scores first")
        parts.listing(found, "account_engagement", "accounts")


def _account(account: str) -> None:
    """Everything about one account."""
    row = parts.read(ONE, account=account).records[0]
    parts.section(f"{plain(row['name'] or 'No name')}, {account}")
    if address := os.environ.get(CRM_ACCOUNT):
        parts.outer_link("Open in the CRM", address.replace("{account_id}", quote(account, "")))
    parts.numbers(
        "account_engagement",
        [
            parts.Number("account_stage", parts.told("account_stage", row["account_stage"])),
            parts.Number("leads", count(row["leads"]), link=parts.leads_link(account=account)),
            parts.Number("engaged_leads_90d", count(row["engaged_leads_90d"])),
            parts.Number("is_target_account", plain(row["is_target_account"])),
            parts.Number("is_in_market", plain(row["is_in_market"])),
            parts.Number("buying_roles_covered", count(row["buying_roles_covered"])),
        ],
    )
    parts.section("Score", definition_of("account_engagement").of("account_score"))
    parts.numbers("account_engagement", [_part(name, row) for name in SCORE_PARTS])
    _leads(account)
    parts.section("Stages", definition_of("account_stage_history").description)
    parts.listing(parts.read(STAGES, account=account), "account_stage_history", "stages")
    _intent(account)


def _part(name: str, row: dict[str, Any]) -> parts.Number:
    """A part of the score."""
    return parts.Number(name, count(row[name]))


def _leads(account: str) -> None:
    """Its leads."""
    parts.section("Leads")
    leads.listing(leads.asked_for({"account": account}))


def _intent(account: str) -> None:
    """What it did elsewhere."""
    parts.section("Intent elsewhere", "Each thing counted once, with its points.")
    try:
        found = parts.read(INTENT, account=account)
    except HeldError:
        raise
    except WarehouseError:
        parts.nothing("This build keeps no intent by account.", "Set keep_intermediate to true.")
        return
    if found.rows:
        parts.listing(found, "int_account_intent_points", "intent")
    else:
        parts.nothing("Nobody of this account showed intent elsewhere.", "That says nothing bad.")
