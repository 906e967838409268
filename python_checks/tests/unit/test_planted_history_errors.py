"""Errors about time, planted into the reference one by one: the golden case or a world sees each.

A plant that nobody saw would be an error that the comparison of builds with the reference, or of
the reference with the golden case, cannot find either.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from python_checks import reference
from python_checks.compare import compare_tables
from python_checks.reference import handoffs, lifecycle, rules, scoring
from python_checks.reference.assignment import Pair
from python_checks.reference.attributes import Attributes, RecordHistory
from python_checks.reference.policy import Policy
from python_checks.reference.rules import PolicyVersion, Rules, always
from python_checks.tests.tables import (
    DATED,
    DATED_AS_OF,
    DATED_EXPECTED,
    KEYS,
    POLICY,
    dated_policy,
    with_document_names,
)
from python_checks.world_policies import write_dated_policy
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

WORLDS, WORLDS_SEED, POLICY_SEED, VERSIONS = 30, 19, 7, 5
Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
Tables = dict[str, list[dict[str, Any]]]


def edit_rules(patch: Patch, edit: Callable[[Rules], Rules]) -> None:
    """Let the calculation use other rules than those that the folder says."""
    load = rules.load_rules
    patch.setattr(reference, "load_rules", lambda *arguments: edit(load(*arguments)))


def edit_policies(patch: Patch, edit: Callable[[Policy, Rules], Policy]) -> None:
    """Let every version say something else."""

    def edited(found: Rules) -> Rules:
        versions = [
            dataclasses.replace(version, policy=edit(version.policy, found))
            for version in found.versions
        ]
        return Rules(versions, found.as_of)

    edit_rules(patch, edited)


def of_the_clock(*names: str) -> Plant:
    """Some rules are those of the clock at all times."""

    def plant(patch: Patch) -> None:
        edit_policies(
            patch,
            lambda policy, found: dataclasses.replace(
                policy, **{name: getattr(found.current, name) for name in names}
            ),
        )

    return plant


def boundary_on_the_wrong_side(patch: Patch) -> None:
    """A boundary belongs to the version that it ends."""
    patch.setattr(
        Rules, "version_at", lambda self, at: self.versions[bisect_left(self.boundaries, at)]
    )


def row_holds_at_its_end(patch: Patch) -> None:
    """A row is in force in (valid_from, valid_to]."""

    def is_in_force(row: dict, table: str, at: datetime) -> bool:
        begins, ends = (rules.bound_of(row, name, table) for name in ("valid_from", "valid_to"))
        return (begins is None or begins < at) and (ends is None or at <= ends)

    patch.setattr(rules, "is_in_force", is_in_force)


def boundaries_after_the_clock_forgotten(patch: Patch) -> None:
    """The scheduled future knows no rule that is decided already."""

    def edited(found: Rules) -> Rules:
        past = [v for v in found.versions if v.valid_from is None or v.valid_from <= found.as_of]
        return Rules([*past[:-1], dataclasses.replace(past[-1], valid_to=None)], found.as_of)

    edit_rules(patch, edited)


def latest_is_dated(patch: Patch) -> None:
    """policy_in_force has no effect."""
    load = rules.load_rules
    patch.setattr(reference, "load_rules", lambda folder, as_of, _: load(folder, as_of))


def latest_is_the_last_version(patch: Patch) -> None:
    """Latest takes the last rows that there are, though they begin after the clock."""
    load = rules.load_rules

    def loaded(folder: Path, as_of: datetime, policy_in_force: str) -> Rules:
        found = load(folder, as_of)
        is_latest = policy_in_force == "latest"
        return always(found.versions[-1].policy, as_of) if is_latest else found

    patch.setattr(reference, "load_rules", loaded)


def timer_of_the_clock(patch: Patch) -> None:
    """A new number of days moves the deadlines that were given."""
    enter = lifecycle.Machine._enter

    def entered(self, entry) -> None:
        enter(self, entry)
        profile = self.assignment.at(entry.entered_at).main.profile
        self.timer = self.rules.current.timer_of(entry.stage, profile)

    patch.setattr(lifecycle.Machine, "_enter", entered)


def timer_of_its_firing(patch: Patch) -> None:
    """The timer is looked up while it runs: the one in force when its days are over."""

    def timer_at(self) -> datetime | None:
        due = None
        for version in self.rules.versions:
            profile = self.assignment.at(self.entered_at).main.profile
            timer = version.policy.timer_of(self.stage, profile)
            if timer is None or self.timer_has_fired:
                continue
            at = self.entered_at + lifecycle.timedelta(days=timer.after_days)
            if self.rules.version_at(at) is version:
                due, self.timer = at, timer
                break
        return due

    patch.setattr(lifecycle.Machine, "timer_at", timer_at)


def timer_leads_by_its_entry(patch: Patch) -> None:
    """Where a timer leads is what was in force when the stage was entered."""
    transition = lifecycle.Machine.transition

    def moved(self, event_name: str, at: datetime, reason: str | None, *others: Any) -> None:
        own = self.rules
        if self.timer is not None and event_name == self.timer.timer_event:
            self.rules = always(own.at(self.entered_at), own.as_of)
        transition(self, event_name, at, reason, *others)
        self.rules = own

    patch.setattr(lifecycle.Machine, "transition", moved)


def contributions_not_renewed(patch: Patch) -> None:
    """A signal keeps the points that it had when it came."""
    known: list[Rules] = []
    edit_rules(patch, lambda found: known.append(found) or found)
    original = scoring.contributions_of

    def frozen(signals, model, episodes, policy):
        return [
            contribution
            for version in known[-1].versions
            for contribution in original(signals, model, episodes, version.policy)
            if known[-1].version_at(contribution.start) is version
        ]

    patch.setattr(scoring, "contributions_of", frozen)


def pair_runs_on(patch: Patch) -> None:
    """A model that ever scores a lead always does."""
    known: list[Rules] = []
    edit_rules(patch, lambda found: known.append(found) or found)
    original = scoring.models_of

    def ever(lead, policy, at) -> list[str]:
        primary = original(lead, policy, at)
        begins = [(v.policy, v.valid_from or datetime.min) for v in known[-1].versions]
        others = [name for own, since in begins for name in original(lead, own, since)]
        return list(dict.fromkeys([*primary, *others]))

    patch.setattr(scoring, "models_of", ever)


def neighbours_not_joined(patch: Patch) -> None:
    """Every boundary makes a new row."""
    known: list[Rules] = []
    edit_rules(patch, lambda found: known.append(found) or found)
    original = scoring._append

    def append(intervals, moment, state) -> None:
        if intervals and moment in known[-1].boundaries:
            intervals[-1] = dataclasses.replace(intervals[-1], valid_to=moment)
            intervals.append(scoring.Interval(moment, None, state, [(moment, state)]))
        else:
            original(intervals, moment, state)

    patch.setattr(scoring, "_append", append)


class WithoutBoundaries:
    """Rules that change, but at no instant that anybody looks at."""

    def __init__(self, found: Rules) -> None:
        """Take the rules that do."""
        self.at = found.at
        self.boundaries: list[datetime] = []
        self.versions = found.versions
        self.current = found.current


def boundaries_not_looked_at(patch: Patch) -> None:
    """A transition that begins waits for the next event."""
    run = lifecycle._run
    patch.setattr(
        lifecycle, "_run", lambda machine, events, _, as_of: run(machine, events, [], as_of)
    )


def gates_do_not_move_at_boundaries(patch: Patch) -> None:
    """A gate opens or closes with the score alone."""
    original = lifecycle._gate_events

    def events(lead, scores, found):
        primary = {pairs.main.scoring_model for _, pairs in lead.assignment.steps}
        own = {name: steps for name, steps in scores.items() if name in primary}
        return original(lead, own, WithoutBoundaries(found))

    patch.setattr(lifecycle, "_gate_events", events)


def frameworks_do_not_move_at_boundaries(patch: Patch) -> None:
    """A framework that begins to count does so with the next answer."""
    original = lifecycle._qualification_events
    patch.setattr(
        lifecycle,
        "_qualification_events",
        lambda lead, found: original(lead, WithoutBoundaries(found)),
    )


def points_off_of_the_clock(patch: Patch) -> None:
    """A regression takes off what is in force now."""
    known: list[Rules] = []
    edit_rules(patch, lambda found: known.append(found) or found)
    original = lifecycle._points_off
    patch.setattr(lifecycle, "_points_off", lambda _: original(known[-1].current))


def blocked_by_the_grade_of_the_clock(patch: Patch) -> None:
    """A lead that is F today had no trigger before."""
    known: list[Rules] = []
    edit_rules(patch, lambda found: known.append(found) or found)
    original = lifecycle.triggered_by

    def triggered(lead, signal, at, scores, policy) -> dict[str, Pair]:
        now = known[-1].as_of
        model, profile = lead.assignment.at(at).main
        state = lifecycle.interval_at(scores[model], now).state
        if lifecycle.is_blocked(state, policy.profiles[profile], policy):
            return {}
        return original(lead, signal, at, scores, policy)

    patch.setattr(lifecycle, "triggered_by", triggered)


def bars_at_first_sight_alone(patch: Patch) -> None:
    """An account that becomes a competitor later disqualifies nobody."""
    original = lifecycle.bars_of
    patch.setattr(
        lifecycle,
        "bars_of",
        lambda lead: [found for found in original(lead) if found[0] == lead.first_seen_at],
    )


def bars_of_today(patch: Patch) -> None:
    """What the account is today it was at first sight."""

    def bars_of(lead) -> list[tuple[datetime, str]]:
        bar = lifecycle.bar_of(lead.attributes_at(datetime.max))
        return [] if bar is None else [(lead.first_seen_at, bar)]

    patch.setattr(lifecycle, "bars_of", bars_of)


def end_of_a_bar_reopens(patch: Patch) -> None:
    """The lead is free again as soon as the account is."""
    original = lifecycle.lifecycle_events

    def events(lead, scores, found, as_of):
        own = original(lead, scores, found, as_of)
        instants = [at for at in lead.attributes.instants if at > lead.first_seen_at]
        for at in instants:
            if at <= as_of and lifecycle.bar_of(lead.attributes_at(at)) is None:
                own.append(lifecycle.Event(at, 19, "", "", "reopened"))
        return sorted(own, key=lambda event: event.order)

    patch.setattr(lifecycle, "lifecycle_events", events)


def context_of_today(patch: Patch) -> None:
    """A hand-off shows what the company is now."""
    patch.setattr(
        handoffs.Handoff,
        "attributes",
        property(lambda self: self.result.lead.attributes_at(self.as_of)),
    )


def version_of_the_clock(patch: Patch) -> None:
    """Every stay has the version of today."""
    original = reference.stage_history_rows
    patch.setattr(
        reference,
        "stage_history_rows",
        lambda result, found: [
            row | {"policy_version": found.version_at(found.as_of).number}
            for row in original(result, found)
        ],
    )


def later_changes_forgotten(patch: Patch) -> None:
    """A change after the clock says nothing of the time before."""
    original = reference.record_histories

    def histories(records, key, columns, changes, kind):
        past = [change for change in changes if change["changed_at"] <= DATED_AS_OF]
        return original(records, key, columns, past, kind)

    patch.setattr(reference, "record_histories", histories)


def later_changes_in_the_scheduled_future(patch: Patch) -> None:
    """What comes after the clock changes the scheduled scores."""
    patch.setattr(
        reference,
        "Attributes",
        lambda own, account, as_of, custom: Attributes(own, account, datetime.max, custom),
    )


def old_value_forgotten(patch: Patch) -> None:
    """Before its first change an attribute was what it is now."""
    original = RecordHistory.value_at

    def value_at(self, attribute: str, at: datetime) -> Any:
        changes = self.changes.get(attribute, [])
        is_before = bool(changes) and at < changes[0].at
        return self.record.get(attribute) if is_before else original(self, attribute, at)

    patch.setattr(RecordHistory, "value_at", value_at)


def change_counts_after_its_instant(patch: Patch) -> None:
    """At the instant of a change the old value still holds."""
    original = RecordHistory.value_at
    moment = lifecycle.timedelta(microseconds=1)
    patch.setattr(
        RecordHistory,
        "value_at",
        lambda self, name, at: original(self, name, max(at, datetime.min + moment) - moment),
    )


def last_new_value_counts(patch: Patch) -> None:
    """What the record itself says does not matter once there is a change."""
    original = RecordHistory.value_at

    def value_at(self, attribute: str, at: datetime) -> Any:
        changes = self.changes.get(attribute, [])
        if changes and at >= changes[-1].at:
            return changes[-1].new_value
        return original(self, attribute, at)

    patch.setattr(RecordHistory, "value_at", value_at)


def changes_of_one_instant_in_any_order(patch: Patch) -> None:
    """Of several changes at one instant the first counts as the last."""
    original = reference.record_histories

    def histories(*arguments):
        found = original(*arguments)
        for history in found.values():
            for own in history.changes.values():
                own.sort(key=lambda change: change.change_id, reverse=True)
                own.sort(key=lambda change: change.at)
        return found

    patch.setattr(reference, "record_histories", histories)


def no_step_at_a_change(patch: Patch) -> None:
    """A score learns of a change with the next signal."""
    patch.setattr(scoring, "_instants", lambda lead: [])


def country_of_the_lead_alone(patch: Patch) -> None:
    """A lead without a country has none, wherever its account is."""
    original = Attributes._values_at

    def values_at(self, at: datetime) -> dict[str, Any]:
        return original(self, at) | {"country": self.own.value_at("country", at)}

    patch.setattr(Attributes, "_values_at", values_at)


def segment_of_the_record(patch: Patch) -> None:
    """The segment follows today's number of employees."""
    original = Attributes._values_at

    def values_at(self, at: datetime) -> dict[str, Any]:
        now = original(self, self.as_of)
        return original(self, at) | {"company_segment": now["company_segment"]}

    patch.setattr(Attributes, "_values_at", values_at)


def first_version_forever(patch: Patch) -> None:
    """No edit ever comes into force."""
    edit_policies(patch, lambda policy, found: found.versions[0].policy)


def version_ends_a_second_early(patch: Patch) -> None:
    """The versions are cut before the boundary."""
    second = lifecycle.timedelta(seconds=1)

    def earlier(at: datetime | None) -> datetime | None:
        return None if at is None else at - second

    def cut(version: PolicyVersion) -> PolicyVersion:
        bounds = {name: earlier(getattr(version, name)) for name in ("valid_from", "valid_to")}
        return dataclasses.replace(version, **bounds)

    edit_rules(patch, lambda found: Rules([cut(v) for v in found.versions], found.as_of))


PLANTS: dict[str, Plant] = {
    "points of the clock": of_the_clock("point_rules"),
    "fit rules of the clock": of_the_clock("fit_rules"),
    "curve of the clock": of_the_clock("recency_curve"),
    "bands of the clock": of_the_clock("score_bands"),
    "matrix of the clock": of_the_clock("qualification_matrix"),
    "profiles of the clock": of_the_clock("profiles"),
    "triggers of the clock": of_the_clock("profile_triggers"),
    "assignment of the clock": of_the_clock("model_assignment"),
    "models of the clock": of_the_clock("scoring_models"),
    "transitions of the clock": of_the_clock("stage_transitions"),
    "cooldown days of the clock": of_the_clock("re_engage_days"),
    "settings of the clock": of_the_clock("settings"),
    "sla of the clock": of_the_clock("sla_policies"),
    "routing of the clock": of_the_clock("routing_rules"),
} | {
    plant.__name__.replace("_", " "): plant
    for plant in (
        boundary_on_the_wrong_side,
        row_holds_at_its_end,
        boundaries_after_the_clock_forgotten,
        latest_is_dated,
        latest_is_the_last_version,
        timer_of_the_clock,
        timer_of_its_firing,
        timer_leads_by_its_entry,
        contributions_not_renewed,
        pair_runs_on,
        neighbours_not_joined,
        boundaries_not_looked_at,
        gates_do_not_move_at_boundaries,
        frameworks_do_not_move_at_boundaries,
        points_off_of_the_clock,
        blocked_by_the_grade_of_the_clock,
        bars_at_first_sight_alone,
        bars_of_today,
        end_of_a_bar_reopens,
        context_of_today,
        version_of_the_clock,
        later_changes_forgotten,
        later_changes_in_the_scheduled_future,
        old_value_forgotten,
        change_counts_after_its_instant,
        last_new_value_counts,
        changes_of_one_instant_in_any_order,
        no_step_at_a_change,
        country_of_the_lead_alone,
        segment_of_the_record,
        first_version_forever,
        version_ends_a_second_early,
    )
}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy of the golden case."""
    return dated_policy(tmp_path_factory.mktemp("dated"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Raw rows of random worlds, and a random dated policy."""
    raw, policy = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("policy")
    generate_worlds(WORLDS, WORLDS_SEED, raw)
    write_dated_policy(policy, POLICY, POLICY_SEED, WORLDS_AS_OF, VERSIONS)
    return raw, policy


@pytest.fixture(scope="module")
def world_tables(world: tuple[Path, Path]) -> Tables:
    """What the sound reference makes of them."""
    raw, policy = world
    return reference.compute(raw, policy, WORLDS_AS_OF)


def golden_sees_it(policy: Path) -> bool:
    """Whether a table of the golden case is not what it must be."""
    for in_force, folder in DATED_EXPECTED.items():
        variables = {"policy_in_force": in_force}
        tables = reference.compute(DATED / "raw", policy, DATED_AS_OF, variables)
        for path in folder.glob("*.csv"):
            expected = pd.read_csv(path, dtype=str, keep_default_na=False)
            actual = with_document_names(pd.DataFrame(tables[path.stem]), path)
            if compare_tables(expected, actual, KEYS[path.stem]):
                return True
    return False


def world_sees_it(world: tuple[Path, Path], sound: Tables) -> bool:
    """Whether a table of the worlds is another one than before."""
    raw, policy = world
    found = reference.compute(raw, policy, WORLDS_AS_OF)
    return any(compare_tables(sound[name], found[name], KEYS[name]) for name in KEYS)


def test_nothing_is_seen_where_nothing_is_planted(
    golden: Path, world: tuple[Path, Path], world_tables: Tables
) -> None:
    assert not golden_sees_it(golden)
    assert not world_sees_it(world, world_tables)


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_planted_error_is_seen(
    plant: Plant,
    monkeypatch: Patch,
    golden: Path,
    world: tuple[Path, Path],
    world_tables: Tables,
) -> None:
    plant(monkeypatch)
    assert golden_sees_it(golden) or world_sees_it(world, world_tables)
