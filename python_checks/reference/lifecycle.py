"""Lifecycle: in which stage is a lead, since when, and why?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from python_checks.reference.identity import Lead
from python_checks.reference.policy import Policy, Profile, yes
from python_checks.reference.raw import Record
from python_checks.reference.scoring import Interval, ScoreState
from python_checks.reference.signals import OPT_OUT_ROLES

MAX_TRANSITIONS = 200
NEVER = datetime.max
ANSWERED = {"connected", "replied", "held"}
STATUS_EVENTS = {
    "mql": "marketing_qualified",
    "contacted": "sales_contacted",
    "accepted": "sales_accepted",
    "rejected": "sales_rejected",
    "recycled": "recycled",
    "regressed": "regressed",
    "reopened": "reopened",
    "disqualified": "disqualified",
}
GATES = ("sql_gate", "mql_gate")


@dataclass(frozen=True)
class Event:
    """Something that happened to a lead, as the machine sees it.

    ``rank`` is 0 for what ends a level: a gate that closes, a framework no longer confirmed.
    ``framework`` names the framework of a qualification event.
    """

    at: datetime
    rank: int
    source: str
    record_id: str
    name: str
    reason: str | None = None
    framework: str | None = None

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        """Time, rank, source, id."""
        return (self.at, self.rank, self.source, self.record_id)


@dataclass
class StageEntry:
    """One row of lead_stage_history without its lead, number and end.

    ``is_disqualified`` and ``is_opted_out`` are the flags of the machine as it enters.
    """

    stage: str
    entered_at: datetime
    entered_by: str
    reason_code: str | None
    is_regression: bool
    cooldown_until: datetime | None
    is_disqualified: bool = False
    is_opted_out: bool = False


@dataclass(frozen=True)
class Regression:
    """A regression that was taken, wherever it ended; ``count`` is the machine's after it."""

    at: datetime
    from_stage: str
    to_stage: str
    event: str
    reason_code: str | None
    cooldown_until: datetime | None
    count: int


@dataclass
class Machine:
    """The state of one lead and how events and timers change it."""

    policy: Policy
    stage: str
    entered_at: datetime
    regressions: int = 0
    cooldown_until: datetime | None = None
    cooldown_reason: str | None = None
    regression_cooldown_until: datetime | None = None
    gates_from: datetime | None = None
    gates_from_is_due: bool = False
    timer_has_fired: bool = False
    is_opted_out: bool = False
    is_disqualified: bool = False
    confirmed: set[str] = field(default_factory=set)
    open_gates: set[str] = field(default_factory=set)
    engagements: list[datetime] = field(default_factory=list)
    history: list[StageEntry] = field(default_factory=list)
    regressions_taken: list[Regression] = field(default_factory=list)

    def timer_at(self) -> datetime | None:
        """When the timer of the present stage fires; ``None`` without one."""
        timer = self.policy.stage_timers.get(self.stage)
        if timer is None or self.timer_has_fired:
            return None
        return self.entered_at + timedelta(days=timer.after_days)

    def set_flag(self, event: Event) -> None:
        """Step 1: what the event says about levels."""
        if event.name in GATES:
            if event.rank == 0:
                self.open_gates.discard(event.name)
            else:
                self.open_gates.add(event.name)
        elif event.name == "opted_out":
            self.is_opted_out = True
        elif event.name == "opted_in":
            self.is_opted_out = False
        elif event.name == "disqualified":
            self.is_disqualified = True
        elif event.name == "reopened":
            self.is_disqualified = False
            self.regressions = 0
        elif event.name == "qualification_passed":
            if event.rank == 0:
                self.confirmed.discard(event.framework)
            else:
                self.confirmed.add(event.framework)

    def look_at_gates(self, at: datetime) -> None:
        """Step 3: a lead outside a cooldown does not rest where an open gate leads on."""
        for gate in GATES:
            if self.gates_from is not None and at < self.gates_from:
                return
            if gate in self.open_gates:
                self.transition(gate, at, None)

    def transition(self, event_name: str, at: datetime, reason: str | None) -> None:
        """Step 2: follow the row of (stage, event) in stage_transitions.csv, if there is one."""
        row = self.policy.stage_transitions.get((self.stage, event_name))
        if row is None:
            return
        rule = self.policy.lifecycle_events[event_name]
        if rule.blocked_by_cooldown and self.cooldown_until and at < self.cooldown_until:
            return
        if row.is_regression:
            self.regressions += 1
        cooldown_until = self._set_cooldown(at, reason) if rule.sets_cooldown else None
        if row.is_regression and cooldown_until is not None:
            self.regression_cooldown_until = cooldown_until
        target = self._target(row.to_stage, row.is_regression)
        if row.is_regression:
            self.regressions_taken.append(
                Regression(
                    at, self.stage, target, event_name, reason, cooldown_until, self.regressions
                )
            )
        if target == self.stage:
            return
        self._enter(
            StageEntry(
                target,
                at,
                event_name,
                reason,
                row.is_regression,
                cooldown_until,
                self.is_disqualified,
                self.is_opted_out,
            )
        )
        is_accepted = self.policy.stages[target].role == "accepted"
        if event_name == "sales_accepted" and is_accepted and self.confirmed:
            self.transition("qualification_passed", at, None)

    def _set_cooldown(self, at: datetime, reason: str | None) -> datetime:
        """The end of the cooldown; gates then wait for it and for new engagement."""
        default_days = int(self.policy.settings["default_re_engage_days"])
        days = self.policy.re_engage_days.get(reason, default_days)
        self.cooldown_until = at + timedelta(days=days)
        self.cooldown_reason = reason
        later = [time for time in self.engagements if time > at]
        self.gates_from = max(self.cooldown_until, later[0]) if later else NEVER
        self.gates_from_is_due = True
        return self.cooldown_until

    def _target(self, to_stage: str, is_regression: bool) -> str:
        """The stage that is entered in the end."""
        stages = self.policy.stages
        if self.regressions >= self.policy.settings["max_regressions"] and (
            is_regression or stages[to_stage].role == "nurture"
        ):
            to_stage = self.policy.stage_of("long_term_nurture").stage
        if self.is_disqualified:
            is_open = stages[to_stage].open_to_disqualified
            return to_stage if is_open else self.policy.stage_of("disqualified").stage
        if self.is_opted_out and stages[to_stage].requires_opt_in:
            return self.policy.stage_of("suppressed").stage
        return to_stage

    def _enter(self, entry: StageEntry) -> None:
        self.history.append(entry)
        self.stage = entry.stage
        self.entered_at = entry.entered_at
        self.timer_has_fired = False
        if len(self.history) > MAX_TRANSITIONS + 1:
            raise ValueError(f"more than {MAX_TRANSITIONS} transitions")


def run_machine(
    lead: Lead, intervals: list[Interval], grade: str, policy: Policy, as_of: datetime
) -> Machine:
    """Run the lead's lifecycle from first_seen_at to ``as_of``."""
    events = lifecycle_events(lead, intervals, grade, policy, as_of)
    start = policy.stage_of("start").stage
    machine = Machine(
        policy=policy,
        stage=start,
        entered_at=lead.first_seen_at,
        engagements=[s.occurred_at for s in lead.signals if s.kind.is_engagement],
    )
    machine.history.append(StageEntry(start, lead.first_seen_at, "first_seen", None, False, None))
    try:
        _run(machine, events, as_of)
    except ValueError as error:
        raise ValueError(f"lead {lead.lead_id}: {error}") from error
    return machine


def _run(machine: Machine, events: list[Event], as_of: datetime) -> None:
    position = 0
    while True:
        due = [machine.timer_at()]
        due += [machine.gates_from] if machine.gates_from_is_due else []
        due += [events[position].at] if position < len(events) else []
        now = min((time for time in due if time is not None), default=NEVER)
        if now == NEVER or now > as_of:
            return
        while position < len(events) and events[position].at == now:
            event = events[position]
            position += 1
            machine.set_flag(event)
            if event.rank > 0 and event.name not in GATES:
                machine.transition(event.name, now, event.reason)
            if event.rank == 0 and _next_also_ends_a_level(events, position, now):
                continue
            machine.look_at_gates(now)
        if machine.timer_at() == now:
            timer = machine.policy.stage_timers[machine.stage]
            machine.timer_has_fired = True
            machine.transition(timer.timer_event, now, timer.reason_code)
            machine.look_at_gates(now)
        if machine.gates_from_is_due and machine.gates_from == now:
            machine.gates_from_is_due = False
            machine.look_at_gates(now)


def _next_also_ends_a_level(events: list[Event], position: int, now: datetime) -> bool:
    """Levels that end in one instant end together, before gates are looked at."""
    if position == len(events):
        return False
    following = events[position]
    return following.at == now and following.rank == 0


def lifecycle_events(
    lead: Lead, intervals: list[Interval], grade: str, policy: Policy, as_of: datetime
) -> list[Event]:
    """All lifecycle events of a lead up to ``as_of``, in order."""
    profile = policy.profiles[lead.profile]
    is_blocked = profile.uses_matrix and policy.is_blocking(grade)
    found: list[Event] = []

    def add(
        name: str, at: datetime, source: str, record_id: str, reason: str | None = None
    ) -> None:
        rank = policy.lifecycle_events[name].event_rank
        found.append(Event(at, rank, source, record_id, name, reason))

    if not is_blocked:
        found += _gate_events(intervals, grade, profile, policy)
    for signal in lead.signals:
        name = signal.kind.signal
        where = (signal.occurred_at, signal.source, signal.record_id)
        if not is_blocked:
            for event, trigger in policy.profile_triggers.get(lead.profile, []):
                if trigger == name:
                    add(event, *where)
        role = signal.kind.role
        if role in OPT_OUT_ROLES:
            add("opted_out", *where)
        if role == "opt_in":
            add("opted_in", *where)
        if role == "complaint":
            add("disqualified", *where, policy.reason_of_role["complaint"])
    if lead.account_value("is_competitor") is True:
        account_id = lead.account["account_id"]
        reason = policy.reason_of_role["competitor"]
        add("disqualified", lead.first_seen_at, "accounts", account_id, reason)
    elif lead.account_value("status") == "closed":
        account_id = lead.account["account_id"]
        reason = policy.reason_of_role["out_of_business"]
        add("disqualified", lead.first_seen_at, "accounts", account_id, reason)
    for change in lead.status_changes:
        add(
            STATUS_EVENTS[change["status"]],
            change["changed_at"],
            "lead_status_changes",
            change["change_id"],
            change.get("reason_code"),
        )
    for activity in lead.sales_activities:
        if activity["activity_type"] == "assigned":
            continue
        is_automated = activity["activity_id"] in lead.automated_emails
        if is_connection(activity, is_automated=is_automated):
            name = "sales_connected"
        elif is_automated:
            continue
        else:
            name = "sales_contacted"
        add(name, activity["occurred_at"], "sales_activities", activity["activity_id"])
    for opportunity, since in lead.deals:
        opportunity_id = opportunity["opportunity_id"]
        closed_at = opportunity["closed_at"]
        if opportunity["created_at"] >= since:
            add("opportunity_created", opportunity["created_at"], "opportunities", opportunity_id)
        if closed_at is None or closed_at < since:
            continue
        if opportunity["is_won"] is True:
            add("opportunity_won", closed_at, "opportunities", opportunity_id)
        elif not _has_open_opportunity(lead, closed_at):
            reason = policy.reason_of_role["closed_lost"]
            add("opportunity_lost", closed_at, "opportunities", opportunity_id, reason)
    found += _qualification_events(lead.answers, profile, policy)
    return sorted(
        (event for event in found if lead.first_seen_at <= event.at <= as_of),
        key=lambda event: event.order,
    )


def is_connection(activity: Record, *, is_automated: bool) -> bool:
    """Whether somebody answered; an automated e-mail connects by a reply alone."""
    outcome = activity["outcome"]
    return outcome == "replied" if is_automated else outcome in ANSWERED


def _has_open_opportunity(lead: Lead, at: datetime) -> bool:
    return any(
        other["created_at"] <= at and (other["closed_at"] is None or other["closed_at"] > at)
        for other, _ in lead.deals
    )


def _gate_events(
    intervals: list[Interval], grade: str, profile: Profile, policy: Policy
) -> list[Event]:
    """The openings and closings of both gates along the primary timeline."""
    events = []
    for gate, is_open_in in (("sql_gate", sql_gate_is_open), ("mql_gate", mql_gate_is_open)):
        was_open = False
        for interval in intervals:
            is_open = is_open_in(interval.state, grade, profile, policy)
            if is_open != was_open:
                rank = policy.lifecycle_events[gate].event_rank if is_open else 0
                events.append(Event(interval.valid_from, rank, "lead_score_history", gate, gate))
            was_open = is_open
    return events


def mql_gate_is_open(state: ScoreState, grade: str, profile: Profile, policy: Policy) -> bool:
    """Whether score, grade and signals make an MQL by the profile."""
    return (
        policy.grade_rank(grade) <= policy.grade_rank(profile.mql_min_grade)
        and state.score >= profile.mql_min_score
        and state.meaningful_signals >= profile.mql_min_meaningful_signals
        and state.intent_signals >= profile.mql_min_intent_signals
        and (
            not profile.uses_matrix
            or yes(policy.qualification_matrix[(grade, state.score_level)]["opens_mql_gate"])
        )
    )


def sql_gate_is_open(state: ScoreState, grade: str, profile: Profile, policy: Policy) -> bool:
    """Whether score, grade and signals make an SQL by the profile."""
    return (
        profile.sql_by_score
        and policy.grade_rank(grade) <= policy.grade_rank(profile.mql_min_grade)
        and state.score >= profile.sql_min_score
        and state.high_intent_signals >= profile.sql_min_high_intent_signals
        and (
            not profile.uses_matrix
            or yes(policy.qualification_matrix[(grade, state.score_level)]["opens_sql_gate"])
        )
    )


def _qualification_events(answers: list[Record], profile: Profile, policy: Policy) -> list[Event]:
    """When each framework of the profile becomes, and no longer is, wholly confirmed."""
    rank = policy.lifecycle_events["qualification_passed"].event_rank
    events = []
    ordered = sorted(answers, key=lambda a: (a["answered_at"], a["answer_id"]))
    for framework in profile.qualifying_frameworks:
        criteria = [criterion.lower() for criterion in policy.frameworks.get(framework, [])]
        own = [a for a in ordered if a["framework"] == framework.lower()]
        latest: dict[str, str] = {}
        was_confirmed = False
        for position, answer in enumerate(own):
            latest[answer["criterion"]] = answer["answer"]
            at = answer["answered_at"]
            if position + 1 < len(own) and own[position + 1]["answered_at"] == at:
                continue
            is_confirmed = bool(criteria) and all(
                latest.get(criterion) == "confirmed" for criterion in criteria
            )
            if is_confirmed != was_confirmed:
                events.append(
                    Event(
                        at,
                        rank if is_confirmed else 0,
                        "qualification_answers",
                        answer["answer_id"],
                        "qualification_passed",
                        framework=framework,
                    )
                )
            was_confirmed = is_confirmed
    return events


@dataclass(frozen=True)
class Milestones:
    """The timestamps of a lead; ``None`` where it never came so far."""

    mql_at: datetime | None
    pql_at: datetime | None
    sql_proposed_at: datetime | None
    sql_accepted_at: datetime | None
    sql_qualified_at: datetime | None
    opportunity_at: datetime | None
    customer_at: datetime | None

    @property
    def entry_path(self) -> str:
        """How the lead came to sales: via_mql, via_pql, direct, or not at all."""
        if self.sql_proposed_at is None:
            return "none"
        if self.mql_at is not None:
            return "via_mql"
        return "via_pql" if self.pql_at is not None else "direct"


def milestones_of(history: list[StageEntry], policy: Policy) -> Milestones:
    """The timestamps that follow from a stage history."""

    def first_as_far_as(role: str) -> datetime | None:
        for entry in history:
            if policy.stages[entry.stage].funnel_rank >= policy.rank_of(role):
                return entry.entered_at
        return None

    def first_before_sales(role: str) -> datetime | None:
        for entry in history:
            if policy.stages[entry.stage].funnel_rank >= policy.rank_of("proposed"):
                return None
            if policy.stages[entry.stage].role == role and not entry.is_regression:
                return entry.entered_at
        return None

    return Milestones(
        mql_at=first_before_sales("mql"),
        pql_at=first_before_sales("pql"),
        sql_proposed_at=first_as_far_as("proposed"),
        sql_accepted_at=first_as_far_as("accepted"),
        sql_qualified_at=first_as_far_as("qualified"),
        opportunity_at=first_as_far_as("opportunity"),
        customer_at=first_as_far_as("customer"),
    )
