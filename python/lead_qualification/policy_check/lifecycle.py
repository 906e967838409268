"""What stages, transitions and timers say together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from lead_qualification.policy_check.findings import Finding
from lead_qualification.policy_check.rows import Policy, Row


@dataclass(frozen=True, eq=False)
class Machine:
    """The lifecycle as one kind of lead goes through it.

    Attributes:
        moves: The transition of each stage and event.
        stages: The row of each stage.
        of_role: A stage of each role.
        has_regressed: Whether it has regressed so often that it is parked for the long term.
        is_opted_out: Whether it has opted out.
        is_disqualified: Whether it is disqualified.
    """

    moves: Mapping[tuple[str, str], Row]
    stages: Mapping[str, Row]
    of_role: Mapping[str, str]
    has_regressed: bool = False
    is_opted_out: bool = False
    is_disqualified: bool = False

    def next_stage(self, stage: str, event: str) -> str | None:
        """Return where an event leads from a stage; none if nowhere else."""
        move = self.moves.get((stage, event))
        if move is None or move["to_stage"] not in self.stages:
            return None
        to_stage = move["to_stage"]
        parks = move["is_regression"] or self.stages[to_stage]["role"] == "nurture"
        if self.has_regressed and parks:
            to_stage = self.of_role.get("long_term_nurture", to_stage)
        row = self.stages[to_stage]
        if self.is_disqualified:
            if not row["open_to_disqualified"]:
                to_stage = self.of_role.get("disqualified", to_stage)
        elif self.is_opted_out and row["requires_opt_in"]:
            to_stage = self.of_role.get("suppressed", to_stage)
        return None if to_stage == stage else to_stage


def machines(policy: Policy) -> Iterator[Machine]:
    """Yield the lifecycle of each kind of lead."""
    moves = {(row["from_stage"], row["event"]): row for row in policy["stage_transitions"]}
    stages = {row["stage"]: row for row in policy["stages"]}
    of_role = {row["role"]: row["stage"] for row in policy["stages"] if row["role"]}
    for kind in product((False, True), repeat=3):
        yield Machine(moves, stages, of_role, *kind)


def unreachable_stages(policy: Policy) -> Iterator[Finding]:
    """Stages that nothing leads to from the one where leads begin."""
    all_machines = list(machines(policy))
    first = all_machines[0]
    reached = {first.of_role.get("start")} - {None}
    if not reached:
        return
    parks = {"long_term_nurture", "disqualified", "suppressed"}
    while True:
        found = {
            to_stage
            for machine in all_machines
            for stage, event in machine.moves
            if stage in reached and (to_stage := machine.next_stage(stage, event))
        }
        if found <= reached:
            break
        reached |= found
    for stage, row in first.stages.items():
        if stage not in reached and (row["role"] not in parks or not first.moves):
            what = f"no transition leads to {stage} from where leads begin"
            yield row.error("stage", what, "add one to stage_transitions.csv or delete the stage")


def timer_cycles(policy: Policy) -> Iterator[Finding]:
    """Timers that move a lead round and round without anything else happening.

    A timer whose event sets no cooldown lets a gate that stands open move the lead on at once.
    """
    events = {row["event"]: row for row in policy["lifecycle_events"]}
    gates = [event for event, row in events.items() if row["is_gate"]]
    told = set()
    for machine, timers in product(machines(policy), timers_of_profiles(policy["stage_timers"])):
        moves: dict[str, set[str]] = {}
        for stage, timer in timers.items():
            to_stage = machine.next_stage(stage, timer["timer_event"])
            event = events.get(timer["timer_event"])
            if to_stage and event:
                is_open = not event["sets_cooldown"]
                moves[stage] = after_gates(machine, to_stage, gates) if is_open else {to_stage}
        cycle = circle(moves)
        if cycle and cycle not in told:
            told.add(cycle)
            days = sum(timers[stage]["after_days"] or 0 for stage in cycle)
            what = f"the timers run in a circle: {' to '.join([*cycle, cycle[0]])}, in {days} days"
            remedy = "let one of them lead to a stage without a timer, or delete it"
            yield timers[cycle[0]].error("stage", what, remedy)


def after_gates(machine: Machine, stage: str, gates: Iterable[str]) -> set[str]:
    """Return a stage and those that open gates lead on to from it."""
    found, waiting = {stage}, [stage]
    while waiting:
        here = waiting.pop()
        on = {to for gate in gates if (to := machine.next_stage(here, gate))} - found
        found |= on
        waiting.extend(on)
    return found


def timers_of_profiles(rows: Iterable[Row]) -> Iterator[dict[str, Row]]:
    """Yield the timer of each stage, for profiles without and with timers of their own."""
    general = {row["stage"]: row for row in rows if row["profile"] is None}
    yield general
    for profile in sorted({row["profile"] for row in rows} - {None}):
        yield general | {row["stage"]: row for row in rows if row["profile"] == profile}


def circle(moves: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return stages that lead to each other in a circle, from the first by name; empty if none."""
    for start in sorted(moves):
        paths = [(start,)]
        seen = {start}
        while paths:
            path = paths.pop()
            for to_stage in sorted(moves.get(path[-1], ())):
                if to_stage == start:
                    return path
                if to_stage not in seen:
                    seen.add(to_stage)
                    paths.append((*path, to_stage))
    return ()


def gate_circles(policy: Policy) -> Iterator[Finding]:
    """Gates that, both open, move a lead round and round at one instant."""
    gates = [row["event"] for row in policy["lifecycle_events"] if row["is_gate"]]
    machine = next(machines(policy))
    moves = {
        stage: {to for gate in gates if (to := machine.next_stage(stage, gate))}
        for stage in machine.stages
    }
    cycle = circle(moves)
    if cycle:
        what = f"open gates run in a circle: {' to '.join([*cycle, cycle[0]])}"
        gate = next(gate for gate in gates if (cycle[0], gate) in machine.moves)
        yield machine.moves[cycle[0], gate].error("to_stage", what, "delete one of the transitions")


def timers_against_stages(policy: Policy) -> Iterator[Finding]:
    """Timers that do not end a stay when stages.csv says, or that lead nowhere."""
    stages = {row["stage"]: row for row in policy["stages"]}
    moves = {(row["from_stage"], row["event"]) for row in policy["stage_transitions"]}
    for row in policy["stage_timers"]:
        stage, days = stages.get(row["stage"]), row["after_days"]
        if (row["stage"], row["timer_event"]) not in moves:
            what = f"{row['timer_event']} leads nowhere from {row['stage']}"
            yield row.warning("timer_event", what, "add the transition to stage_transitions.csv")
        most = stage["max_days"] if stage else None
        differs = most is not None and days is not None and days != most
        if policy.is_last and differs and (row["profile"] is None or days > most):
            what = f"{days} days, and max_days of {row['stage']} in stages.csv says {most}"
            yield row.warning("after_days", what, "write the same in both")


RULES = (unreachable_stages, timer_cycles, gate_circles, timers_against_stages)
