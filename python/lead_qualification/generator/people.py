"""Who are the leads, and which CRM records stand for each person?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .businesses import SOFTWARE, Business
from .clock import Clock
from .company import (
    CAMPAIGN_KEYS,
    COUNTRY_UTC_HOURS,
    COUNTRY_WEIGHTS,
    IS_TARGET_COUNTRY,
    account_criteria,
    campaign_at,
)
from .draw import DAY, Floats, Ints, by_code, chosen, pick, shares, spread, stream, working_times

SOURCE_NAMES = tuple(source for group in catalog.SOURCES.values() for source in group)
SOURCE_CODES = {source: code for code, source in enumerate(SOURCE_NAMES)}
SOURCE_INTEREST = np.array([effects.SOURCE_INTEREST.get(name, 0.0) for name in SOURCE_NAMES])
TITLES = catalog.PERSONA_TITLES + catalog.OTHER_TITLES
CORPORATE, PERSONAL, STUDENT, OTHER_COMPANY = range(4)
MAIN, DUPLICATE, MERGED = range(3)
CHANNEL_CODES = {channel: code for code, channel in enumerate(catalog.CHANNELS)}
OUTBOUND = CHANNEL_CODES["outbound"]


def people(
    leads: int,
    accounts: pd.DataFrame,
    campaigns: pd.DataFrame,
    seed: int,
    clock: Clock,
    business: Business = SOFTWARE,
) -> pd.DataFrame:
    """One row per person, as codes (-1 unknown), with hidden traits.

    interest: hidden readiness to buy, about normal(0.3, 1). activity: relative number of events.
    fit: points of the ideal customer profile (0-40). matched: criteria matched (0-4).
    """
    rng = stream(seed, "people")
    channel = spread(rng, leads, by_code(business.channel_mix, catalog.CHANNELS))
    source = _sources(rng, channel)
    of_companies = business.sells_to_companies
    kinds = effects.ADDRESS_KINDS if of_companies else effects.ADDRESS_KINDS_OF_CONSUMERS
    kind = spread(rng, leads, shares(kinds))
    account = np.where(kind == CORPORATE, pick(rng, leads, accounts["pull"].to_numpy()), -1)
    account = np.where(
        (kind == PERSONAL) & (rng.random(leads) < 0.3),
        pick(rng, leads, accounts["pull"].to_numpy()),
        account,
    )
    account = np.where(of_companies, account, -1)
    of_account = np.where(account < 0, -1, accounts["country"].to_numpy()[account])
    own = np.where(
        (rng.random(leads) < 0.85) & (of_account >= 0),
        of_account,
        pick(rng, leads, COUNTRY_WEIGHTS),
    )
    own = np.where(chosen(rng, leads, 0.12), -1, own)
    country = np.where(own >= 0, own, of_account)
    utc_hours = np.where(country >= 0, COUNTRY_UTC_HOURS[country], 0)
    # rises linearly, so that the later months have more leads than the first ones
    growth = effects.GROWTH_OF_LEADS
    uniform = rng.random(leads)
    late = (np.sqrt(1 + uniform * (growth**2 - 1)) - 1) / (growth - 1)
    created = clock.start + (late * (clock.landed - clock.start)).astype(np.int64)
    created = working_times(rng, created, utc_hours)
    # a week-end at either end may have moved a lead out of the timeline
    created = np.where(created > clock.landed, created - 4 * DAY, created).clip(min=clock.start)
    persona = rng.random(leads) < by_code(effects.PERSONA_SHARE, catalog.CHANNELS)[channel]
    title = np.where(
        persona,
        rng.integers(0, len(catalog.PERSONA_TITLES), leads),
        len(catalog.PERSONA_TITLES) + rng.integers(0, len(catalog.OTHER_TITLES), leads),
    )
    title = np.where(of_companies, title, len(TITLES) - 1)
    rows = pd.DataFrame(
        {
            "first": rng.integers(0, len(catalog.FIRST_NAMES), leads),
            "last": rng.integers(0, len(catalog.LAST_NAMES), leads),
            "channel": channel,
            "source": source,
            "address_kind": kind,
            "account": account,
            "own_country": own,
            "country": country,
            "utc_hours": utc_hours,
            "title": title,
            "created": created,
            "email_status": spread(rng, leads, shares(effects.EMAIL_STATUS)),
            "phone": pick(rng, leads, np.array([0.62, 0.12, 0.12, 0.14])),
            "has_account_id": (account >= 0) & (rng.random(leads) < effects.ACCOUNT_ID_KNOWN),
            "is_deleted": chosen(rng, leads, effects.DELETED_LEADS),
            "activity": np.exp(rng.normal(0, effects.ACTIVITY_SIGMA, leads)),
        }
    )
    rows["campaign"] = _campaigns(rng, rows, campaigns)
    criteria = fit_criteria(rows, accounts)
    rows["matched"] = criteria.sum(axis=1)
    rows["fit"] = criteria @ np.array(list(catalog.FIT_POINTS.values()))
    rows["is_out_of_market"] = (rows["matched"] == 0) & _all_known(rows, accounts)
    rows["segment"] = _segments(rows, accounts)
    rows["interest"] = (
        rng.normal(business.interest, 1, leads)
        + by_code(effects.CHANNEL_INTEREST, catalog.CHANNELS)[channel]
        + SOURCE_INTEREST[source]
        + effects.INTEREST_PER_CRITERION * (rows["matched"] - 2)
    )
    return rows


def fit_criteria(rows: pd.DataFrame, accounts: pd.DataFrame) -> Ints:
    """Matched criteria of the ideal customer profile, shape (people, 4), 0 or 1."""
    has_account = (rows["account"] >= 0).to_numpy()
    of_account = account_criteria(accounts)[rows["account"]] & has_account[:, None]
    title = (rows["title"] < len(catalog.PERSONA_TITLES)).to_numpy()
    country = IS_TARGET_COUNTRY[rows["country"]] & (rows["country"] >= 0)
    return np.column_stack([of_account, title, country]).astype(np.int64)


def records(rows: pd.DataFrame, seed: int, clock: Clock) -> pd.DataFrame:
    """One row per CRM record: a person's main record, and its duplicates and merged ones.

    Columns: person, kind (0 main, 1 duplicate by e-mail, 2 merged), created (UTC seconds),
    merged_into (row number, -1 none). The main records come first, in the order of people.
    """
    rng = stream(seed, "records")
    size = len(rows)
    created = rows["created"].to_numpy()
    parts = [_records(np.arange(size), MAIN, created, np.full(size, -1))]
    duplicated = np.flatnonzero(chosen(rng, size, effects.DUPLICATE_LEADS))
    merged = np.flatnonzero(chosen(rng, size, effects.MERGED_LEADS))
    merged = np.setdiff1d(merged, duplicated)
    for people_of, kind in ((duplicated, DUPLICATE), (merged, MERGED)):
        later = created[people_of] + (rng.exponential(45, len(people_of)) * DAY).astype(int) + 60
        into = people_of if kind == MERGED else np.full(len(people_of), -1)
        parts.append(_records(people_of, kind, later, into))
    # a record that was merged into a record that was merged later: a chain of two hops
    links = np.arange(len(merged)) + size + len(duplicated)
    chained = chosen(rng, len(merged), effects.CHAINED_MERGES)
    parts.append(
        _records(
            merged[chained], MERGED, parts[2]["created"].to_numpy()[chained] + DAY, links[chained]
        )
    )
    everything = pd.concat(parts, ignore_index=True)
    everything["created"] = everything["created"].clip(upper=clock.landed)
    return everything


def record_of(
    rng: np.random.Generator, person: Ints, moments: Ints, record_rows: pd.DataFrame
) -> Ints:
    """The record that a fact of a person lands on: now and then the second one, once it exists."""
    second = record_rows[record_rows["kind"] != MAIN].drop_duplicates("person", keep="last")
    people_count = int((record_rows["kind"] == MAIN).sum())
    row = np.full(people_count, -1)
    row[second["person"]] = second.index
    found = row[person]
    there = (found >= 0) & (record_rows["created"].to_numpy()[found] <= moments)
    there &= rng.random(len(person)) < effects.FACTS_ON_SECOND_RECORD
    return np.where(there, found, person)


def _records(person: Ints, kind: int, created: Ints, merged_into: Ints) -> pd.DataFrame:
    return pd.DataFrame(
        {"person": person, "kind": kind, "created": created, "merged_into": merged_into}
    )


def _sources(rng: np.random.Generator, channel: Ints) -> Ints:
    source = np.zeros(len(channel), np.int64)
    for code, name in enumerate(catalog.CHANNELS):
        members = np.flatnonzero(channel == code)
        options = np.array([SOURCE_CODES[label] for label in catalog.SOURCES[name]])
        source[members] = options[spread(rng, len(members), shares(catalog.SOURCES[name]))]
    return source


def _campaigns(rng: np.random.Generator, rows: pd.DataFrame, campaigns: pd.DataFrame) -> Ints:
    size = len(rows)
    options = np.full((len(catalog.CHANNELS), 2), -1)
    for code, channel in enumerate(catalog.CHANNELS):
        kinds = [CAMPAIGN_KEYS.index(key) for key in catalog.CAMPAIGNS_OF_CHANNEL[channel]]
        options[code, : len(kinds)] = kinds
        if len(kinds) == 1:
            options[code, 1] = kinds[0]
    kind = options[rows["channel"], (rng.random(size) < 0.3).astype(int)]
    kind = np.where(rng.random(size) < 0.68, kind, -1)
    # an empty or unknown source now and then has the campaign of another channel
    lost = (rows["channel"] == CHANNEL_CODES["unknown"]) & (rng.random(size) < 0.25)
    kind = np.where(lost, rng.integers(0, len(CAMPAIGN_KEYS), size), kind)
    return campaign_at(kind, rows["created"].to_numpy(), campaigns)


def _all_known(rows: pd.DataFrame, accounts: pd.DataFrame) -> Floats:
    account = rows["account"].to_numpy()
    industry = accounts["industry"].to_numpy()[account] != len(catalog.INDUSTRIES) - 1
    size = accounts["employees"].to_numpy()[account] >= 0
    titled = rows["title"].to_numpy() != len(TITLES) - 1
    return (account >= 0) & industry & size & titled & (rows["country"].to_numpy() >= 0)


def _segments(rows: pd.DataFrame, accounts: pd.DataFrame) -> Ints:
    """0 startup (or unknown), 1 mid-market, 2 enterprise."""
    employees = np.where(rows["account"] >= 0, accounts["employees"].to_numpy()[rows["account"]], 1)
    return np.digitize(employees, [50, 500])
