"""Attribute history of random worlds: what the leads and accounts of a folder were before.

It draws from random numbers of its own, so the other tables of a folder are the same with it and
without. Changes like instants at which something else happens, and those at which rules change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from python_checks.world_dirt import (
    FALSE,
    IMPLAUSIBLE_PAST,
    NO_COUNTRY,
    TRUE,
    UNREADABLE_FLAGS,
    day_alone,
    dirty_country,
    dirty_number,
    dirty_reference,
    dirty_text,
)

Row = dict[str, str]
Tables = dict[str, list[Row]]

TABLE = "attribute_changes"
COLUMNS = (
    "change_id",
    "object",
    "record_id",
    "attribute",
    "old_value",
    "new_value",
    "changed_at",
    "received_at",
)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SHARE_OF_RECORDS = {"lead": 0.4, "account": 0.7}
TIMES_OF = {
    "leads": "created_at",
    "web_events": "occurred_at",
    "marketing_activities": "occurred_at",
    "lead_status_changes": "changed_at",
    "qualification_answers": "answered_at",
    "opportunities": "created_at",
}
"""The tables to whose instants changes like to fall."""
JOB_TITLES = ("VP Marketing", "CMO", "Student", "Analyst", "Head of Growth", "")
INDUSTRIES = ("Software", "Healthcare", "Mining", "Retail", "")
EMPLOYEES = ("0", "30", "49", "50", "499", "500", "1000", "1001", "1500", "")
REVENUES = ("1000000", "250000.50", "$5,000,000", "0", "")
COUNTRIES = ("US", "DE", "GB", "BR", "IN", "PL", "")
STATUSES = ("active", "active", "closed", "Closed", "acquired", "")


def _flag(rng: Random) -> str:
    return rng.choice([*TRUE, *FALSE, *FALSE, "", rng.choice(UNREADABLE_FLAGS)])


def _number(values: tuple[str, ...]) -> Callable[[Random], str]:
    return lambda rng: dirty_number(rng, rng.choice(values).lstrip("$").replace(",", ""))


VALUES: dict[str, dict[str, Callable[[Random], str]]] = {
    "lead": {
        "job_title": lambda rng: dirty_text(rng, rng.choice(JOB_TITLES)),
        "country": lambda rng: dirty_country(rng, rng.choice(COUNTRIES)),
        "industry": lambda rng: dirty_text(rng, rng.choice(INDUSTRIES)),
        "employee_count": _number(EMPLOYEES),
        "annual_revenue": _number(REVENUES),
    },
    "account": {
        "industry": lambda rng: dirty_text(rng, rng.choice(INDUSTRIES)),
        "employee_count": _number(EMPLOYEES),
        "annual_revenue": _number(REVENUES),
        "country": lambda rng: rng.choice([rng.choice(COUNTRIES), rng.choice(NO_COUNTRY)]),
        "status": lambda rng: rng.choice([*STATUSES, *STATUSES, "pending"]),
        "is_competitor": _flag,
        "is_target_account": _flag,
    },
}
"""By object and attribute what may stand in a cell."""
CUSTOM: dict[str, dict[str, Callable[[Random], str]]] = {
    "lead": {
        "human_grade": lambda rng: dirty_text(rng, rng.choice(["Good", "good", "fair", "n/a", ""])),
        "payback": lambda rng: dirty_number(rng, rng.choice(["0", "12.5", "99.994", "100", ""])),
    },
    "account": {
        "seats": lambda rng: dirty_number(rng, rng.choice(["0", "5", "20", "50", "51", ""])),
        "is_reseller": _flag,
        "renews_on": lambda rng: rng.choice(["2026-05-01", "2026-10-01T08:00:00Z", "soon", ""]),
    },
}
"""Attributes that no record has a column for; of no consequence where attributes.csv lists none."""
OFTEN = {"lead": ("job_title", "country"), "account": ("employee_count", "industry", "status")}
NOT_TRACKED = ("phone", "Owner", "lifecycle_stage", "is_deleted", "n/a")
"""Attributes that no rule may ask for."""
UNUSABLE = (
    ("change_id", ""),
    ("change_id", "n/a"),
    ("change_id", "7.01E+14"),
    ("object", "contact"),
    ("object", ""),
    ("record_id", ""),
    ("record_id", "null"),
    ("record_id", "7.01E+14"),
    ("attribute", ""),
    ("changed_at", ""),
    ("changed_at", "soon"),
    ("changed_at", IMPLAUSIBLE_PAST[0]),
    ("changed_at", IMPLAUSIBLE_PAST[2]),
)
"""Column and value of a row that cannot be used."""
SHARE_UNUSABLE = 0.05


class History:
    """The changes of the records of one world.

    Attributes:
        prefix: The world's.
        rng: Random numbers.
        times: Instants at which something happens there.
        as_of: The clock.
        rows: The changes so far.
    """

    def __init__(self, prefix: str, rng: Random, times: list[datetime], as_of: datetime) -> None:
        """Begin without changes."""
        self.prefix = prefix
        self.rng = rng
        self.times = times
        self.as_of = as_of
        self.rows: list[Row] = []

    def instant(self) -> datetime:
        """An instant of the world, the first of a month, one about the clock, or any."""
        draw = self.rng.random()
        if self.times and draw < 0.4:
            return self.rng.choice(self.times) + self.rng.choice([0, 0, 0, -1, 1]) * SECOND
        if draw < 0.55:
            return datetime(2026, self.rng.randrange(2, 11), 1)
        if draw < 0.62:
            return self.as_of + self.rng.choice([0, 1, -1]) * SECOND
        if draw < 0.72:
            return self.as_of + self.rng.randrange(1, 60) * DAY
        return datetime(2026, 1, 5) + timedelta(seconds=self.rng.randrange(268 * 86400))

    def add(self, kind: str, record_id: str, attribute: str, old: str, new: str) -> Row:
        """A change at some instant."""
        return self.add_at(self.instant(), kind, record_id, attribute, old, new)

    def add_at(
        self, at: datetime, kind: str, record_id: str, attribute: str, old: str, new: str
    ) -> Row:
        """A change at an instant, spelled as extracts do."""
        rng = self.rng
        received = at + 5 * SECOND
        row = {
            "change_id": f"{self.prefix}H{len(self.rows):03d}",
            "object": rng.choice([kind, kind, kind.title(), f" {kind.upper()} "]),
            "record_id": dirty_reference(rng, record_id),
            "attribute": rng.choice([attribute, attribute, attribute.upper()]),
            "old_value": old,
            "new_value": new,
            "changed_at": day_alone(at) if rng.random() < 0.03 else shown(rng, at),
            "received_at": rng.choice([shown(rng, received)] * 9 + ["", "n/a"]),
        }
        self.rows.append(row)
        return row

    def history_of(
        self,
        kind: str,
        record_id: str,
        attribute: str,
        now: str,
        value: Callable[[Random], str],
    ) -> None:
        """One to four changes of an attribute, mostly from value to value until today's.

        At times several fall to one instant, the old value is missing or contradicts the one
        before, and the record itself says something else by now.
        """
        rng = self.rng
        at = sorted(self.instant() for _ in range(rng.choice([1, 1, 2, 3, 4])))
        if len(at) > 1 and rng.random() < 0.4:
            at[1] = at[0]
        chain = [value(rng) for _ in at] + [now if rng.random() < 0.8 else value(rng)]
        for number, when in enumerate(at):
            old = chain[number] if rng.random() < 0.85 else rng.choice(["", value(rng)])
            self.add_at(when, kind, record_id, attribute, old, chain[number + 1])


def add_attribute_changes(tables: Tables, seed: int, as_of: datetime) -> None:
    """Fill the table of changes for the records of all worlds."""
    rng = Random(f"attributes {seed}")
    worlds: dict[str, Tables] = {}
    for name in (*TIMES_OF, "accounts"):
        for row in tables[name]:
            prefix = next(iter(row.values()))[:5]
            if prefix.startswith("w"):
                worlds.setdefault(prefix, {})
                worlds[prefix].setdefault(name, []).append(row)
    rows: list[Row] = []
    for prefix, own in sorted(worlds.items()):
        history = History(prefix, rng, times_of(own), as_of)
        _add_histories(history, own)
        _add_what_does_not_count(history, own)
        rows += history.rows
    tables[TABLE] = [*rows, *_copies(rows, rng), *_unusable(rows, rng)]
    rng = Random(f"custom attributes {seed}")
    for prefix, own in sorted(worlds.items()):
        history = History(f"{prefix}C", rng, times_of(own), as_of)
        _add_custom_histories(history, own)
        tables[TABLE] += history.rows


def times_of(own: Tables) -> list[datetime]:
    """The readable instants of a world."""
    found = []
    for table, column in TIMES_OF.items():
        for row in own.get(table, []):
            try:
                time = datetime.fromisoformat(row[column].replace("Z", "+00:00"))
            except ValueError:
                continue
            offset = time.utcoffset() or timedelta(0)
            time = time.replace(tzinfo=None) - offset
            if datetime(2025, 12, 1) < time < datetime(2027, 6, 1):
                found.append(time)
    return found


def _add_histories(history: History, own: Tables) -> None:
    """Changes of some attributes of some of the records, living or not."""
    rng = history.rng
    for kind, table, key in (("lead", "leads", "lead_id"), ("account", "accounts", "account_id")):
        for record in own.get(table, []):
            if not record[key] or rng.random() > SHARE_OF_RECORDS[kind]:
                continue
            attributes = {rng.choice(OFTEN[kind]), rng.choice(list(VALUES[kind]))}
            for attribute in sorted(attributes):
                now, value = record.get(attribute, ""), VALUES[kind][attribute]
                history.history_of(kind, record[key], attribute, now, value)


def _add_custom_histories(history: History, own: Tables) -> None:
    """Changes of what no record has a column for."""
    rng = history.rng
    for kind, table, key in (("lead", "leads", "lead_id"), ("account", "accounts", "account_id")):
        for record in own.get(table, []):
            if record[key] and rng.random() < SHARE_OF_RECORDS[kind]:
                attribute = rng.choice(list(CUSTOM[kind]))
                now, value = CUSTOM[kind][attribute](rng), CUSTOM[kind][attribute]
                history.history_of(kind, record[key], attribute, now, value)


def _add_what_does_not_count(history: History, own: Tables) -> None:
    """Changes of other attributes, and of records that nobody has."""
    rng = history.rng
    leads = own.get("leads", [])
    for _ in range(rng.choice([0, 1, 2])):
        record_id = rng.choice(leads)["lead_id"]
        old, new = rng.choice(["+1", "", "n/a"]), rng.choice(["+2", "", "x"])
        history.add("lead", record_id, rng.choice(NOT_TRACKED), old, new)
    if rng.random() < 0.15:
        nobody = rng.choice([f"{history.prefix}-nobody", f"{history.prefix}A-missing"])
        history.add(rng.choice(["lead", "account"]), nobody, "industry", "Retail", "Software")
    if rng.random() < 0.1:
        accounts = [row["account_id"] for row in own.get("accounts", [])]
        history.add("lead", rng.choice([*accounts, "x"]), "industry", "Retail", "Software")
        history.add("account", rng.choice(leads)["lead_id"], "status", "active", "closed")
        history.add("lead", rng.choice(leads)["lead_id"], "status", "active", "closed")


def _copies(rows: list[Row], rng: Random) -> list[Row]:
    """Rows whose key is there already: the same, or clearly newer or older with another value."""
    found = []
    for row in rows:
        if rng.random() > 0.06:
            continue
        copy = dict(row)
        found.append(copy)
        if rng.random() < 0.3:
            continue
        try:
            received = datetime.fromisoformat(row["received_at"].replace("Z", "+00:00"))
        except ValueError:
            received = datetime(2026, 1, 5)
            row["received_at"] = f"{received}"
        copy["received_at"] = (received + rng.choice([-90, -1, 1, 14]) * DAY).isoformat(sep=" ")
        column = rng.choice(["new_value", "old_value", "changed_at", "record_id"])
        copy[column] = row[column] if column == "changed_at" else rng.choice(rows)[column]
        if column == "record_id":
            copy[column] = rng.choice(
                [r for r in rows if r["change_id"][:5] == row["change_id"][:5]]
            )[column]
    return found


def _unusable(rows: list[Row], rng: Random) -> list[Row]:
    """Rows with every fault that makes one unusable, under a new key or that of another one."""
    found = []
    for number in range(max(len(UNUSABLE), int(len(rows) * SHARE_UNUSABLE)) if rows else 0):
        column, value = UNUSABLE[number % len(UNUSABLE)]
        copy = dict(rng.choice(rows))
        if rng.random() < 0.7:
            copy["change_id"] = f"{copy['change_id']}-bad"
        copy[column] = value
        found.append(copy)
    return found


def shown(rng: Random, time: datetime) -> str:
    """A time in UTC or with an offset."""
    fraction = f".{time.microsecond // 1000:03d}" if time.microsecond else ""
    minutes, suffix = rng.choice([(0, ""), (0, ""), (0, "Z"), (120, "+02:00"), (-300, "-05:00")])
    local = time + timedelta(minutes=minutes)
    return f"{local:%Y-%m-%d}{'T' if suffix else ' '}{local:%H:%M:%S}{fraction}{suffix}"
