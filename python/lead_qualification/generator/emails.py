"""Which e-mails are sent, and what becomes of them?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import catalog, effects
from .clock import Clock
from .company import CAMPAIGN_KEYS
from .draw import (
    DAY,
    Bools,
    Ints,
    counter_within,
    odds,
    pick,
    shares,
    stream,
    working_times,
)
from .people import CORPORATE, OUTBOUND

PROGRAMS = ("marketing", "cold_outbound")
EMAIL_EVENTS = (
    "delivered",
    "opened",
    "clicked",
    "replied",
    "bounced",
    "unsubscribed",
    "resubscribed",
    "spam_complaint",
    "replied_interested",
    "meeting_booked",
    "meeting_attended",
    "deferred",  # a type that no rule knows
)
EVENT_CODES = {name: code for code, name in enumerate(EMAIL_EVENTS)}
USER_AGENTS = catalog.BROWSERS + catalog.MAIL_MACHINES
BOUNCED_STATUS = tuple(effects.EMAIL_STATUS).index("bounced")
LINKS = ("/pricing", "/blog/speed-to-lead", "/webinars", "/customers", "/product", "/unsubscribe")


def rows_per_send() -> float:
    """Mean number of events of a marketing e-mail, roughly."""
    return 1.58


def marketing_emails(people: pd.DataFrame, number: int, seed: int, clock: Clock) -> pd.DataFrame:
    """Events of about `number` marketing e-mails, opt-outs included: person, type, at, ..."""
    rng = stream(seed, "marketing_emails")
    created = people["created"].to_numpy()
    life = np.maximum(clock.landed - created, DAY)
    weights = rng.lognormal(0, 0.6, len(people)) * np.clip(life / (90 * DAY), 0.03, 3)
    weights = weights * np.where(people["channel"] == OUTBOUND, 0.3, 1.0)
    person = np.sort(pick(rng, number, weights))
    wait = rng.random(len(person)) ** 1.4 * life[person]
    sent = _desk_time(rng, people, person, created[person] + wait.astype(np.int64) + 3600)
    optouts = _optouts(rng, people, clock)
    allowed = _allowed(person, sent, optouts, len(people)) & (sent <= clock.landed)
    person, sent = person[allowed], sent[allowed]
    rows = _reactions(rng, people, person, sent, "marketing")
    # one campaign per send
    kinds = np.array([CAMPAIGN_KEYS.index(key) for key in ("newsletter", "content", "webinar")])
    of_send = kinds[pick(rng, len(sent), np.array([0.5, 0.3, 0.2]))]
    rows["kind"] = of_send[rows["send"]]
    optouts["kind"] = np.where(optouts["type"] == EVENT_CODES["resubscribed"], -1, 0)
    rows = pd.concat([rows, optouts], ignore_index=True)
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def cold_emails(people: pd.DataFrame, seed: int, clock: Clock) -> pd.DataFrame:
    """Events of the sequences to outbound leads; an answer ends the sequence."""
    rng = stream(seed, "cold_emails")
    targets = np.flatnonzero((people["channel"] == OUTBOUND) & (rng.random(len(people)) < 0.9))
    steps = 2 + rng.poisson(effects.COLD_STEPS_MEAN - 2, len(targets)).clip(max=6)
    answers = shares(effects.COLD_ANSWERS)
    names = tuple(effects.COLD_ANSWERS)
    answer = pick(rng, len(targets), answers)
    # those who care least stay silent more often
    interested = people["interest"].to_numpy()[targets]
    answer = np.where(
        (interested < -0.6) & np.isin(answer, [2, 3]) & (rng.random(len(targets)) < 0.6), 0, answer
    )
    stops = np.where(answer == 0, 99, rng.integers(1, steps + 1))
    target = np.repeat(np.arange(len(targets)), np.minimum(steps, stops))
    step = counter_within(target)
    person = targets[target]
    waits = (step * effects.COLD_STEP_DAYS + 0.2) * DAY
    sent = people["created"].to_numpy()[person] + waits.astype(np.int64)
    sent = _desk_time(rng, people, person, sent)
    rows = _reactions(rng, people, person, sent, "cold_outbound")
    last = np.flatnonzero((step + 1 == stops[target]) & (answer[target] > 0))
    types = np.array([EVENT_CODES.get(name, -1) for name in names])[answer[target[last]]]
    at = sent[last] + (rng.exponential(0.9, len(last)) * DAY).astype(np.int64) + 900
    replies = _event_rows(rng, person[last], types, _desk_time(rng, people, person[last], at), last)
    replies["at"] = np.maximum(replies["at"], sent[last] + 600)
    booked = replies[replies["type"] == EVENT_CODES["meeting_booked"]]
    booked = booked[rng.random(len(booked)) < effects.MEETING_KEPT]
    held = booked.copy()
    held["type"] = EVENT_CODES["meeting_attended"]
    held["at"] += rng.integers(1, 7, len(held)) * DAY
    rows = pd.concat([rows, replies, held], ignore_index=True)
    rows["program"] = PROGRAMS.index("cold_outbound")
    rows["kind"] = CAMPAIGN_KEYS.index("cold")
    return rows[rows["at"] <= clock.landed].reset_index(drop=True)


def _reactions(
    rng: np.random.Generator, people: pd.DataFrame, person: Ints, sent: Ints, program: str
) -> pd.DataFrame:
    """Delivered or bounced, opened, clicked, replied, opens by machines, scanned links."""
    size = len(person)
    send = np.arange(size)
    interest = people["interest"].to_numpy()[person]
    bounced_lead = (people["email_status"].to_numpy() == BOUNCED_STATUS)[person]
    bounced = rng.random(size) < np.where(bounced_lead, 0.55, 0.004)
    opened = ~bounced & (
        rng.random(size) < odds(effects.OPEN_LOG_ODDS + effects.OPEN_PER_INTEREST * interest)
    )
    clicked = opened & (
        rng.random(size) < odds(effects.CLICK_LOG_ODDS + effects.CLICK_PER_INTEREST * interest)
    )
    opened_at = sent + 40 + (rng.exponential(0.5, size) * DAY).astype(np.int64)
    clicked_at = opened_at + 5 + rng.exponential(60, size).astype(np.int64)
    corporate = (people["address_kind"].to_numpy() == CORPORATE)[person]
    scanned = ~bounced & corporate & (rng.random(size) < effects.SCANNED_DELIVERIES)
    machine = ~bounced & (rng.random(size) < effects.MACHINE_OPENS)
    replied = opened & (rng.random(size) < (effects.REPLY_SHARE if program == "marketing" else 0))
    deferred = rng.random(size) < effects.UNKNOWN_EVENTS / 2
    again = opened & (rng.random(size) < 0.12)
    parts = [
        (~bounced, "delivered", sent),
        (bounced, "bounced", sent + 2),
        (opened, "opened", opened_at),
        (again, "opened", opened_at + rng.integers(600, 3 * DAY, size)),
        (clicked, "clicked", clicked_at),
        (replied, "replied", clicked_at + rng.integers(300, DAY, size)),
        (deferred, "deferred", sent - 60),
        (scanned, "opened", sent + rng.integers(0, 4, size)),
        (scanned, "clicked", sent + rng.integers(0, 5, size)),
        (machine, "opened", sent + rng.integers(1, 4000, size)),
    ]
    rows = pd.concat(
        [
            _event_rows(
                rng, person[mask], np.full(mask.sum(), EVENT_CODES[name]), at[mask], send[mask]
            )
            for mask, name, at in parts
        ],
        ignore_index=True,
    )
    machines = len(rows) - machine.sum()
    agents = rows["agent"].to_numpy().copy()
    agents[machines:] = len(catalog.BROWSERS) + rng.integers(
        0, len(catalog.MAIL_MACHINES), machine.sum()
    )
    rows["agent"] = agents
    rows["program"] = PROGRAMS.index(program)
    return rows


def _event_rows(
    rng: np.random.Generator, person: Ints, types: Ints, at: Ints, send: Ints
) -> pd.DataFrame:
    by_person = np.isin(types, [EVENT_CODES["opened"], EVENT_CODES["clicked"]])
    agent = np.where(by_person, pick(rng, len(person), shares(catalog.BROWSER_WEIGHTS)), -1)
    return pd.DataFrame(
        {"person": person, "type": types, "at": at, "send": send, "agent": agent, "program": 0}
    )


def _optouts(rng: np.random.Generator, people: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Unsubscribes, complaints and some opt-ins that follow, in the columns of reactions."""
    size = len(people)
    created = people["created"].to_numpy()
    leaves = np.flatnonzero(rng.random(size) < effects.UNSUBSCRIBERS)
    at = created[leaves] + (
        rng.exponential(effects.UNSUBSCRIBE_MEAN_DAYS, len(leaves)) * DAY
    ).astype(np.int64)
    back = rng.random(len(leaves)) < effects.RESUBSCRIBERS
    back_at = at[back] + (rng.exponential(effects.RESUBSCRIBE_MEAN_DAYS, back.sum()) * DAY).astype(
        np.int64
    )
    complains = np.flatnonzero(rng.random(size) < effects.COMPLAINERS)
    complained_at = created[complains] + (rng.exponential(60, len(complains)) * DAY).astype(
        np.int64
    )
    parts = [
        (leaves, "unsubscribed", _desk_time(rng, people, leaves, at + DAY)),
        (leaves[back], "resubscribed", _desk_time(rng, people, leaves[back], back_at + 3 * DAY)),
        (complains, "spam_complaint", _desk_time(rng, people, complains, complained_at + DAY)),
    ]
    rows = [
        _event_rows(
            rng, person, np.full(len(person), EVENT_CODES[name]), at, np.full(len(person), -1)
        )
        for person, name, at in parts
    ]
    return pd.concat(rows, ignore_index=True)


def _allowed(person: Ints, sent: Ints, optouts: pd.DataFrame, size: int) -> Bools:
    """Whether an e-mail may still be sent: nobody writes to those who left and did not return."""
    left = np.full(size, np.iinfo(np.int64).max)
    back = left.copy()
    returns = optouts["type"] == EVENT_CODES["resubscribed"]
    left[optouts["person"][~returns]] = optouts["at"][~returns]
    back[optouts["person"][returns]] = optouts["at"][returns]
    return (sent < left[person]) | (sent > back[person])


def _desk_time(rng: np.random.Generator, people: pd.DataFrame, person: Ints, at: Ints) -> Ints:
    return working_times(rng, at, people["utc_hours"].to_numpy()[person])
