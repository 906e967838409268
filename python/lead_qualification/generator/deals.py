"""Which questions does sales get answered, and which deals come of it?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .draw import DAY, MISSING, Ints, by_code, counter_within, hits, lognormal, odds, office_times
from .people import OUTBOUND

FRAMEWORKS = tuple(catalog.FRAMEWORKS)
CRITERIA = tuple(
    (framework, criterion)
    for framework, criteria in catalog.FRAMEWORKS.items()
    for criterion in criteria
)
FIRST_CRITERION = np.cumsum([0] + [len(criteria) for criteria in catalog.FRAMEWORKS.values()])
ANSWERS = ("confirmed", "denied", "unknown")
CONFIRMED, DENIED, UNKNOWN = range(3)
ACCEPTED = 1  # position of accepted among the statuses
OF_SEGMENT = ("BANT", "CHAMP", "MEDDIC")  # startup, mid-market, enterprise
SEGMENTS = tuple(effects.AMOUNT_MEDIAN)


def answers(rng: np.random.Generator, cases: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """Framework answers of talks, and when a framework first stood confirmed (UTC seconds).

    Rows: person, criterion (position in CRITERIA), answer, at. The latest answer counts; some
    are corrected, a few withdrawn.
    """
    size = len(cases)
    accepted = (cases["decision"] == ACCEPTED).to_numpy()
    talked = (cases["answered_at"] != MISSING).to_numpy()
    asked = (accepted & (rng.random(size) < 0.9)) | (talked & ~accepted & (rng.random(size) < 0.3))
    framework = _frameworks(rng, cases)
    criteria = np.diff(FIRST_CRITERION)[framework]
    number = np.where(asked, criteria, 0)
    # a talk that leads nowhere ends after some questions
    number = np.where(accepted, number, np.minimum(number, rng.integers(1, 4, size)))
    case = np.repeat(np.arange(size), number)
    position = counter_within(case)
    likely = effects.CONFIRM_CRITERION + 0.02 * cases["interest"].to_numpy()
    likely = np.where(accepted, likely, 0.45)[case]
    dice = rng.random(len(case))
    answer = np.where(dice < likely, CONFIRMED, np.where(dice < likely + 0.09, DENIED, UNKNOWN))
    starts = np.where(
        rng.random(size) < effects.DISCOVERY_BEFORE_ACCEPTANCE,
        cases["answered_at"] + 1800,
        cases["decided_at"] + (rng.exponential(2.0, size) * DAY).astype(np.int64),
    )
    starts = np.where(talked & ~accepted, cases["answered_at"] + 1200, starts)
    # most answers come in one talk, some later
    later = np.where(rng.random(len(case)) < 0.25, rng.exponential(6.0, len(case)) * DAY, 0)
    at = starts[case] + 300 * position + later.astype(np.int64)
    first = pd.DataFrame(
        {
            "case": case,
            "criterion": FIRST_CRITERION[framework[case]] + position,
            "answer": answer,
            "at": office_times(rng, at, cases["utc_hours"].to_numpy()[case]),
        }
    )
    changed = _changed_answers(rng, first, accepted)
    qualified = _qualified_at(first, changed, criteria, size)
    rows = pd.concat([first, changed], ignore_index=True)
    rows["person"] = cases["person"].to_numpy()[rows["case"]]
    return rows.drop(columns="case"), np.where(accepted, qualified, MISSING)


def opportunities(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """Deals: case, person, amount (currency units), at, closed (UTC seconds), is_won."""
    accepted = (cases["decision"] == ACCEPTED).to_numpy()
    qualified = (cases["qualified_at"] != MISSING).to_numpy()
    likely = np.where(qualified, effects.OPPORTUNITY_IF_QUALIFIED, effects.OPPORTUNITY_IF_NOT)
    likely = np.where(accepted, likely, 0.0)
    case = np.flatnonzero(hits(rng, likely, cases["channel"].to_numpy()))
    since = np.where(qualified, np.maximum(cases["qualified_at"], cases["decided_at"]), 0)
    since = np.where(qualified, since, cases["decided_at"] + 6 * DAY)[case]
    at = since + (rng.gamma(1.6, 5.5, len(case)) * DAY).astype(np.int64)
    first = deals_of(rng, cases, case, at)
    won = first["is_won"].to_numpy()
    again = rng.random(len(first)) < np.where(
        won, effects.SECOND_DEAL_AFTER_WON, effects.SECOND_DEAL_AFTER_LOST
    )
    pause = (rng.uniform(35, 170, len(first)) * DAY).astype(np.int64)
    second = deals_of(
        rng, cases, first["case"].to_numpy()[again], (first["closed"] + pause).to_numpy()[again]
    )
    return pd.concat([first, second], ignore_index=True)


def deals_of(rng: np.random.Generator, cases: pd.DataFrame, case: Ints, at: Ints) -> pd.DataFrame:
    """Deals of some cases (row numbers) at moments (UTC seconds), as `opportunities`."""
    size = len(case)
    utc_hours = cases["utc_hours"].to_numpy()[case]
    outbound = (cases["channel"].to_numpy() == OUTBOUND)[case]
    median = np.where(
        outbound, effects.CYCLE_MEDIAN_DAYS["outbound"], effects.CYCLE_MEDIAN_DAYS["inbound"]
    )
    cycle = lognormal(rng, size, median, 0.55) * DAY
    amount = lognormal(
        rng,
        size,
        by_code(effects.AMOUNT_MEDIAN, SEGMENTS)[cases["segment"].to_numpy()[case]],
        effects.AMOUNT_SIGMA,
    )
    log_odds = (
        effects.WIN_LOG_ODDS
        + effects.WIN_PER_CRITERION * (cases["matched"].to_numpy()[case] - 2)
        + effects.WIN_PER_INTEREST * cases["interest"].to_numpy()[case]
    )
    created = office_times(rng, at, utc_hours)
    return pd.DataFrame(
        {
            "case": case,
            "person": cases["person"].to_numpy()[case],
            "amount": amount.round(-2),
            "at": created,
            "closed": office_times(rng, created + cycle.astype(np.int64), utc_hours),
            "is_won": hits(rng, odds(log_odds), cases["channel"].to_numpy()[case]),
        }
    )


def _frameworks(rng: np.random.Generator, cases: pd.DataFrame) -> Ints:
    """The framework that fits the company's size; GPCT for some of the larger ones."""
    of_segment = np.array([FRAMEWORKS.index(name) for name in OF_SEGMENT])
    framework = of_segment[cases["segment"]]
    strategic = (cases["segment"] >= 1) & (rng.random(len(cases)) < 0.18)
    anything = rng.random(len(cases)) < 0.08
    framework = np.where(strategic, FRAMEWORKS.index("GPCT"), framework)
    return np.where(anything, rng.integers(0, len(FRAMEWORKS), len(cases)), framework)


def _changed_answers(
    rng: np.random.Generator, first: pd.DataFrame, accepted: np.ndarray
) -> pd.DataFrame:
    """Second answers to the same question: cleared up later, or withdrawn."""
    confirmed = (first["answer"] == CONFIRMED).to_numpy()
    share = np.where(confirmed, effects.WITHDRAWN_ANSWER, effects.CORRECTED_ANSWER)
    share = share * accepted[first["case"]]
    changed = first[rng.random(len(first)) < share].copy()
    withdrawn = np.where(rng.random(len(changed)) < 0.6, DENIED, UNKNOWN)
    changed["answer"] = np.where(changed["answer"] == CONFIRMED, withdrawn, CONFIRMED)
    changed["at"] += (rng.uniform(1, 16, len(changed)) * DAY).astype(np.int64)
    return changed


def _qualified_at(first: pd.DataFrame, changed: pd.DataFrame, criteria: Ints, size: int) -> Ints:
    """When all criteria of a case were confirmed, ignoring answers that were withdrawn."""
    good = pd.concat([first, changed])
    good = good[good["answer"] == CONFIRMED].drop_duplicates(["case", "criterion"])
    number = np.bincount(good["case"], minlength=size)
    at = np.full(size, MISSING)
    np.maximum.at(at, good["case"].to_numpy(), good["at"].to_numpy())
    return np.where(number == criteria, at, MISSING)
