"""When is sales told about a lead?

Sales people act when the CRM tells them to, so the generator has to guess the hand-off before
any model is built: a request of the lead, or the moment at which a simple sum of points passes
a threshold. The guess needs not be exact; a lead that it misses is one that nobody worked.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import effects
from .activities import ASKS, PRODUCT_CODES, TYPE_CODES
from .clock import Clock
from .draw import DAY, Floats, Ints, lognormal, running_sum, stream
from .emails import EVENT_CODES, PROGRAMS
from .intent import INTENT_TYPES
from .people import OUTBOUND, SOURCE_CODES
from .web import PATHS, WEB_EVENTS

KINDS = ("ask", "reply", "score", "product", "call")
KIND_CODES = {name: code for code, name in enumerate(KINDS)}
NEVER = np.iinfo(np.int64).max
EPISODE_DAYS = 90
MULTIPLIER_WHEN_FRESH = 1.5
MQL_SCORE, SALES_SCORE, COLD_MQL_SCORE = 31, 71, 15
COLD_CRITERIA, MQL_CRITERIA, SALES_CRITERIA = 1, 2, 3
BEHAVIOUR_CAP, INTENT_CAP = 40, 20
ACTIVITY_POINTS = {
    "content_download": 5,
    "webinar_attendance": 10,
    "free_trial_signup": 20,
    "demo_request": 30,
    "meeting_booked": 40,
}
EMAIL_POINTS = {"clicked": 3, "replied": 10}
COLD_POINTS = {
    "clicked": 5,
    "replied": 15,
    "replied_interested": 25,
    "meeting_booked": 40,
    "meeting_attended": 30,
}
INTENT_POINTS = {
    "topic_spike": 10,
    "research_spike": 5,
    "review_site_visit": 5,
    "competitor_research": 15,
    "job_posting": 10,
}
MILESTONES = ("team_invite", "premium_feature_use", "usage_limit_reached")
# pages that other signals claim, which give no points
NO_VISIT = ("/blog", "/product", "/features", "/demo", "/roi", "/security", "/compare", "/vs/")


def hand_offs(
    people: pd.DataFrame,
    web: pd.DataFrame,
    emails: pd.DataFrame,
    activities: pd.DataFrame,
    product: pd.DataFrame,
    intent: pd.DataFrame,
    seed: int,
    clock: Clock,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What sales works first of each person, and later hand-offs by score.

    Both: person, kind, at (UTC seconds).
    """
    size = len(people)
    scores = _scores(people, web, emails, activities, intent)
    in_market = ~people["is_out_of_market"].to_numpy()
    outbound = (people["channel"] == OUTBOUND).to_numpy()
    criteria = people["matched"].to_numpy()
    asks = activities[activities["type"].isin([TYPE_CODES[name] for name in ASKS])]
    cold = emails[emails["program"] == PROGRAMS.index("cold_outbound")]
    replies = [EVENT_CODES[name] for name in ("replied_interested", "meeting_booked")]
    replies = cold[cold["type"].isin(replies)]
    routed = ~outbound & in_market & (criteria >= SALES_CRITERIA)
    hot = _crossings(scores, SALES_SCORE)
    hot = hot[routed[hot["person"]]]
    told = np.column_stack([first_moments(rows, size) for rows in (asks, replies, hot)])
    told[~in_market] = NEVER
    kind, at = told.argmin(axis=1), told.min(axis=1)
    known = at != NEVER
    warm = _crossings(scores, MQL_SCORE)
    qualified = np.where(outbound | (criteria < MQL_CRITERIA), NEVER, first_moments(warm, size))
    answered = np.where(criteria >= COLD_CRITERIA, first_moments(_cold_mqls(cold), size), NEVER)
    milestones = product[product["type"].isin([PRODUCT_CODES[name] for name in MILESTONES])]
    since = (first_moments(milestones, size), answered, qualified)
    called = _called(people, ~known & in_market, since, seed)
    handed_over = _rows(np.flatnonzero(known), kind[known], at[known])
    queue = pd.concat([handed_over, called], ignore_index=True)
    later = hot[hot["at"].to_numpy() > at[hot["person"]]]
    later = _rows(later["person"].to_numpy(), KIND_CODES["score"], later["at"].to_numpy())
    return queue[queue["at"] <= clock.landed].reset_index(drop=True), later


def _called(
    people: pd.DataFrame, idle: Ints, since: tuple[Ints, Ints, Ints], seed: int
) -> pd.DataFrame:
    """Leads without a hand-off that sales calls all the same: person, kind, at.

    since: moment per person of the first milestone, cold MQL and inbound MQL, or NEVER.
    """
    rng = stream(seed, "called")
    idle = idle.copy()
    cold_call = (people["source"] == SOURCE_CODES["Cold Call"]).to_numpy()
    bought = np.where(cold_call, people["created"].to_numpy(), NEVER)
    parts = []
    milestone, answered, qualified = since
    for moment, share, name, median_days in (
        (milestone, effects.CALLED_PQLS, "product", 1.0),
        (answered, effects.CALLED_COLD_MQLS, "reply", 0.5),
        (qualified, effects.CALLED_MQLS, "call", effects.MQL_CALL_MEDIAN_DAYS),
        (bought, effects.CALLED_COLD, "call", 1.0),
    ):
        person = np.flatnonzero(idle & (moment != NEVER) & (rng.random(len(people)) < share))
        idle[person] = False
        wait = (lognormal(rng, len(person), median_days, 0.8) * DAY).astype(np.int64)
        parts.append(_rows(person, KIND_CODES[name], moment[person] + wait))
    return pd.concat(parts, ignore_index=True)


def _scores(
    people: pd.DataFrame,
    web: pd.DataFrame,
    emails: pd.DataFrame,
    activities: pd.DataFrame,
    intent: pd.DataFrame,
) -> pd.DataFrame:
    """Score of each lead right after each of its actions: person, at, episode, score."""
    points = pd.concat(
        [_page_points(web), _email_points(emails), _activity_points(activities)], ignore_index=True
    ).sort_values(["person", "at"], kind="stable")
    person, at = points["person"].to_numpy(), points["at"].to_numpy()
    turns = np.r_[True, (np.diff(person) != 0) | (np.diff(at) >= EPISODE_DAYS * DAY)]
    episode = np.cumsum(turns[: len(person)])
    behaviour = running_sum(points["behaviour"].to_numpy(), episode).clip(max=BEHAVIOUR_CAP)
    own_intent = running_sum(points["intent"].to_numpy(), episode)
    theirs = _account_intent(intent, people["account"].to_numpy()[person], at)
    total = (
        people["fit"].to_numpy()[person] + behaviour + (own_intent + theirs).clip(max=INTENT_CAP)
    )
    return pd.DataFrame(
        {"person": person, "at": at, "episode": episode, "score": total * MULTIPLIER_WHEN_FRESH}
    )


def _crossings(scores: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """First moment of each episode at which the score reaches a threshold: person, at."""
    return scores[scores["score"] >= threshold].drop_duplicates("episode")[["person", "at"]]


def _page_points(web: pd.DataFrame) -> pd.DataFrame:
    """Points of page views; a visit counts once for its pages and once a day for prices."""
    paths = [path.lower() for path in PATHS]
    pricing = np.array([path.startswith("/pricing") for path in paths])
    compares = np.array([path.startswith(("/compare", "/vs/")) for path in paths])
    visits = np.array([not path.startswith((*NO_VISIT, "/pricing")) for path in paths])
    worth = pricing | compares | visits
    views = web[(web["name"] == WEB_EVENTS.index("page_view")) & (web["person"] >= 0)]
    views = views[worth[views["path"]]]
    path = views["path"].to_numpy()
    key = np.where(visits[path], views["session"], -(views["at"] // DAY) * 2 - compares[path])
    views = pd.DataFrame({"person": views["person"], "at": views["at"], "path": path, "key": key})
    views = views[~views.duplicated(["person", "key"])]
    path = views["path"].to_numpy()
    behaviour = np.where(pricing[path], 15.0, np.where(visits[path], 2.0, 0.0))
    return _points(views, behaviour, np.where(compares[path], 10.0, 0.0))


def _email_points(emails: pd.DataFrame) -> pd.DataFrame:
    of_type = np.array([EMAIL_POINTS.get(name, 0) for name in EVENT_CODES], float)
    rows = emails[
        (emails["program"] == PROGRAMS.index("marketing")) & (of_type[emails["type"]] > 0)
    ]
    return _points(rows, of_type[rows["type"]], 0.0)


def _activity_points(activities: pd.DataFrame) -> pd.DataFrame:
    of_type = np.array([ACTIVITY_POINTS.get(name, 0) for name in TYPE_CODES], float)
    return _points(activities, of_type[activities["type"]], 0.0)


def _points(rows: pd.DataFrame, behaviour: Floats, intent: Floats | float) -> pd.DataFrame:
    return pd.DataFrame(
        {"person": rows["person"], "at": rows["at"], "behaviour": behaviour, "intent": intent}
    )


def _account_intent(intent: pd.DataFrame, account: Ints, at: Ints) -> Floats:
    """Third-party points of an account over the 90 days before each moment."""
    of_type = np.array([INTENT_POINTS.get(name, 0) for name in INTENT_TYPES], float)
    span = np.int64(2**33)  # more seconds than any timeline has
    key = intent["account"].to_numpy() * span + intent["at"].to_numpy()
    order = np.argsort(key, kind="stable")
    total = np.r_[0.0, np.cumsum(of_type[intent["type"].to_numpy()[order]])]
    until = np.searchsorted(key[order], account * span + at, side="right")
    since = np.searchsorted(key[order], account * span + at - EPISODE_DAYS * DAY, side="right")
    return np.where(account >= 0, total[until] - total[since], 0.0)


def _cold_mqls(cold: pd.DataFrame) -> pd.DataFrame:
    """Moments at which answers to cold e-mails reach the threshold of an MQL: person, at."""
    of_type = np.array([COLD_POINTS.get(name, 0) for name in EVENT_CODES], float)
    rows = cold[of_type[cold["type"]] > 0].sort_values(["person", "at"], kind="stable")
    score = running_sum(of_type[rows["type"]], rows["person"].to_numpy()) * MULTIPLIER_WHEN_FRESH
    return rows.loc[score >= COLD_MQL_SCORE, ["person", "at"]]


def first_moments(rows: pd.DataFrame, size: int) -> Ints:
    """Earliest moment per person, NEVER for those without one."""
    earliest = np.full(size, NEVER)
    np.minimum.at(earliest, rows["person"].to_numpy(), rows["at"].to_numpy())
    return earliest


def _rows(person: Ints, kind: Ints | int, at: Ints) -> pd.DataFrame:
    return pd.DataFrame({"person": person, "kind": kind, "at": at})
