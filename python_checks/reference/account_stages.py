"""Account stages: how far had an account come at each moment?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from python_checks.reference.accounts import account_model, third_party_signals
from python_checks.reference.attributes import RecordHistory
from python_checks.reference.identity import Identity
from python_checks.reference.marts import LeadResult, stage_history_rows
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import contributions_of

Rows = list[dict[str, Any]]


class AccountPast:
    """What decides the stage of an account at any moment.

    Attributes:
        stays: Rows of lead_stage_history of its leads.
        meaningful: Times of meaningful signals, by lead.
        intent: Times and points of the third-party intent that counts.
        history: Its record over time.
    """

    def __init__(self, history: RecordHistory, policy: Policy) -> None:
        """Begin without leads and intent."""
        self.stays: Rows = []
        self.meaningful: dict[str, list[datetime]] = {}
        self.intent: list[tuple[datetime, int]] = []
        self.history = history
        self.policy = policy
        self.window = timedelta(days=int(policy.settings["account_window_days"]))

    def moments(self, as_of: datetime) -> list[datetime]:
        """Every moment up to the clock at which the stage may change, in order."""
        begun = [at for times in self.meaningful.values() for at in times]
        begun += [at for at, _ in self.intent]
        found = {*begun, *(at + self.window for at in begun)}
        for stay in self.stays:
            found |= {stay["entered_at"], stay["exited_at"] or as_of}
        found |= {change.at for change in self.history.changes.get("is_target_account", [])}
        return sorted(at for at in found if at <= as_of)

    def active_stage(self, at: datetime) -> str | None:
        """The stage at a moment by what its people do and are."""
        now = [
            stay
            for stay in self.stays
            if stay["entered_at"] <= at and (stay["exited_at"] is None or at < stay["exited_at"])
        ]
        ranks = [self.policy.stages[stay["stage"]].funnel_rank for stay in now]
        for role in ("customer", "opportunity"):
            if self.policy.rank_of(role) in ranks:
                return role
        if any(stay["owner"] in ("sdr", "sales") for stay in now):
            return "in_sales"
        since = at - self.window
        people = sum(
            any(since < time <= at for time in times) for times in self.meaningful.values()
        )
        points = sum(points for time, points in self.intent if since < time <= at)
        enough = points >= self.policy.settings["in_market_intent_points"]
        if people >= 2 or (people == 1 and enough):
            return "qualified"
        return "engaged" if people else None

    def is_target(self, at: datetime) -> bool:
        """Whether it is a target account at a moment."""
        return self.history.value_at("is_target_account", at) is True


def account_stage_history(
    tables: dict[str, list[Record]],
    histories: dict[str, RecordHistory],
    identity: Identity,
    results: list[LeadResult],
    rules: Rules,
    as_of: datetime,
) -> Rows:
    """One row per stay of an account in a stage; a target of old was always one (no entry)."""
    policy = rules.current
    model = policy.scoring_models[account_model(policy)]
    past = {key: AccountPast(history, policy) for key, history in histories.items()}
    for result in results:
        if result.lead.account is not None:
            of_account = past[result.lead.account["account_id"]]
            of_account.stays += stage_history_rows(result, rules)
            of_account.meaningful[result.lead.lead_id] = [
                signal.occurred_at for signal in result.lead.signals if signal.kind.is_meaningful
            ]
    for key, signals in third_party_signals(tables["intent_signals"], identity, policy).items():
        past[key].intent = [
            (one.start, one.points) for one in contributions_of(signals, model, None, policy)
        ]
    return [row for key, one in past.items() for row in _stays(key, one, as_of)]


def _stays(account_id: str, past: AccountPast, as_of: datetime) -> Rows:
    rows: Rows = []
    stage, was_active = ("target" if past.is_target(datetime.min) else None), False
    if stage is not None:
        rows.append(_row(account_id, stage, None))
    for moment in past.moments(as_of):
        now = past.active_stage(moment)
        was_active = was_active or now is not None
        if now is None and was_active:
            now = "lapsed"
        elif now is None and past.is_target(moment):
            now = "target"
        if now == stage:
            continue
        if stage is not None:
            rows[-1]["exited_at"] = moment
        if now is not None:
            rows.append(_row(account_id, now, moment))
        stage = now
    return rows


def _row(account_id: str, stage: str, entered_at: datetime | None) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "stage": stage,
        "entered_at": entered_at,
        "exited_at": None,
    }
