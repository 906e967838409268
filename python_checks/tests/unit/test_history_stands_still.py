"""What is dated after an instant changes nothing that held before it.

Into random worlds with dated rules come policy rows, changes of attributes and facts, all of them
later than an instant. What the public tables say of the time before stays, but for what identity
joins and for what the specification lets look ahead. Those exceptions are kept out of what is
added, each by name:

- identify events: a visitor's earlier events become somebody's;
- merges and deletions: a record becomes another person's, or nobody's;
- shared addresses: a new record claims an address, or the facts of an erased one;
- deal contacts: a colleague gets the events of a deal;
- flags: an opt-out flag of a record moves where it has no time, and gives way to any later opt-out
  or opt-in of the lead;
- leads of unknown age: their first fact is what they are there since;
- machines: of clicks within seconds the later ones say what the earlier ones were;
- reps who left: who has an open lead of theirs now is a matter of today, so nobody leaves here;
- other models: a lead is scored by a model that is not its primary one because of a signal of any
  time, so its first such signal brings steps of the past with it;
- contradicting histories: a record that says something else than its last change did so from that
  change on, until the next one tells.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.cells import parse_timestamp
from python_checks.reference.policy import read_policy_tables, read_rows
from python_checks.reference.rules import DATED_TABLES, bound_of
from python_checks.tests.settled import keep_reps
from python_checks.tests.tables import POLICY
from python_checks.world_attributes import VALUES
from python_checks.world_changes import Tables, read_tables, write_tables
from python_checks.world_motions import KINDS_OF_MOTIONS, has_motions, write_motion_policy
from python_checks.world_policies import KINDS, Edits, write_dated_policy, write_edited_policy
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

WORLDS, SEED = 40, 4711
INSTANT = datetime(2026, 6, 15, 12)
"""What holds before it must stay."""
MARGIN = timedelta(minutes=1)
"""By so much later is what is added: machines look a few seconds back."""
FACTS = {
    "web_events": "occurred_at",
    "email_events": "occurred_at",
    "marketing_activities": "occurred_at",
    "product_events": "occurred_at",
    "intent_signals": "occurred_at",
    "sales_activities": "occurred_at",
    "lead_status_changes": "changed_at",
    "qualification_answers": "answered_at",
    "opportunities": "created_at",
}
OF_OPT_OUTS = ("unsubscribed", "resubscribed", "complained", "spam_complaint")
EDITS = 12
CHANGES = 60
FACTS_ADDED = 400
KNOWN_AT_A_HANDOFF = (
    "handed_off_at",
    "from_stage",
    "to_stage",
    "trigger_event",
    "trigger_signal",
    "scoring_model",
    "profile",
    "score",
    "fit_points",
    "behaviour_points",
    "intent_points",
    "recency_multiplier",
    "penalty_points",
    "score_band",
    "grade",
    "meaningful_signals",
    "industry",
    "employee_count",
    "company_segment",
    "annual_revenue",
    "territory",
    "recommended_rep_id",
    "sla_policy",
    "sla_due_at",
    "latest_signals",
    "framework_answers",
    "policy_version",
)
SAID_LATER = "routed_by_rules"
"""The check of a hand-off that looks at whom sales gave the lead to, whenever it did."""
VALID_TO_OF_A_STEP = 3
"""Where a row of lead_score_history says until when it holds."""
Rows = list[dict[str, Any]]
Addition = Callable[[Path, Path, Random], None]
"""Adds to a raw folder and a policy folder."""


@pytest.fixture(scope="module", params=[write_dated_policy, write_motion_policy])
def worlds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Random worlds and rules of several versions, also about motions."""
    raw, policy = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("policy")
    generate_worlds(WORLDS, SEED, raw)
    keep_reps(raw)
    request.param(policy, POLICY, SEED, WORLDS_AS_OF, versions=4)
    return raw, policy


@pytest.fixture(scope="module")
def before(worlds: tuple[Path, Path]) -> dict[str, Rows]:
    """What the public tables say before anything is added."""
    return compute(*worlds, WORLDS_AS_OF)


def append_rules(raw: Path, policy: Path, rng: Random) -> None:
    """Rules that begin, end or give way to others after the instant."""
    kinds = KINDS_OF_MOTIONS if has_motions(policy) else KINDS
    latest = max(
        bound
        for name, rows in read_policy_tables(policy).items()
        if name in DATED_TABLES
        for row in rows
        for column in ("valid_from", "valid_to")
        if (bound := bound_of(row, column, name)) is not None
    )
    first = max(latest, INSTANT) + MARGIN
    boundaries = [first, first + timedelta(days=9, hours=5)]

    def edits_of(at: datetime) -> list[tuple[datetime, Callable[[Edits], None]]]:
        return [(at, rng.choice(kinds)) for _ in range(EDITS)]

    write_edited_policy(policy, policy, [edit for at in boundaries for edit in edits_of(at)], rng)


def append_attribute_changes(raw: Path, policy: Path, rng: Random) -> None:
    """Attributes that change after the instant, in the record and in its history.

    Only of records whose history does not contradict them: here, of those without one.
    """
    tables = read_tables(raw)
    known = {(_plain(row["record_id"]), row["attribute"].lower()) for row in tables[CHANGED]}
    ids = [
        row[key]
        for table, key in (("leads", "lead_id"), ("accounts", "account_id"))
        for row in tables[table]
    ]
    for number in range(CHANGES):
        kind = rng.choice(["lead", "account"])
        table, key = ("leads", "lead_id") if kind == "lead" else ("accounts", "account_id")
        record = rng.choice(tables[table])
        attribute = rng.choice(list(VALUES[kind]))
        is_alone = ids.count(record[key]) == 1
        if not is_alone or any(
            name == attribute and record[key][:15] == other[:15] for other, name in known
        ):
            continue
        known.add((record[key], attribute))
        at = INSTANT + MARGIN + rng.random() * timedelta(days=150)
        new = VALUES[kind][attribute](rng)
        tables[CHANGED].append(
            {
                "change_id": f"new-{number}",
                "object": kind,
                "record_id": record[key],
                "attribute": attribute,
                "old_value": record[attribute],
                "new_value": new,
                "changed_at": f"{at:%Y-%m-%d %H:%M:%S}",
                "received_at": "",
            }
        )
        record[attribute] = new
    write_tables(tables, raw)


CHANGED = "attribute_changes"


def _plain(record_id: str) -> str:
    """An id as the record has it."""
    return record_id.strip().removesuffix(".0").removesuffix(".00")


def append_facts(raw: Path, policy: Path, rng: Random) -> None:
    """Facts of leads of known age, like others that there are, but after the instant."""
    tables = read_tables(raw)
    leads = _leads_of_known_age(tables)
    for number in range(FACTS_ADDED):
        table = rng.choice(list(FACTS))
        row = dict(rng.choice(tables[table]))
        words = {value.strip().lower() for value in row.values()}
        if "identify" in words or words & set(OF_OPT_OUTS):
            continue
        lead_id = rng.choice(leads)
        at = INSTANT + MARGIN + rng.random() * timedelta(days=120)
        row[next(iter(row))] = f"new-{number}"
        row[FACTS[table]] = f"{at:%Y-%m-%d %H:%M:%S}"
        for column in ("lead_id", "email", "anonymous_id"):
            if column in row:
                row[column] = ""
        if "lead_id" in row:
            row["lead_id"] = lead_id
        elif "email" in row:
            row["email"] = tables["leads"][_position(tables, lead_id)]["email"]
        row |= {name: "" for name in ("received_at", "updated_at", "closed_at") if name in row}
        row |= {name: "" for name in ("is_closed", "is_won") if name in row}
        tables[table].append(row)
    write_tables(tables, raw)


def _leads_of_known_age(tables: Tables) -> list[str]:
    """The ids of leads that are there before the instant, have no flag and one record."""
    ids = [row["lead_id"] for row in tables["leads"]]
    return [
        row["lead_id"]
        for row in tables["leads"]
        if ids.count(row["lead_id"]) == 1
        and (created := parse_timestamp(row["created_at"].strip())) is not None
        and datetime(2020, 1, 1) < created < INSTANT
    ]


def _position(tables: Tables, lead_id: str) -> int:
    return next(n for n, row in enumerate(tables["leads"]) if row["lead_id"] == lead_id)


def append_everything(raw: Path, policy: Path, rng: Random) -> None:
    """All of it."""
    for addition in (append_rules, append_attribute_changes, append_facts):
        addition(raw, policy, rng)


def past_of(tables: dict[str, Rows]) -> dict[str, dict[tuple, tuple]]:
    """What the public tables say of the time before the instant, by the keys of their rows."""
    handed_over = {
        (row["lead_id"], row["handoff_number"])
        for row in tables["handoffs"]
        if row["handed_off_at"] < INSTANT
    }
    return {
        "lead_score_history": _clipped(
            tables["lead_score_history"], ("lead_id", "scoring_model"), ("is_projected",)
        ),
        "lead_attribute_history": _clipped(
            tables["lead_attribute_history"], ("lead_id", "attribute"), ()
        ),
        "lead_stage_history": {
            (row["lead_id"], row["stage_number"]): tuple(
                (row | {"exited_at": _before(row["exited_at"])}).values()
            )
            for row in tables["lead_stage_history"]
            if row["entered_at"] < INSTANT
        },
        "handoffs": {
            (row["lead_id"], row["handoff_number"]): tuple(row[c] for c in KNOWN_AT_A_HANDOFF)
            for row in tables["handoffs"]
            if row["handed_off_at"] < INSTANT
        },
        "handoff_checklist": {
            (row["lead_id"], row["handoff_number"], row["check_name"]): (row["result"],)
            for row in tables["handoff_checklist"]
            if row["check_name"] != SAID_LATER
            and (row["lead_id"], row["handoff_number"]) in handed_over
        },
        "regressions": {
            (row["lead_id"], row["regression_number"]): (
                row["regressed_at"],
                row["to_stage"],
                row["points"],
                row["nurture_track"],
            )
            for row in tables["regressions"]
            if row["regressed_at"] < INSTANT
        },
        "evaluation_points": {
            (row["lead_id"],): (row["scoring_model"], row["evaluated_at"], row["evaluated_stage"])
            for row in tables["evaluation_points"]
            if row["evaluated_at"] < INSTANT
        },
        "policy_versions": {
            (row["policy_version"],): (row["valid_from"], row["mqls"], row["sql_proposed"])
            for row in tables["policy_versions"]
            if row["valid_to"] is not None and row["valid_to"] <= INSTANT
        },
    }


def _before(at: datetime | None) -> datetime | None:
    """A time before the instant, or nothing."""
    return at if at is not None and at < INSTANT else None


def _clipped(rows: Rows, key: tuple[str, ...], without: tuple[str, ...]) -> dict[tuple, tuple]:
    """The rows that begin before the instant, each until it at most."""
    found = {}
    for row in rows:
        if row["valid_from"] < INSTANT:
            values = {name: value for name, value in row.items() if name not in without}
            values["valid_to"] = _before(row["valid_to"])
            found[(*(row[name] for name in key), row["valid_from"])] = tuple(values.values())
    return found


def pairs_scored_longer(was: dict[tuple, tuple], is_now: dict[tuple, tuple]) -> set[tuple]:
    """Lead and model where the model scores the lead at other times of the past than before."""
    before, after = _spans(was), _spans(is_now)
    return {pair for pair in before.keys() | after.keys() if before.get(pair) != after.get(pair)}


def _spans(steps: dict[tuple, tuple]) -> dict[tuple, list[tuple[datetime, datetime | None]]]:
    """By lead and model the stretches of time without a gap between the steps."""
    found: dict[tuple, list[tuple[datetime, datetime | None]]] = {}
    for (lead_id, model, begins), row in sorted(steps.items()):
        own = found.setdefault((lead_id, model), [])
        is_next = bool(own) and own[-1][1] == begins
        own.append((own.pop()[0] if is_next else begins, row[VALID_TO_OF_A_STEP]))
    return found


@pytest.mark.parametrize(
    "addition",
    [
        append_everything,
        *(
            pytest.param(one, marks=pytest.mark.nightly)
            for one in (append_rules, append_attribute_changes, append_facts)
        ),
    ],
)
def test_what_is_dated_later_leaves_the_past(
    addition: Addition,
    worlds: tuple[Path, Path],
    before: dict[str, Rows],
    tmp_path: Path,
) -> None:
    raw, policy = _copied(worlds, tmp_path)
    addition(raw, policy, Random(f"{SEED} {addition.__name__}"))
    after = compute(raw, policy, WORLDS_AS_OF)
    was, is_now = past_of(before), past_of(after)
    begun = pairs_scored_longer(was["lead_score_history"], is_now["lead_score_history"])
    assert not begun or addition in (append_facts, append_everything)
    for past in (was, is_now):
        steps = past["lead_score_history"]
        past["lead_score_history"] = {k: row for k, row in steps.items() if k[:2] not in begun}
    for table, rows in was.items():
        changed = {
            key
            for key in rows.keys() | is_now[table].keys()
            if rows.get(key) != is_now[table].get(key)
        }
        examples = [(key, rows.get(key), is_now[table].get(key)) for key in sorted(changed)[:3]]
        assert not changed, f"{table}: {len(changed)} rows of the past differ: {examples}"
    assert _future(before) != _future(after)


def test_editing_a_row_in_place_moves_the_past(
    worlds: tuple[Path, Path], before: dict[str, Rows], tmp_path: Path
) -> None:
    raw, policy = _copied(worlds, tmp_path)
    path = policy / "signal_points.csv"
    rows = read_rows(path)
    for row in rows:
        row["points"] = str(int(row["points"]) + 7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    after = past_of(compute(raw, policy, WORLDS_AS_OF))
    assert after["lead_score_history"] != past_of(before)["lead_score_history"]


def _copied(worlds: tuple[Path, Path], folder: Path) -> tuple[Path, Path]:
    """A raw and a policy folder like those."""
    raw, policy = folder / "raw", folder / "policy"
    for source, target in zip(worlds, (raw, policy), strict=True):
        target.mkdir()
        for path in source.glob("*.csv"):
            (target / path.name).write_bytes(path.read_bytes())
    return raw, policy


def _future(tables: dict[str, Rows]) -> list[tuple]:
    """What the timeline says of the time after the instant: it must have moved."""
    return [
        tuple(row.values()) for row in tables["lead_score_history"] if row["valid_from"] >= INSTANT
    ]
