"""Business time by SQL and by the plain reference: the same, to the microsecond.

A copy of the project gets calendars with all that a clock and a week can do to them, and random
spans of two years in the place of hand-offs: many begin or end at an opening, a closing or a change
of the clock, or a microsecond beside it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from lead_qualification.warehouse import duckdb_warehouse, postgres_warehouse
from python_checks.building import build, copy_project
from python_checks.compare import normal
from python_checks.reference.business_time import business_seconds, due_at
from python_checks.reference.policy import load_policy
from python_checks.tests.builds import DATA_ONLY, ENGINES
from python_checks.tests.tables import shown

BEGIN, END, CLOCK = datetime(2025, 1, 1), datetime(2027, 1, 1), datetime(2026, 12, 31)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
SPANS_PER_CALENDAR = 160
FEWEST_SPANS = 2000
FEWEST_AT_AN_EDGE = 30
EVERY_DAY, WORK_DAYS, WEEK_END = (1, 2, 3, 4, 5, 6, 7), (1, 2, 3, 4, 5), (6, 7)
SHORT_TARGETS = (1, 15, 29, 30, 31, 45, 60, 120)
TARGETS = (*SHORT_TARGETS, 240, 479, 480, 481, 510, 960, 1440, 2400)
NUDGES = (timedelta(0), timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND, SECOND, -SECOND)


@dataclass(frozen=True)
class Hours:
    """When a calendar of the test is open.

    Attributes:
        zone: IANA time zone.
        days: Weekdays, 1 is Monday.
        openings: Opening and closing times of each of those days.
        holidays: Days on which it is closed.
        targets: Response targets in minutes that it reaches within the year.
    """

    zone: str
    days: tuple[int, ...]
    openings: tuple[tuple[str, str], ...]
    holidays: tuple[str, ...] = ()
    targets: tuple[int, ...] = TARGETS


OFFICE = (("09:00", "17:00"),)
ALL_DAY = (("00:00", "24:00"),)
CALENDARS = {
    "new_york": Hours("America/New_York", WORK_DAYS, OFFICE, ("2025-11-27", "2026-07-03")),
    "berlin": Hours("Europe/Berlin", WORK_DAYS, OFFICE, ("2025-12-25", "2025-12-26")),
    "sydney": Hours("Australia/Sydney", WORK_DAYS, OFFICE, ("2026-01-26", "2026-04-06")),
    "kolkata": Hours("Asia/Kolkata", (1, 2, 3, 4, 5, 6), (("09:30", "18:30"),)),
    "kathmandu": Hours("Asia/Kathmandu", (7, 1, 2, 3, 4), (("08:15", "12:00"), ("12:45", "17:40"))),
    "siesta": Hours("Europe/Madrid", WORK_DAYS, (("09:00", "13:30"), ("16:00", "19:45"))),
    "always": Hours("UTC", EVERY_DAY, ALL_DAY),
    "round_the_clock": Hours("America/New_York", EVERY_DAY, ALL_DAY, ("2025-03-09", "2026-11-01")),
    "london_nights": Hours("Europe/London", EVERY_DAY, (("00:00", "06:00"), ("22:00", "24:00"))),
    "change_hour": Hours("Europe/Berlin", EVERY_DAY, (("01:00", "03:30"),)),
    "no_such_hour": Hours("America/New_York", EVERY_DAY, (("02:15", "02:45"), ("10:00", "11:00"))),
    "sliver": Hours("America/New_York", (7,), (("02:30", "03:10"),), targets=SHORT_TARGETS),
    "half_hour_change": Hours("Australia/Lord_Howe", EVERY_DAY, (("01:40", "02:20"), *OFFICE)),
    "change_at_midnight": Hours("America/Santiago", EVERY_DAY, ALL_DAY, ("2026-04-04",)),
    "week_end": Hours("Pacific/Kiritimati", WEEK_END, (("10:00", "16:00"),), ("2025-12-27",)),
    "seldom": Hours("Europe/London", (3,), (("10:00", "10:45"),), targets=SHORT_TARGETS),
}
KEPT = {
    "int_calendar_days.sql",
    "int_business_hours.sql",
    "int_business_time.sql",
    "int_handoff_due_times.sql",
    "_column_docs.md",
}
"""The models of the project that the answers come from, and the texts that seeds refer to."""
SPANS = """version: 2
seeds:
  - name: spans
    config: {column_types: {starts_at: timestamp, ends_at: timestamp, minutes: integer}}
"""
MODELS = {
    "int_handoffs": "select starts_at as handed_off_at from {{ ref('spans') }}",
    "int_handoff_policies": """
select
    span_id as lead_id,
    1 as handoff_number,
    calendar,
    'business' as sla_clock,
    starts_at as sla_starts_at,
    minutes as response_target_minutes
from {{ ref('spans') }}
""",
    "business_spans": """
{{ config(schema='marts') }}
select
    spans.span_id,
    cast(1000000 * (
        {{ opening_seconds_until('time_at_end', 'spans.ends_at') }}
        - {{ opening_seconds_until('time_at_start', 'spans.starts_at') }}
    ) as bigint) as opening_microseconds,
    due_times.sla_due_at
from {{ ref('spans') }} as spans
left join {{ ref('int_business_time') }} as time_at_start
    on {{ lies_in('time_at_start', 'spans.calendar', 'spans.starts_at') }}
left join {{ ref('int_business_time') }} as time_at_end
    on {{ lies_in('time_at_end', 'spans.calendar', 'spans.ends_at') }}
left join {{ ref('int_handoff_due_times') }} as due_times on spans.span_id = due_times.lead_id
""",
}
"""Spans stand in for hand-offs; how long each was open and when its answer is due is asked."""


@dataclass(frozen=True)
class Span:
    """From one time to a later one, and a response target in minutes."""

    calendar: str
    starts_at: datetime
    ends_at: datetime
    minutes: int


@dataclass(frozen=True)
class Answer:
    """How long a span is open, in microseconds, and when its target is reached."""

    microseconds: int
    due_at: datetime | None


def in_utc(day: datetime, clock: str, zone: str) -> datetime:
    """A local clock time of a day in UTC, by the first reading where it has two."""
    hours, minutes = clock.split(":")
    local = day + timedelta(hours=int(hours), minutes=int(minutes))
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def clock_changes(zone: str) -> list[datetime]:
    """The hours of the two years, in UTC, at whose beginning the clock changes."""
    hours = [BEGIN + number * timedelta(minutes=30) for number in range((END - BEGIN).days * 48)]
    offsets = [hour.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]


def drawn_time(rng: Random, hours: Hours, changes: list[datetime]) -> datetime:
    """A time at or near a clock change, at an opening or closing time, or any other."""
    draw = rng.random()
    near = rng.choice(changes) if changes and draw < 0.5 else None
    anywhere = BEGIN + timedelta(seconds=rng.randrange(int((END - BEGIN).total_seconds())))
    if draw < 0.25 and near:
        time = near + rng.choice([0, 0, 1, -1, 2, rng.randrange(-48, 48)]) * timedelta(minutes=30)
    elif draw < 0.75:
        day = near + rng.randrange(-2, 2) * DAY if near else anywhere
        day = datetime(day.year, day.month, day.day)
        if hours.holidays and rng.random() < 0.1:
            day = datetime.fromisoformat(rng.choice(hours.holidays))
        time = in_utc(day, rng.choice(rng.choice(hours.openings)), hours.zone)
    else:
        time = anywhere
    if rng.random() < 0.2:
        return time + rng.randrange(1_000_000) * MICROSECOND
    return time + rng.choice(NUDGES)


def drawn_spans(rng: Random) -> list[Span]:
    """Random spans of every calendar."""
    spans = []
    for calendar, hours in CALENDARS.items():
        changes = clock_changes(hours.zone)
        for _ in range(SPANS_PER_CALENDAR):
            start = drawn_time(rng, hours, changes)
            if rng.random() < 0.4:
                day = datetime(start.year, start.month, start.day) + rng.randrange(8) * DAY
                end = in_utc(day, rng.choice(rng.choice(hours.openings)), hours.zone)
                end = max(start, end + rng.choice(NUDGES))
            else:
                longest = rng.choice([1, 3600, 86400, 5 * 86400, 40 * 86400])
                end = start + rng.randrange(longest) * SECOND + rng.choice([NUDGES[0], MICROSECOND])
            spans.append(Span(calendar, start, end, rng.choice(hours.targets)))
    return spans


def put_into(project: Path, spans: list[Span]) -> None:
    """Leave business time only in a copy of the project; add the calendars and the spans."""
    for folder in ("models", "snapshots", "tests", "analyses"):
        for path in (project / folder).rglob("*.*"):
            if path.name not in KEPT:
                path.unlink()
    policy = project / "seeds" / "policy"
    with (policy / "business_hours.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            (calendar, hours.zone, day, opens, closes)
            for calendar, hours in CALENDARS.items()
            for day in hours.days
            for opens, closes in hours.openings
        )
    with (policy / "holidays.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            (calendar, holiday, "")
            for calendar, hours in CALENDARS.items()
            for holiday in hours.holidays
        )
    with (project / "seeds" / "spans.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["span_id", "calendar", "starts_at", "ends_at", "minutes"])
        for number, span in enumerate(spans):
            writer.writerow([number, span.calendar, span.starts_at, span.ends_at, span.minutes])
    (project / "seeds" / "spans.yml").write_text(SPANS, encoding="utf-8")
    for model, sql in MODELS.items():
        (project / "models" / f"{model}.sql").write_text(sql, encoding="utf-8")


@pytest.fixture(scope="module")
def spans() -> list[Span]:
    """The spans, the same in every run."""
    return drawn_spans(Random(20260329))


@pytest.fixture(scope="module")
def project(spans: list[Span], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that knows nothing but business time and the spans."""
    copy = copy_project(tmp_path_factory.mktemp("business_time") / "project")
    put_into(copy, spans)
    return copy


@pytest.fixture(scope="module")
def expected(spans: list[Span], project: Path) -> list[Answer]:
    """The answers of the reference."""
    policy = load_policy(project / "seeds" / "policy")
    return [
        Answer(
            int(1_000_000 * business_seconds(s.calendar, s.starts_at, s.ends_at, policy)),
            due_at(s.calendar, s.starts_at, s.minutes, policy),
        )
        for s in spans
    ]


@pytest.fixture(scope="module", params=ENGINES)
def answers(request: pytest.FixtureRequest, project: Path) -> list[Answer]:
    """The answers of SQL, on each engine."""
    if request.param == "duckdb":
        warehouse = duckdb_warehouse(project / "business_time.duckdb")
    else:
        warehouse = postgres_warehouse(request.getfixturevalue("postgres"), "business_time")
    build(
        warehouse,
        project=project,
        as_of=CLOCK,
        arguments=(*DATA_ONLY, "--select", "+business_spans"),
    )
    rows = warehouse.read(
        "select opening_microseconds, sla_due_at "
        f"from {warehouse.marts}.business_spans order by cast(span_id as integer)"
    )
    return [
        Answer(int(row.opening_microseconds), normal(row.sla_due_at)) for row in rows.itertuples()
    ]


def test_opening_time_agrees_with_the_reference(
    spans: list[Span], expected: list[Answer], answers: list[Answer]
) -> None:
    """The time that a calendar is open within each span, to the microsecond."""
    lines = [
        f"{span}: expected {wanted.microseconds}, is {found.microseconds}"
        for span, wanted, found in zip(spans, expected, answers, strict=True)
        if wanted.microseconds != found.microseconds
    ]
    assert not lines, shown(lines)


def test_due_time_agrees_with_the_reference(
    spans: list[Span], expected: list[Answer], answers: list[Answer]
) -> None:
    """The earliest instant at which the target is reached."""
    lines = [
        f"{span}: expected {wanted.due_at}, is {found.due_at}"
        for span, wanted, found in zip(spans, expected, answers, strict=True)
        if wanted.due_at != found.due_at
    ]
    assert not lines, shown(lines)


def test_spans_come_to_every_edge(spans: list[Span], expected: list[Answer]) -> None:
    """Clock changes, openings, closings, holidays, closed times and fractions are met often."""
    answer = dict(zip(spans, expected, strict=True))
    assert len(spans) >= FEWEST_SPANS
    assert {span.calendar for span in spans} == set(CALENDARS)
    met = {
        "clock change": [
            s for s in spans if utc_offset(s, s.starts_at) != utc_offset(s, s.ends_at)
        ],
        "begins at an edge": [s for s in spans if wall_clock(s, s.starts_at) in edges(s)],
        "ends at an edge": [s for s in spans if wall_clock(s, s.ends_at) in edges(s)],
        "due at a closing": [s for s in spans if wall_clock(s, answer[s].due_at) in edges(s)],
        "due after a clock change": [
            s for s in spans if utc_offset(s, s.starts_at) != utc_offset(s, answer[s].due_at)
        ],
        "closed throughout": [s for s in spans if answer[s].microseconds == 0],
        "begins on a holiday": [s for s in spans if local(s, s.starts_at).date() in holidays(s)],
        "fraction of a second": [s for s in spans if s.starts_at.microsecond],
    }
    assert {name: len(found) for name, found in met.items() if len(found) < FEWEST_AT_AN_EDGE} == {}


def local(span: Span, time: datetime) -> datetime:
    """A time as the span's calendar sees it."""
    return time.replace(tzinfo=UTC).astimezone(ZoneInfo(CALENDARS[span.calendar].zone))


def utc_offset(span: Span, time: datetime) -> timedelta | None:
    """How far the span's calendar is ahead of UTC at a time."""
    return local(span, time).utcoffset()


def wall_clock(span: Span, time: datetime) -> str:
    """The clock time of the span's calendar, to the microsecond."""
    return f"{local(span, time):%H:%M:%S.%f}".removesuffix(":00.000000")


def edges(span: Span) -> set[str]:
    """The clock times at which the span's calendar opens or closes."""
    openings = CALENDARS[span.calendar].openings
    return {clock.replace("24:00", "00:00") for opening in openings for clock in opening}


def holidays(span: Span) -> set[date]:
    """The days on which the span's calendar is closed."""
    return {date.fromisoformat(holiday) for holiday in CALENDARS[span.calendar].holidays}
