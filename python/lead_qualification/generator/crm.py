"""What does the CRM say about each lead record? It is somewhat stale."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import people, sales
from .draw import MISSING
from .world import World

STAGES = ("lead", "nurture", "mql", "pql", "sql", "opportunity", "customer", "closed")
STAGE_CODES = {name: code for code, name in enumerate(STAGES)}
GRADES = ("F", "D", "C", "B", "A")
STAGE_OF_STATUS = {
    "mql": "mql",
    "accepted": "sql",
    "rejected": "nurture",
    "disqualified": "closed",
    "recycled": "nurture",
    "regressed": "mql",
}


def lead_facts(rng: np.random.Generator, world: World) -> pd.DataFrame:
    """One row per record with the CRM's own, somewhat stale idea of the lead."""
    rows = world.records.rename(columns={"created": "record_created"})
    facts = world.people.iloc[rows["person"]].reset_index(drop=True)
    facts["record"] = np.arange(len(rows))
    facts["created"] = rows["record_created"].to_numpy()
    facts["merged_into"] = rows["merged_into"].to_numpy()
    is_main = (rows["kind"] == people.MAIN).to_numpy()
    facts["is_deleted"] &= is_main
    size = len(facts)
    facts["source"] = np.where(
        is_main, facts["source"], rng.integers(0, len(people.SOURCE_NAMES), size)
    )
    crm = _crm_values(rng, world)
    for column in crm:
        facts[column] = crm[column].to_numpy()[rows["person"]]
    touched = np.maximum(facts["created"], facts["touched"]) + rng.integers(60, 30 * 86_400, size)
    facts["updated"] = np.minimum(touched, world.clock.landed)
    return facts


def _crm_values(rng: np.random.Generator, world: World) -> pd.DataFrame:
    size = len(world.people)
    statuses, deal_rows = world.sales.statuses, world.sales.opportunities
    stage = np.where(rng.random(size) < 0.5, -1, 0)
    touched = np.zeros(size, np.int64)
    in_order = statuses.sort_values("at", kind="stable")
    for status, name in STAGE_OF_STATUS.items():
        marked = in_order["status"] == sales.STATUS_CODES[status]
        stage[in_order.loc[marked, "person"]] = STAGE_CODES[name]
    won = (deal_rows["closed"] != MISSING) & deal_rows["is_won"]
    stage[deal_rows["person"]] = STAGE_CODES["opportunity"]
    stage[deal_rows.loc[won, "person"]] = STAGE_CODES["customer"]
    np.maximum.at(touched, statuses["person"].to_numpy(), statuses["at"].to_numpy())
    owner = np.full(size, -1)
    owner[world.sales.activities["person"]] = world.sales.activities["rep"]
    score = world.people["fit"] * rng.choice([0.5, 1.0, 1.5], size) + rng.integers(0, 9, size)
    grade = np.where(rng.random(size) < 0.9, world.people["matched"], rng.integers(0, 5, size))
    unseen = rng.random(size) < 0.25
    return pd.DataFrame(
        {
            "crm_stage": stage,
            "crm_score": np.where(unseen, -1, score),
            "crm_grade": np.where(unseen, -1, grade),
            "owner": owner,
            "touched": touched,
        }
    )


def older_versions(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Repeated lead rows are older versions of the record."""
    repeated = rows.duplicated("number").to_numpy()
    age = rng.integers(3600, 20 * 86_400, len(rows))
    rows["updated"] = np.where(
        repeated, np.maximum(rows["updated"] - age, rows["created"]), rows["updated"]
    )
    rows["crm_stage"] = np.where(repeated, -1, rows["crm_stage"])
    return rows
