"""Which pages do visitors see, and when do they say who they are?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .clock import Clock
from .draw import (
    DAY,
    Bools,
    Ints,
    counter_within,
    odds,
    pick,
    running_sum,
    shares,
    stream,
    working_times,
)
from .people import OUTBOUND

PATHS = (*catalog.PAGES, *catalog.SHOP_PAGES)
WEB_EVENTS = ("page_view", "identify", *catalog.WEB_EXTRAS, *catalog.SHOP_EVENTS)
USER_AGENTS = catalog.BROWSERS + catalog.WEB_BOTS
BY_LEAD, BY_EMAIL, BY_BOTH, BY_COOKIE = range(4)  # which identifiers an event carries
STRANGER = -1  # the person behind visits that nobody ever identifies


def rows_per_session() -> float:
    """Mean number of events of a session."""
    return 1 / effects.PAGES_PER_SESSION_STOP + sum(catalog.WEB_EXTRAS.values())


def identify_events(people: pd.DataFrame, seed: int, clock: Clock) -> pd.DataFrame:
    """The events that tie a device to a person: the first at creation, some devices later."""
    rng = stream(seed, "identify_events")
    size = len(people)
    created = people["created"].to_numpy()
    outbound = (people["channel"] == OUTBOUND).to_numpy()
    first = np.flatnonzero(
        rng.random(size) < np.where(outbound, 0.3, 1.0) * effects.IDENTIFIED_SHARE
    )
    second = _has_second_device(seed, size) & (rng.random(size) < effects.SECOND_DEVICE_IDENTIFIED)
    second = np.flatnonzero(second)
    wait = (rng.exponential(20, len(second)) * DAY).astype(np.int64)
    rows = pd.DataFrame(
        {
            "person": np.r_[first, second],
            "device": np.r_[np.zeros(len(first), int), np.ones(len(second), int)],
            "at": np.r_[created[first] + 1, created[second] + wait],
        }
    )
    rows["by"] = pick(rng, len(rows), np.array([0.25, 0.6, 0.15]))
    rows["name"] = WEB_EVENTS.index("identify")
    rows["path"] = PATHS.index("/")
    rows["session"] = -1
    rows["agent"] = _browser_of(seed, rows["person"].to_numpy(), rows["device"].to_numpy())
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def sessions(people: pd.DataFrame, number: int, seed: int, clock: Clock) -> pd.DataFrame:
    """`number` visits: person, device, at (UTC seconds), is_evaluating."""
    rng = stream(seed, "sessions")
    strangers = int(number * effects.STRANGER_SHARE)
    created = people["created"].to_numpy()
    life = np.maximum(clock.landed - created, 2 * DAY)
    outbound = (people["channel"] == OUTBOUND).to_numpy()
    weights = people["activity"].to_numpy() * np.clip(life / (35 * DAY), 0.12, 1)
    weights = weights * np.exp(0.2 * people["interest"]) * np.where(outbound, 0.25, 1.0)
    person = pick(rng, number - strangers, weights)
    size = len(person)
    early = (rng.random(size) < effects.BEFORE_CREATED_SHARE) & ~outbound[person]
    before = -rng.exponential(effects.BEFORE_CREATED_MEAN_DAYS, size) * DAY
    after = rng.exponential(effects.SESSION_MEAN_DAYS, size) * DAY
    later = rng.random(size) * life[person]
    after = np.where(rng.random(size) < effects.LATE_VISIT_SHARE, later, after)
    after = np.where(after > life[person], after % life[person], after)
    at = created[person] + np.where(early, before, after).astype(np.int64)
    at = np.r_[at, clock.start + rng.integers(0, clock.landed - clock.start, strangers)]
    person = np.r_[person, np.full(strangers, STRANGER)]
    utc_hours = np.where(person >= 0, people["utc_hours"].to_numpy()[person], 0)
    at = working_times(rng, at, utc_hours)
    second = (person >= 0) & _has_second_device(seed, len(people))[person]
    interest = np.where(person >= 0, people["interest"].to_numpy()[person], -0.5)
    log_odds = effects.EVALUATING_LOG_ODDS + effects.EVALUATING_PER_INTEREST * interest
    rows = pd.DataFrame(
        {
            "person": person,
            "device": (second & (rng.random(len(person)) < 0.35)).astype(int),
            "at": np.maximum(at, clock.start + rng.integers(0, DAY, len(at))),
            "is_evaluating": rng.random(len(person)) < odds(log_odds),
        }
    )
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def page_events(session_rows: pd.DataFrame, people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The events of visits, in the columns of `identify_events`; a session may carry no id."""
    rng = stream(seed, "page_events")
    size = len(session_rows)
    pages = rng.geometric(effects.PAGES_PER_SESSION_STOP, size).clip(max=14)
    session = np.repeat(np.arange(size), pages)
    path = _paths(rng, session_rows["is_evaluating"].to_numpy()[session])
    step = np.where(counter_within(session) == 0, 0, 8 + rng.exponential(55, len(session)))
    at = session_rows["at"].to_numpy()[session] + running_sum(step, session).astype(np.int64)
    name = np.zeros(len(session), np.int64)
    extra_session, extra_name = _extras(rng, size)
    last = np.cumsum(pages)[extra_session] - 1
    session = np.r_[session, extra_session]
    path = np.r_[path, path[last]]
    at = np.r_[at, at[last] + rng.integers(5, 90, len(last))]
    name = np.r_[name, extra_name]
    person = session_rows["person"].to_numpy()[session]
    device = session_rows["device"].to_numpy()[session]
    known = (person >= 0) & (at > np.where(person >= 0, people["created"].to_numpy()[person], 0))
    by_session = pick(rng, size, np.array([0.48, 0.12, 0.10, 0.30]))
    has_id = rng.random(size) > 0.03
    return pd.DataFrame(
        {
            "person": person,
            "device": device,
            "at": at,
            "by": np.where(known & (device == 0), by_session[session], BY_COOKIE),
            "name": name,
            "path": path,
            "session": np.where(has_id[session], session, -1),
            "agent": _browser_of(seed, person, device),
        }
    )


def bot_visits(page_rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Visits of crawlers: copies of page views a little later, under the names of crawlers."""
    rng = stream(seed, "bot_visits")
    number = round(len(page_rows) * effects.BOT_VISITS)
    rows = page_rows.iloc[np.sort(rng.integers(0, len(page_rows), number))].copy()
    rows["at"] += rng.integers(1, 5 * 3600, number)
    rows["agent"] = len(catalog.BROWSERS) + rng.integers(0, len(catalog.WEB_BOTS), number)
    rows["name"] = np.where(rows["name"] == 1, 0, rows["name"])
    return rows


def _paths(rng: np.random.Generator, is_evaluating: Ints) -> Ints:
    path = pick(rng, len(is_evaluating), shares([casual for casual, _ in catalog.PAGES.values()]))
    buyers = np.flatnonzero(is_evaluating)
    path[buyers] = pick(rng, len(buyers), shares([buyer for _, buyer in catalog.PAGES.values()]))
    return path


def _extras(rng: np.random.Generator, size: int) -> tuple[Ints, Ints]:
    session, name = [], []
    for event, share in catalog.WEB_EXTRAS.items():
        hits = np.flatnonzero(rng.random(size) < share)
        session.append(hits)
        name.append(np.full(len(hits), WEB_EVENTS.index(event)))
    return np.concatenate(session), np.concatenate(name)


def _has_second_device(seed: int, size: int) -> Bools:
    return stream(seed, "devices").random(size) < effects.SECOND_DEVICE_SHARE


def _browser_of(seed: int, person: Ints, device: Ints) -> Ints:
    """One browser per device; the visits of strangers share a few."""
    rng = stream(seed, "browsers")
    table = pick(rng, 65_536, shares(catalog.BROWSER_WEIGHTS))
    return table[(person * 2 + device) % 65_536]
