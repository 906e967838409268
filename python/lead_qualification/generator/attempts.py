"""Who calls a lead, how soon, how often, and does the lead answer?

A *case* is one round of work on one lead: the columns of people plus person, kind, told_at.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .company import COUNTRY_REGION
from .draw import (
    DAY,
    MISSING,
    Bools,
    Floats,
    Ints,
    by_code,
    counter_within,
    even,
    office_times,
    offices_closed,
    running_sum,
)
from .handoff import KINDS

ACTIVITY_TYPES = ("assigned", "call", "email", "meeting")
OUTCOMES = ("connected", "no_answer", "replied", "held", "no_show")
ASSIGNED, CALL, EMAIL, MEETING = range(4)
CONNECTED, NO_ANSWER, REPLIED, HELD, NO_SHOW = range(5)
NOTHING = -1


def reps_of(rng: np.random.Generator, cases: pd.DataFrame, reps: pd.DataFrame) -> Ints:
    """An active rep of the lead's territory, one time in nine of another one."""
    names = tuple(catalog.TERRITORIES)
    known = (cases["country"] >= 0).to_numpy()
    territory = np.where(known, COUNTRY_REGION[cases["country"]], names.index("AMER"))
    large = known & (territory == names.index("AMER")) & (cases["segment"] == 2).to_numpy()
    territory = np.where(large, names.index("AMER-ENT"), territory)
    strays = rng.random(len(cases)) < 0.11
    territory = np.where(strays, rng.integers(0, len(names), len(cases)), territory)
    rep = np.zeros(len(cases), np.int64)
    for code in range(len(names)):
        members = np.flatnonzero(territory == code)
        options = np.flatnonzero((reps["territory"] == code) & reps["is_active"])
        rep[members] = options[rng.integers(0, len(options), len(members))]
    return rep


def first_responses(rng: np.random.Generator, cases: pd.DataFrame) -> tuple[Bools, Ints]:
    """Whether a case is worked at all, and the moment of the first attempt (UTC seconds)."""
    size = len(cases)
    kind, utc_hours = cases["kind"].to_numpy(), cases["utc_hours"].to_numpy()
    medians, sigmas, untouched = np.array([effects.RESPONSE[name] for name in KINDS]).T
    minutes = medians[kind] * np.exp(rng.normal(0, 1, size) * sigmas[kind])
    at = cases["told_at"].to_numpy() + (minutes * 60).astype(np.int64) + 20
    waits = offices_closed(at, utc_hours) & (rng.random(size) >= effects.NIGHT_WATCH)
    at = np.where(waits, office_times(rng, at, utc_hours), at)
    return rng.random(size) >= untouched[kind], at


def attempts(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """Calls, e-mails and meetings: case, person, rep, type, outcome, at; an answer ends them."""
    size = len(cases)
    planned = 1 + rng.poisson(effects.ATTEMPTS_MEAN - 1, size)
    planned = np.where(cases["is_worked"], planned.clip(max=effects.MOST_ATTEMPTS), 0)
    luck = even(rng, market_groups(cases))
    answers_on = np.ceil(np.log1p(-luck) / np.log1p(-_chance_to_connect(cases))).astype(np.int64)
    answers_on = answers_on.clip(min=1)
    number = np.minimum(planned, answers_on)
    case = np.repeat(np.arange(size), number)
    step = counter_within(case)
    gap = np.where(step == 0, 0, rng.gamma(2.0, 0.85, len(case)) * DAY)
    at = cases["first_at"].to_numpy()[case] + running_sum(gap, case).astype(np.int64)
    utc_hours = cases["utc_hours"].to_numpy()
    at = np.where(step == 0, at, office_times(rng, at, utc_hours[case]))
    success = step + 1 == answers_on[case]
    type_ = np.where(rng.random(len(case)) < 0.58, CALL, EMAIL)
    answer = np.where(type_ == CALL, CONNECTED, REPLIED)
    silence = np.where(type_ == CALL, NO_ANSWER, NOTHING)
    tries = pd.DataFrame(
        {"case": case, "type": type_, "outcome": np.where(success, answer, silence), "at": at}
    )
    meets = tries[success & (rng.random(len(case)) < 0.5)].copy()
    meets["type"] = MEETING
    meets["outcome"] = np.where(rng.random(len(meets)) < 0.8, HELD, NO_SHOW)
    later = meets["at"].to_numpy() + rng.integers(DAY, 6 * DAY, len(meets))
    meets["at"] = office_times(rng, later, utc_hours[meets["case"]])
    rows = pd.concat([tries, meets], ignore_index=True)
    rows["person"] = cases["person"].to_numpy()[rows["case"]]
    rows["rep"] = cases["rep"].to_numpy()[rows["case"]]
    return rows


def market_groups(cases: pd.DataFrame) -> Ints:
    """Groups of leads in which chance is spread evenly: by channel, and by how well they fit."""
    return (2 * cases["channel"] + (cases["matched"] >= 2)).to_numpy()


def assignments(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """The `assigned` activity of most cases, minutes after the hand-off."""
    minutes = rng.exponential(9, len(cases))
    rows = pd.DataFrame(
        {
            "person": cases["person"],
            "rep": cases["rep"],
            "type": ASSIGNED,
            "outcome": NOTHING,
            "at": cases["told_at"] + (minutes * 60).astype(np.int64) + 5,
        }
    )
    return rows[rng.random(len(cases)) < 0.9]


def answered_at(attempt_rows: pd.DataFrame, size: int) -> Ints:
    """When each case first answered (UTC seconds), MISSING where it never did."""
    positive = attempt_rows[attempt_rows["outcome"].isin([CONNECTED, REPLIED])]
    at = np.full(size, MISSING)
    at[positive["case"]] = positive["at"]
    return at


def last_attempt_at(attempt_rows: pd.DataFrame, cases: pd.DataFrame) -> Ints:
    """The latest attempt of each case (UTC seconds), the time of the hand-off without one."""
    at = cases["told_at"].to_numpy().copy()
    np.maximum.at(at, attempt_rows["case"].to_numpy(), attempt_rows["at"].to_numpy())
    return at


def _chance_to_connect(cases: pd.DataFrame) -> Floats:
    chance = effects.CONNECT_PER_ATTEMPT * by_code(effects.CONNECT_BY_KIND, KINDS)[cases["kind"]]
    limits = np.array([minutes * 60 for minutes, _ in effects.SPEED_EFFECT])
    factors = np.array([factor for _, factor in effects.SPEED_EFFECT])
    waited = (cases["first_at"] - cases["told_at"]).to_numpy()
    chance = (
        chance * factors[np.searchsorted(limits, waited, side="right").clip(max=len(limits) - 1)]
    )
    fit = 1 + effects.CONNECT_PER_CRITERION * (cases["matched"].to_numpy() - 2)
    return (chance * fit).clip(0.02, 0.9)
