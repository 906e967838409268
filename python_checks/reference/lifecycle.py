"""Lifecycle: in which stage is a lead, since when, and why?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from python_checks.reference.assignment import Assignment, Pair
from python_checks.reference.attributes import bar_of
from python_checks.reference.identity import Lead
from python_checks.reference.policy import MARKETING, Policy, Profile, Timer, yes
from python_checks.reference.raw import Record
from python_checks.reference.requirements import (
    Question,
    failing,
    instants_of,
    is_at_least,
    stands_confirmed,
)
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import Interval, ScoreState, boundaries_of, interval_at
from python_checks.reference.signals import OPT_OUT_ROLES, Signal

MAX_TRANSITIONS = 200
NEVER = datetime.max
ANSWERED = {"connected", "replied", "held"}
HANDED_OVER = "handed_over"
STATUS_EVENTS = {
    "mql": "marketing_qualified",
    "contacted": "sales_contacted",
    "accepted": "sales_accepted",
    "rejected": "sales_rejected",
    "recycled": "recycled",
    "regressed": "regressed",
    "reopened": "reopened",
    "disqualified": "disqualified",
    "handed_over": HANDED_OVER,
}
GATES = ("sql_gate", "mql_gate")
NO_RECORD = ("", "")
"""Source and id of an event that follows from no record."""
NO_TRANSITION, COOLDOWN, REQUIREMENT = "no_transition", "cooldown", "requirement"
"""Why an event moved nothing."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a lead, as the machine sees it.

    ``rank`` is 0 for what ends a level: a gate that closes, a framework no longer confirmed.
    ``framework`` names the framework of a qualification event. ``source`` and ``record_id`` are
    empty where no record says it: at a boundary of the rules, and for what an account is. ``pair``
    is the one whose trigger it is, ``None`` where it is not a trigger, ``signal`` the name of the
    signal that it comes from, if any. A trigger is remembered if it happens later than its signal,
    for what must hold did not; it is held if it did not happen up to the clock.
    """

    at: datetime
    rank: int
    source: str
    record_id: str
    name: str
    reason: str | None = None
    framework: str | None = None
    pair: Pair | None = None
    signal: str | None = None
    is_remembered: bool = False
    is_held: bool = False

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        """Time, rank, source, id."""
        return (self.at, self.rank, self.source, self.record_id)


@dataclass
class StageEntry:
    """One row of lead_stage_history without its lead, number and end.

    ``is_disqualified`` and ``is_opted_out`` are the flags of the machine as it enters. ``pair`` is
    the deciding one of the transition, ``owner`` who has the lead during the stay, ``signal`` the
    one that the event came from.
    """

    stage: str
    entered_at: datetime
    entered_by: str
    reason_code: str | None
    is_regression: bool
    cooldown_until: datetime | None
    is_disqualified: bool = False
    is_opted_out: bool = False
    pair: Pair | None = None
    owner: str = MARKETING
    signal: str | None = None


@dataclass(frozen=True)
class Regression:
    """A regression that was taken, wherever it ended; ``count`` is the machine's after it.

    ``points`` and ``nurture_track`` are those of the rules of its instant.
    """

    at: datetime
    from_stage: str
    to_stage: str
    event: str
    reason_code: str | None
    cooldown_until: datetime | None
    count: int
    points: int
    nurture_track: str | None


@dataclass(frozen=True)
class Ignored:
    """An event that moved nothing, the stage in which it found the lead, and why."""

    event: Event
    stage: str
    reason: str


@dataclass
class Machine:
    """The state of one lead and how events and timers change it.

    ``timer`` is the one that was in force when the stage was entered, ``cooldown_track`` and
    ``regression_points`` are those of the rules of the instant that set the cooldown. ``deciding``
    says which pair an open gate is of at an instant.
    """

    rules: Rules
    assignment: Assignment
    deciding: Callable[[str, datetime], Pair]
    stage: str
    entered_at: datetime
    timer: Timer | None = None
    regressions: int = 0
    cooldown_until: datetime | None = None
    cooldown_set_at: datetime | None = None
    cooldown_reason: str | None = None
    cooldown_track: str | None = None
    regression_cooldown_until: datetime | None = None
    regression_points: int = 0
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
    ignored: list[Ignored] = field(default_factory=list)
    held: list[Event] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """Who has the lead now."""
        return self.history[-1].owner

    def timer_at(self) -> datetime | None:
        """When the timer of the present stage fires; ``None`` without one."""
        if self.timer is None or self.timer_has_fired:
            return None
        return self.entered_at + timedelta(days=self.timer.after_days)

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
        entries = None
        while entries != len(self.history):
            entries = len(self.history)
            for gate in GATES:
                if self.gates_from is not None and at < self.gates_from:
                    return
                if gate in self.open_gates:
                    self.transition(gate, at, None, self.deciding(gate, at))

    def take(self, event: Event) -> None:
        """Step 2 for an event that changes no level; one that is in vain is remembered."""
        in_vain = self.in_vain(event.name, event.at)
        if event.is_remembered and self.gates_from is not None and event.at < self.gates_from:
            in_vain = COOLDOWN
        if in_vain is not None:
            self.ignored.append(Ignored(event, self.stage, in_vain))
            return
        self.transition(event.name, event.at, event.reason, event.pair, event.signal)

    def hold(self, event: Event) -> None:
        """A trigger for which not all holds that must."""
        self.held.append(event)
        self.ignored.append(Ignored(event, self.stage, REQUIREMENT))

    def in_vain(self, event_name: str, at: datetime) -> str | None:
        """Why an event of that time leads nowhere from the present stage; ``None`` if it leads."""
        policy = self.rules.at(at)
        if (self.stage, event_name) not in policy.stage_transitions:
            return NO_TRANSITION
        rule = policy.lifecycle_events[event_name]
        if rule.blocked_by_cooldown and self.cooldown_until and at < self.cooldown_until:
            return COOLDOWN
        return None

    def transition(
        self,
        event_name: str,
        at: datetime,
        reason: str | None,
        pair: Pair | None = None,
        signal: str | None = None,
    ) -> None:
        """Step 2: follow the row of (stage, event) in stage_transitions.csv, if there is one.

        ``pair`` is the one whose gate or trigger it is, if it is one, and ``signal`` the trigger.
        """
        if self.in_vain(event_name, at) is not None:
            return
        policy = self.rules.at(at)
        row = policy.stage_transitions[(self.stage, event_name)]
        rule = policy.lifecycle_events[event_name]
        if row.is_regression:
            self.regressions += 1
        cooldown_until = self._set_cooldown(at, reason) if rule.sets_cooldown else None
        if row.is_regression and cooldown_until is not None:
            self.regression_cooldown_until = cooldown_until
            self.regression_points = _points_off(policy)
        target = self._target(row.to_stage, row.is_regression, policy)
        if row.is_regression:
            self.regressions_taken.append(
                Regression(
                    at=at,
                    from_stage=self.stage,
                    to_stage=target,
                    event=event_name,
                    reason_code=reason,
                    cooldown_until=cooldown_until,
                    count=self.regressions,
                    points=_points_off(policy),
                    nurture_track=policy.nurture_track(reason),
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
                pair or self.assignment.at(at).main,
                self._owner_of(target, at, is_regression=row.is_regression),
                signal,
            )
        )
        is_accepted = policy.stages[target].role == "accepted"
        if event_name == "sales_accepted" and is_accepted and self.confirmed:
            self.transition("qualification_passed", at, None)

    def _set_cooldown(self, at: datetime, reason: str | None) -> datetime:
        """The end of the cooldown; gates then wait for it and for new engagement."""
        policy = self.rules.at(at)
        default_days = int(policy.settings["default_re_engage_days"])
        days = policy.re_engage_days.get(reason, default_days)
        self.cooldown_until = at + timedelta(days=days)
        self.cooldown_set_at = at
        self.cooldown_reason = reason
        self.cooldown_track = policy.nurture_track(reason)
        later = [time for time in self.engagements if time > at]
        self.gates_from = max(self.cooldown_until, later[0]) if later else NEVER
        self.gates_from_is_due = True
        return self.cooldown_until

    def _target(self, to_stage: str, is_regression: bool, policy: Policy) -> str:
        """The stage that is entered in the end."""
        stages = policy.stages
        if self.regressions >= policy.settings["max_regressions"] and (
            is_regression or stages[to_stage].role == "nurture"
        ):
            to_stage = policy.stage_of("long_term_nurture").stage
        if self.is_disqualified:
            is_open = stages[to_stage].open_to_disqualified
            return to_stage if is_open else policy.stage_of("disqualified").stage
        if self.is_opted_out and stages[to_stage].requires_opt_in:
            return policy.stage_of("suppressed").stage
        return to_stage

    def _owner_of(self, stage: str, at: datetime, *, is_regression: bool) -> str:
        """Who owns a stay that begins at an instant; after a regression always marketing."""
        if is_regression:
            return MARKETING
        return self.rules.at(at).owner_of(stage, self.assignment.at(at).main.profile)

    def _enter(self, entry: StageEntry) -> None:
        self.history.append(entry)
        self.stage = entry.stage
        self.entered_at = entry.entered_at
        at = entry.entered_at
        self.timer = self.rules.at(at).timer_of(entry.stage, self.assignment.at(at).main.profile)
        self.timer_has_fired = False
        if len(self.history) > MAX_TRANSITIONS + 1:
            raise ValueError(f"more than {MAX_TRANSITIONS} transitions")


def _points_off(policy: Policy) -> int:
    """How much a regression takes off the displayed score."""
    return int(policy.settings["regression_penalty_points"])


def run_machine(
    lead: Lead, scores: dict[str, list[Interval]], rules: Rules, as_of: datetime
) -> Machine:
    """Run the lead's lifecycle from first_seen_at to ``as_of``; ``scores`` are its timelines."""
    events = lifecycle_events(lead, scores, rules, as_of)
    policy = rules.at(lead.first_seen_at)
    start, main = policy.stage_of("start").stage, lead.assignment.at(lead.first_seen_at).main
    machine = Machine(
        rules=rules,
        assignment=lead.assignment,
        deciding=lambda gate, at: pairs_with_open(gate, lead, scores, rules.at(at), at)[0],
        stage=start,
        entered_at=lead.first_seen_at,
        timer=policy.timer_of(start, main.profile),
        engagements=[s.occurred_at for s in lead.signals if s.kind.is_engagement],
    )
    first = StageEntry(start, lead.first_seen_at, "first_seen", None, False, None)
    first.pair, first.owner = main, policy.owner_of(start, main.profile)
    machine.history.append(first)
    boundaries = [at for at in boundaries_of(lead, rules) if at >= lead.first_seen_at]
    try:
        _run(machine, events, boundaries, as_of)
    except ValueError as error:
        raise ValueError(f"lead {lead.lead_id}: {error}") from error
    return machine


def _run(
    machine: Machine, events: list[Event], boundaries: list[datetime], as_of: datetime
) -> None:
    """Take the earliest of event, timer, ``gates_from`` and boundary, in this order."""
    position = 0
    boundaries = list(boundaries)
    while True:
        due = [machine.timer_at()]
        due += [machine.gates_from] if machine.gates_from_is_due else []
        due += [events[position].at] if position < len(events) else []
        due += boundaries[:1]
        now = min((time for time in due if time is not None), default=NEVER)
        if now == NEVER or now > as_of:
            return
        while position < len(events) and events[position].at == now:
            event = events[position]
            position += 1
            if event.is_held:
                machine.hold(event)
                continue
            machine.set_flag(event)
            if event.rank > 0 and event.name not in GATES:
                machine.take(event)
            if event.rank == 0 and _next_also_ends_a_level(events, position, now):
                continue
            machine.look_at_gates(now)
        if machine.timer_at() == now:
            timer = machine.timer
            machine.timer_has_fired = True
            machine.transition(timer.timer_event, now, timer.reason_code)
            machine.look_at_gates(now)
        if machine.gates_from_is_due and machine.gates_from == now:
            machine.gates_from_is_due = False
            machine.look_at_gates(now)
        if boundaries[:1] == [now]:
            boundaries.pop(0)
            machine.look_at_gates(now)


def _next_also_ends_a_level(events: list[Event], position: int, now: datetime) -> bool:
    """Levels that end in one instant end together, before gates are looked at."""
    if position == len(events):
        return False
    following = events[position]
    return following.at == now and following.rank == 0


def lifecycle_events(
    lead: Lead, scores: dict[str, list[Interval]], rules: Rules, as_of: datetime
) -> list[Event]:
    """All lifecycle events of a lead up to ``as_of``, in order."""
    found: list[Event] = []

    def add(
        name: str,
        at: datetime,
        source: str,
        record_id: str,
        reason: str | None = None,
        signal: str | None = None,
    ) -> None:
        rule = rules.at(at).lifecycle_events.get(name)
        if rule is not None:
            found.append(Event(at, rule.event_rank, source, record_id, name, reason, signal=signal))

    found += _gate_events(lead, scores, rules)
    for signal in lead.signals:
        name = signal.kind.signal
        policy = rules.at(signal.occurred_at)
        where = (signal.occurred_at, signal.source, signal.record_id)
        triggered = triggered_by(lead, name, signal.occurred_at, scores, policy)
        for event, pairs in triggered.items():
            found.append(_trigger(lead, signal, event, pairs, scores, rules, as_of))
        role = signal.kind.role
        if role in OPT_OUT_ROLES:
            add("opted_out", *where, signal=name)
        if role == "opt_in":
            add("opted_in", *where, signal=name)
        if role == "complaint":
            add("disqualified", *where, policy.reason_of_role["complaint"], name)
    for at, bar in bars_of(lead):
        add("disqualified", at, *NO_RECORD, rules.at(at).reason_of_role[bar])
    for change in lead.status_changes:
        add(
            STATUS_EVENTS[change["status"]],
            change["changed_at"],
            "lead_status_changes",
            change["change_id"],
            change.get("reason_code"),
        )
    handing_over = assignment_that_hands_over(lead, rules)
    if handing_over is not None:
        where = ("sales_activities", handing_over["activity_id"])
        add(HANDED_OVER, handing_over["occurred_at"], *where)
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
            reason = reason_of_loss(opportunity, rules.at(closed_at))
            add("opportunity_lost", closed_at, "opportunities", opportunity_id, reason)
    found += _qualification_events(lead, rules)
    return sorted(
        (event for event in found if lead.first_seen_at <= event.at <= as_of),
        key=lambda event: event.order,
    )


def assignment_that_hands_over(lead: Lead, rules: Rules) -> Record | None:
    """The lead's first assignment, if it hands the lead to sales.

    It does where the setting of its time says so and no status handed_over came before. What
    came at the very instant of the assignment came before, for statuses go first.
    """
    assignments = [a for a in lead.sales_activities if a["activity_type"] == "assigned"]
    if not assignments:
        return None
    first = min(assignments, key=lambda a: (a["occurred_at"], a["activity_id"]))
    at = first["occurred_at"]
    came_before = any(
        change["status"] == HANDED_OVER and change["changed_at"] <= at
        for change in lead.status_changes
    )
    is_on = rules.at(at).settings["assignment_hands_over"] != 0
    return first if is_on and not came_before else None


def reason_of_loss(opportunity: Record, policy: Policy) -> str:
    """Why a deal was lost: what it says itself, if the policy has such a reason."""
    own = opportunity["lost_reason"]
    return own if own in policy.reasons else policy.reason_of_role["closed_lost"]


def is_connection(activity: Record, *, is_automated: bool) -> bool:
    """Whether somebody answered; an automated e-mail connects by a reply alone."""
    outcome = activity["outcome"]
    return outcome == "replied" if is_automated else outcome in ANSWERED


def _has_open_opportunity(lead: Lead, at: datetime) -> bool:
    return any(
        other["created_at"] <= at and (other["closed_at"] is None or other["closed_at"] > at)
        for other, _ in lead.deals
    )


def triggered_by(
    lead: Lead, signal: str, at: datetime, scores: dict[str, list[Interval]], policy: Policy
) -> dict[str, list[Pair]]:
    """The events that the profiles make of a signal of a time, each with the pairs that it is of.

    A blocked pair makes none, nor does one whose grade is below what the trigger asks. What both
    make is one event, the main pair going first.
    """
    if at < lead.first_seen_at:
        return {}
    found: dict[str, list[Pair]] = {}
    for pair in lead.assignment.at(at).both:
        state = interval_at(scores[pair.scoring_model], at).state
        if is_blocked(state, policy.profiles[pair.profile], policy):
            continue
        for event, trigger in policy.profile_triggers.get(pair.profile, []):
            minimum = policy.trigger_min_grades.get((pair.profile, event, trigger))
            if trigger == signal and is_at_least(state.grade, minimum, policy):
                found.setdefault(event, []).append(pair)
    return found


def _trigger(
    lead: Lead,
    signal: Signal,
    event: str,
    pairs: list[Pair],
    scores: dict[str, list[Interval]],
    rules: Rules,
    as_of: datetime,
) -> Event:
    """The event of a trigger: at its signal, else when all holds that must, else held."""
    at = signal.occurred_at
    rank = rules.at(at).lifecycle_events[event].event_rank
    usual = Event(at, rank, signal.source, signal.record_id, event, signal=signal.kind.signal)
    for pair in pairs:
        if not failing_of(lead, pair, event, scores, rules.at(at), at):
            return replace(usual, pair=pair)
    is_main = [pair == lead.assignment.at(at).main for pair in pairs]
    for later in sorted(instant for instant in instants(lead, scores, rules) if instant > at):
        policy = rules.at(later)
        days = timedelta(days=int(policy.settings["remembered_trigger_days"]))
        if later > as_of or later - at >= days:
            continue
        for pair in pairs_of_tracks(lead, later, is_main):
            if not failing_of(lead, pair, event, scores, policy, later):
                rank = policy.lifecycle_events[event].event_rank
                return replace(usual, at=later, rank=rank, pair=pair, is_remembered=True)
    return replace(usual, pair=pairs[0], is_held=True)


def pairs_of_tracks(lead: Lead, at: datetime, is_main: list[bool]) -> list[Pair]:
    """The pairs that an instant has on the tracks of some others."""
    pairs = lead.assignment.at(at)
    found = [pairs.main if main else pairs.second for main in is_main]
    return [pair for pair in found if pair is not None]


def failing_of(
    lead: Lead,
    pair: Pair,
    event: str,
    scores: dict[str, list[Interval]],
    policy: Policy,
    at: datetime,
) -> set[str]:
    """The checks that keep a gate of a pair shut at an instant, or a trigger of it waiting."""
    if not policy.requirements:
        return set()
    state = interval_at(scores[pair.scoring_model], at).state
    return failing(Question(lead, pair, event, state, policy, at, bars_of(lead)))


def instants(lead: Lead, scores: dict[str, list[Interval]], rules: Rules) -> set[datetime]:
    """When a gate could open or close, or a remembered trigger happen."""
    boundaries = {at for at in boundaries_of(lead, rules) if at > lead.first_seen_at}
    steps = {step.valid_from for intervals in scores.values() for step in intervals}
    return boundaries | steps | instants_of(lead, rules)


def is_blocked(state: ScoreState, profile: Profile, policy: Policy) -> bool:
    """Whether neither gate nor trigger counts, whatever the score."""
    return profile.uses_matrix and policy.is_blocking(state.grade)


def bars_of(lead: Lead) -> list[tuple[datetime, str]]:
    """When the account gets a bar, or another one: at first sight or later."""
    instants = [] if lead.attributes is None else lead.attributes.instants
    found, before = [], None
    for at in [lead.first_seen_at, *(at for at in instants if at > lead.first_seen_at)]:
        bar = bar_of(lead.attributes_at(at))
        if bar is not None and bar != before:
            found.append((at, bar))
        before = bar
    return found


def _gate_events(lead: Lead, scores: dict[str, list[Interval]], rules: Rules) -> list[Event]:
    """The openings and closings of both gates; one is open if that of either pair is."""
    boundaries = {at for at in boundaries_of(lead, rules) if at > lead.first_seen_at}
    events = []
    was_open = dict.fromkeys(GATES, False)
    for at in sorted(instants(lead, scores, rules)):
        policy = rules.at(at)
        for gate in GATES:
            is_open = bool(pairs_with_open(gate, lead, scores, policy, at))
            if is_open != was_open[gate]:
                rank = policy.lifecycle_events[gate].event_rank if is_open else 0
                record = NO_RECORD if at in boundaries else ("lead_score_history", gate)
                events.append(Event(at, rank, *record, gate))
            was_open[gate] = is_open
    return events


def pairs_with_open(
    gate: str, lead: Lead, scores: dict[str, list[Interval]], policy: Policy, at: datetime
) -> list[Pair]:
    """The pairs of an instant whose gate is open, the main one first."""
    return [
        pair
        for pair in pairs_with_score_for(gate, lead, scores, policy, at)
        if not failing_of(lead, pair, gate, scores, policy, at)
    ]


def pairs_with_score_for(
    gate: str, lead: Lead, scores: dict[str, list[Interval]], policy: Policy, at: datetime
) -> list[Pair]:
    """The pairs of an instant whose gate is open but for what else must hold."""
    is_open_in = {"sql_gate": sql_gate_is_open, "mql_gate": mql_gate_is_open}[gate]
    found = []
    for pair in lead.assignment.at(at).both:
        profile = policy.profiles[pair.profile]
        state = interval_at(scores[pair.scoring_model], at).state
        if not is_blocked(state, profile, policy) and is_open_in(state, profile, policy):
            found.append(pair)
    return found


def held_back_by(
    lead: Lead,
    scores: dict[str, list[Interval]],
    machine: Machine,
    policy: Policy,
    as_of: datetime,
) -> str | None:
    """The checks that alone keep marketing's lead from sales, in order of name."""
    if machine.owner != MARKETING:
        return None
    names: set[str] = set()
    for pair in pairs_with_score_for("sql_gate", lead, scores, policy, as_of):
        names |= failing_of(lead, pair, "sql_gate", scores, policy, as_of)
    remembered = timedelta(days=int(policy.settings["remembered_trigger_days"]))
    for event in machine.held:
        if as_of - event.at >= remembered:
            continue
        then = triggered_by(lead, event.signal, event.at, scores, machine.rules.at(event.at))
        is_main = [pair == lead.assignment.at(event.at).main for pair in then[event.name]]
        for pair in pairs_of_tracks(lead, as_of, is_main):
            names |= failing_of(lead, pair, event.name, scores, policy, as_of)
    return ", ".join(sorted(names)) or None


def mql_gate_is_open(state: ScoreState, profile: Profile, policy: Policy) -> bool:
    """Whether score, grade and signals make an MQL by the profile."""
    return (
        policy.grade_rank(state.grade) <= policy.grade_rank(profile.mql_min_grade)
        and state.score >= profile.mql_min_score
        and state.meaningful_signals >= profile.mql_min_meaningful_signals
        and state.intent_signals >= profile.mql_min_intent_signals
        and (
            not profile.uses_matrix
            or yes(
                policy.advice_of(profile.profile, state.grade, state.score_level)["opens_mql_gate"]
            )
        )
    )


def sql_gate_is_open(state: ScoreState, profile: Profile, policy: Policy) -> bool:
    """Whether score, grade and signals make an SQL by the profile."""
    return (
        profile.sql_by_score
        and policy.grade_rank(state.grade) <= policy.grade_rank(profile.mql_min_grade)
        and state.score >= profile.sql_min_score
        and state.high_intent_signals >= profile.sql_min_high_intent_signals
        and (
            not profile.uses_matrix
            or yes(
                policy.advice_of(profile.profile, state.grade, state.score_level)["opens_sql_gate"]
            )
        )
    )


def _qualification_events(lead: Lead, rules: Rules) -> list[Event]:
    """When each framework that counts becomes, and no longer is, wholly confirmed.

    Which ones count is what the profiles of the time say.
    """
    boundaries = {at for at in boundaries_of(lead, rules) if at > lead.first_seen_at}
    answers = sorted(lead.answers, key=lambda a: (a["answered_at"], a["answer_id"]))
    events = []
    for framework in sorted({answer["framework"] for answer in answers}):
        own = [answer for answer in answers if asks_of(framework, answer, rules.current)]
        was_confirmed = False
        for at in sorted(boundaries | {answer["answered_at"] for answer in own}):
            policy = rules.at(at)
            known = [answer for answer in own if answer["answered_at"] <= at]
            stands = stands_confirmed(framework, known, policy)
            is_confirmed = counts(lead, framework, policy, at) and stands
            if is_confirmed != was_confirmed:
                rank = policy.lifecycle_events["qualification_passed"].event_rank
                record = NO_RECORD
                if known and known[-1]["answered_at"] == at:
                    record = ("qualification_answers", known[-1]["answer_id"])
                name = "qualification_passed"
                rank = rank if is_confirmed else 0
                events.append(Event(at, rank, *record, name, framework=framework))
            was_confirmed = is_confirmed
    return events


def asks_of(framework: str, answer: Record, policy: Policy) -> bool:
    """Whether an answer is to a criterion of a framework, in lower case."""
    criteria = {
        criterion.lower()
        for name, criteria in policy.frameworks.items()
        if name.lower() == framework
        for criterion in criteria
    }
    return answer["framework"] == framework and answer["criterion"] in criteria


def counts(lead: Lead, framework: str, policy: Policy, at: datetime) -> bool:
    """Whether a framework, in lower case, is among those of either profile of an instant."""
    return any(
        framework == name.lower()
        for pair in lead.assignment.at(at).both
        for name in policy.profiles[pair.profile].qualifying_frameworks
    )


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
