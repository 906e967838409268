"""What does sales decide about the leads that it is told about?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from . import catalog, effects
from .attempts import (
    NOTHING,
    answered_at,
    assignments,
    attempts,
    first_responses,
    last_attempt_at,
    market_groups,
    reps_of,
)
from .businesses import Business
from .clock import Clock
from .deals import SEGMENTS, answers, opportunities
from .draw import (
    DAY,
    MISSING,
    Bools,
    Ints,
    by_code,
    chosen,
    hits,
    lognormal,
    odds,
    office_times,
    shares,
    spread,
    stream,
)
from .handoff import KIND_CODES, KINDS

STATUSES = (
    "mql",
    "accepted",
    "rejected",
    "disqualified",
    "recycled",
    "regressed",
    "reopened",
    "contacted",
)
HANDED_OVER = "handed_over"
STATUS_CODES = {name: code for code, name in enumerate(STATUSES)}
REASONS = tuple(reason for group in effects.REASONS.values() for reason in group)
REASON_CODES = {name: code for code, name in enumerate(REASONS)}


@dataclass
class SalesFacts:
    """What sales recorded; times are UTC seconds, code -1 stands for nothing."""

    activities: pd.DataFrame  # person, rep, type, outcome, at
    statuses: pd.DataFrame  # person, status, reason, rep, at
    answers: pd.DataFrame  # person, framework, criterion, answer, at
    opportunities: pd.DataFrame  # person, amount, at, closed, is_won
    ended: pd.DataFrame  # person, at: leads that sales worked and did not keep

    @classmethod
    def joined(cls, parts: list[SalesFacts]) -> SalesFacts:
        """The facts of several rounds as one."""
        names = [field.name for field in fields(cls)]
        return cls(
            *(
                pd.concat([getattr(part, name) for part in parts], ignore_index=True)
                for name in names
            )
        )

    def until(self, moment: int) -> SalesFacts:
        """Only what had happened by a moment; a deal closed later is open."""
        names = [field.name for field in fields(self)]
        kept = {name: getattr(self, name) for name in names}
        kept = {name: rows[rows["at"] <= moment] for name, rows in kept.items()}
        deals = kept["opportunities"].copy()
        deals["closed"] = deals["closed"].where(deals["closed"] <= moment, MISSING)
        kept["opportunities"] = deals
        return SalesFacts(**{name: rows.reset_index(drop=True) for name, rows in kept.items()})


def work(
    queue: pd.DataFrame,
    people: pd.DataFrame,
    reps: pd.DataFrame,
    seed: int,
    clock: Clock,
    round_number: int,
) -> SalesFacts:
    """Everything that sales does with one round of leads (`queue`: person, kind, at)."""
    rng = stream(seed, f"sales_{round_number}")
    cases = people.iloc[queue["person"]].reset_index(drop=True)
    cases["person"], cases["kind"], cases["told_at"] = (
        queue[column].to_numpy() for column in ("person", "kind", "at")
    )
    cases["rep"] = reps_of(rng, cases, reps)
    cases["is_worked"], cases["first_at"] = first_responses(rng, cases)
    tries = attempts(rng, cases)
    cases["answered_at"] = answered_at(tries, len(cases))
    cases["last_at"] = last_attempt_at(tries, cases)
    cases["decision"], cases["decided_at"] = _decisions(rng, cases)
    answer_rows, cases["qualified_at"] = answers(rng, cases)
    deals = opportunities(rng, cases)
    statuses = [_contacted(rng, cases, tries)]
    statuses += [
        _statuses(rng, cases, cases["decision"] == code, code, cases["decided_at"])
        for code in range(len(STATUSES))
    ]
    let_down, let_down_at = _let_down(rng, cases, deals)
    statuses.append(_statuses(rng, cases, let_down, STATUS_CODES["regressed"], let_down_at))
    back, back_at = _reopened(rng, cases)
    statuses.append(_statuses(rng, cases, back, STATUS_CODES["reopened"], back_at))
    return SalesFacts(
        pd.concat([assignments(rng, cases), tries.drop(columns="case")]),
        pd.concat(statuses),
        answer_rows,
        deals.drop(columns="case"),
        _ended(cases, let_down, let_down_at),
    ).until(clock.landed)


def comebacks(ended: pd.DataFrame, seed: int, clock: Clock, round_number: int) -> pd.DataFrame:
    """Leads that sales did not keep and that ask again: person, kind, at (UTC seconds)."""
    rng = stream(seed, f"comebacks_{round_number}")
    again = ended[rng.random(len(ended)) < effects.COMES_BACK]
    wait = lognormal(rng, len(again), effects.COMES_BACK_MEDIAN_DAYS, effects.COMES_BACK_SIGMA)
    at = again["at"].to_numpy() + (wait * DAY).astype(np.int64)
    rows = pd.DataFrame({"person": again["person"].to_numpy(), "kind": KIND_CODES["ask"], "at": at})
    return rows[rows["at"] <= clock.landed].drop_duplicates("person").reset_index(drop=True)


def next_queue(ended: pd.DataFrame, asking: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """The next round: what asks again, and what its score hands over again after the cooldown."""
    since = later.merge(ended.rename(columns={"at": "ended_at"}), on="person")
    rest = since["at"] >= since["ended_at"] + effects.REST_AFTER_SALES_DAYS * DAY
    rows = pd.concat([asking, since.loc[rest, ["person", "kind", "at"]]], ignore_index=True)
    rows = rows.sort_values(["at", "person"], kind="stable").drop_duplicates("person")
    return rows.reset_index(drop=True)


def handed_over(queue: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Hand-offs that the CRM records before sales calls by itself: person, at (UTC seconds)."""
    rng = stream(seed, "handed_over")
    called = queue["kind"].isin([KIND_CODES["call"], KIND_CODES["product"]]).to_numpy()
    recorded = called & (rng.random(len(queue)) < effects.HANDED_OVER_IN_CRM)
    return queue.loc[recorded, ["person", "at"]].reset_index(drop=True)


def deals_of_size(facts: SalesFacts, business: Business) -> SalesFacts:
    """The facts with deals as large and as long as the company has them, answers if it asks."""
    deals = facts.opportunities.copy()
    closed = deals["closed"].to_numpy()
    cycle = (closed - deals["at"].to_numpy()) * business.cycle_factor
    shorter = deals["at"].to_numpy() + cycle.astype(np.int64)
    deals["closed"] = np.where(closed == MISSING, MISSING, shorter)
    deals["amount"] = (deals["amount"] * business.amount_factor).round()
    kept = facts.answers if business.sells_to_companies else facts.answers.iloc[:0]
    return replace(facts, opportunities=deals, answers=kept)


def marketing_marks(people: pd.DataFrame, seed: int, clock: Clock) -> pd.DataFrame:
    """Status mql, set by marketing itself: person, status, reason, rep, at."""
    rng = stream(seed, "marketing_marks")
    person = np.flatnonzero(chosen(rng, len(people), 0.03))
    wait = (rng.exponential(25, len(person)) * DAY).astype(np.int64) + 3600
    at = people["created"].to_numpy()[person] + wait
    at = office_times(rng, at, people["utc_hours"].to_numpy()[person])
    rows = pd.DataFrame({"person": person, "status": STATUS_CODES["mql"], "at": at})
    rows["reason"] = rows["rep"] = NOTHING
    return rows[rows["at"] <= clock.landed]


def _decisions(rng: np.random.Generator, cases: pd.DataFrame) -> tuple[Ints, Ints]:
    """The status that ends the first talk or the attempts (-1 none), and when (UTC seconds)."""
    size = len(cases)
    answered = cases["answered_at"].to_numpy() != MISSING
    fast = (cases["first_at"] - cases["told_at"] < 3600).to_numpy()
    log_odds = (
        effects.ACCEPT_LOG_ODDS
        + effects.ACCEPT_PER_CRITERION * (cases["matched"].to_numpy() - 2)
        + effects.ACCEPT_PER_INTEREST * cases["interest"].to_numpy()
        + by_code(effects.ACCEPT_BY_CHANNEL, catalog.CHANNELS)[cases["channel"]]
        + by_code(effects.ACCEPT_BY_KIND, KINDS)[cases["kind"]]
        + by_code(effects.ACCEPT_BY_SEGMENT, SEGMENTS)[cases["segment"]]
        + effects.ACCEPT_IF_FAST * fast
    )
    accepts = hits(rng, np.where(answered, odds(log_odds), 0.0), market_groups(cases))
    decision = np.full(size, NOTHING)
    decision[accepts] = STATUS_CODES["accepted"]
    silent = cases["is_worked"].to_numpy() & ~answered
    for group, mix in ((answered & ~accepts, effects.NOT_ACCEPTED), (silent, effects.NO_ANSWER)):
        members = np.flatnonzero(group)
        codes = np.array([STATUS_CODES.get(name, NOTHING) for name in mix])
        decision[members] = codes[spread(rng, len(members), shares(mix))]
    talk = cases["answered_at"].to_numpy() + (rng.exponential(2.2, size) * DAY).astype(np.int64)
    gave_up = cases["last_at"].to_numpy() + (rng.uniform(1, 11, size) * DAY).astype(np.int64)
    at = np.where(answered, talk + 900, gave_up)
    return decision, office_times(rng, at, cases["utc_hours"].to_numpy())


def _let_down(
    rng: np.random.Generator, cases: pd.DataFrame, deals: pd.DataFrame
) -> tuple[Bools, Ints]:
    """Accepted leads that never became a deal and are sent back, and when (UTC seconds)."""
    has_deal = np.zeros(len(cases), bool)
    has_deal[deals["case"]] = True
    accepted = (cases["decision"] == STATUS_CODES["accepted"]).to_numpy()
    back = accepted & ~has_deal & (rng.random(len(cases)) < effects.REGRESSED_AFTER_ACCEPTANCE)
    at = cases["decided_at"].to_numpy() + (rng.uniform(12, 58, len(cases)) * DAY).astype(np.int64)
    return back, office_times(rng, at, cases["utc_hours"].to_numpy())


def _reopened(rng: np.random.Generator, cases: pd.DataFrame) -> tuple[Bools, Ints]:
    """Disqualified leads that somebody reopens, and when (UTC seconds)."""
    members = np.flatnonzero(cases["decision"] == STATUS_CODES["disqualified"])
    back = np.zeros(len(cases), bool)
    back[members[chosen(rng, len(members), effects.REOPENED)]] = True
    at = cases["decided_at"].to_numpy() + (rng.uniform(9, 60, len(cases)) * DAY).astype(np.int64)
    return back, office_times(rng, at, cases["utc_hours"].to_numpy())


def _ended(cases: pd.DataFrame, let_down: Bools, let_down_at: Ints) -> pd.DataFrame:
    """Leads that sales did not keep: by a decision, by silence, or because nobody worked them."""
    decision = cases["decision"].to_numpy()
    kept = (decision == STATUS_CODES["accepted"]) & ~let_down
    gone = decision == STATUS_CODES["disqualified"]
    silent_days = np.where(cases["is_worked"], 14, 60)
    at = np.where(decision >= 0, cases["decided_at"], cases["last_at"] + silent_days * DAY)
    at = np.where(let_down, let_down_at, at)
    return pd.DataFrame({"person": cases["person"], "at": at})[~kept & ~gone]


def _contacted(rng: np.random.Generator, cases: pd.DataFrame, tries: pd.DataFrame) -> pd.DataFrame:
    """Status contacted, noted some time after the first attempt of most cases."""
    noted = (cases["is_worked"] & (rng.random(len(cases)) < 0.6)).to_numpy()
    delay = lognormal(rng, len(cases), 5.0, 1.4) * 3600
    at = cases["first_at"].to_numpy() + delay.astype(np.int64)
    # a status that comes after the answer would take the lead nowhere: nobody notes it
    noted &= (cases["answered_at"].to_numpy() == MISSING) | (at < cases["answered_at"].to_numpy())
    return _statuses(rng, cases, noted, STATUS_CODES["contacted"], at)


def _statuses(
    rng: np.random.Generator, cases: pd.DataFrame, mask: Bools, status: int, at: Ints
) -> pd.DataFrame:
    """Status rows of the chosen cases with reasons in their shares; a few lack the reason."""
    rows = cases.loc[np.asarray(mask), ["person", "rep"]].copy()
    rows["status"] = status
    rows["at"] = np.asarray(at)[np.asarray(mask)]
    rows["reason"] = NOTHING
    mix = effects.REASONS.get(STATUSES[status])
    if mix:
        codes = np.array([REASON_CODES[name] for name in mix])
        rows["reason"] = codes[spread(rng, len(rows), shares(mix))]
        rows["reason"] = rows["reason"].where(rng.random(len(rows)) > 0.03, NOTHING)
    return rows
