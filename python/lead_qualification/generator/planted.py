"""Which known effects can be planted, so that a test can ask whether the tables find them?

A planted company keeps its people, events and sales work, with three changes. Four kinds of
activity that give no points happen only where they are planted, at random and at a moment at
which the lead engages anyway. Marketing notes every lead as an MQL some days after its first
engagement: whether a lead is judged at all depends on nothing. And the deals are redrawn, each
lead by itself: a chance of one opportunity in the weeks after that note, which is the same for
all except for the effects that are switched on. With none on, no table may find anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from . import catalog, deals, effects
from .activities import PRODUCT_CODES, TYPE_CODES
from .clock import Clock
from .draw import DAY, Bools, Floats, Ints, pick, shares, stream
from .emails import EVENT_CODES
from .handoff import NEVER, first_moments
from .people import CHANNEL_CODES
from .sales import NOTHING, STATUS_CODES, SalesFacts
from .web import BY_COOKIE, WEB_EVENTS

SIGNAL, NULL_SIGNAL = "social_follow", "form_submit"
FIRST_STEP, THEN_STEP = "referral", "newsletter_signup"
CHANNEL = "events"
MORE_ACTIVITY = "webinar_attendance"
STEPS = tuple(effects.PLANTED_STEPS)
NOT_ENGAGING = ("referral", "job_change", "badge_print")
EFFECTS = ("signal", "sequence", "channel", "fit", "rate_drift", "score_drift")


@dataclass(frozen=True)
class Planted:
    """Effects on the chance of an opportunity, as ratios (1: none), and on the scores.

    Attributes:
        signal: With the signal SIGNAL before the lead is qualified.
        sequence: With FIRST_STEP and within a day THEN_STEP before the lead is qualified.
        channel: In the channel CHANNEL.
        fit: With all points of the ideal customer profile, against half of them; 1 / fit at none.
        rate_drift: Qualified in one of the last months (`effects.RATE_DRIFT_MONTHS`).
        score_drift: Share (0 to 1) of the leads that first act in one of the last months
            (`effects.SCORE_DRIFT_MONTHS`) that attend a webinar then.
    """

    signal: float = 1.0
    sequence: float = 1.0
    channel: float = 1.0
    fit: float = 1.0
    rate_drift: float = 1.0
    score_drift: float = 0.0

    @classmethod
    def of(cls, names: Iterable[str]) -> Planted:
        """The named effects at the sizes of `effects`, all others off.

        Raises:
            LookupError: An effect does not exist.
        """
        sizes = {name: getattr(effects, f"PLANTED_{name.upper()}") for name in EFFECTS}
        unknown = sorted(set(names) - set(sizes))
        if unknown:
            raise LookupError(f"no such effect: {', '.join(unknown)}; choose of {', '.join(sizes)}")
        return cls(**{name: sizes[name] for name in names})


def marks(
    people: pd.DataFrame,
    web: pd.DataFrame,
    emails: pd.DataFrame,
    activities: pd.DataFrame,
    product: pd.DataFrame,
    seed: int,
) -> pd.DataFrame:
    """What is planted with each person, one row each, at random.

    Columns: first_at (UTC seconds of the first engagement, of the creation without one),
    qualified_at (some days later), has_signal, has_null_signal, step (position in STEPS).
    """
    rng = stream(seed, "planted_marks")
    size = len(people)
    first_at = _first_engagements(web, emails, activities, product, size)
    first_at = np.where(first_at == NEVER, people["created"], first_at)
    wait = rng.exponential(effects.PLANTED_MQL_MEAN_DAYS, size)
    return pd.DataFrame(
        {
            "first_at": first_at,
            "qualified_at": first_at + 60 + (wait * DAY).astype(np.int64),
            "has_signal": rng.random(size) < effects.PLANTED_SIGNAL_SHARE,
            "has_null_signal": rng.random(size) < effects.PLANTED_NULL_SHARE,
            "step": pick(rng, size, shares(effects.PLANTED_STEPS)),
        }
    )


def replanted(
    activities: pd.DataFrame, mark_rows: pd.DataFrame, planted: Planted, seed: int, clock: Clock
) -> pd.DataFrame:
    """The activities without those of the planted kinds, and with what is planted."""
    rng = stream(seed, "planted_activities")
    at = mark_rows["first_at"].to_numpy()
    size = len(mark_rows)
    soon = (rng.uniform(*effects.PLANTED_SEQUENCE_HOURS, size) * 3600).astype(np.int64)
    slow = (rng.uniform(*effects.PLANTED_SLOW_HOURS, size) * 3600).astype(np.int64)
    step = {name: (mark_rows["step"] == code).to_numpy() for code, name in enumerate(STEPS)}
    drifts = at >= _month_start(clock, effects.SCORE_DRIFT_MONTHS)
    drifts &= rng.random(size) < planted.score_drift
    parts = [
        activities[~_of_planted_kind(activities)],
        _rows(mark_rows["has_signal"], SIGNAL, at),
        _rows(mark_rows["has_null_signal"], NULL_SIGNAL, at),
        _rows(step["sequence"] | step["first_alone"], FIRST_STEP, at - soon),
        _rows(step["too_slow"], FIRST_STEP, at - slow),
        _rows(step["reversed"], FIRST_STEP, at + soon),
        _rows(
            step["sequence"] | step["then_alone"] | step["too_slow"] | step["reversed"],
            THEN_STEP,
            at,
        ),
        _rows(drifts, MORE_ACTIVITY, at),
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def sales_facts(
    facts: SalesFacts,
    people: pd.DataFrame,
    mark_rows: pd.DataFrame,
    planted: Planted,
    seed: int,
    clock: Clock,
) -> SalesFacts:
    """What sales recorded, with the planted deals in place of the others.

    Marketing notes every lead as an MQL at its `qualified_at`, so that no lead is missing among
    those that are judged because its scores were low.
    """
    noted = pd.DataFrame(
        {
            "person": np.arange(len(people)),
            "status": STATUS_CODES["mql"],
            "reason": NOTHING,
            "rep": NOTHING,
            "at": mark_rows["qualified_at"],
        }
    )
    changed = replace(
        facts,
        statuses=pd.concat([facts.statuses, noted], ignore_index=True),
        opportunities=_opportunities(people, mark_rows, planted, seed, clock),
    )
    return changed.until(clock.landed)


def chances(
    people: pd.DataFrame, mark_rows: pd.DataFrame, planted: Planted, clock: Clock
) -> Floats:
    """The chance (0 to 1) of each person, shape (people,), to become an opportunity."""
    half = sum(catalog.FIT_POINTS.values()) / 2
    late = mark_rows["qualified_at"] >= _month_start(clock, effects.RATE_DRIFT_MONTHS)
    ratios = (
        (mark_rows["has_signal"], planted.signal),
        (mark_rows["step"] == STEPS.index("sequence"), planted.sequence),
        (people["channel"] == CHANNEL_CODES[CHANNEL], planted.channel),
        (late, planted.rate_drift),
    )
    chance = effects.PLANTED_BASE_RATE * planted.fit ** ((people["fit"].to_numpy() - half) / half)
    for holds, ratio in ratios:
        chance = chance * np.where(holds, ratio, 1.0)
    return chance.clip(max=effects.HIGHEST_PLANTED_CHANCE)


def _opportunities(
    people: pd.DataFrame, mark_rows: pd.DataFrame, planted: Planted, seed: int, clock: Clock
) -> pd.DataFrame:
    """The planted deals: person, amount, at, closed (UTC seconds), is_won."""
    rng = stream(seed, "planted_deals")
    size = len(people)
    rest = rng.gamma(2.0, effects.PLANTED_DEAL_MEAN_DAYS / 2, size)
    wait = ((effects.PLANTED_DEAL_AFTER_DAYS + rest) * DAY).astype(np.int64)
    # each by itself, and not spread evenly as `draw.hits` would: intervals count on that
    person = np.flatnonzero(rng.random(size) < chances(people, mark_rows, planted, clock))
    at = mark_rows["qualified_at"].to_numpy() + wait
    cases = people.assign(person=np.arange(size))
    return deals.deals_of(rng, cases, person, at[person]).drop(columns="case")


def _first_engagements(
    web: pd.DataFrame,
    emails: pd.DataFrame,
    activities: pd.DataFrame,
    product: pd.DataFrame,
    size: int,
) -> Ints:
    """When each person first did something that counts and that is known to be its doing."""
    idle_web = [WEB_EVENTS.index("identify"), WEB_EVENTS.index("scroll")]
    identified = web.loc[web["name"] == WEB_EVENTS.index("identify"), ["person", "device"]]
    devices = pd.MultiIndex.from_frame(identified)
    is_known = pd.MultiIndex.from_frame(web[["person", "device"]]).isin(devices)
    visits = web[
        (web["person"] >= 0)
        & ~web["name"].isin(idle_web)
        & (web["agent"] < len(catalog.BROWSERS))
        & (is_known | (web["by"] != BY_COOKIE))
    ]
    clicks = emails[emails["type"].isin(_codes(EVENT_CODES, ("clicked", "replied")))]
    idle = activities["type"].isin(_codes(TYPE_CODES, NOT_ENGAGING))
    actions = activities[~idle & ~_of_planted_kind(activities)]
    uses = product[~product["type"].isin(_codes(PRODUCT_CODES, ("login", "trial_ended")))]
    parts = [rows[["person", "at"]] for rows in (visits, clicks, actions, uses)]
    return first_moments(pd.concat(parts, ignore_index=True), size)


def _of_planted_kind(activities: pd.DataFrame) -> Bools:
    kinds = (SIGNAL, NULL_SIGNAL, FIRST_STEP, THEN_STEP)
    return activities["type"].isin(_codes(TYPE_CODES, kinds)).to_numpy()


def _codes(of_name: dict[str, int], names: tuple[str, ...]) -> list[int]:
    return [of_name[name] for name in names]


def _month_start(clock: Clock, months: int) -> int:
    """The first moment (UTC seconds) of the month `months` before that of as_of."""
    month = pd.Timestamp(clock.as_of, unit="s").to_period("M") - months
    return int(month.start_time.timestamp())


def _rows(mask: pd.Series | Bools, name: str, at: Ints) -> pd.DataFrame:
    person = np.flatnonzero(mask)
    return pd.DataFrame({"person": person, "type": TYPE_CODES[name], "at": at[person]})
