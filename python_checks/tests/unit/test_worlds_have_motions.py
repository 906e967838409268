"""Random policies of motions make random leads go through every rule about them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from python_checks import reference
from python_checks.reference.assignment import CONDITIONS, MAIN, SECOND, is_met, values_of
from python_checks.reference.handoffs import Handoff, handoff_rows, handoffs_of, sla_policy_of
from python_checks.reference.identity import Lead
from python_checks.reference.lifecycle import counts, is_blocked, pairs_with_open
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import Policy, read_policy_tables
from python_checks.reference.rules import VALID_FROM, VALID_TO, Rules, load_rules
from python_checks.tests.tables import POLICY
from python_checks.world_motions import PARTS, write_motion_policy
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

WORLDS, WORLDS_SEED = 30, 20260930
POLICY_SEEDS = (2, 3, 6, 8, 9, 10)
DATED_BY_MOTIONS = ("stage_owners", "sla_policies", "qualification_matrix", "model_assignment")
Count = Counter[str]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Count:
    """How often each rule decided something in the worlds, by policies of several seeds."""
    raw = tmp_path_factory.mktemp("worlds")
    generate_worlds(WORLDS, WORLDS_SEED, raw)
    counted: Count = Counter()
    for seed in POLICY_SEEDS:
        policy = write_motion_policy(
            tmp_path_factory.mktemp("policy"), POLICY, seed, WORLDS_AS_OF, versions=4
        )
        rules = load_rules(policy, WORLDS_AS_OF)
        results, handoffs = _calculated(raw, policy)
        for result in results:
            counted.update(_of_assignment(result, rules))
            counted.update(_of_stays(result, rules))
            counted.update(_of_gates(result, rules))
        for handoff in handoffs:
            counted.update(_of_handoff(handoff))
    return counted


def _calculated(raw: Path, policy: Path) -> tuple[list[LeadResult], list[Handoff]]:
    """What the reference makes of each lead, and the hand-offs with their rows."""
    results: list[LeadResult] = []
    handoffs: list[Handoff] = []
    one_lead = reference._result
    some_handoffs = handoffs_of

    def result_of(lead: Lead, rules: Rules, as_of: datetime) -> LeadResult:
        results.append(one_lead(lead, rules, as_of))
        return results[-1]

    def handoffs_of_one(result: LeadResult, rules: Rules, as_of: datetime) -> list[Handoff]:
        own = some_handoffs(result, rules, as_of)
        handoffs.extend(own)
        return own

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "_result", result_of)
        patch.setitem(handoff_rows.__globals__, "handoffs_of", handoffs_of_one)
        reference.compute(raw, policy, WORLDS_AS_OF)
    return results, handoffs


def _of_assignment(result: LeadResult, rules: Rules) -> list[str]:
    """Which condition gave the lead a pair, and what changed one."""
    lead, seen = result.lead, []
    for since, pairs in lead.assignment.steps:
        values = values_of(lead, since)
        for track in [MAIN, SECOND] if pairs.second else [MAIN]:
            rows = [
                row
                for row in rules.at(since).model_assignment
                if (row["track"] or MAIN) == track and is_met(row, values)
            ]
            seen += [f"{track} by {name}" for name in CONDITIONS if rows[0][name] is not None]
    signals = {signal.occurred_at for signal in lead.signals}
    for (_, before), (since, after) in pairwise(lead.assignment.steps):
        which = "main" if before.main != after.main else "second"
        kinds = {"boundary": rules.boundaries, "attribute": lead.attributes.instants}
        seen += [f"{which} changes at {k}" for k, of in kinds.items() if since in of]
        if since in signals:
            seen.append(f"{which} changes at signal")
    return seen


def _of_stays(result: LeadResult, rules: Rules) -> list[str]:
    """Whose the stays are, and by which row."""
    seen = []
    for entry in result.machine.history:
        policy = rules.at(entry.entered_at)
        profile = result.lead.assignment.at(entry.entered_at).main.profile
        of_any = policy.stage_owners[(None, entry.stage)]
        seen.append(f"stay of {entry.owner}")
        if entry.is_regression:
            named = policy.owner_of(entry.stage, profile)
            seen += ["regression against the table"] if named != entry.owner else []
        elif entry.owner != of_any:
            seen.append("owner by profile")
        if entry.pair != result.lead.assignment.at(entry.entered_at).main:
            seen.append(f"decided by second: {entry.entered_by}")
    for before, after in pairwise(result.machine.history):
        if before.owner == "sdr" and after.owner == "sales":
            seen.append("sales takes over" if before.entered_at < after.entered_at else "at once")
        if before.owner == "sales" and after.owner == "sdr":
            seen.append("sales gives back to sales development")
        if before.owner == "nobody" and after.owner in ("sdr", "sales"):
            seen.append("from nobody")
    return seen


def _of_gates(result: LeadResult, rules: Rules) -> list[str]:
    """What the two pairs make of the score whenever a stage is entered or a signal comes."""
    lead, seen = result.lead, []
    moments = {s.occurred_at for s in lead.signals} | {e.entered_at for e in result.machine.history}
    for at in moments:
        if not lead.first_seen_at <= at <= WORLDS_AS_OF:
            continue
        policy, pairs = rules.at(at), lead.assignment.at(at)
        seen += _of_cells(result, policy, at)
        if pairs.second is None:
            continue
        for gate in ("sql_gate", "mql_gate"):
            is_open = pairs_with_open(gate, lead, result.scores, policy, at)
            seen += [f"{gate} of both"] if len(is_open) == 2 else []
            seen += [f"{gate} of second alone"] if is_open == [pairs.second] else []
        blocked = [
            is_blocked(result.state_at(p.scoring_model, at), policy.profiles[p.profile], policy)
            for p in pairs.both
        ]
        seen += ["one pair blocked"] if any(blocked) and not all(blocked) else []
        main = policy.profiles[pairs.main.profile].qualifying_frameworks
        seen += [
            "framework of second alone"
            for framework in policy.frameworks
            if framework not in main and counts(lead, framework.lower(), policy, at)
        ]
    return seen


def _of_cells(result: LeadResult, policy: Policy, at: datetime) -> list[str]:
    """Whether a gate was decided by a cell of the profile that is not that of any."""
    seen = []
    for pair in result.lead.assignment.at(at).both:
        state = result.state_at(pair.scoring_model, at)
        cell = (pair.profile, state.grade, state.score_level)
        if policy.profiles[pair.profile].uses_matrix and cell in policy.qualification_matrix:
            of_any = policy.advice_of(None, *cell[1:])
            own = policy.advice_of(*cell)
            seen += ["cell of the profile"] if own["stage"] != of_any["stage"] else []
    return seen


def _of_handoff(handoff: Handoff) -> list[str]:
    """Between whom it was, how it began and ended, and by which promise."""
    row, policy = handoff.row, handoff.policy
    lead = handoff.result.lead
    seen = [
        f"{row['from_owner']} to {row['to_owner']}",
        f"to {policy.stages[row['to_stage']].role or 'another stage'}",
        f"{row['to_owner']}: {row['disposition']}",
    ]
    if row["trigger_event"] == "first_seen":
        seen.append("first stay")
    if handoff.follows_another:
        activities = {activity["occurred_at"] for activity in lead.sales_activities}
        seen += ["fact of the earlier one"] if handoff.begins_at in activities else []
    sla = sla_policy_of(row["trigger_signal"], row["profile"], row["to_owner"], policy)
    names = {
        "signal": bool(sla.handoff_signals),
        "profile": sla.profile is not None,
        "owner": sla.to_owner is not None,
    }
    seen.append("promise by " + (" and ".join(n for n, named in names.items() if named) or "none"))
    return seen


@pytest.mark.parametrize(
    "rule",
    [
        *(f"{track} by {name}" for track in (MAIN, SECOND) for name in CONDITIONS),
        *(f"{t} changes at {k}" for t in (MAIN, SECOND) for k in ("boundary", "attribute")),
        *(f"{track} changes at signal" for track in (MAIN, SECOND)),
        *(f"stay of {owner}" for owner in ("marketing", "sdr", "sales", "nobody")),
        "owner by profile",
        "regression against the table",
        *("marketing to sdr", "marketing to sales", "sdr to sales"),
        *("sales takes over", "at once", "sales gives back to sales development", "from nobody"),
        *("first stay", "fact of the earlier one", "to mql", "to pql", "to proposed", "to start"),
        *(f"sdr: {disposition}" for disposition in ("accepted", "rejected", "none")),
        *("promise by none", "promise by signal", "promise by profile", "promise by owner"),
        *("promise by profile and owner", "promise by signal and profile"),
        "cell of the profile",
        *("sql_gate of both", "sql_gate of second alone", "mql_gate of both"),
        *("mql_gate of second alone", "one pair blocked", "framework of second alone"),
        *("decided by second: sql_gate", "decided by second: mql_gate"),
        *("decided by second: mql_trigger", "decided by second: high_intent_action"),
    ],
)
def test_every_rule_decides_something(found: Count, rule: str) -> None:
    assert found[rule] > 0, sorted(found.items())


def test_every_table_of_motions_is_dated(tmp_path: Path) -> None:
    edited = set()
    for seed in range(6):
        folder = write_motion_policy(tmp_path / f"{seed}", POLICY, seed, WORLDS_AS_OF, versions=5)
        for name, rows in read_policy_tables(folder).items():
            if any(row.get(VALID_FROM) or row.get(VALID_TO) for row in rows):
                edited.add(name)
    assert edited >= set(DATED_BY_MOTIONS)


def test_same_seed_gives_the_same_motions(tmp_path: Path) -> None:
    one, other = (
        write_motion_policy(tmp_path / name, POLICY, 3, WORLDS_AS_OF) for name in ("one", "other")
    )
    assert read_policy_tables(one) == read_policy_tables(other)


@pytest.mark.parametrize("part", PARTS)
def test_part_that_is_left_out_leaves_its_tables(tmp_path: Path, part: str) -> None:
    others = [name for name in PARTS if name != part]
    folder = write_motion_policy(tmp_path, POLICY, 4, WORLDS_AS_OF, versions=1, parts=others)
    tables = read_policy_tables(folder)
    shipped = read_policy_tables(POLICY)
    is_there = {
        "owners": tables["stage_owners"] != shipped["stage_owners"],
        "clocks": any(row["sla_policy"].startswith("promise") for row in tables["sla_policies"]),
        "matrix": any(row.get("profile") for row in tables["qualification_matrix"]),
        "assignment": any(
            row["description"] == "By chance" and row["track"] != SECOND
            for row in tables["model_assignment"]
        ),
        "second_track": any(
            row["description"] == "By chance" and row["track"] == SECOND
            for row in tables["model_assignment"]
        ),
    }
    assert [name for name, there in is_there.items() if not there] == [part]
