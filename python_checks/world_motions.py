"""Random policies of motions: who judges and owns which lead, in the rows that say so.

``write_motion_policy`` writes a dated policy in which leads are assigned by any attribute, also on
a second track, stays have owners by profile, and clocks and matrix cells are those of a profile or
an owner. Command:
``python -m python_checks.world_motions --seed 1 --source seeds/policy --out DIR``.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from python_checks.reference.assignment import CONDITIONS, MAIN, SECOND
from python_checks.reference.policy import MARKETING, NOBODY, SALES, SDR, read_columns, read_rows
from python_checks.reference.rules import VALID_FROM, VALID_TO
from python_checks.world_policies import (
    EDITS_AT_A_BOUNDARY,
    KINDS,
    MOST_VERSIONS,
    Edits,
    Row,
    boundaries_of,
    models,
    write_edited_policy,
    write_rows,
)

ASSIGNMENT, SECOND_TRACK = "assignment", "second_track"
OWNERS_OF_STAYS, CLOCKS, MATRIX = "owners", "clocks", "matrix"
PARTS = (ASSIGNMENT, SECOND_TRACK, OWNERS_OF_STAYS, CLOCKS, MATRIX)
"""What a policy of motions may say; a part that is left out leaves its tables as they are."""
PAIRS = (
    ("guide", "standard"),
    ("guide", "startup"),
    ("guide", "mid_market"),
    ("guide", "enterprise"),
    ("guide", "plg"),
    ("guide", "abm"),
    ("guide", "b2b_software"),
    ("cold_email", "cold_outbound"),
    ("cold_email", "cold_outbound"),
    ("como", "como"),
    ("leadsuite", "leadsuite"),
    ("ooligo", "acceptance_only"),
)
"""Models, each with a profile on its scale."""
VALUES = {
    "motion": ("outbound", "inbound", "Outbound", "inbound|outbound"),
    "channel": ("inbound", "paid|events", "Outbound", "partner|referrals|paid"),
    "lead_source": ("Organic-Search", "organic_search|webinar", "cold  email", "Demo Request|PPC"),
    "company_segment": ("enterprise", "startup | mid_market", "mid_market", "Enterprise|startup"),
    "is_target_account": ("true", "true", "false", "true|false"),
    "industry": ("software", "Mining|Retail", "Software|Financial Services"),
    "country": ("us|ca", "DE|GB", "US", "BR|IN|PL"),
    "has_product_use": ("true", "true", "false"),
    "has_inbound_interest": ("true", "true", "false"),
}
"""What a rule may ask, in different spellings."""
OWNED = (
    *("mql", "mql", "mql", "pql", "pql", "sql_proposed", "sql_proposed", "sql_contacted"),
    *("sql_working", "sql_accepted", "nurture", "lead", "lead", "long_term_nurture"),
    *("opportunity", "suppressed"),
)
"""Stages whose owner a profile may change, the usual ones more often."""
OWNERS = (SDR, SDR, SDR, SALES, SALES, MARKETING, NOBODY)
LISTS = (
    "demo_request|pricing_request",
    "content_download|webinar_attendance",
    "pricing_page_visit",
    "cold_email_reply",
    "team_invite|usage_limit_reached",
)
"""Signals that a promise may name."""
INTEREST = (
    *("pricing_page_visit", "demo_page_visit", "product_page_visit", "content_download"),
    *("webinar_attendance", "event_attendance", "form_submit", "free_trial_signup"),
    *("demo_request", "pricing_request", "chat_message"),
)
"""Signals by which a lead shows interest of its own, where the policy does not say which do."""
INTEREST_COLUMN = "is_inbound_interest"
ASSIGNED = "model_assignment.csv"
BY_CHANCE = "By chance"
Write = Callable[[Path, Random], None]
Change = Callable[[Edits], None]


def _owners(folder: Path, rng: Random) -> None:
    """Every stage has an owner for any profile, and some have another for a profile."""
    path = folder / "stage_owners.csv"
    if path.exists() and (found := read_rows(path)):
        rows = [row for row in found if row["profile"] is None]
    else:
        rows = [
            {"stage": row["stage"], "owner": _usual_owner(row), "source": "project"}
            for row in read_rows(folder / "stages.csv")
        ]
    if rng.random() < 0.4:
        row = rng.choice([row for row in rows if row["stage"] in ("mql", "pql", "sql_proposed")])
        row["owner"] = rng.choice([SDR, SALES])
    taken, profiles = set(), _profiles(read_rows(folder / ASSIGNED))
    for _ in range(rng.randrange(6, 14)):
        key = (rng.choice(profiles), rng.choice(OWNED))
        if key not in taken:
            taken.add(key)
            rows.append(_owner_row(*key, rng.choice(OWNERS)))
    write_rows(path, ["profile", "stage", "owner", "source", VALID_FROM, VALID_TO], rows)


def _profiles(assignment: list[Row]) -> list[str]:
    """The profiles that somebody is assigned to."""
    return list(dict.fromkeys(row["profile"] for row in assignment))


def _usual_owner(stage: Row) -> str:
    if stage["role"] == "disqualified":
        return NOBODY
    return SALES if int(stage["funnel_rank"]) > 1 else MARKETING


def _owner_row(profile: str, stage: str, owner: str) -> Row:
    return {"profile": profile, "stage": stage, "owner": owner, "source": "project"}


def _clocks(folder: Path, rng: Random) -> None:
    """Promises for a profile, for an owner, for both, or for signals of them."""
    path = folder / "sla_policies.csv"
    columns = _with(read_columns(path), "sla_policy", "profile", "to_owner")
    rows = read_rows(path)
    order = max(int(row["rule_order"]) for row in rows)
    usual = next(row for row in rows if row["handoff_signals"] is None)
    profiles = _profiles(read_rows(folder / ASSIGNED))
    for number in range(1, rng.randrange(6, 12)):
        rows.append(usual | _promise(rng, number, profiles) | {"rule_order": str(order + number)})
    rng.shuffle(rows)
    write_rows(path, columns, rows)


def _promise(rng: Random, number: int, profiles: list[str]) -> Row:
    """What a promise of motions says, and for whom."""
    return {
        "sla_policy": f"promise_{number}",
        "profile": rng.choice([None, rng.choice(profiles)]),
        "to_owner": rng.choice([None, None, SDR, SALES]),
        "handoff_signals": rng.choice([None, None, None, None, *LISTS]),
        "response_target_minutes": rng.choice(["5", "60", "240"]),
        "clock": rng.choice(["elapsed", "business"]),
        "min_attempts": rng.choice(["1", "3", "5"]),
    }


def _matrix(folder: Path, rng: Random) -> None:
    """Some cells are others for a profile."""
    path = folder / "qualification_matrix.csv"
    columns = ["profile", *(c for c in read_columns(path) if c != "profile")]
    rows = read_rows(path)
    cells = [row for row in rows if row.get("profile") is None]
    for profile in _profiles(read_rows(folder / ASSIGNED)):
        for cell in rng.sample(cells, rng.choice([0, 2, 4])):
            rows.append(cell | {"profile": profile} | _opening(rng))
    write_rows(path, columns, rows)


def _opening(rng: Random) -> Row:
    """What a cell opens, and what it advises."""
    stage = rng.choice(["nurture", "mql", "mql", "sql"])
    return {
        "stage": stage,
        "opens_mql_gate": str(stage in ("mql", "sql")).lower(),
        "opens_sql_gate": str(stage == "sql").lower(),
        "action": rng.choice(["sales_outreach", "accelerated_nurture", "low_priority_nurture"]),
    }


def _assignment(folder: Path, rng: Random) -> None:
    """Leads are assigned by one or two conditions, and the rest by none."""
    rules = [_rule(rng, MAIN, number) for number in range(1, rng.randrange(4, 7))]
    rules.append(dict.fromkeys(CONDITIONS) | rules[-1] | dict.fromkeys(CONDITIONS))
    rules[-1] |= {"rule_order": str(len(rules)), "track": None} | _pair(rng, PAIRS[:7])
    _write_assignment(folder, rules, keep=SECOND)
    _switch_on(folder)
    _name_interest(folder)


def _second_track(folder: Path, rng: Random) -> None:
    """Some leads are judged by a second pair too."""
    rules = [_rule(rng, SECOND, number) for number in range(1, rng.randrange(2, 6))]
    if rng.random() < 0.3:
        rules[-1] |= dict.fromkeys(CONDITIONS)
    _write_assignment(folder, rules, keep=MAIN)
    _switch_on(folder)
    _name_interest(folder)


def _rule(rng: Random, track: str, order: int) -> Row:
    """A rule with one or two conditions."""
    row: Row = {
        "track": rng.choice([None, MAIN]) if track == MAIN else track,
        "rule_order": str(order),
        "description": BY_CHANCE,
    }
    return row | _conditions(rng) | _pair(rng)


def _conditions(rng: Random) -> Row:
    """One condition or two."""
    asked = rng.sample(CONDITIONS, rng.choice([1, 1, 2]))
    return {name: rng.choice(VALUES[name]) if name in asked else None for name in CONDITIONS}


def _pair(rng: Random, pairs: Sequence[tuple[str, str]] = PAIRS) -> Row:
    scoring_model, profile = rng.choice(pairs)
    return {"scoring_model": scoring_model, "profile": profile}


def _write_assignment(folder: Path, rules: list[Row], keep: str) -> None:
    """Replace the rules of one track."""
    path = folder / ASSIGNED
    others = [row for row in read_rows(path) if (row.get("track") or MAIN) == keep]
    columns = ["track", "rule_order", *CONDITIONS, "scoring_model", "profile", "description"]
    write_rows(path, [*columns, VALID_FROM, VALID_TO], [*others, *rules])


def _switch_on(folder: Path) -> None:
    """Every model may be somebody's primary one."""
    path = folder / "scoring_models.csv"
    rows = [row | {"is_active": "true"} for row in read_rows(path)]
    write_rows(path, read_columns(path), rows)


def _name_interest(folder: Path) -> None:
    """Say by which signals a lead shows interest of its own, where the policy does not."""
    path = folder / "signals.csv"
    columns = read_columns(path)
    if INTEREST_COLUMN not in columns:
        rows = [
            row | {INTEREST_COLUMN: str(row["signal"] in INTEREST).lower()}
            for row in read_rows(path)
        ]
        write_rows(path, _with(columns, "is_high_intent", INTEREST_COLUMN), rows)


def _with(columns: list[str], after: str, *added: str) -> list[str]:
    """The columns with more after one of them, where they are not there."""
    place = columns.index(after) + 1
    return [*columns[:place], *(c for c in added if c not in columns), *columns[place:]]


def owners(edits: Edits) -> None:
    """A stage gets another owner for a profile, or again that of any."""
    rng = edits.rng
    profiles = _profiles(edits.tables["model_assignment"])
    key = {"profile": rng.choice(profiles), "stage": rng.choice(OWNED)}
    row = edits.pick("stage_owners", lambda r: all(r[name] == value for name, value in key.items()))
    if row is None:
        edits.begin("stage_owners", _owner_row(**key, owner=rng.choice(OWNERS)))
    elif rng.random() < 0.4:
        edits.end("stage_owners", row)
    else:
        edits.change("stage_owners", row, owner=rng.choice(OWNERS))


def clocks(edits: Edits) -> None:
    """A promise holds for somebody else, or ends."""
    rng = edits.rng
    row = edits.pick("sla_policies", lambda r: r["sla_policy"].startswith("promise"))
    if row is None or rng.random() < 0.3:
        edits.end("sla_policies", row)
    else:
        profiles = _profiles(edits.tables["model_assignment"])
        promise = _promise(rng, 9, profiles) | {"sla_policy": row["sla_policy"]}
        edits.change("sla_policies", row, **promise)


def cells(edits: Edits) -> None:
    """A cell of a profile opens something else, or is again that of any."""
    row = edits.pick("qualification_matrix", lambda r: r["profile"] is not None)
    if row is None or edits.rng.random() < 0.3:
        edits.end("qualification_matrix", row)
    else:
        edits.change("qualification_matrix", row, **_opening(edits.rng))


def rules_of(track: str) -> Change:
    """Change what a rule of a track asks or gives."""

    def change(edits: Edits) -> None:
        rng = edits.rng
        row = edits.pick(
            "model_assignment",
            lambda r: (r["track"] or MAIN) == track and any(r[name] for name in CONDITIONS),
        )
        draw = rng.random()
        if row is None or draw < 0.2:
            edits.end("model_assignment", row)
        elif draw < 0.6:
            edits.change("model_assignment", row, **_conditions(rng))
        else:
            edits.change("model_assignment", row, **_pair(rng))

    return change


WRITERS: dict[str, Write] = {
    ASSIGNMENT: _assignment,
    SECOND_TRACK: _second_track,
    OWNERS_OF_STAYS: _owners,
    CLOCKS: _clocks,
    MATRIX: _matrix,
}
CHANGES: dict[str, Change] = {
    ASSIGNMENT: rules_of(MAIN),
    SECOND_TRACK: rules_of(SECOND),
    OWNERS_OF_STAYS: owners,
    CLOCKS: clocks,
    MATRIX: cells,
}
KINDS_OF_MOTIONS = (*(kind for kind in KINDS if kind is not models), *CHANGES.values())
"""What may change in such a policy: no model is switched off, for it may be somebody's."""


def has_motions(policy: Path) -> bool:
    """Whether a policy folder assigns leads by chance."""
    return any(row["description"] == BY_CHANCE for row in read_rows(policy / ASSIGNED))


def write_motion_policy(
    folder: Path,
    source: Path,
    seed: int,
    as_of: datetime,
    versions: int | None = None,
    parts: Sequence[str] = PARTS,
) -> Path:
    """Write a policy folder with random motions; the same seed gives the same files.

    Args:
        folder: Where to write; made if it is not there.
        source: A policy folder.
        seed: Of the random numbers.
        as_of: The clock.
        versions: How many policy versions; none: the seed decides.
        parts: Which of PARTS it says anything about.
    """
    if folder != source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    for part in [part for part in PARTS if part in parts]:
        WRITERS[part](folder, Random(f"motions {part} {seed}"))
    rng = Random(f"motions {seed}")
    number = versions or rng.randrange(1, MOST_VERSIONS + 1)
    kinds = [
        *(kind for kind in KINDS if kind is not models),
        *[CHANGES[part] for part in parts] * 3,
    ]
    chosen = [
        (at, rng.choice(kinds))
        for at in boundaries_of(rng, as_of, number)
        for _ in range(rng.choice(EDITS_AT_A_BOUNDARY))
    ]
    return write_edited_policy(folder, folder, chosen, rng)


def main() -> None:
    """Write a policy of motions from the command line."""
    parser = argparse.ArgumentParser(prog="python -m python_checks.world_motions")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    parser.add_argument("--versions", type=int, help="how many; default: the seed decides")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS, help="default: all")
    parser.add_argument("--source", type=Path, default=Path("seeds/policy"), help="policy to edit")
    parser.add_argument("--as-of", type=datetime.fromisoformat, default=datetime(2026, 9, 30))
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    write_motion_policy(
        arguments.out,
        arguments.source,
        arguments.seed,
        arguments.as_of,
        arguments.versions,
        arguments.parts,
    )


if __name__ == "__main__":
    main()
