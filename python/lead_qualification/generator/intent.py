"""Which accounts show third-party buying intent?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .clock import Clock
from .draw import DAY, chosen, pick, shares, stream, working_times

INTENT_TYPES = tuple(catalog.INTENT_TYPES)
NOBODY = -1  # a domain that belongs to no account


def intent_signals(accounts: pd.DataFrame, number: int, seed: int, clock: Clock) -> pd.DataFrame:
    """`number` signals in surges of some weeks: account, type, topic, provider, at."""
    rng = stream(seed, "intent_signals")
    size = len(accounts)
    rank = rng.permutation(size) + 1
    account = pick(rng, number, accounts["pull"].to_numpy() / rank**effects.INTENT_ZIPF)
    surge = rng.integers(0, clock.landed - clock.start, (size, 3))
    centre = surge[account, rng.integers(0, 3, number)]
    at = clock.start + centre + (rng.normal(0, 12, number) * DAY).astype(np.int64)
    span = clock.landed - clock.start
    at = clock.start + (at - clock.start) % span
    at = working_times(rng, at, np.zeros(number, np.int64)).clip(clock.start, clock.landed)
    return pd.DataFrame(
        {
            "account": np.where(rng.random(number) < 0.04, NOBODY, account),
            "type": pick(rng, number, shares(catalog.INTENT_TYPES)),
            "topic": rng.integers(0, len(catalog.INTENT_TOPICS), number),
            "provider": pick(rng, number, np.array([0.45, 0.4, 0.15])),
            "spelling": pick(rng, number, np.array([0.9, 0.05, 0.05])),
            "at": at,
        }
    )


def partner_lists(people: pd.DataFrame, seed: int, clock: Clock) -> pd.DataFrame:
    """People on the list of a partner's event: person, has_email, topic, at (UTC seconds)."""
    rng = stream(seed, "partner_lists")
    listed = chosen(rng, len(people), effects.PARTNER_LIST_SHARE)
    person = np.flatnonzero(listed & (people["account"] >= 0).to_numpy())
    size = len(person)
    at = people["created"].to_numpy()[person] + (rng.exponential(40, size) * DAY).astype(np.int64)
    rows = pd.DataFrame(
        {
            "person": person,
            "has_email": rng.random(size) < effects.PARTNER_NAMES_PERSON,
            "topic": rng.integers(0, len(catalog.INTENT_TOPICS), size),
            "at": working_times(rng, at, people["utc_hours"].to_numpy()[person]),
        }
    )
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)
