"""Which accounts, reps and campaigns does the company have?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .clock import Clock
from .draw import Ints, chosen, pick, shares, spread, stream

COUNTRY_WEIGHTS = shares([weight for _, weight, _, _ in catalog.COUNTRIES])
COUNTRY_UTC_HOURS = np.array([hours for _, _, hours, _ in catalog.COUNTRIES])
COUNTRY_CODES = tuple(code for code, _, _, _ in catalog.COUNTRIES)
IS_TARGET_COUNTRY = np.isin(COUNTRY_CODES, catalog.TARGET_COUNTRIES)
COUNTRY_REGION = np.array(
    [tuple(catalog.TERRITORIES).index(region) for *_, region in catalog.COUNTRIES]
)
INDUSTRY_NAMES = tuple(catalog.INDUSTRIES)
IS_TARGET_INDUSTRY = np.isin(INDUSTRY_NAMES, catalog.TARGET_INDUSTRIES)
STATUS_NAMES = tuple(effects.ACCOUNT_STATUS)
CAMPAIGN_KEYS = tuple(key for key, *_ in catalog.CAMPAIGN_KINDS)


def accounts(leads: int, seed: int, clock: Clock) -> pd.DataFrame:
    """One row per account, as codes; -1 stands for an unknown value."""
    rng = stream(seed, "accounts")
    size = max(8, round(leads * effects.ACCOUNTS_PER_LEAD))
    names = len(catalog.COMPANY_FIRST) * len(catalog.COMPANY_SECOND)
    name = np.arange(size) if size > names else rng.permutation(names)[:size]
    employees = np.exp(
        rng.normal(np.log(catalog.EMPLOYEES_MEDIAN), catalog.EMPLOYEES_SIGMA, size)
    ).astype(np.int64)
    employees = employees.clip(2, 60_000)
    revenue = (employees * rng.lognormal(np.log(140_000), 0.5, size)).round(-4)
    country = spread(rng, size, COUNTRY_WEIGHTS)
    rows = pd.DataFrame(
        {
            "name": name,
            "industry": spread(rng, size, shares(catalog.INDUSTRIES)),
            "employees": np.where(
                chosen(rng, size, catalog.NO_EMPLOYEE_COUNT_SHARE), -1, employees
            ),
            "revenue": np.where(rng.random(size) < 0.2, -1, revenue),
            "country": np.where(chosen(rng, size, catalog.NO_COUNTRY_SHARE), -1, country),
            "status": spread(rng, size, shares(effects.ACCOUNT_STATUS)),
            "is_competitor": chosen(rng, size, effects.COMPETITOR_SHARE),
            "is_target": chosen(rng, size, effects.TARGET_ACCOUNT_SHARE),
            "has_domain": rng.random(size) > 0.02,
            "updated": clock.start + rng.integers(0, clock.as_of - clock.start, size),
        }
    )
    criteria = account_criteria(rows)
    pull = rng.normal(0, effects.ACCOUNT_PULL_SIGMA, size)
    rows["pull"] = np.exp(pull + effects.ACCOUNT_PULL_PER_CRITERION * criteria.sum(axis=1))
    return rows


def account_criteria(rows: pd.DataFrame) -> Ints:
    """Matched firmographic criteria, shape (accounts, 2): industry and company size."""
    low, high = catalog.TARGET_EMPLOYEES
    return np.column_stack(
        [IS_TARGET_INDUSTRY[rows["industry"]], rows["employees"].between(low, high)]
    )


def reps(leads: int, seed: int) -> pd.DataFrame:
    """One row per sales rep; the last two are not active."""
    rng = stream(seed, "reps")
    further = leads // catalog.LEADS_PER_FURTHER_REP
    territory = np.concatenate(
        [
            np.full(number + further, code)
            for code, number in enumerate(catalog.TERRITORIES.values())
        ]
        + [np.array([1, 2])]
    )
    size = len(territory)
    return pd.DataFrame(
        {
            "first": rng.permutation(size) % len(catalog.FIRST_NAMES),
            "last": rng.integers(0, len(catalog.LAST_NAMES), size),
            "territory": territory,
            "segment": np.where(territory == 0, 2, pick(rng, size, np.array([0.4, 0.6]))),
            "is_active": np.arange(size) < size - 2,
        }
    )


def campaigns(seed: int, clock: Clock) -> pd.DataFrame:
    """One row per kind of campaign and calendar quarter of the timeline."""
    quarters = quarter_of(np.array([clock.start, clock.landed]))
    first, last = int(quarters[0]), int(quarters[1])
    rows = []
    for kind in range(len(catalog.CAMPAIGN_KINDS)):
        for quarter in range(first, last + 1):
            period = pd.Period(year=quarter // 4, quarter=quarter % 4 + 1, freq="Q")
            rows.append((kind, quarter, period.start_time.normalize(), period.end_time.normalize()))
    return pd.DataFrame(rows, columns=["kind", "quarter", "starts", "ends"])


def campaign_costs(campaign_rows: pd.DataFrame, seed: int, clock: Clock) -> pd.DataFrame:
    """One row per campaign and month, cost in the currency of the company."""
    rng = stream(seed, "campaign_costs")
    days = pd.to_datetime([clock.start, clock.as_of], unit="s")
    rows = []
    for campaign, row in enumerate(campaign_rows.itertuples()):
        for month in pd.date_range(row.starts, row.ends, freq="MS"):
            if days[0].to_period("M") <= month.to_period("M") <= days[1].to_period("M"):
                monthly = catalog.CAMPAIGN_KINDS[row.kind][3]
                rows.append((campaign, month, round(monthly * rng.uniform(0.7, 1.35), 2)))
    return pd.DataFrame(rows, columns=["campaign", "on", "cost"])


def quarter_of(moments: Ints) -> Ints:
    """Calendar quarter (year * 4 + quarter - 1) of moments in UTC seconds."""
    months = moments.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return (months // 12 + 1970) * 4 + months % 12 // 3


def campaign_at(kind: Ints, moments: Ints, campaign_rows: pd.DataFrame) -> Ints:
    """The campaign of each kind that runs at a moment (UTC seconds); kind -1 has none."""
    first = int(campaign_rows["quarter"].min())
    quarters = int(campaign_rows["quarter"].max()) - first + 1
    quarter = np.clip(quarter_of(moments) - first, 0, quarters - 1)
    return np.where(kind < 0, -1, kind * quarters + quarter)
