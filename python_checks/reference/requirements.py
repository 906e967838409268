"""Requirements: what must hold before a gate is open, or before a signal hands a lead over?

Every check is asked at an instant, of the lead as it is then with all that happened up to then.
What is unknown holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from python_checks.reference.assignment import Pair
from python_checks.reference.attributes import bar_of
from python_checks.reference.identity import Lead
from python_checks.reference.policy import Policy, Profile, Requirement
from python_checks.reference.raw import Record
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import ScoreState
from python_checks.reference.signals import stands_opted_out

SQL_BAR, MQL_BAR = ("sql_gate", "high_intent_action"), ("mql_gate", "mql_trigger")
"""The events that lead to the threshold of an SQL, and to that of an MQL."""
BAD_EMAIL_STATUSES = ("bounced", "unverified")
DENIED = "denied"
Bars = list[tuple[datetime, str]]


@dataclass(frozen=True)
class Question:
    """A check of a lead at an instant: of which pair, before which event, by which rules.

    ``bars`` are the instants at which the account got a bar, ``state`` is the score of the pair.
    """

    lead: Lead
    pair: Pair
    event: str
    state: ScoreState
    policy: Policy
    at: datetime
    bars: Bars
    min_value: str | None = None

    @property
    def number(self) -> Decimal:
        """The least number that is asked for; 1 where the row names none."""
        return Decimal(self.min_value or 1)

    @property
    def profile(self) -> Profile:
        """The profile of the pair."""
        return self.policy.profiles[self.pair.profile]


def failing(question: Question) -> set[str]:
    """The names of the checks that the pair's profile asks before the event, and that fail."""
    rows = question.policy.requirements_of(question.pair.profile, question.event)
    return {row.check_name for row in rows if not holds(row, question)}


def holds(row: Requirement, question: Question) -> bool:
    """Whether a check holds.

    Raises:
        ValueError: It is none that anybody knows.
    """
    if row.check_name not in CHECKS:
        raise ValueError(f"handoff_requirements.csv: unknown check {row.check_name!r}")
    return CHECKS[row.check_name](replace(question, min_value=row.min_value))


def _score_threshold(asked: Question) -> bool:
    """The score reaches what the row says, else the threshold of the stage to which it leads."""
    if asked.min_value is not None:
        return asked.state.score >= asked.number
    if asked.event in SQL_BAR:
        return asked.state.score >= asked.profile.sql_min_score
    return asked.event not in MQL_BAR or asked.state.score >= asked.profile.mql_min_score


def _grade(asked: Question) -> bool:
    if asked.min_value is None:
        return asked.policy.is_good(asked.state.grade)
    return is_at_least(asked.state.grade, asked.min_value, asked.policy)


def is_at_least(grade: str, minimum: str | None, policy: Policy) -> bool:
    """Whether a grade is as good as it must be; any is good enough for none."""
    return minimum is None or policy.grade_rank(grade) <= policy.grade_rank(minimum)


def _high_intent(asked: Question) -> bool:
    return asked.state.high_intent_signals >= asked.number


def _email_not_bounced(asked: Question) -> bool:
    """No bounce, or another e-mail signal of the person came after the last one."""
    emails = [
        signal
        for signal in asked.lead.signals
        if signal.source == "email_events" and signal.occurred_at <= asked.at
    ]
    bounces = [signal.occurred_at for signal in emails if signal.kind.role == "bounce"]
    others = [signal.occurred_at for signal in emails if signal.kind.role != "bounce"]
    return not bounces or any(at > max(bounces) for at in others)


def _email_verified(asked: Question) -> bool:
    return asked.lead.record["email_status"] not in BAD_EMAIL_STATUSES


def _consent(asked: Question) -> bool:
    known = [signal for signal in asked.lead.signals if signal.occurred_at <= asked.at]
    return not stands_opted_out(known, asked.policy)


def _recently_engaged(asked: Question) -> bool:
    within = recent_days(asked.min_value, asked.policy)
    return any(asked.at - within < at <= asked.at for at in engagements_of(asked.lead))


def recent_days(min_value: str | None, policy: Policy) -> timedelta:
    """Before how long a lead must have engaged: as the row says, else as the checklist does."""
    return timedelta(days=int(min_value or policy.settings["handoff_engaged_days"]))


def engagements_of(lead: Lead) -> list[datetime]:
    """When the lead engaged."""
    return [signal.occurred_at for signal in lead.signals if signal.kind.is_engagement]


def _company_allowed(asked: Question) -> bool:
    """The account has no bar, and the lead is not disqualified."""
    if bar_of(asked.lead.attributes_at(asked.at)) is not None:
        return False
    return not is_disqualified(asked.lead, asked.bars, asked.policy, asked.at)


def is_disqualified(lead: Lead, bars: Bars, policy: Policy, at: datetime) -> bool:
    """Whether the latest of what disqualifies and what reopens a lead disqualifies it."""
    ranks = {
        name: policy.lifecycle_events[name].event_rank for name in ("disqualified", "reopened")
    }
    marks = [(since, ranks["disqualified"], "", "", True) for since, _ in bars]
    for signal in lead.signals:
        if signal.kind.role == "complaint":
            marks.append((signal.occurred_at, ranks["disqualified"], *signal.order[1:], True))
    for change in lead.status_changes:
        if change["status"] in ranks:
            where = ("lead_status_changes", change["change_id"])
            is_bad = change["status"] == "disqualified"
            marks.append((change["changed_at"], ranks[change["status"]], *where, is_bad))
    known = [mark for mark in marks if lead.first_seen_at <= mark[0] <= at]
    return bool(known) and max(known)[-1]


def _buying_committee(asked: Question) -> bool:
    """So many people of the account engaged within its window."""
    since = asked.at - timedelta(days=int(asked.policy.settings["account_window_days"]))
    engaged = [
        person
        for person in asked.lead.colleagues
        if any(since < at <= asked.at for at in engagements_of(person))
    ]
    return len(engaged) >= asked.number


def _framework_confirmed(asked: Question) -> bool:
    """One of the frameworks of the profile stands confirmed."""
    known = answers_until(asked.lead, asked.at)
    return any(
        stands_confirmed(name.lower(), known, asked.policy)
        for name in asked.profile.qualifying_frameworks
    )


def answers_until(lead: Lead, at: datetime) -> list[Record]:
    """The answers up to an instant, in order."""
    known = [answer for answer in lead.answers if answer["answered_at"] <= at]
    return sorted(known, key=lambda answer: (answer["answered_at"], answer["answer_id"]))


def stands_confirmed(framework: str, answers: list[Record], policy: Policy) -> bool:
    """Whether the latest of the answers, in order, confirm every criterion of a framework."""
    names = {name.lower(): name for name in policy.frameworks}
    criteria = policy.frameworks.get(names.get(framework, ""), [])
    own = [answer for answer in answers if answer["framework"] == framework]
    latest = {answer["criterion"]: answer["answer"] for answer in own}
    return bool(criteria) and all(latest.get(name.lower()) == "confirmed" for name in criteria)


def _budget_confirmed(asked: Question) -> bool:
    """The latest answer about a budget does not deny it; without an answer nobody knows."""
    answers = [
        answer["answer"]
        for answer in answers_until(asked.lead, asked.at)
        if (answer["framework"], answer["criterion"]) in asked.policy.budget_criteria
    ]
    return not answers or answers[-1] != DENIED


CHECKS: dict[str, Callable[[Question], bool]] = {
    "score_threshold": _score_threshold,
    "grade": _grade,
    "high_intent": _high_intent,
    "email_not_bounced": _email_not_bounced,
    "email_verified": _email_verified,
    "consent": _consent,
    "recently_engaged": _recently_engaged,
    "company_allowed": _company_allowed,
    "buying_committee": _buying_committee,
    "framework_confirmed": _framework_confirmed,
    "budget_confirmed": _budget_confirmed,
}


def instants_of(lead: Lead, rules: Rules) -> set[datetime]:
    """When a check could begin or cease to hold, but for scores and boundaries."""
    policies = [version.policy for version in rules.versions]
    if not any(policy.requirements for policy in policies):
        return set()
    found = {signal.occurred_at for signal in lead.signals}
    found |= {change["changed_at"] for change in lead.status_changes}
    found |= {answer["answered_at"] for answer in lead.answers}
    found |= set(lead.attributes.instants if lead.attributes is not None else [])
    together = {at for person in lead.colleagues for at in engagements_of(person)}
    found |= together
    for policy in policies:
        window = timedelta(days=int(policy.settings["account_window_days"]))
        found |= {at + window for at in together}
        for row in policy.requirements:
            if row.check_name == "recently_engaged":
                within = recent_days(row.min_value, policy)
                found |= {at + within for at in engagements_of(lead)}
    return {at for at in found if at >= lead.first_seen_at}
