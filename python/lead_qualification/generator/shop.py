"""What do leads do in a shop, where others would ask sales?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .activities import ASKS, TYPE_CODES
from .clock import Clock
from .draw import DAY, Ints, stream
from .web import BY_LEAD, PATHS, WEB_EVENTS

NO_SESSION = -1


def without_asks(activities: pd.DataFrame) -> pd.DataFrame:
    """The activities of people, without what they would ask sales for."""
    asked = _asks(activities) | (activities["type"] == TYPE_CODES["meeting_attended"])
    return activities[~asked].reset_index(drop=True)


def shop_events(
    people: pd.DataFrame, activities: pd.DataFrame, seed: int, clock: Clock
) -> pd.DataFrame:
    """Wish lists, carts and checkouts, in the columns of `web.identify_events`.

    What would be a request to sales is a checkout, with a cart before it and for some a wish list
    days earlier. Other leads fill carts and leave them.
    """
    rng = stream(seed, "shop_events")
    asks = activities[_asks(activities)]
    person, at = asks["person"].to_numpy(), asks["at"].to_numpy()
    size = len(asks)
    created = people["created"].to_numpy()
    cart_at = at - (rng.exponential(effects.CART_MEAN_HOURS, size) * 3600).astype(np.int64) - 60
    wish_at = cart_at - (rng.exponential(effects.WISH_MEAN_DAYS, size) * DAY).astype(np.int64)
    wished = rng.random(size) < effects.WISHED_SHARE
    left = np.flatnonzero(rng.random(len(people)) < effects.LEFT_CART_SHARE)
    wait = rng.exponential(effects.LEFT_CART_MEAN_DAYS, len(left)) * DAY
    left_at = created[left] + wait.astype(np.int64) + 60
    reported = rng.random(len(left)) < effects.LEFT_CART_REPORTED
    dreamt = np.flatnonzero(rng.random(len(people)) < effects.WISH_ALONE_SHARE)
    wait = rng.exponential(effects.LEFT_CART_MEAN_DAYS, len(dreamt)) * DAY
    parts = [
        _events("wishlist_added", person[wished], wish_at[wished]),
        _events("cart_added", person, cart_at),
        _events("checkout_started", person, at),
        _events("cart_added", left, left_at),
        _events("cart_abandoned", left[reported], left_at[reported] + 3600),
        _events("wishlist_added", dreamt, created[dreamt] + wait.astype(np.int64) + 60),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["at"] = np.maximum(rows["at"], created[rows["person"]] + 30)
    rows["agent"] = rng.integers(0, len(catalog.BROWSERS), len(rows))
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def _asks(activities: pd.DataFrame) -> pd.Series:
    return activities["type"].isin([TYPE_CODES[name] for name in ASKS])


def _events(name: str, person: Ints, at: Ints) -> pd.DataFrame:
    """Events of people who are signed in, so that each names its lead."""
    path = "/wishlist" if name == "wishlist_added" else "/cart"
    path = "/checkout" if name == "checkout_started" else path
    return pd.DataFrame(
        {
            "person": person,
            "device": 0,
            "at": at,
            "by": BY_LEAD,
            "name": WEB_EVENTS.index(name),
            "path": PATHS.index(path),
            "session": NO_SESSION,
        }
    )
