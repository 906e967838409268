"""Fuzz cases: random raw inputs, as bad as the raw contract allows, for property tests.

A folder holds many small independent worlds: a few leads, their accounts and what happens to
them. Ids, addresses, domains and visitors carry the world's prefix, so worlds never touch; they
share only campaigns and sales reps. Command:
``python -m python_checks.worlds --count 200 --seed 1 --out DIR``.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

from lead_qualification.raw_contract import raw_tables
from python_checks.world_attributes import TABLE as ATTRIBUTE_CHANGES
from python_checks.world_attributes import add_attribute_changes
from python_checks.world_dirt import (
    FAR_FUTURE,
    IMPLAUSIBLE_PAST,
    LETTERS_OF_LONG_IDS,
    NO_ADDRESS,
    NOTHING_IN_ADDRESS,
    SUFFIXES_OF_LONG_IDS,
    day_alone,
    dirty_address,
    dirty_country,
    dirty_number,
    dirty_reference,
    dirty_text,
    flag,
    no_reference,
)
from python_checks.world_signals import add_signals

WORLDS_AS_OF = datetime(2026, 9, 30)
BEGIN = datetime(2026, 1, 5)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
BAD_ROW_SHARE = 0.02
UNKNOWN_VALUE_SHARE = 0.01

COLUMNS = {table.name: table.names for table in raw_tables().values()}
SHARED_COLUMNS = {
    "campaigns": ("campaign_id", "name", "channel", "starts_on", "ends_on"),
    "campaign_costs": ("campaign_id", "cost_date", "cost", "received_at", "cost_item"),
    "sales_reps": (
        *("rep_id", "name", "territory", "segment"),
        *("is_active", "active_from", "active_to"),
    ),
}
SHARED_ROWS = {
    "campaigns": [
        ("K1", "Spring", "inbound", "2026-01-01", "2026-12-31"),
        ("K2", "Outreach", "Outbound", "2026-01-01", ""),
        ("K3", "Fair", "events", "2026-03-01", "2026-03-31"),
        ("K4", "Without a channel", "", "2026-01-01", ""),
        ("K5", "Ads", "Paid", "2026-02-01", ""),
        ("K6.0", "Partners", "partner", "2026-02-01", ""),
        ("K7", "Touches nobody", "print", "2025-11-01", ""),
    ],
    "campaign_costs": [
        ("K1", "2026-02-01", "$5,000", "", ""),
        ("K1", "2026-02-28", "1250.50", "", ""),
        ("K1", "2026-05-31", "800", "", ""),
        ("K1", "2026-05-31", "800.00", "", ""),
        ("K1", "2026-05-31", "120", "", ""),
        ("K1", "2026-05-31", "120", "", "ad 2"),
        ("K1", "2026-05-31", "120.0", "", " ad 2 "),
        ("K1", "2026-05-31", "120", "", "ad 3"),
        ("K1", "2026-05-31", "-20.5", "", ""),
        ("K2", "2026-03-01", "2000", "2026-03-02 03:00:00", ""),
        ("K2", "2026-03-01", "1900", "2026-03-03T03:00:00Z", ""),
        ("K2", "2026-03-01", "300", "2026-03-03 05:00:00+02:00", ""),
        ("K2", "2026-03-01", "300", "2026-03-03 03:00:00", ""),
        ("K2", "2026-03-01", "77", "", ""),
        ("K2", "2026-09-30", "300.25", "", ""),
        ("K2", "2026-10-01", "999", "", ""),
        ("K3", "2026-03-15", "EUR 8 000", "", ""),
        ("K4", "2026-05-02", "70", "", ""),
        ("K4", "2026-05-02", "-70", "", ""),
        ("K5.0", "2026-06-01", "1500", "", ""),
        ("K5", "2026-08-01T00:30:00+02:00", "1500.0001", "", ""),
        ("K5", "2027-01-01", "1500", "", ""),
        ("K5", "2026-06-02", "much", "", ""),
        ("K6", "2026-04-01", "0", "", ""),
        ("K7", "2025-11-30", "640", "", ""),
        ("K7", "2026-01-10", "0", "", ""),
        ("K-missing", "2026-05-03", "30.125", "", ""),
    ],
    "sales_reps": [
        ("R1", "Rep One", "AMER", "mid_market", "true", "", ""),
        ("R2", "Rep Two", "emea", "enterprise", "yes", "", ""),
        ("R3", "Rep Three", "EMEA", "enterprise", "F", "", ""),
        ("R4", "Rep Four", "AMER-ENT", "enterprise", "1.0", "", ""),
        ("R5", "Rep Five", "Amer-Ent", "enterprise", "", "", ""),
        ("R6", "Rep Six", "AMER", "", "", "", ""),
        ("R7", "Rep Seven", "APAC", "", "on", "", ""),
        ("R8", "Rep Eight", "APAC", "", "0", "", ""),
        ("R9", "Rep Nine", "", "", "true", "", ""),
        ("R10", "Rep Ten", "AMER", "startup", "TRUE", "", ""),
        ("r11", "Rep Eleven", "AMER", "startup", "y", "", ""),
        ("r12", "Rep Twelve", "EMEA", "", "", "", ""),
        ("R13", "Rep Thirteen", "AMER", "", "", "2026-04-01", "2026-07-15T00:00:00Z"),
        ("R14", "Rep Fourteen", "emea", "", "no", "", "2026-06-01 10:00:00+02:00"),
        ("R15", "Rep Fifteen", "AMER-ENT", "", "", "2026-08-01 09:00:00", ""),
        ("R16", "Rep Sixteen", "APAC", "", "true", "2026-09-01", "2026-05-01"),
        ("R17", "Rep Seventeen", "APAC", "", "", "2026-03-01", "2026-09-30"),
        ("R18", "Rep Eighteen", "EMEA", "", "y", "soon", "2026-10-10"),
        ("R19", "Rep Nineteen", "AMER", "", "F", "2026-02-01", ""),
        ("R20", "Rep Twenty", "AMER", "", "yes", "2026-07-15", "2026-08-20"),
    ],
}
LATEST_BY = {
    table.name: table.newest[0]
    for table in raw_tables().values()
    if table.newest and table.name not in (*SHARED_ROWS, ATTRIBUTE_CHANGES)
}
CHANGED_IN_COPY = {
    "leads": ("job_title", "country", "is_deleted", "lead_source", "email"),
    "accounts": ("industry", "employee_count", "status", "is_competitor", "domain"),
    "web_events": ("page_path", "session_id"),
    "email_events": ("event_type", "campaign_id"),
    "marketing_activities": ("activity_type", "asset"),
    "product_events": ("event_name",),
    "intent_signals": ("signal_type",),
    "sales_activities": ("outcome",),
    "lead_status_changes": ("status", "reason_code"),
    "qualification_answers": ("answer",),
    "opportunities": ("amount",),
}
READ_BY_NOBODY = {
    "leads": "phone",
    "accounts": "name",
    "email_events": "link_url",
    "intent_signals": "topic",
    "qualification_answers": "detail",
    "opportunities": "name",
}
"""A column by table in which rows that are equally new may differ without consequence."""
BAD_VALUES = {
    "leads": [
        ("lead_id", ""),
        ("created_at", ""),
        ("created_at", "yesterday"),
        ("is_deleted", "maybe"),
        ("has_opted_out", "ja"),
        ("lead_id", "7.01E+14"),
    ],
    "accounts": [("account_id", ""), ("account_id", "  ")],
    "web_events": [
        ("event_id", ""),
        ("occurred_at", ""),
        ("occurred_at", "2026-13-45 10:00:00"),
        ("event_id", "n/a"),
        ("occurred_at", "1970-01-01 00:00:00"),
    ],
    "email_events": [("program", ""), ("program", "newsletter"), ("occurred_at", "soon")],
    "marketing_activities": [("activity_type", " "), ("activity_id", ""), ("occurred_at", "")],
    "product_events": [("event_id", ""), ("occurred_at", "never")],
    "intent_signals": [("signal_id", ""), ("occurred_at", "")],
    "sales_activities": [("activity_type", "fax"), ("activity_type", ""), ("outcome", "maybe")],
    "lead_status_changes": [
        ("status", "promoted"),
        ("status", "n/a"),
        ("status", ""),
        ("changed_at", "x"),
        ("changed_at", "1900-01-01"),
    ],
    "qualification_answers": [("answer", "perhaps"), ("answer", ""), ("answered_at", "")],
    "opportunities": [
        ("amount", "-5"),
        ("closed_at", "2020-01-01 00:00:00"),
        ("created_at", ""),
        ("closed_at", "later"),
        ("is_won", "perhaps"),
        ("is_closed", "x"),
        ("created_at", "1970-01-01"),
    ],
}
SAFETY = ("is_deleted", "has_opted_out", "is_won", "is_closed")
"""Columns of which an unreadable value hides older rows of its key."""
UNKNOWN_VALUES = {"leads": ("email_status", "catch_all"), "accounts": ("status", "pending")}

JOB_TITLES = (
    "VP Marketing",
    "VP, Marketing",
    "CMO",
    "Chief Marketing Officer",
    "chief  marketing-officer",
    "Head of Growth",
    "growth-hacker",
    "Sales-Operations Lead",
    "Salesoperations Lead",
    "Cmosaic Designer",
    "Revenue Operations/RevOps",
    "Demand\u00adGeneration",
    "Director (Marketing)",
    "Software Engineer",
    "Student",
    "macro analyst",
    "C.R.O.",
    "",
)
INDUSTRIES = ("Software", "software", "Financial Services", "Healthcare", "Retail", "Mining", "")
EMPLOYEES = ("0", "1", "49", "50", "200", "499", "500", "1000", "1001", "5000", "")
COUNTRIES = ("US", "us", "DE", "GB", "BR", "IN", "JP", "sg", "PL", "Mx", "NA", "ZZ", "")
FIT_COUNTRIES = ("US", "US", "CA", "GB", "FR", "au")
LEAD_SOURCES = (
    "Organic Search",
    "organic_search",
    " Demo  Request ",
    "Cold Email",
    "cold-email",
    "Cold Call",
    "Webinar",
    "PPC",
    "Partner",
    "Carrier Pigeon",
    "",
)
PATHS = (
    "/pricing",
    "/Pricing/enterprise",
    "/demo",
    "/compare/x",
    "/vs/acme",
    "/vs",
    "/security",
    "/roi-calculator",
    "/features",
    "/product/y",
    "/blog/a",
    "/",
    "/about/pricing",
    "/en/pricing",
    "/EN-us/Demo",
    "/de",
    "/en/vs/acme",
    "/vs/pricing",
    "/enx/pricing",
    "",
)
WEB_EVENTS = ("page_view", "page_view", "form_submit", "video_watched_75", "chat_started", "scroll")
EMAIL_EVENTS = (
    ("marketing", "delivered"),
    ("marketing", "opened"),
    ("marketing", "clicked"),
    ("marketing", "replied"),
    ("marketing", "bounced"),
    ("marketing", "unsubscribed"),
    ("marketing", "resubscribed"),
    ("cold_outbound", "opened"),
    ("cold_outbound", "clicked"),
    ("cold_outbound", "replied"),
    ("cold_outbound", "replied_interested"),
    ("cold_outbound", "meeting_booked"),
    ("cold_outbound", "meeting_attended"),
    ("cold_outbound", "bounced"),
    ("cold_outbound", "unsubscribed"),
    ("Marketing", "CLICKED"),
    ("marketing", "forwarded"),
)
ACTIVITIES = (
    "content_download",
    "content_download",
    "webinar_attendance",
    "event_attendance",
    "newsletter_signup",
    "form_submit",
    "referral",
    "free_trial_signup",
    "demo_request",
    "pricing_request",
    "stakeholder_involved",
    "meeting_attended",
    "job_change",
    "mystery",
)
PRODUCT_EVENTS = (
    "activation_milestone",
    "team_invite",
    "premium_feature_use",
    "usage_limit_reached",
    "content_created",
    "trial_ended",
    "logged_in",
)
INTENT_TYPES = (
    "research_spike",
    "review_site_visit",
    "topic_spike",
    "competitor_research",
    "job_posting",
    "rumour",
)
STATUSES = (
    "mql",
    "accepted",
    "Accepted",
    "rejected",
    "recycled",
    "regressed",
    "reopened",
    "contacted",
)
REASONS = (
    "wrong_icp",
    "no_budget",
    "wrong_title",
    "bad_data",
    "no_response",
    "not_ready",
    "timing",
    "competitor",
    "nonsense",
    "",
)
FRAMEWORKS = {
    "BANT": ("budget", "authority", "need", "timeline"),
    "MEDDIC": (
        "metrics",
        "economic_buyer",
        "decision_criteria",
        "decision_process",
        "identify_pain",
        "champion",
    ),
    "CHAMP": ("challenges", "authority", "money", "prioritization"),
    "GPCT": ("goals", "plans", "challenges", "timeline"),
}
REPS = ("R1", "R2", "R3", "R4", "R6", "R7", "R10", "r11", "R1.0", "R-missing", "", "")
AUTOMATED_SPELLED = ("true", "y", "1.0", "false", "off", "perhaps")
AMOUNTS = (
    "5000",
    "9999.99",
    "10000",
    "20000",
    "24999.99",
    "25000",
    "49999.99",
    "50000",
    "80000.50",
    "0",
    "",
)
TARGETS = (30, 30, 60, 60, 120, 120, 480)
RESPONSE_SECONDS = {
    30: (0, 60, 299, 300, 1799, 1799.999, 1800, 1800, 1801, 3600),
    60: (-1, 0, 1800, 3599, 3599.999, 3600, 3600, 3601, 7200, 86400),
    120: (0, 7199, 7199.999, 7200, 7200, 7200, 7201, 57600, 64799, 64800, 230400, 237600),
    480: (3600, 28800, 86399, 86400, 86400, 86401, 259200),
}
"""Seconds to a response at and around a target in minutes; business time may pause overnight."""
OFFICE_HOURS = ("08:30", "13:00", "13:00", "14:00", "14:00", "16:30", "20:30", "21:00", "23:30")
LATE_REQUESTS = (
    (30, "", (1350, 1350, 1349, 1800, 1799)),
    (60, "", (2700, 2700, 2699, 3600, 3599)),
    (120, "US", (16200, 16200, 16199, 17999, 18000, 172800, 864000)),
    (120, "DE", (37800, 37800, 37799, 39599, 39600, 172799, 863999)),
    (120, "AU", (63000, 63000, 62999, 64799, 64800, 172800, 864000)),
    (480, "US", (32400, 32399)),
    (480, "DE", (54000, 53999)),
)
"""Target in minutes, country, and seconds from a request to the clock at which a limit is near."""
CRM_VALUES = {
    "crm_lifecycle_stage": ("lead", "nurture", "mql", "sql", "opportunity", "closed", "Lead"),
    "crm_lead_stage": ("lead", "nurture", "mql", "sql_proposed", "sql_accepted", "customer", "x"),
    "crm_lead_score": ("0", "5", "15", "20", "35.0", "-7", ""),
    "crm_lead_grade": ("A", "B", "C", "D", "F", ""),
    "crm_recommended_action": ("immediate_sales_outreach", "verify_data", "standard_nurture", ""),
    "crm_nurture_track": ("long_term", "budget", "education", "none", "-", ""),
    "crm_re_engage_on": ("2026-10-01", "2026-08-15T00:00:00Z", "2026-09-30 10:00:00", ""),
    "crm_recommended_rep_id": ("R1", "R2", "R4", "R7", "r11", "", ""),
    "crm_score_reasons": ("", "", "demo_request +30"),
}
CRM_OF_IDLE_LEADS = (
    "lead|lead|0|D|suppress_poor_fit|",
    "lead|lead|0|C|low_priority_nurture|",
    "lead|lead|10|C|low_priority_nurture|job_title +15; geography +5",
    "lead|lead|20|A|standard_nurture|job_title +15; company_size +10; industry +10",
    "closed|disqualified|0|C||",
)
CRM_OF_IDLE_ACCOUNTS = ("0||false", "0|target|f", "20||no")
UNREADABLE_CRM_VALUES = {
    "crm_lead_score": "high",
    "crm_re_engage_on": "soon",
    "crm_sql_handed_off_at": "never",
    "crm_account_score": "many",
    "crm_is_in_market": "perhaps",
}
CRM_VALUES_OF_AN_ACCOUNT = {
    "crm_account_score": ("0", "5", "20", "40", "25.0", ""),
    "crm_account_stage": ("target", "engaged", "qualified", "pipeline", "customer", ""),
    "crm_is_in_market": ("true", "false", "NO", ""),
}
CAMPAIGNS = ("K1", "K2", "K3", "K4", "K5", "K6", "K-missing", "")
TOUCHES = (0, 0, 1, 2, 3, 3, 4, 7, 12)
SECONDS_BETWEEN_TOUCHES = (0, 0, 1, 3600, 86400, 604800, 604800, 864000, 2592000)
ASSETS = ("ebook-1", "ebook-2", "webinar-9", "")
BOT_AGENTS = ("Googlebot/2.1", "Barracuda Sentinel", "HeadlessChrome/99", "curl/8.4.0")
HUMAN_AGENTS = (
    "Mozilla/5.0",
    "",
    "Robinson Browser",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19)",
    "Mozilla/5.0 Securly/2",
)
STEPS = (7, 14, 30, 30, 45, 60, 60, 90, 90)


@dataclass
class Person:
    """A lead record of a world, as the scenarios need it."""

    lead_id: str
    email: str
    visitor: str
    domain: str


@dataclass
class World:
    """One small world: its leads, and the instants that later events like to repeat."""

    prefix: str
    rng: Random
    rows: dict[str, list[dict[str, str]]]
    people: list[Person] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)
    number: int = 0
    has_long_ids: bool = False
    has_shared_mailbox: bool = False

    def new_id(self, letter: str) -> str:
        """An id that is unique in the folder."""
        self.number += 1
        return f"{self.prefix}{letter}{self.number}"

    def add(self, table: str, **values: str) -> dict[str, str]:
        """Append a row; columns that are not given are empty."""
        row = dict.fromkeys(COLUMNS[table], "") | values
        self.rows[table].append(row)
        return row

    def chance(self, share: float) -> bool:
        """True with the given probability."""
        return self.rng.random() < share

    def pick(self, values):
        """One of the values."""
        return self.rng.choice(values)

    def show(self, time: datetime) -> str:
        """The time in one of the formats of the raw contract."""
        fraction = f".{time.microsecond // 1000:03d}" if time.microsecond else ""
        minutes, suffix = self.pick(
            [(0, None), (0, None), (0, "Z"), (120, "+02:00"), (-300, "-05:00"), (330, "+05:30")]
        )
        local = time + timedelta(minutes=minutes)
        separator = " " if suffix is None else "T"
        return f"{local:%Y-%m-%d}{separator}{local:%H:%M:%S}{fraction}{suffix or ''}"

    def received(self, time: datetime) -> str:
        """When the row arrived: soon after, or something unreadable."""
        if self.chance(0.04):
            return self.pick(["", "n/a"])
        return self.show(time + 5 * SECOND)

    def later(self, time: datetime) -> datetime:
        """A time after another: often exactly at an edge of some rule, or next to it."""
        if self.chance(0.7):
            moved = time + self.pick(STEPS) * DAY
            return moved + self.pick([0, 0, 0, 0, 0, -1, 1]) * SECOND
        return time + timedelta(seconds=self.rng.randrange(1, 40 * 86400))

    def instant(self) -> datetime:
        """Any time: one seen before, an edge after it, an edge of the clock, or a random one."""
        draw = self.rng.random()
        if self.instants and draw < 0.35:
            time = self.later(self.pick(self.instants))
        elif self.instants and draw < 0.5:
            time = self.pick(self.instants)
        elif draw < 0.55:
            time = WORLDS_AS_OF + self.pick([0, 0, 1, -1]) * SECOND
        elif draw < 0.6:
            time = WORLDS_AS_OF - self.pick(STEPS) * DAY
        elif draw < 0.65:
            time = BEGIN + self.rng.randrange(260) * DAY
        else:
            time = BEGIN + timedelta(seconds=self.rng.randrange(268 * 86400))
        self.instants.append(time)
        return time

    def edge_of_a_period(self) -> datetime:
        """The first instant of a month or a week, or the second before it."""
        months = [datetime(2026, month, 1) for month in range(2, 10)]
        weeks = [BEGIN + 7 * number * DAY for number in range(1, 38)]
        return self.pick(self.pick([months, weeks])) - self.pick([0, 0, 1]) * SECOND

    def office_hour(self, time: datetime) -> datetime:
        """A time of that week at which some territory works, begins to work, or goes home."""
        clock = datetime.strptime(self.pick(OFFICE_HOURS), "%H:%M").time()
        return datetime.combine(time.date() + self.rng.randrange(4) * DAY, clock)

    def spelled(self, email: str) -> str:
        """The address, at times as people and programs write it."""
        return dirty_address(self.rng, email)

    def lead_of(self, person: Person) -> str:
        """The id of the person's record as another table has it, or nothing."""
        if self.chance(0.01):
            return no_reference(self.rng)
        return dirty_reference(self.rng, person.lead_id)

    def show_day(self, time: datetime) -> str:
        """The time, or its day alone."""
        return day_alone(time) if self.chance(0.04) else self.show(time)

    def happened(self, time: datetime) -> tuple[str, str]:
        """When an event happened and when it arrived; now and then its clock is far ahead."""
        received = self.received(time)
        if self.chance(0.01):
            return self.pick([FAR_FUTURE, self.show(time + 24 * HOUR + 6 * SECOND)]), received
        if self.chance(0.01):
            return day_alone(time), received
        return self.show(time), received

    def web(self, person: Person, at: datetime, path: str, name: str = "page_view") -> None:
        """A web event; the visitor is known by lead_id, by e-mail, or only by the cookie."""
        draw = self.rng.random()
        lead_id = self.lead_of(person) if draw < 0.5 else ""
        email = self.spelled(person.email) if 0.4 < draw < 0.75 else ""
        event_id = self.new_id("W")
        session = f"{self.prefix}S{self.rng.randrange(6)}" if self.chance(0.7) else ""
        occurred_at, received_at = self.happened(at)
        has_url_only = self.chance(0.2)
        self.add(
            "web_events",
            event_id=event_id,
            anonymous_id=person.visitor if self.chance(0.8) else self.pick(["", "undefined"]),
            lead_id=lead_id if self.chance(0.98) else f"{self.prefix}-nobody",
            email=email,
            session_id=session if self.chance(0.98) else "null",
            event_name=name,
            page_url=f"https://www.example.com{path}{self.pick(['', '?plan=1#top', '#x'])}",
            page_path="" if has_url_only else path,
            user_agent=self.pick(BOT_AGENTS) if self.chance(0.04) else self.pick(HUMAN_AGENTS),
            occurred_at=occurred_at,
            received_at=received_at,
        )

    def mail(
        self, person: Person, at: datetime, program: str, event_type: str, campaign: str = "K1"
    ) -> None:
        """An e-mail event."""
        occurred_at, received_at = self.happened(at)
        self.add(
            "email_events",
            event_id=self.new_id("E"),
            email=self.spelled(person.email),
            campaign_id=campaign if self.chance(0.97) else f"{campaign or 'K1'}.0",
            program=program,
            event_type=event_type,
            user_agent=self.pick(BOT_AGENTS) if self.chance(0.04) else self.pick(HUMAN_AGENTS),
            is_automated=self.pick(AUTOMATED_SPELLED) if self.chance(0.1) else "",
            occurred_at=occurred_at,
            received_at=received_at,
        )

    def activity(self, person: Person, at: datetime, activity_type: str, asset: str = "") -> None:
        """A marketing activity."""
        by_id = self.chance(0.6)
        occurred_at, received_at = self.happened(at)
        self.add(
            "marketing_activities",
            activity_id=self.new_id("M"),
            lead_id=self.lead_of(person) if by_id else "",
            email="" if by_id and self.chance(0.8) else self.spelled(person.email),
            activity_type=activity_type,
            asset=dirty_text(self.rng, asset),
            campaign_id=self.pick(["K1", "K3", ""]),
            occurred_at=occurred_at,
            received_at=received_at,
        )

    def product(self, person: Person, at: datetime, event_name: str) -> None:
        """A product event."""
        self.add(
            "product_events",
            event_id=self.new_id("P"),
            email=self.spelled(person.email),
            event_name=event_name,
            occurred_at=self.show(at),
            received_at=self.received(at),
        )

    def intent(self, domain: str, at: datetime, signal_type: str) -> None:
        """A third-party intent signal."""
        self.add(
            "intent_signals",
            signal_id=self.new_id("I"),
            provider=self.pick(["g2", "bombora"]),
            account_domain=self.pick(
                [domain, domain, f"WWW.{domain}", domain.upper(), f"https://www.{domain}:443/x?y=1"]
            ),
            signal_type=signal_type,
            topic="leads",
            occurred_at=self.show(at),
            received_at=self.received(at),
        )

    def sales(self, person: Person, at: datetime, activity_type: str, outcome: str = "") -> None:
        """A sales activity of some rep, or of nobody."""
        self.add(
            "sales_activities",
            activity_id=self.new_id("X"),
            lead_id=self.lead_of(person),
            rep_id=self.pick(REPS),
            activity_type=activity_type,
            outcome=outcome,
            is_automated=self.pick(AUTOMATED_SPELLED) if self.chance(0.1) else "",
            occurred_at=self.show_day(at),
        )

    def status(self, person: Person, at: datetime, status: str, reason: str = "") -> None:
        """A status change."""
        self.add(
            "lead_status_changes",
            change_id=self.new_id("C"),
            lead_id=self.lead_of(person),
            status=status,
            reason_code=reason,
            rep_id=self.pick(REPS),
            changed_at=self.show_day(at),
        )

    def answer(
        self, person: Person, at: datetime, framework: str, criterion: str, answer: str
    ) -> None:
        """An answer to a qualification question."""
        self.add(
            "qualification_answers",
            answer_id=self.new_id("Q"),
            lead_id=self.lead_of(person),
            framework=framework,
            criterion=criterion,
            answer=answer,
            answered_at=self.show_day(at),
        )

    def opportunity(
        self, person: Person, at: datetime, closed_at: datetime | None, is_won: str
    ) -> None:
        """An opportunity, open or closed."""
        self.add(
            "opportunities",
            opportunity_id=self.new_id("O"),
            lead_id=person.lead_id,
            name="Deal",
            amount=self.pick(AMOUNTS),
            created_at=self.show(at),
            closed_at="" if closed_at is None else self.show(closed_at),
            is_won=is_won,
        )


Scenario = Callable[[World, Person, datetime], datetime]


def _asks(world: World, person: Person, at: datetime, target: int) -> None:
    """The lead comes to sales in some way that has, mostly, this response target in minutes."""
    if target == 30:
        kind = world.pick(["demo_request", "pricing_request", "meeting_booked"])
        world.activity(person, at, kind)
    elif target == 60:
        kind = world.pick(["replied_interested", "meeting_booked"])
        world.mail(person, at, "cold_outbound", kind, "K2")
    elif target == 120:
        world.pick([connects, accepted, marked_accepted, one_opportunity])(world, person, at)
    else:
        world.web(person, at - DAY, "/pricing")
        world.activity(person, at - DAY, "webinar_attendance", "webinar-9")
        world.activity(person, at - DAY, "free_trial_signup")
        world.activity(person, at, "content_download", world.pick(ASSETS))


def handed_over(world: World, person: Person, at: datetime) -> datetime:
    """Sales gets the lead, responds around the limit, tries some times and says what it thinks."""
    if world.chance(0.6):
        at = world.office_hour(at)
    target = world.pick(TARGETS)
    _asks(world, person, at, target)
    if world.chance(0.6):
        assigned_at = at + world.pick([0, 0, 60, 3600, -1]) * SECOND
        world.sales(person, assigned_at, "assigned")
    first = at + timedelta(seconds=world.pick(RESPONSE_SECONDS[target]))
    last = first
    if world.chance(0.8):
        world.sales(person, first, world.pick(["call", "email", "meeting"]), "no_answer")
        for number in range(world.pick([0, 0, 1, 3, 4, 4, 5])):
            last = first + (number + 1) * DAY
            world.sales(person, last, world.pick(["call", "email"]), world.pick(["no_answer", ""]))
        if world.chance(0.3):
            last = at + 10 * DAY + world.pick([-1, 0, 0.001, 1]) * SECOND
            world.sales(person, last, "call", world.pick(["no_answer", "connected", "replied"]))
    if world.chance(0.5):
        noted = world.pick([at, first, at + 2 * DAY, at + 2 * DAY - SECOND, at + DAY])
        world.status(person, noted, world.pick(["contacted", "contacted", "accepted", "mql"]))
    if world.chance(0.8):
        return _ends(world, person, world.pick([at, first, last, last, last + 3 * DAY]))
    return world.later(last)


def _ends(world: World, person: Person, at: datetime) -> datetime:
    """The end of a hand-off, and what happens at that very instant."""
    status = world.pick(["rejected", "rejected", "recycled", "regressed", "disqualified"])
    for _ in range(world.pick([1, 1, 1, 2])):
        world.status(person, at, status, world.pick(REASONS))
    if world.chance(0.2):
        world.status(person, at, world.pick(STATUSES), world.pick(REASONS))
    if world.chance(0.3):
        world.sales(person, at, world.pick(["call", "assigned"]), world.pick(["held", ""]))
    if world.chance(0.15):
        one_opportunity(world, person, at)
    if world.chance(0.3):
        _asks(world, person, world.pick([at, at, at + SECOND]), world.pick(TARGETS))
    return world.later(at)


def marked_accepted(world: World, person: Person, at: datetime) -> datetime:
    """A rep takes the lead without more."""
    world.status(person, at, "accepted")
    return at


def one_opportunity(world: World, person: Person, at: datetime) -> datetime:
    """An open opportunity."""
    world.opportunity(person, at, None, "")
    return at


def asks_late(world: World, person: Person) -> None:
    """A request so late that the clock decides whether sales is late, too."""
    target, country, distances = world.pick(LATE_REQUESTS)
    at = WORLDS_AS_OF - world.pick(distances) * SECOND
    record = next(r for r in world.rows["leads"][::-1] if r["lead_id"] == person.lead_id)
    record["country"] = country or record["country"]
    record["created_at"] = world.show(BEGIN)
    if target == 120:
        marked_accepted(world, person, at)
    else:
        _asks(world, person, at, target)
    if world.chance(0.3):
        world.sales(person, at, "assigned")
    if world.chance(0.2):
        world.sales(person, world.pick([at, WORLDS_AS_OF]), "call", "no_answer")


def questioned(world: World, person: Person, at: datetime) -> datetime:
    """Answers to some or all frameworks, in any letters, at one time or over some days."""
    for framework in world.rng.sample(list(FRAMEWORKS), world.rng.randrange(1, 5)):
        spelled = world.pick([framework, framework.lower(), framework.title()])
        for criterion in FRAMEWORKS[framework]:
            if world.chance(0.9):
                answer = world.pick(["confirmed"] * 8 + ["denied", "unknown"])
                world.answer(person, at, spelled, criterion, answer)
            at = at + world.pick([0, 0, 0, 86400]) * SECOND
    return world.later(at)


def engaged(world: World, person: Person, at: datetime) -> datetime:
    """Visits and downloads at distances that decide recency, episodes and bands."""
    for _ in range(world.rng.randrange(1, 5)):
        if world.chance(0.6):
            world.web(person, at, world.pick(PATHS))
        else:
            kind = world.pick(["content_download", "webinar_attendance", "free_trial_signup"])
            world.activity(person, at, kind, world.pick(ASSETS))
        at = world.later(at)
    return at


def asks_for_demo(world: World, person: Person, at: datetime) -> datetime:
    """A high-intent request; sales tries, and something happens as the timer runs out."""
    world.activity(person, at, world.pick(["demo_request", "meeting_booked", "pricing_request"]))
    tried = at + world.pick([0, 0, 3600, 86400]) * SECOND
    if world.chance(0.8):
        world.sales(person, tried, world.pick(["call", "email"]), world.pick(["no_answer", ""]))
        at = tried
    at = at + world.pick([14, 14, 60, 2]) * DAY
    if world.chance(0.5):
        world.pick([connects, accepted, sent_back, engaged, asks_again, dealt_with])(
            world, person, at
        )
    return world.later(at)


def asks_again(world: World, person: Person, at: datetime) -> datetime:
    """Another high-intent request, by cold e-mail or form."""
    if world.chance(0.5):
        world.mail(
            person, at, "cold_outbound", world.pick(["replied_interested", "meeting_booked"])
        )
    else:
        world.activity(person, at, "demo_request")
    return world.later(at)


def connects(world: World, person: Person, at: datetime) -> datetime:
    """Sales reaches the lead."""
    world.sales(person, at, "call", "connected")
    if world.chance(0.3):
        world.sales(person, at, "email", "no_answer")
    return world.later(at)


def accepted(world: World, person: Person, at: datetime) -> datetime:
    """Sales accepts the lead, which may be qualified already."""
    if world.chance(0.3):
        qualified(world, person, at - world.pick([0, 1, 20]) * DAY)
    world.status(person, at, world.pick(["accepted", "ACCEPTED"]), world.pick(["", "", "nonsense"]))
    return world.later(at)


def qualified(world: World, person: Person, at: datetime) -> datetime:
    """A framework is confirmed one by one or at once, and often withdrawn later."""
    framework = world.pick(list(FRAMEWORKS))
    at_once = world.chance(0.4)
    for position, criterion in enumerate(FRAMEWORKS[framework]):
        when = at if at_once else at - (len(FRAMEWORKS[framework]) - 1 - position) * DAY
        world.answer(person, when, framework, criterion, "confirmed")
        if world.chance(0.1):
            world.answer(person, when, framework, criterion, world.pick(["denied", "unknown"]))
    if world.chance(0.5):
        withdrawn = world.later(at)
        criterion = world.pick(FRAMEWORKS[framework])
        world.answer(person, withdrawn, framework, criterion, world.pick(["denied", "Unknown"]))
        if world.chance(0.6):
            again = world.pick([withdrawn, world.later(withdrawn)])
            world.answer(person, again, framework, criterion, "confirmed")
    if world.chance(0.1):
        world.answer(person, at, "SPIN", "situation", "confirmed")
        world.answer(person, at, framework, "colour", "denied")
    return world.later(at)


def deal(world: World, person: Person, at: datetime) -> datetime:
    """One or several opportunities, won, lost or open, at times closed in one instant."""
    closed_at = world.later(at)
    for _ in range(world.pick([1, 1, 1, 2, 3])):
        closed = world.pick([closed_at, closed_at, None, world.later(at), at])
        is_won = "" if closed is None else world.pick(["true", "false", "FALSE", "0", "", "T"])
        world.opportunity(person, world.pick([at, at, at + DAY if closed != at else at]), None, "")
        row = world.rows["opportunities"][-1]
        if (closed is not None and closed >= at + DAY) or closed == at == _time(row["created_at"]):
            row["closed_at"], row["is_won"] = world.show(closed), is_won
    if world.chance(0.25):
        middle = at + (closed_at - at) / 2
        world.status(person, middle.replace(microsecond=0), "disqualified", "out_of_business")
        if world.chance(0.4):
            world.status(person, closed_at - DAY, "reopened")
    return world.later(closed_at)


def campaigned(world: World, person: Person, at: datetime) -> datetime:
    """Campaigns reach the lead some times, at times in one instant; a deal begins about then."""
    at = world.edge_of_a_period() if world.chance(0.4) else at
    begun, is_early = at, world.chance(0.2)
    for _ in range(world.pick(TOUCHES)):
        program = world.pick(["marketing", "cold_outbound"])
        if world.chance(0.3):
            world.mail(person, at, program, "delivered", world.pick(CAMPAIGNS))
            at = at + 3600 * SECOND
        world.mail(person, at, program, world.pick(["clicked", "replied"]), world.pick(CAMPAIGNS))
        at = at + world.pick(SECONDS_BETWEEN_TOUCHES) * SECOND
    if world.chance(0.4):
        at = taken_up(world, person, at)
    begun = begun - DAY if is_early else at + world.pick([0, 0, 0, -1, 1, 86400]) * SECOND
    last = max(begun, at)
    closed = [None, begun, last, last + 7 * DAY, last + 45 * DAY]
    if world.chance(0.8):
        world.opportunity(person, begun, None, "")
        row, closed_at = world.rows["opportunities"][-1], world.pick(closed)
        if closed_at is not None:
            row["closed_at"] = world.show(closed_at)
            row["is_won"] = world.pick(["true", "true", "false", ""])
    return world.later(last)


def taken_up(world: World, person: Person, at: datetime) -> datetime:
    """An MQL that sales takes up within days."""
    if world.chance(0.3):
        at = world.edge_of_a_period()
    world.status(person, at, "mql")
    at = at + world.pick([1, 2, 3, 7, 14]) * DAY
    if world.chance(0.3):
        at = world.edge_of_a_period()
    world.status(person, at, "accepted")
    return at + world.pick([0, 1, 2, 5, 10]) * DAY


def _time(text: str) -> datetime:
    """A time that ``World.show`` wrote, as naive UTC."""
    time = datetime.fromisoformat(text)
    offset = time.utcoffset()
    return time if offset is None else time.replace(tzinfo=None) - offset


def sent_back(world: World, person: Person, at: datetime) -> datetime:
    """Sales sends the lead back with some reason."""
    world.status(person, at, world.pick(["rejected", "recycled", "regressed"]), world.pick(REASONS))
    return world.later(at)


def dealt_with(world: World, person: Person, at: datetime) -> datetime:
    """The end of the matter, good or bad, in whatever stage the lead is."""
    draw = world.rng.random()
    if draw < 0.2:
        world.opportunity(person, at, at, "true")
    elif draw < 0.4:
        world.opportunity(person, at - 10 * DAY, at, "true")
    elif draw < 0.6:
        world.status(person, at, "disqualified", world.pick(["competitor", "out_of_business", ""]))
    elif draw < 0.8:
        qualified(world, person, at)
    else:
        sent_back(world, person, at)
    return world.later(at)


def sent_back_twice(world: World, person: Person, at: datetime) -> datetime:
    """Regressed again and again, then perhaps reopened and once more."""
    for _ in range(world.pick([2, 3])):
        world.status(person, at, "accepted")
        at = world.later(at)
        world.status(person, at, "regressed", world.pick(REASONS))
        at = world.later(at)
        if world.chance(0.4):
            engaged(world, person, at)
    if world.chance(0.6):
        world.status(person, at, "reopened")
        at = world.later(at)
    if world.chance(0.5):
        asks_again(world, person, at)
    return at


def tries_product(world: World, person: Person, at: datetime) -> datetime:
    """A trial with milestones, and something 45 days later."""
    world.activity(person, at, "free_trial_signup")
    for _ in range(world.pick([1, 2])):
        at = at + world.pick([0, 1, 7]) * DAY
        world.product(person, at, world.pick(PRODUCT_EVENTS[:4]))
    if world.chance(0.5):
        world.web(person, at + 45 * DAY, "/pricing")
    if world.chance(0.3):
        dealt_with(world, person, at + world.pick([0, 1, 45]) * DAY)
    return world.later(at)


def opts_out(world: World, person: Person, at: datetime) -> datetime:
    """Unsubscribes or complains, and perhaps comes back, in one instant or much later."""
    kind = world.pick(["unsubscribed", "unsubscribed", "spam_complaint"])
    world.mail(person, at, world.pick(["marketing", "cold_outbound"]), kind)
    if world.chance(0.3):
        asks_again(world, person, at + world.pick([0, 1, 30]) * DAY)
    if world.chance(0.6):
        back = world.pick([at, at + SECOND, world.later(at)])
        world.mail(person, back, "marketing", "resubscribed")
        at = back
    if kind == "spam_complaint" and world.chance(0.6):
        at = world.later(at)
        world.status(person, at, "reopened")
    return world.later(at)


def marked_by_hand(world: World, person: Person, at: datetime) -> datetime:
    """Marketing marks an MQL in the CRM; sales may contact it or disqualify it."""
    world.status(person, at, "mql", world.pick(["", "", "timing"]))
    if world.chance(0.5):
        world.status(person, world.later(at), world.pick(["contacted", "disqualified", "rejected"]))
    return at + world.pick([90, 90, 60]) * DAY


def cold_mails(world: World, person: Person, at: datetime) -> datetime:
    """A cold sequence with opens, clicks and replies."""
    world.mail(person, at, "cold_outbound", "delivered", "K2")
    for kind in ("opened", "clicked", "replied", "meeting_booked"):
        if world.chance(0.6):
            at = at + world.pick([0, 3600, 86400, 7 * 86400]) * SECOND
            world.mail(person, at, "cold_outbound", kind, "K2")
    return world.later(at)


def scanned(world: World, person: Person, at: datetime) -> datetime:
    """Opens and clicks around the five seconds of a scanner, of this and other campaigns."""
    campaign = world.pick(["K1", "K2", ""])
    world.mail(person, at, world.pick(["marketing", "cold_outbound"]), "delivered", campaign)
    for delay in (0, 4.999, 5, -1, 600):
        if world.chance(0.6):
            clicked = at + timedelta(seconds=delay)
            of_campaign = campaign if world.chance(0.8) else world.pick(["K1", "K2", ""])
            program, kind = (
                world.pick(["marketing", "cold_outbound"]),
                world.pick(["clicked", "opened", "Clicked", "replied"]),
            )
            world.mail(person, clicked, program, kind, of_campaign)
    return world.later(at)


def clicked_by_a_machine(world: World, person: Person, at: datetime) -> datetime:
    """Clicks in quick succession around the limits of a burst, and one of the person later."""
    campaign = world.pick(["K1", "K2", ""])
    world.mail(person, at, "marketing", "delivered", campaign)
    first = at + 8 * SECOND
    clicks = world.pick([4, 5, 5, 6, 9])
    lasts = world.pick([4, 9.999, 10, 10, 12])
    for number in range(clicks):
        clicked = first + timedelta(milliseconds=round(1000 * lasts * number / (clicks - 1)))
        of_campaign = campaign if world.chance(0.95) else world.pick(["K1", "K2", ""])
        world.mail(
            person, clicked, "marketing", world.pick(["clicked"] * 9 + ["opened"]), of_campaign
        )
    if world.chance(0.5):
        world.mail(person, at + DAY, "marketing", "clicked", campaign)
    return world.later(at)


def replied_by_a_machine(world: World, person: Person, at: datetime) -> datetime:
    """Replies around the seconds of an auto-responder, by this and other campaigns."""
    program = world.pick(["marketing", "cold_outbound"])
    world.mail(person, at, program, "delivered", "K1")
    for seconds in (0, 29.999, 30, -1, 3600):
        if world.chance(0.5):
            kind = world.pick(["replied", "replied", "replied_interested"])
            replied = at + timedelta(seconds=seconds)
            world.mail(person, replied, program, kind, world.pick(["K1", "K2", ""]))
    if world.chance(0.4):
        world.mail(
            person, at + SECOND, program, world.pick(["unsubscribed", "spam_complaint"]), "K1"
        )
        row = world.rows["email_events"][-1]
        row["user_agent"], row["is_automated"] = world.pick(BOT_AGENTS), world.pick(["true", ""])
    return world.later(at)


def submitted_twice(world: World, person: Person, at: datetime) -> datetime:
    """The same form again and again, around the limit of a double submit."""
    kind = world.pick(["demo_request", "content_download", "newsletter_signup", "mystery"])
    asset = world.pick(ASSETS)
    for _ in range(world.pick([2, 2, 3, 4])):
        world.activity(person, at, kind, asset if world.chance(0.9) else world.pick(ASSETS))
        at = at + timedelta(seconds=world.pick([0, 1, 59, 59.999, 60, 61]))
    return world.later(at)


def answered_by_a_machine(world: World, person: Person, at: datetime) -> datetime:
    """Sales e-mails that a machine sends right after a request, before anybody looks."""
    world.activity(person, at, world.pick(["demo_request", "content_download"]))
    for seconds in (0, 29.999, 30, 3600):
        if world.chance(0.5):
            outcome = world.pick(["", "", "no_answer", "replied", "connected"])
            sent = at + timedelta(seconds=seconds)
            world.sales(person, sent, world.pick(["email", "email", "Email", "call"]), outcome)
    return world.later(at)


def wanders(world: World, person: Person, at: datetime) -> datetime:
    """Anonymous visits under a second cookie, with identify events that may not resolve."""
    other = world.pick(world.people)
    visitor = f"{world.prefix}anon{world.rng.randrange(3)}"
    for position in range(world.rng.randrange(2, 5)):
        when = at + position * world.pick([0, 1, 30]) * DAY
        row = world.add(
            "web_events",
            event_id=world.new_id("W"),
            anonymous_id=visitor,
            session_id=f"{visitor}-{position}",
            event_name="page_view",
            page_path=world.pick(PATHS),
            user_agent=world.pick(HUMAN_AGENTS),
            occurred_at=world.show(when),
            received_at=world.received(when),
        )
        if world.chance(0.5):
            row["event_name"], row["page_path"] = world.pick(["identify", "Identify"]), ""
            row["lead_id"], row["email"] = world.pick(
                [
                    (person.lead_id, ""),
                    ("", world.spelled(person.email)),
                    (other.lead_id, ""),
                    (f"{world.prefix}-nobody", person.email),
                    ("", f"{world.prefix}-nobody@example.com"),
                    ("", ""),
                ]
            )
            if world.chance(0.1):
                row["user_agent"] = world.pick(BOT_AGENTS)
    return world.later(at)


def researched(world: World, person: Person, at: datetime) -> datetime:
    """Third-party intent on the person's domain, with expiries at the edges of other rules."""
    for _ in range(world.rng.randrange(1, 4)):
        world.intent(person.domain, at, world.pick(INTENT_TYPES))
        at = world.later(at)
    return at


def all_at_once(world: World, person: Person, at: datetime) -> datetime:
    """Many kinds of events in one instant."""
    for action in world.rng.sample(list(ONE_EVENT), world.rng.randrange(2, 6)):
        action(world, person, at)
    return world.later(at)


def one_web_event(world: World, person: Person, at: datetime) -> datetime:
    """Any web event."""
    world.web(person, at, world.pick(PATHS), world.pick(WEB_EVENTS))
    return at


def one_email_event(world: World, person: Person, at: datetime) -> datetime:
    """Any e-mail event."""
    world.mail(person, at, *world.pick(EMAIL_EVENTS), world.pick(["K1", "K2", ""]))
    return at


def one_activity(world: World, person: Person, at: datetime) -> datetime:
    """Any marketing activity."""
    world.activity(person, at, world.pick(ACTIVITIES), world.pick(ASSETS))
    return at


def one_product_event(world: World, person: Person, at: datetime) -> datetime:
    """Any product event."""
    world.product(person, at, world.pick(PRODUCT_EVENTS))
    return at


def one_intent_signal(world: World, person: Person, at: datetime) -> datetime:
    """Any third-party intent signal."""
    world.intent(person.domain, at, world.pick(INTENT_TYPES))
    return at


def one_sales_activity(world: World, person: Person, at: datetime) -> datetime:
    """Any sales activity."""
    kind = world.pick(["assigned", "call", "email", "Meeting"])
    outcome = world.pick(["connected", "no_answer", "replied", "held", "no_show", ""])
    world.sales(person, at, kind, outcome)
    return at


def one_status(world: World, person: Person, at: datetime) -> datetime:
    """Any status change."""
    world.status(person, at, world.pick(STATUSES), world.pick(REASONS))
    return at


def one_answer(world: World, person: Person, at: datetime) -> datetime:
    """Any answer."""
    framework = world.pick(list(FRAMEWORKS))
    answer = world.pick(["confirmed", "confirmed", "denied", "unknown"])
    world.answer(person, at, framework, world.pick(FRAMEWORKS[framework]), answer)
    return at


ONE_EVENT: tuple[Scenario, ...] = (
    one_web_event,
    one_email_event,
    one_activity,
    one_product_event,
    one_intent_signal,
    one_sales_activity,
    one_status,
    one_answer,
)
SCENARIOS: tuple[Scenario, ...] = (
    engaged,
    engaged,
    engaged,
    asks_for_demo,
    asks_for_demo,
    asks_again,
    connects,
    accepted,
    accepted,
    qualified,
    deal,
    deal,
    dealt_with,
    sent_back,
    sent_back_twice,
    tries_product,
    opts_out,
    marked_by_hand,
    cold_mails,
    cold_mails,
    scanned,
    clicked_by_a_machine,
    replied_by_a_machine,
    submitted_twice,
    answered_by_a_machine,
    wanders,
    researched,
    all_at_once,
    handed_over,
    handed_over,
    handed_over,
    handed_over,
    questioned,
    campaigned,
    campaigned,
    campaigned,
)


def build_world(index: int, rng: Random, rows: dict[str, list[dict[str, str]]]) -> None:
    """Append one world to the tables."""
    world = World(f"w{index:04d}", rng, rows)
    world.has_long_ids = world.chance(0.15)
    world.has_shared_mailbox = world.chance(0.2)
    first_deal = len(rows["opportunities"])
    domains = _add_accounts(world)
    size = rng.randrange(2, 7)
    chain_length = 21 if index % 50 == 49 else 0
    leads = [_add_lead(world, domains) for _ in range(size + chain_length)]
    _link(world, leads, chain_length)
    for person in world.people[: size + (1 if chain_length else 0)]:
        at = world.instant()
        if world.chance(0.15):
            asks_late(world, person)
            continue
        if world.chance(0.3):
            at = handed_over(world, person, at)
        for _ in range(rng.randrange(1, 6)):
            at = rng.choice(SCENARIOS)(world, person, at)
            world.instants.append(at)
            if at > WORLDS_AS_OF + 20 * DAY or rng.random() < 0.2:
                at = world.instant()
        for _ in range(rng.randrange(0, 5)):
            rng.choice(ONE_EVENT)(world, person, world.instant())
    for person in world.people[size + 1 :]:
        rng.choice(ONE_EVENT)(world, person, world.instant())
    nobody = Person(
        f"{world.prefix}-nobody", f"nobody@{world.prefix}no.com", "", f"{world.prefix}no.com"
    )
    for _ in range(rng.randrange(0, 3)):
        rng.choice(ONE_EVENT)(world, nobody, world.instant())
    for record in leads:
        _tell_crm(world, record)
        _soil_lead(world, record)
    for record in rows["opportunities"][first_deal:]:
        _soil_deal(world, record)


def _soil_lead(world: World, record: dict[str, str]) -> None:
    """A lead record as a CRM exports it: names of countries, flags, placeholders, old dates."""
    rng = world.rng
    record["country"] = dirty_country(rng, record["country"])
    for column in ("job_title", "lead_source"):
        record[column] = dirty_text(rng, record[column])
    for column in ("account_id", "merged_into_lead_id", "campaign_id"):
        record[column] = dirty_reference(rng, record[column])
    if record["merged_into_lead_id"] and world.chance(0.25):
        record["is_deleted"] = "true"
    is_deleted = record["is_deleted"].lower() not in ("false", "")
    record["is_deleted"] = flag(rng, is_deleted) if is_deleted or world.chance(0.9) else ""
    if world.chance(0.02):
        record["email"] = world.pick([*NOTHING_IN_ADDRESS, *NO_ADDRESS])
    if world.chance(0.02):
        record["created_at"] = world.pick(IMPLAUSIBLE_PAST)
    if world.chance(0.08):
        record["has_opted_out"] = flag(rng, is_true=True)
        opted_out_at = world.show(world.instant())
        record["opted_out_at"] = world.pick([opted_out_at, opted_out_at, "", IMPLAUSIBLE_PAST[0]])
    elif world.chance(0.5):
        record["has_opted_out"] = flag(rng, is_true=False)
    if world.chance(0.01):
        world.add("leads", **record | {"is_deleted": "1.0", "job_title": "Deleted"})


def _soil_deal(world: World, record: dict[str, str]) -> None:
    """A deal as a CRM exports it, with further contacts."""
    rng = world.rng
    record["amount"] = dirty_number(rng, record["amount"])
    record["lead_id"] = dirty_reference(rng, record["lead_id"])
    if world.chance(0.5):
        record["updated_at"] = world.show(world.pick(world.instants))
    is_closed = bool(record["closed_at"] and record["is_won"])
    draw = rng.random()
    if draw < 0.25:
        record["is_closed"] = flag(rng, is_closed)
    elif draw < 0.29:
        record["closed_at"], record["is_closed"] = "", flag(rng, is_true=True)
    elif draw < 0.33:
        record["is_closed"] = flag(rng, is_true=False)
    elif draw < 0.37:
        record["is_closed"], record["is_won"] = flag(rng, is_true=True), ""
    elif draw < 0.42 and record["closed_at"]:
        record["created_at"] = world.show(
            _time(record["closed_at"]) + world.pick([3 * DAY, SECOND])
        )
    elif draw < 0.47 and record["closed_at"]:
        record["closed_at"] = day_alone(_time(record["closed_at"]))
    elif draw < 0.5:
        record["lead_id"] = world.pick(["", f"{world.prefix}-nobody", "null"])
    contacts = min(len(world.people), world.pick([0, 0, 0, 1, 2, 3]))
    for person in rng.sample(world.people, contacts):
        contact = world.add(
            "opportunity_contacts",
            opportunity_id=dirty_reference(rng, record["opportunity_id"]),
            lead_id=world.lead_of(person),
            role=world.pick(["Decision maker", "User", ""]),
            is_primary=world.pick(["true", "y", "false", "", "maybe"]),
        )
        if world.chance(0.05):
            role = world.pick([contact["role"], "Blocker"])
            world.rows["opportunity_contacts"].append(contact | {"role": role})
    if world.chance(0.03):
        world.add(
            "opportunity_contacts",
            opportunity_id=world.pick([record["opportunity_id"], f"{world.prefix}O-none"]),
            lead_id=world.pick([f"{world.prefix}-nobody", ""]),
        )


def _tell_crm(world: World, record: dict[str, str]) -> None:
    """What the CRM holds of a lead: nothing, what may well be true, anything, or a mess."""
    draw = world.rng.random()
    if draw < 0.4:
        columns = (
            "crm_lifecycle_stage",
            "crm_lead_stage",
            "crm_lead_score",
            "crm_lead_grade",
            "crm_recommended_action",
            "crm_score_reasons",
        )
        values = world.pick(CRM_OF_IDLE_LEADS).split("|")
        record |= dict(zip(columns, values, strict=True))
    elif draw < 0.8:
        record |= {column: world.pick(values) for column, values in CRM_VALUES.items()}
        time = world.show(world.pick(world.instants))
        record["crm_sql_handed_off_at"] = world.pick([time, time, ""])
    _spoil_crm_value(world, record)


def _spoil_crm_value(world: World, record: dict[str, str]) -> None:
    """Now and then one of the values is unreadable."""
    if world.chance(UNKNOWN_VALUE_SHARE):
        column = world.pick([name for name in UNREADABLE_CRM_VALUES if name in record])
        record[column] = UNREADABLE_CRM_VALUES[column]


def _add_accounts(world: World) -> list[str]:
    """One to three accounts, at times two on one domain; returns the domains."""
    domains = [f"{world.prefix}a.com", f"{world.prefix}b.io"]
    for number in range(world.rng.randrange(1, 4)):
        domain = world.pick(domains)
        spelled = world.pick(
            [domain, domain, f"www.{domain}", f" {domain.upper()}", f"https://{domain}/", "n/a", ""]
        )
        if world.chance(0.1):
            spelled = f"{world.prefix}.edu"
        industry, employees = world.pick(
            [
                ("Software", world.pick(["50", "200", "1000"])),
                ("Software", world.pick(["50", "200", "1000"])),
                ("Mining", world.pick(["49", "1001", "5000"])),
                (world.pick(INDUSTRIES), world.pick(EMPLOYEES)),
            ]
        )
        world.add(
            "accounts",
            account_id=_account_id(world, number),
            name=f"Company {number}",
            domain=spelled,
            industry=industry,
            employee_count=dirty_number(world.rng, employees),
            annual_revenue=dirty_number(world.rng, world.pick(["1000000.0", ""])),
            country=dirty_country(world.rng, world.pick(COUNTRIES)),
            status=world.pick(["active"] * 14 + ["Active", "acquired", "closed", "CLOSED", ""]),
            is_competitor=world.pick(["false"] * 12 + ["F", "no", "0", "", "true", "YES"]),
            is_target_account=world.pick(["true", "f"]),
            updated_at=world.show(BEGIN),
        )
        account, draw = world.rows["accounts"][-1], world.rng.random()
        if draw < 0.4:
            values = world.pick(CRM_OF_IDLE_ACCOUNTS).split("|")
            account |= dict(zip(CRM_VALUES_OF_AN_ACCOUNT, values, strict=True))
        elif draw < 0.8:
            account |= {name: world.pick(v) for name, v in CRM_VALUES_OF_AN_ACCOUNT.items()}
        _spoil_crm_value(world, account)
    return domains


def _account_id(world: World, number: int) -> str:
    if world.has_long_ids:
        return f"{world.prefix}0000000Ac{number}AAA"
    return f"{world.prefix}A{world.pick([1, 10, 2])}-{number}"


def _lead_id(world: World, number: int) -> str:
    """The id of a lead: in some worlds of 18 characters, of which two may begin alike."""
    if not world.has_long_ids or number > len(SUFFIXES_OF_LONG_IDS):
        return f"{world.prefix}L{number}"
    alike = number == len(SUFFIXES_OF_LONG_IDS) and world.chance(0.3)
    letters = LETTERS_OF_LONG_IDS[number - 2 if alike else number - 1]
    return f"{world.prefix}00000{letters}{SUFFIXES_OF_LONG_IDS[number - 1]}"


def _add_lead(world: World, domains: list[str]) -> dict[str, str]:
    """A lead record with its own address and mostly an account."""
    rng, prefix = world.rng, world.prefix
    number = len(world.people) + 1
    domain = rng.choice(
        domains * 3
        + ["gmail.com", f"{prefix}.edu", f"mail.{prefix}.edu.au", f"{prefix}.ac.uk"]
        + [f"www.{domains[0]}", f"{prefix}.com"]
    )
    created_at = world.instant()
    if rng.random() < 0.4:
        created_at = BEGIN + timedelta(seconds=rng.randrange(20 * 86400))
    if created_at > WORLDS_AS_OF and rng.random() < 0.8:
        created_at = BEGIN + rng.randrange(200) * DAY
    own = [row["account_id"] for row in world.rows["accounts"][-3:] if _world_of(row) == prefix]
    local = f"{prefix}p{number}"
    if world.has_shared_mailbox and rng.random() < 0.6:
        local, domain = "info", domains[0]
    person = Person(_lead_id(world, number), f"{local}@{domain}", f"{prefix}v{number}", domain)
    world.people.append(person)
    job_title, country = rng.choice(
        [
            ("VP Marketing", rng.choice(FIT_COUNTRIES)),
            ("VP Marketing", rng.choice(FIT_COUNTRIES)),
            (rng.choice(["Student", "Software Engineer"]), rng.choice(["BR", "IN"])),
            (rng.choice(JOB_TITLES), rng.choice(COUNTRIES)),
        ]
    )
    return world.add(
        "leads",
        lead_id=person.lead_id,
        email=world.spelled(person.email),
        first_name="F",
        last_name="N",
        job_title=job_title,
        phone=rng.choice(["+1", "+1", ""]),
        phone_is_valid=rng.choice(["true", "true", "F", ""]),
        email_status=rng.choice(["verified", "Verified", "Unverified", "bounced", ""]),
        account_id=rng.choice([rng.choice(own), "", f"{prefix}A-missing"])
        if rng.random() < 0.6
        else rng.choice(own),
        company_name="Company",
        industry=rng.choice(["Software", "Mining", "", "", "N/A"]),
        employee_count=dirty_number(rng, rng.choice(["10", "200", "1001", "", ""])),
        annual_revenue=rng.choice(["$1,000,000", "", ""]),
        country=country,
        lead_source=rng.choice(LEAD_SOURCES),
        campaign_id=rng.choice(CAMPAIGNS),
        owner_id="R1",
        is_deleted="false",
        created_at=world.show(created_at),
        updated_at=world.show(created_at + DAY) if rng.random() < 0.95 else rng.choice(["", "?"]),
    )


def _link(world: World, leads: list[dict[str, str]], chain_length: int) -> None:
    """Merge, delete and duplicate some of the records."""
    rng = world.rng
    if chain_length:
        for record, target in zip(leads[-chain_length:], leads[-chain_length + 1 :], strict=False):
            record["merged_into_lead_id"] = target["lead_id"]
            record["created_at"] = world.show(BEGIN)
        leads[-1]["created_at"] = world.show(BEGIN)
    small = leads[: len(leads) - chain_length]
    chosen = rng.sample(small, min(len(small), rng.randrange(1, 5)))
    shape = rng.choice(["none", "none", "chain", "chain", "star", "loop", "into_loop", "missing"])
    if shape == "chain":
        for record, target in pairwise(chosen):
            record["merged_into_lead_id"] = target["lead_id"]
    elif shape == "star":
        for record in chosen[1:]:
            record["merged_into_lead_id"] = chosen[0]["lead_id"]
    elif shape == "loop":
        for record, target in zip(chosen, [*chosen[1:], chosen[0]], strict=True):
            record["merged_into_lead_id"] = target["lead_id"]
    elif shape == "into_loop":
        for record, target in zip(chosen, [*chosen[1:], chosen[-1]], strict=True):
            record["merged_into_lead_id"] = target["lead_id"]
    elif shape == "missing":
        chosen[0]["merged_into_lead_id"] = f"{world.prefix}-nobody"
        for record, target in zip(chosen[1:], chosen, strict=False):
            record["merged_into_lead_id"] = target["lead_id"]
    if rng.random() < 0.2:
        rng.choice(chosen)["is_deleted"] = rng.choice(["true", "T", "1", "Yes"])
    if rng.random() < 0.3 and len(small) > 1:
        first, second = rng.sample(small, 2)
        second["email"] = f" {first['email'].strip().title()} "
        world.people[leads.index(second)].email = world.people[leads.index(first)].email
        if rng.random() < 0.4:
            second["created_at"] = first["created_at"]
        if rng.random() < 0.4:
            rng.choice([first, second])["is_deleted"] = "true"
    if rng.random() < 0.05:
        rng.choice(small)["email"] = rng.choice(["", f"{world.prefix}-no-address"])


def _add_copies(rows: dict[str, list[dict[str, str]]], rng: Random) -> None:
    """Rows with a key that is there already, some newer and some older, with other values."""
    for table, latest_by in LATEST_BY.items():
        originals = list(rows[table])
        by_world: dict[str, list[dict[str, str]]] = {}
        for row in originals:
            by_world.setdefault(_world_of(row), []).append(row)
        for row in originals:
            if rng.random() > 0.05:
                continue
            copy = dict(row)
            rows[table].append(copy)
            if rng.random() < 0.2:
                if table in READ_BY_NOBODY and rng.random() < 0.5:
                    copy[READ_BY_NOBODY[table]] = "other"
                continue
            _redate(table, row, copy, latest_by, rng)
            same_world = by_world[_world_of(row)]
            for column in rng.sample(CHANGED_IN_COPY[table], 1):
                copy[column] = rng.choice(same_world)[column]


def _world_of(row: dict[str, str]) -> str:
    """The prefix of the world to which a row belongs."""
    return next(iter(row.values()))[:5]


def _redate(
    table: str, row: dict[str, str], copy: dict[str, str], latest_by: str, rng: Random
) -> None:
    """Make one of two rows with one key clearly the later one."""
    if table == "opportunities":
        if row["closed_at"]:
            copy["closed_at"] = copy["is_won"] = ""
        else:
            created = _time(row["created_at"])
            copy["closed_at"] = (created + 30 * DAY).isoformat(sep=" ")
            copy["is_won"] = rng.choice(["true", "false"])
        return
    try:
        time = _time(row[latest_by])
    except ValueError:
        time = BEGIN
        row[latest_by] = BEGIN.isoformat(sep=" ")
    move = rng.choice([-90 * DAY, -DAY, SECOND, 14 * DAY, 200 * DAY])
    copy[latest_by] = (time + move).isoformat(sep=" ")
    if latest_by == "received_at" and rng.random() < 0.2:
        copy[latest_by] = rng.choice(["", "n/a"])


def _add_unusable(rows: dict[str, list[dict[str, str]]], rng: Random) -> None:
    """A small share of unusable rows in every large table: spoilt ones and spoilt copies."""
    for table, faults in BAD_VALUES.items():
        originals = [row for row in rows[table] if _world_of(row).startswith("w")]
        key = COLUMNS[table][0]
        each_once = min(len(faults), len(originals) // 25)
        for number in range(max(int(len(originals) * BAD_ROW_SHARE), each_once)):
            row = rng.choice(originals)
            column, value = faults[number % len(faults)]
            if number % 4 == 0:
                row[column] = value
                continue
            copy = dict(row)
            if number % 2:
                copy[key] = f"{copy[key]}-bad"
            copy[column] = value
            if column in SAFETY and copy[key] == row[key]:
                _redate_flag(row, copy, rng)
            rows[table].append(copy)
    for table, (column, value) in UNKNOWN_VALUES.items():
        key = COLUMNS[table][0]
        number_of = Counter(row[key] for row in rows[table])
        alone = [row for row in rows[table] if number_of[row[key]] == 1]
        for _ in range(int(len(rows[table]) * UNKNOWN_VALUE_SHARE)):
            rng.choice(alone)[column] = value


def _redate_flag(row: dict[str, str], copy: dict[str, str], rng: Random) -> None:
    """Make the row whose flag is unreadable clearly newer or older than the other one."""
    row["updated_at"] = BEGIN.isoformat(sep=" ")
    copy["updated_at"] = (BEGIN + rng.choice([-DAY, DAY])).isoformat(sep=" ")


def generate_worlds(
    count: int, seed: int, out: Path, has_history: bool = True, *, has_signals: bool = False
) -> None:
    """Write ``count`` worlds as one folder of raw CSVs; the same seed gives the same files.

    Without history no attribute ever changed; the other tables are the same. With signals there
    is more of what the rules look at that ``world_signals`` writes.
    """
    rng = Random(seed)
    rows: dict[str, list[dict[str, str]]] = {table: [] for table in COLUMNS}
    for index in range(count):
        build_world(index, rng, rows)
    _add_copies(rows, rng)
    _add_unusable(rows, rng)
    for table, shared in SHARED_ROWS.items():
        names = SHARED_COLUMNS[table]
        rows[table] = [
            dict.fromkeys(COLUMNS[table], "") | dict(zip(names, row, strict=True)) for row in shared
        ]
    if has_signals:
        add_signals(rows, seed, WORLDS_AS_OF)
    if has_history:
        add_attribute_changes(rows, seed, WORLDS_AS_OF)
    out.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        (rng if table != ATTRIBUTE_CHANGES else Random(seed)).shuffle(rows[table])
        with (out / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[table])


def main() -> None:
    """Write worlds from the command line."""
    parser = argparse.ArgumentParser(prog="python -m python_checks.worlds")
    parser.add_argument("--count", type=int, default=200, help="number of worlds")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    parser.add_argument("--signals", action="store_true", help="with what world_signals adds")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    has_signals = arguments.signals
    generate_worlds(arguments.count, arguments.seed, arguments.out, has_signals=has_signals)


if __name__ == "__main__":
    main()
