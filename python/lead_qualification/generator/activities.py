"""What do leads do that a form, a webinar, a badge scan or the product records?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .clock import Clock
from .draw import (
    DAY,
    Floats,
    Ints,
    by_code,
    counter_within,
    lognormal,
    odds,
    pick,
    shares,
    spread,
    stream,
    working_times,
)
from .people import SOURCE_NAMES

ASKS = tuple(effects.ASK_MIX)
ACTIVITY_TYPES = tuple(
    dict.fromkeys(
        [
            *ASKS,
            "meeting_attended",
            "free_trial_signup",
            *effects.ACTIVITY_RATES,
            *catalog.FIRST_ACTIVITY.values(),
        ]
    )
)
TYPE_CODES = {name: code for code, name in enumerate(ACTIVITY_TYPES)}
ASSET_NAMES = tuple(asset for group in catalog.ASSETS.values() for asset in group)
PRODUCT_EVENTS = (*effects.MILESTONES, "content_created", "login", "trial_ended")
PRODUCT_CODES = {name: code for code, name in enumerate(PRODUCT_EVENTS)}


def activities(
    people: pd.DataFrame, seed: int, clock: Clock, trial_factor: float = 1.0
) -> pd.DataFrame:
    """Marketing activities of people: person, type, at (UTC seconds).

    trial_factor: how many times as many leads try the product out as in `effects`; 0: none.
    """
    rng = stream(seed, "activities")
    parts = [_first_activities(rng, people), _asks(rng, people, clock)]
    parts.append(_trials(rng, people, clock, trial_factor))
    lifted = np.exp(effects.ACTIVITY_PER_INTEREST * people["interest"].to_numpy())
    outbound_calm = np.where(people["channel"] == catalog.CHANNELS.index("outbound"), 0.35, 1.0)
    for name, rate in effects.ACTIVITY_RATES.items():
        number = rng.poisson(rate * lifted * outbound_calm)
        person = np.repeat(np.arange(len(people)), number)
        at = _after_creation(rng, people, person, clock, 38.0)
        parts.append(_rows(person, np.full(len(person), TYPE_CODES[name]), at))
    rows = pd.concat(parts, ignore_index=True)
    if trial_factor == 0:
        rows = rows[rows["type"] != TYPE_CODES["free_trial_signup"]]
    rows = rows[rows["at"] <= clock.landed].reset_index(drop=True)
    attended = rows[(rows["type"] == TYPE_CODES["meeting_booked"]).to_numpy()]
    attended = attended[rng.random(len(attended)) < effects.MEETING_KEPT]
    kept_at = attended["at"].to_numpy() + rng.integers(1, 8, len(attended)) * DAY
    kept_at = working_times(rng, kept_at, people["utc_hours"].to_numpy()[attended["person"]])
    code = np.full(len(attended), TYPE_CODES["meeting_attended"])
    rows = pd.concat([rows, _rows(attended["person"].to_numpy(), code, kept_at)])
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def assets(rng: np.random.Generator, types: Ints) -> Ints:
    """The asset of each activity, -1 where the type has none or nobody noted it."""
    asset = np.full(len(types), -1)
    first = 0
    for name, group in catalog.ASSETS.items():
        members = np.flatnonzero(types == TYPE_CODES[name])
        weights = 1.0 / (1 + np.arange(len(group)))
        asset[members] = first + pick(rng, len(members), weights)
        first += len(group)
    return np.where(rng.random(len(types)) < 0.06, -1, asset)


def product_events(
    people: pd.DataFrame, activity_rows: pd.DataFrame, seed: int, clock: Clock
) -> pd.DataFrame:
    """Events of the product during and after trials: person, type, at (UTC seconds)."""
    rng = stream(seed, "product_events")
    trials = activity_rows[activity_rows["type"] == TYPE_CODES["free_trial_signup"]]
    person, began = trials["person"].to_numpy(), trials["at"].to_numpy()
    size = len(trials)
    depth = rng.normal(0, 1, size) + 0.4 * people["interest"].to_numpy()[person]
    parts = []
    for name, share in effects.MILESTONES.items():
        log_odds = np.log(share / (1 - share)) + effects.MILESTONE_PER_DEPTH * depth
        reached = rng.random(size) < odds(log_odds)
        number = np.where(reached, 1 + rng.poisson(0.5, size), 0)
        parts.append(_product_rows(rng, people, person, began, number, name))
    uses = rng.poisson(effects.PRODUCT_USES_MEAN * np.exp(0.6 * depth)).clip(max=60)
    logins = rng.poisson(0.12 * uses)
    parts.append(_product_rows(rng, people, person, began, uses, "content_created"))
    parts.append(_product_rows(rng, people, person, began, logins, "login"))
    ended = began + effects.TRIAL_DAYS * DAY
    parts.append(_rows(person, np.full(size, PRODUCT_CODES["trial_ended"]), ended))
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def _first_activities(rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    of_source = np.array(
        [TYPE_CODES.get(catalog.FIRST_ACTIVITY.get(name, ""), -1) for name in SOURCE_NAMES]
    )
    code = of_source[people["source"]]
    is_form = np.isin(code, [TYPE_CODES["form_submit"], TYPE_CODES["social_follow"]])
    person = np.flatnonzero((code >= 0) & ~(is_form & (rng.random(len(people)) < 0.45)))
    at = people["created"].to_numpy()[person] - rng.integers(5, 120, len(person))
    return _rows(person, code[person], at)


def _asks(rng: np.random.Generator, people: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    log_odds = by_code(effects.ASK_LOG_ODDS, catalog.CHANNELS)[people["channel"]]
    log_odds = log_odds + effects.ASK_PER_INTEREST * people["interest"].to_numpy()
    person = np.flatnonzero(rng.random(len(people)) < odds(log_odds))
    wait = lognormal(rng, len(person), effects.ASK_MEDIAN_DAYS, effects.ASK_SIGMA)
    at = people["created"].to_numpy()[person] + (wait * DAY).astype(np.int64)
    at = working_times(rng, at, people["utc_hours"].to_numpy()[person])
    at = np.maximum(at, people["created"].to_numpy()[person] + 30)
    at = _asking_now(at, clock)
    return _rows(person, ask_types(rng, len(person)), at)


def _asking_now(at: Ints, clock: Clock) -> Ints:
    """The latest asks before as_of, moved into its last minutes."""
    at = at.copy()
    before = np.flatnonzero(at <= clock.as_of)
    latest = before[np.argsort(at[before], kind="stable")][-len(effects.ASKING_NOW) :]
    minutes = np.array(effects.ASKING_NOW)[: len(latest)]
    at[latest] = clock.as_of - (minutes * 60).astype(np.int64)
    return at


def ask_types(rng: np.random.Generator, size: int) -> Ints:
    """Types of requests that hand a lead to sales, as codes of ACTIVITY_TYPES."""
    codes = np.array([TYPE_CODES[name] for name in ASKS])
    return codes[spread(rng, size, shares(effects.ASK_MIX))]


def _trials(
    rng: np.random.Generator, people: pd.DataFrame, clock: Clock, factor: float
) -> pd.DataFrame:
    share = by_code(effects.TRIAL_SHARE, catalog.CHANNELS)[people["channel"]]
    person = np.flatnonzero(rng.random(len(people)) < factor * share)
    at = _after_creation(rng, people, person, clock, 20.0)
    return _rows(person, np.full(len(person), TYPE_CODES["free_trial_signup"]), at)


def _after_creation(
    rng: np.random.Generator, people: pd.DataFrame, person: Ints, clock: Clock, mean_days: float
) -> Ints:
    created = people["created"].to_numpy()[person]
    wait = (rng.exponential(mean_days, len(person)) * DAY).astype(np.int64)
    at = working_times(rng, created + wait, people["utc_hours"].to_numpy()[person])
    return np.maximum(at, created + 60)


def _product_rows(
    rng: np.random.Generator,
    people: pd.DataFrame,
    trial_person: Ints,
    began: Ints,
    number: Ints,
    name: str,
) -> pd.DataFrame:
    trial = np.repeat(np.arange(len(number)), number)
    days: Floats = rng.exponential(6.0, len(trial)) + 0.05 * counter_within(trial)
    at = began[trial] + (days * DAY).astype(np.int64)
    at = working_times(rng, at, people["utc_hours"].to_numpy()[trial_person[trial]])
    at = np.maximum(at, began[trial] + 300)
    return _rows(trial_person[trial], np.full(len(trial), PRODUCT_CODES[name]), at)


def _rows(person: Ints, code: Ints, at: Ints) -> pd.DataFrame:
    return pd.DataFrame({"person": person, "type": code, "at": at})
