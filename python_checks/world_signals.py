"""Signals of signals, hand-overs and requirements of random worlds: facts and rules.

``add_signals`` gives the rows of a folder what these rules look at: measures, links, assets,
second-party intent, repeats, sequences and silences at the edges of their windows, hand-overs
and lost reasons. ``write_signal_policy`` writes a policy that has such rules. Both draw from
random numbers of their own, so worlds and policies without them stay as they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from python_checks.reference.policy import read_columns, read_rows
from python_checks.world_policies import (
    EDITS_AT_A_BOUNDARY,
    KINDS,
    MOST_VERSIONS,
    Edits,
    boundaries_of,
    write_edited_policy,
    write_rows,
)

Row = dict[str, str]
Tables = dict[str, list[Row]]
Rule = dict[str, str | None]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
BEGIN = datetime(2026, 1, 5)

VALUES = ("", "", "0", "29.99", "30", "45", "44.99", "90.0", "-1", "n/a", "1,000")
LINKS = (
    "",
    "https://www.example.com/contact-sales?utm=1",
    "https://www.example.com/Contact-Sales/emea#form",
    "https://www.example.com/en/contact-sales",
    "www.example.com/blog/contact-sales",
    "https://www.example.com",
    "/contact-sales",
)
ASSETS = ("case-study-1", "Case-Study-2", "pricing-guide", "ebook-1", "")
LOST_REASONS = ("no_budget", "No_Budget", "timing", "closed_lost", "nonsense", "n/a", "", "")
WINDOWS = (7, 14, 30)
"""Days of the windows of derived signals, and the distances of the events that they count."""
EDGES = (timedelta(), timedelta(), -SECOND, SECOND)
CAMPAIGNS = ("K1", "K2", "K3", "")
PARTNER_INTENT = "partner_referral"


@dataclass
class Person:
    """A lead of a world and what happens to it."""

    tables: Tables
    rng: Random
    prefix: str
    lead: Row
    as_of: datetime
    number: int = 0

    def add(self, table: str, **values: str) -> Row:
        """Append a row like those of its table, with a key of its own."""
        self.number += 1
        row = dict.fromkeys(self.tables[table][0], "")
        row |= {next(iter(row)): f"{self.prefix}T{self.lead['lead_id'][5:]}-{self.number}"}
        row |= values
        self.tables[table].append(row)
        return row

    def web(self, at: datetime, path: str, **values: str) -> None:
        """A page view."""
        usual = {"event_name": "page_view", "page_path": path, "occurred_at": shown(at)}
        session = self.rng.choice(["s1", "s2", "s3", ""])
        session = f"{self.prefix}{session}" if session else ""
        self.add("web_events", lead_id=self.lead["lead_id"], session_id=session, **usual | values)

    def mail(self, at: datetime, event_type: str, **values: str) -> None:
        """An e-mail event of marketing or of a cold sequence."""
        program = self.rng.choice(["marketing", "marketing", "cold_outbound"])
        usual = {"program": program, "campaign_id": self.rng.choice(CAMPAIGNS)}
        usual |= {"event_type": event_type, "occurred_at": shown(at)}
        self.add("email_events", email=self.lead["email"], **usual | values)

    def activity(self, at: datetime, activity_type: str, **values: str) -> None:
        """A marketing activity."""
        usual = {"activity_type": activity_type, "occurred_at": shown(at)}
        usual |= {"asset": self.rng.choice(ASSETS), "value": self.rng.choice(VALUES)}
        self.add("marketing_activities", lead_id=self.lead["lead_id"], **usual | values)

    def status(self, at: datetime, status: str, reason: str = "") -> None:
        """A status in the CRM."""
        own = {"status": status, "reason_code": reason, "changed_at": shown(at)}
        rep = self.rng.choice(["R1", "R4", ""])
        self.add("lead_status_changes", lead_id=self.lead["lead_id"], rep_id=rep, **own)

    def sales(self, at: datetime, activity_type: str) -> None:
        """Something that sales does."""
        rep = self.rng.choice(["R2", "R7", "", ""])
        own = {"activity_type": activity_type, "occurred_at": shown(at), "rep_id": rep}
        self.add("sales_activities", lead_id=self.lead["lead_id"], **own)


def shown(time: datetime) -> str:
    """A time as raw tables have it."""
    return f"{time:%Y-%m-%d %H:%M:%S}"


def repeated(person: Person, at: datetime) -> None:
    """The same thing some times, the first and the last about a window apart."""
    rng = person.rng
    length = rng.choice(WINDOWS) * DAY
    kind = rng.choice(["page", "click", "download", "open"])
    steps = [timedelta(), rng.choice([0, 1, 5]) * DAY, length + rng.choice(EDGES)]
    if rng.random() < 0.5:
        steps.append(length + rng.choice([0, 1, 3]) * DAY)
    for step in steps:
        if kind == "page":
            person.web(at + step, rng.choice(["/pricing", "/pricing", "/demo"]))
        elif kind == "download":
            person.activity(at + step, "content_download")
        else:
            person.mail(at + step, "clicked" if kind == "click" else "opened")


def in_sequence(person: Person, at: datetime) -> None:
    """One thing and then another, about a window of hours apart, at times with a third between."""
    rng = person.rng
    hours = rng.choice([24, 24, 72])
    person.web(at, "/pricing")
    if rng.random() < 0.3:
        between = at + rng.choice([timedelta(), HOUR, 2 * HOUR])
        person.activity(between, "content_download")
    then = at + hours * HOUR + rng.choice([-HOUR, -SECOND, timedelta(), -hours * HOUR])
    person.activity(then, rng.choice(["content_download", "content_download", "demo_request"]))


def silent(person: Person, at: datetime) -> None:
    """A comparison and then nothing, or something at the very end of a window."""
    rng = person.rng
    person.web(at, "/compare/x")
    if rng.random() < 0.2:
        person.web(at, "/vs/acme")
    if rng.random() < 0.5:
        end = at + rng.choice(WINDOWS) * DAY + rng.choice(EDGES)
        kind = rng.choice(["opened", "clicked", "clicked", "replied"])
        person.mail(end, kind)


def silent_at_the_clock(person: Person, at: datetime) -> None:
    """A silence that ends at the clock, or would soon after it."""
    ends = person.rng.choice([timedelta(), SECOND, -SECOND, 2 * DAY, 5 * DAY])
    silent(person, person.as_of - person.rng.choice(WINDOWS) * DAY + ends)


def measured(person: Person, at: datetime) -> None:
    """Webinars, videos, downloads and clicks with a measure, an asset or a link."""
    rng = person.rng
    person.activity(at, rng.choice(["webinar_attendance", "content_download"]))
    if rng.random() < 0.5:
        person.web(at + HOUR, "/roi-calculator", value=rng.choice(VALUES))
    person.mail(at + DAY, "clicked", link_url=rng.choice(LINKS))


def referred_by_a_partner(person: Person, at: datetime) -> None:
    """Intent that a partner saw: of the person, of somebody unknown, or of the company."""
    rng = person.rng
    email = person.lead["email"]
    domain = email.strip().rpartition("@")[2]
    person.add(
        "intent_signals",
        provider="partner",
        account_domain=rng.choice([domain, domain, ""]),
        email=rng.choice([email, email, f" {email.upper()}", f"{person.prefix}-x@no.com", "", "x"]),
        signal_type=rng.choice([PARTNER_INTENT, PARTNER_INTENT, "topic_spike"]),
        occurred_at=shown(at),
    )


def handed_over(person: Person, at: datetime) -> None:
    """The CRM hands the lead to sales, which may then try, answer or send it back."""
    rng = person.rng
    if rng.random() < 0.4:
        person.sales(at + rng.choice([timedelta(), -SECOND, -DAY, DAY]), "assigned")
    if rng.random() < 0.8:
        person.status(at, "handed_over", rng.choice(["", "", "timing"]))
    if rng.random() < 0.6:
        person.sales(at + rng.choice([timedelta(), HOUR, DAY]), rng.choice(["call", "email"]))
    if rng.random() < 0.6:
        ended = at + rng.choice([timedelta(), DAY, 20 * DAY])
        person.status(ended, rng.choice(["rejected", "recycled", "regressed"]), "timing")


def assigned(person: Person, at: datetime) -> None:
    """Somebody in sales gets the lead, again and again."""
    for number in range(person.rng.choice([1, 2])):
        person.sales(at + number * DAY, "assigned")


def sent_back_at_rest(person: Person, at: datetime) -> None:
    """Sales sends back what it never had, some times."""
    rng = person.rng
    for number in range(rng.choice([1, 2, 3])):
        status = rng.choice(["rejected", "recycled"])
        person.status(at + number * 7 * DAY, status, rng.choice(["timing", "no_budget", ""]))


def bounced(person: Person, at: datetime) -> None:
    """An address that does not work, and perhaps works again."""
    rng = person.rng
    person.mail(at, "bounced")
    if rng.random() < 0.6:
        later = at + rng.choice([timedelta(), SECOND, 3 * DAY, 20 * DAY])
        person.mail(later, rng.choice(["opened", "clicked", "bounced", "unsubscribed"]))


def asks_before_all_holds(person: Person, at: datetime) -> None:
    """A request, and later what it waited for, about as late as it is remembered."""
    rng = person.rng
    if rng.random() < 0.5:
        person.mail(at - DAY, "bounced")
    kind = rng.choice(["demo_request", "pricing_request", "content_download"])
    person.activity(at, kind)
    later = at + rng.choice([1, 10, 90, 90, 30]) * DAY + rng.choice(EDGES)
    draw = rng.random()
    if draw < 0.4:
        person.mail(later, rng.choice(["opened", "clicked"]))
    elif draw < 0.7:
        confirmed(person, later)
    else:
        person.web(later, "/pricing")


def confirmed(person: Person, at: datetime) -> None:
    """The budget and the rest of a framework, mostly confirmed."""
    rng = person.rng
    for criterion in ("budget", "authority", "need", "timeline"):
        if rng.random() < 0.85:
            person.add(
                "qualification_answers",
                lead_id=person.lead["lead_id"],
                framework="BANT",
                criterion=criterion,
                answer=rng.choice(["confirmed"] * 5 + ["denied", "unknown"]),
                answered_at=shown(at),
            )


HAPPENINGS: tuple[Callable[[Person, datetime], None], ...] = (
    repeated,
    repeated,
    repeated,
    repeated,
    in_sequence,
    in_sequence,
    in_sequence,
    silent,
    silent,
    silent_at_the_clock,
    silent_at_the_clock,
    measured,
    measured,
    referred_by_a_partner,
    handed_over,
    handed_over,
    assigned,
    sent_back_at_rest,
    bounced,
    asks_before_all_holds,
    asks_before_all_holds,
    confirmed,
)


def add_signals(tables: Tables, seed: int, as_of: datetime) -> None:
    """Give the rows of random worlds what further rules look at, in place."""
    rng = Random(f"signals {seed}")
    for row in tables["opportunities"]:
        if row["closed_at"]:
            row["lost_reason"] = rng.choice(LOST_REASONS)
    for table in ("marketing_activities", "web_events"):
        for row in tables[table]:
            row["value"] = rng.choice(VALUES) if rng.random() < 0.3 else ""
    for row in tables["email_events"]:
        row["link_url"] = rng.choice(LINKS) if rng.random() < 0.3 else ""
    seconds = int((as_of - BEGIN).total_seconds())
    people = {lead["lead_id"]: lead for lead in tables["leads"] if lead["lead_id"][:1] == "w"}
    for lead in people.values():
        person = Person(tables, rng, lead["lead_id"][:5], lead, as_of)
        for _ in range(rng.choice([1, 2, 4, 6])):
            at = BEGIN + timedelta(seconds=rng.randrange(seconds))
            if rng.random() < 0.5:
                at = BEGIN + rng.randrange(seconds // 86400) * DAY
            rng.choice(HAPPENINGS)(person, at)


@dataclass
class SignalPolicy:
    """The rows of a policy folder, to which rules are added."""

    tables: dict[str, list[Rule]]
    rng: Random

    def add(self, table: str, **row: str) -> None:
        """Append a row; columns that it does not say are empty."""
        self.tables[table].append(row)

    def has(self, table: str, **key: str) -> bool:
        """Whether a table has a row with a key."""
        return any(
            all(row.get(name) == value for name, value in key.items()) for row in self.tables[table]
        )


COLUMNS = {
    "derived_signals": (
        *("signal", "kind", "from_signals", "min_count", "distinct_of", "within_days"),
        *("then_signal", "within_hours", "source", "description"),
    ),
    "signal_map": ("asset_pattern", "link_pattern", "min_value"),
    "stage_timers": ("profile",),
    "handoff_requirements": (
        *("profile", "check_name", "events", "min_value", "source", "valid_from", "valid_to"),
    ),
    "profile_triggers": ("min_grade",),
    "frameworks": ("is_budget",),
}
"""Columns that a policy table may lack; of one that is not there all of them."""
PROFILES = ("standard", "standard", "cold_outbound", "startup")
MODELS = ("guide", "guide", "cold_email")
REPEATS = (
    ("pricing_page_visit|demo_page_visit", ("session", "day", "event")),
    ("pricing_page_visit", ("session", "day", "event")),
    ("email_click|cold_email_click", ("campaign", "event", "day")),
    ("content_download", ("asset", "event")),
    ("email_open|cold_email_open", ("event", "campaign", "day")),
    ("topic_spike|review_site_visit", ("event", "day")),
)
SEQUENCES = (
    ("pricing_page_visit", "content_download"),
    ("pricing_page_visit|demo_page_visit", "demo_request"),
    ("content_download|webinar_attendance", "pricing_page_visit"),
    ("email_click", "email_click"),
)
SILENCES = (
    "competitor_comparison_visit",
    "competitor_comparison_visit",
    "pricing_page_visit|demo_request",
    "email_open",
)


def _derived(policy: SignalPolicy, number: int) -> None:
    """A derived signal with points, a trigger, or both."""
    rng = policy.rng
    kind = rng.choice(["repeat", "sequence", "silence"])
    name, own = f"w_{kind}_{number}", {"signal": f"w_{kind}_{number}", "kind": kind}
    if kind == "repeat":
        from_signals, distinct_of = rng.choice(REPEATS)
        own |= {"from_signals": from_signals, "distinct_of": rng.choice(distinct_of)}
        own |= {"min_count": rng.choice(["2", "2", "3"]), "within_days": str(rng.choice(WINDOWS))}
    elif kind == "sequence":
        from_signals, then_signal = rng.choice(SEQUENCES)
        own |= {"from_signals": from_signals, "then_signal": then_signal}
        own |= {"within_hours": rng.choice(["24", "24", "72", "336"])}
    else:
        own |= {"from_signals": rng.choice(SILENCES), "within_days": str(rng.choice(WINDOWS))}
    policy.add("derived_signals", **own, source="project", description="Of random worlds")
    is_engagement = kind == "repeat" and rng.random() < 0.3
    _signal(policy, name, "first_party", is_engagement, is_high_intent=rng.random() < 0.4)
    if rng.random() < 0.8:
        _points(policy, name, is_penalty=kind == "silence" and rng.random() < 0.6)
    if rng.random() < 0.6:
        event = rng.choice(["mql_trigger", "high_intent_action", "pql_milestone"])
        policy.add("profile_triggers", profile=rng.choice(PROFILES), event=event, signal=name)


def _signal(
    policy: SignalPolicy, name: str, origin: str, is_engagement: bool, *, is_high_intent: bool
) -> None:
    """A row of signals.csv."""
    policy.add(
        "signals",
        signal=name,
        origin=origin,
        is_engagement=str(is_engagement).lower(),
        is_meaningful="false",
        is_high_intent=str(is_high_intent).lower(),
        is_inbound_interest="false",
        description="Of random worlds",
    )


def _points(policy: SignalPolicy, signal: str, *, is_penalty: bool) -> None:
    """Points of a signal in some model, at times for some days or until something clears them."""
    rng = policy.rng
    component = "penalty" if is_penalty else rng.choice(["behaviour", "intent"])
    policy.add(
        "signal_points",
        scoring_model=rng.choice(MODELS),
        signal=signal,
        component=component,
        points=rng.choice(["-15", "-5"]) if is_penalty else rng.choice(["5", "12", "25"]),
        dedupe_by=rng.choice(["event", "event", "day", "session", "asset"]),
        valid_days=rng.choice([None, "30", "10"]),
        cleared_by=rng.choice([None, "email_click"]) if is_penalty else None,
    )


MAPPED = (
    {"source": "marketing_activities", "event_name": "webinar_attendance", "min_value": "45"},
    {
        "source": "marketing_activities",
        "event_name": "content_download",
        "asset_pattern": "case-study%",
    },
    {
        "source": "marketing_activities",
        "event_name": "content_download",
        "asset_pattern": "%guide",
        "min_value": "30",
    },
    {
        "source": "email_events",
        "program": "marketing",
        "event_name": "clicked",
        "link_pattern": "/contact-sales%",
    },
    {
        "source": "web_events",
        "event_name": "page_view",
        "path_pattern": "/roi-calculator%",
        "min_value": "30",
    },
    {"source": "web_events", "event_name": "page_view", "min_value": "90"},
)


def _mapping(policy: SignalPolicy) -> None:
    """Signals that only some events of a name are, by asset, link or measure; and intent."""
    rng = policy.rng
    rows = []
    for number, row in enumerate(rng.sample(MAPPED, rng.choice([2, 3, 4]))):
        name = f"w_mapped_{number}"
        rows.append(row | {"signal": name})
        _signal(policy, name, "first_party", is_engagement=True, is_high_intent=True)
        _points(policy, name, is_penalty=False)
    rows.append(
        {"source": "intent_signals", "event_name": PARTNER_INTENT, "signal": "w_partner_intent"}
    )
    _signal(policy, "w_partner_intent", "second_party", is_engagement=False, is_high_intent=False)
    policy.add(
        "signal_points",
        scoring_model="guide",
        signal="w_partner_intent",
        component="intent",
        points="10",
        dedupe_by="event",
        valid_days="60",
    )
    later = [
        row | {"rule_order": str(int(row["rule_order"]) + 10)}
        for row in policy.tables["signal_map"]
    ]
    first = [row | {"rule_order": str(number)} for number, row in enumerate(rows, start=1)]
    policy.tables["signal_map"] = first + later


def _timers(policy: SignalPolicy) -> None:
    """Timers of a profile: of a stage that has one anyway, or of one that has none."""
    rng = policy.rng
    general = [row for row in policy.tables["stage_timers"] if row.get("profile") is None]
    for profile in dict.fromkeys(rng.choices(PROFILES, k=2)):
        for row in rng.sample(general, 3):
            key = {"profile": profile, "stage": row["stage"]}
            if not policy.has("stage_timers", **key):
                days = rng.choice(["5", "14", "21", "40"])
                policy.add("stage_timers", **row | key | {"after_days": days})
    if rng.random() < 0.5:
        policy.tables["stage_timers"].remove(rng.choice(general))


HANDED_OVER_FROM = ("lead", "nurture", "mql", "pql", "long_term_nurture", "suppressed")
SENT_BACK = (
    ("lead", "nurture"),
    ("nurture", "nurture"),
    ("long_term_nurture", "long_term_nurture"),
)


def _hand_over(policy: SignalPolicy) -> None:
    """The CRM hands over, by a status and at times by an assignment."""
    if not policy.has("lifecycle_events", event="handed_over"):
        policy.add(
            "lifecycle_events",
            event="handed_over",
            event_rank="7",
            blocked_by_cooldown="false",
            sets_cooldown="false",
            is_gate="false",
            begun_by_sales="true",
            description="The CRM handed the lead to sales",
        )
    ways = [(stage, "handed_over", "sql_proposed") for stage in HANDED_OVER_FROM]
    for event in ("sales_rejected", "recycled"):
        ways += [(from_stage, event, to_stage) for from_stage, to_stage in SENT_BACK]
    for from_stage, event, to_stage in ways:
        if not policy.has("stage_transitions", from_stage=from_stage, event=event):
            way = {"from_stage": from_stage, "event": event, "to_stage": to_stage}
            policy.add("stage_transitions", **way, is_regression="false")
    name = "assignment_hands_over"
    value = policy.rng.choice(["0", "1"])
    rows = policy.tables["lifecycle_settings"]
    rows[:] = [row for row in rows if row["setting"] != name]
    policy.add("lifecycle_settings", setting=name, value=value, description="Of random worlds")


REQUIREMENTS = {
    "score_threshold": ("45", "60", None),
    "grade": ("B", "C", "D"),
    "high_intent": ("1", "1", "2"),
    "email_not_bounced": (None,),
    "email_verified": (None,),
    "consent": (None,),
    "recently_engaged": ("7", "14", "30"),
    "company_allowed": (None,),
    "buying_committee": ("1", "2"),
    "framework_confirmed": (None,),
    "budget_confirmed": (None,),
}
"""By check what it may ask."""
BEFORE = ("sql_gate", "high_intent_action", "mql_gate", "mql_trigger", "pql_milestone")
BUDGETS = (("BANT", "budget"), ("CHAMP", "money"))


def _requirements(policy: SignalPolicy) -> None:
    """What must hold before gates and triggers: for any profile, and others for some."""
    rng = policy.rng
    policy.tables["handoff_requirements"] = []
    for name in rng.sample(list(REQUIREMENTS), rng.choice([1, 2, 2])):
        _require(policy, None, name)
    for profile in dict.fromkeys(rng.choices(PROFILES, k=2)):
        for name in rng.sample(list(REQUIREMENTS), rng.choice([1, 2, 3])):
            _require(policy, profile, name)
    if rng.random() < 0.5:
        rows = policy.tables["handoff_requirements"]
        name = rng.choice([row["check_name"] for row in rows if row["profile"] is None])
        if not policy.has("handoff_requirements", profile="standard", check_name=name):
            _require(policy, "standard", name)
    triggers = [row for row in policy.tables["profile_triggers"] if row["profile"] in PROFILES]
    for row in rng.sample(triggers, 8):
        row["min_grade"] = rng.choice(["A", "B", "C", "D"])
    for row in policy.tables["frameworks"]:
        row["is_budget"] = str((row["framework"], row["criterion"]) in BUDGETS).lower()
    name = "remembered_trigger_days"
    rows = policy.tables["lifecycle_settings"]
    rows[:] = [row for row in rows if row["setting"] != name]
    value = rng.choice(["30", "90", "90"])
    policy.add("lifecycle_settings", setting=name, value=value, description="Of random worlds")


def _require(policy: SignalPolicy, profile: str | None, check_name: str) -> None:
    """A row of handoff_requirements.csv."""
    policy.add("handoff_requirements", **_requirement(policy.rng, profile, check_name))


def _requirement(rng: Random, profile: str | None, check_name: str) -> Rule:
    """A check, what it asks and before which events."""
    return {
        "profile": profile,
        "check_name": check_name,
        "events": "|".join(rng.sample(BEFORE, rng.choice([1, 2, 3, 5]))),
        "min_value": rng.choice(REQUIREMENTS[check_name]),
        "source": "project",
    }


def requirements(edits: Edits) -> None:
    """A check begins or ends, asks for something else, or comes before other events."""
    rng = edits.rng
    row = edits.pick("handoff_requirements")
    name = rng.choice(list(REQUIREMENTS)) if row is None else row["check_name"]
    draw = rng.random()
    if row is not None and draw < 0.35:
        edits.end("handoff_requirements", row)
    elif row is not None and draw < 0.7:
        edits.change("handoff_requirements", row, **_requirement(rng, row["profile"], name))
    else:
        new = _requirement(rng, rng.choice([None, *PROFILES]), rng.choice(list(REQUIREMENTS)))
        if not edits.open_rows(
            "handoff_requirements",
            lambda r: all(r[column] == new[column] for column in ("profile", "check_name")),
        ):
            edits.begin("handoff_requirements", new)


def grades_of_triggers(edits: Edits) -> None:
    """A trigger asks for another grade."""
    row = edits.pick("profile_triggers", lambda row: row["profile"] in PROFILES)
    edits.change("profile_triggers", row, min_grade=edits.rng.choice([None, "A", "B", "C"]))


def memory(edits: Edits) -> None:
    """Triggers are remembered for longer or shorter, or assignments begin to hand over."""
    name, values = edits.rng.choice(
        [("remembered_trigger_days", ("10", "30", "90")), ("assignment_hands_over", ("0", "1"))]
    )
    row = edits.pick("lifecycle_settings", lambda row: row["setting"] == name)
    edits.change("lifecycle_settings", row, value=edits.rng.choice(values))


SIGNAL_KINDS = (requirements, requirements, requirements, grades_of_triggers, memory)
"""What changes at a boundary of a dated policy, beside what always may."""


def write_dated_signal_policy(folder: Path, source: Path, seed: int, as_of: datetime) -> Path:
    """Write a policy folder of two to five versions, with requirements; same seed, same files."""
    write_signal_policy(folder, source, seed, has_requirements=True)
    rng = Random(f"dated signal policy {seed}")
    chosen = [
        (at, rng.choice([*KINDS, *SIGNAL_KINDS, *SIGNAL_KINDS]))
        for at in boundaries_of(rng, as_of, rng.randrange(2, MOST_VERSIONS + 1))
        for _ in range(rng.choice(EDITS_AT_A_BOUNDARY))
    ]
    return write_edited_policy(folder, folder, chosen, rng)


def write_signal_policy(
    folder: Path, source: Path, seed: int, *, has_requirements: bool = False
) -> Path:
    """Write a policy folder with further rules; the same seed gives the same files.

    Its rules have no dates; ``world_policies.write_dated_policy`` of it gives them some. With
    requirements it also says what must hold before gates and triggers; the rest is the same.
    """
    if folder != source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    names = {path.stem for path in folder.glob("*.csv")} | set(COLUMNS)
    tables, columns = {}, {}
    for name in sorted(names):
        path = folder / f"{name}.csv"
        tables[name] = read_rows(path) if path.exists() else []
        columns[name] = read_columns(path) if path.exists() else []
    policy = SignalPolicy(tables, Random(f"signal policy {seed}"))
    for number in range(policy.rng.choice([3, 4, 5, 6])):
        _derived(policy, number)
    _mapping(policy)
    _timers(policy)
    _hand_over(policy)
    if has_requirements:
        _requirements(policy)
    for name, rows in tables.items():
        missing = [column for column in COLUMNS.get(name, ()) if column not in columns[name]]
        write_rows(folder / f"{name}.csv", [*columns[name], *missing], rows)
    return folder
