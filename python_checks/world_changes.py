"""Days in the lives of random worlds: what changes in raw data from one extract to the next.

Each world gets changes of its own, so many worlds are as many random sequences of days.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from python_checks.reference.raw import HAPPENED_AT
from python_checks.world_attributes import TABLE as ATTRIBUTE_CHANGES
from python_checks.world_attributes import VALUES
from python_checks.world_dirt import TRUE
from python_checks.worlds import CHANGED_IN_COPY, COLUMNS, DAY, LATEST_BY, SECOND

Row = dict[str, str]
Tables = dict[str, list[Row]]

OTHER_WAYS = ("leads", "attribute_changes")
"""Tables whose rows do not simply happen: records, and changes of them."""
HAPPENED = {table: time for table, time in HAPPENED_AT.items() if table not in OTHER_WAYS}
WHOSE = {
    "web_events": ("lead_id", "email", "anonymous_id"),
    "marketing_activities": ("lead_id", "email"),
    "email_events": ("email", "campaign_id"),
    "product_events": ("email",),
    "intent_signals": ("account_domain",),
    "sales_activities": ("lead_id",),
    "lead_status_changes": ("lead_id",),
    "qualification_answers": ("lead_id",),
    "opportunities": ("lead_id",),
    "leads": ("account_id", "campaign_id", "created_at"),
    "accounts": ("domain", "employee_count", "industry", "country"),
}
MOST_LEADS_TO_MERGE = 12
"""Worlds with more have a merge chain that must not become longer."""
QUIET_SHARE = 0.3
"""Of the worlds, on which nothing happens on a day."""


@dataclass
class Day:
    """One world on one day.

    Attributes:
        prefix: The world's.
        tables: The raw rows of all worlds.
        own: The rows of this world.
        rng: Random numbers.
        begin: The clock of the day before.
        end: The clock of the day.
        number: How many records were added.
    """

    prefix: str
    tables: Tables
    own: Tables
    rng: Random
    begin: datetime
    end: datetime
    number: int = 0
    done: list[str] = field(default_factory=list)

    def pick_row(self, *tables: str) -> tuple[str, Row] | None:
        """A row of this world in one of the tables."""
        filled = [table for table in tables if self.own[table]]
        if not filled:
            return None
        table = self.rng.choice(filled)
        return table, self.rng.choice(self.own[table])

    def add(self, table: str, row: Row) -> Row:
        """Append a row."""
        self.tables[table].append(row)
        self.own[table].append(row)
        return row

    def new_id(self) -> str:
        """An id that no record has."""
        self.number += 1
        return f"{self.prefix}D{self.end:%m%d%H}-{self.number}"

    def today(self) -> datetime:
        """An instant of the day, at times its first or last."""
        return self.rng.choice(
            [
                self.end,
                self.begin + SECOND,
                self.begin + self.rng.random() * (self.end - self.begin),
            ]
        )


def another(day: Day, at: datetime) -> None:
    """A record like another one, at an instant."""
    found = day.pick_row(*HAPPENED)
    if found is None:
        return
    table, row = found
    copy = row | {COLUMNS[table][0]: day.new_id(), HAPPENED[table]: shown(at)}
    if "received_at" in copy:
        copy["received_at"] = shown(at + 5 * SECOND)
    if table == "opportunities" and copy["closed_at"]:
        copy["closed_at"] = shown(at + day.rng.choice([1, 5, 30]) * DAY)
    day.add(table, copy)


def new_record(day: Day) -> None:
    """Something happens today."""
    another(day, day.today())


def late_record(day: Day) -> None:
    """Something that happened long ago arrives today."""
    another(day, day.end - day.rng.randrange(1, 250) * DAY)


def early_record(day: Day) -> None:
    """Something that lies in the future, soon to be past."""
    another(day, day.end + day.rng.randrange(1, 20) * DAY)


def duplicate(day: Day) -> None:
    """The same row once more, or with the same key received later."""
    found = day.pick_row(*LATEST_BY)
    if found is None:
        return
    table, row = found
    copy = day.add(table, dict(row))
    if day.rng.random() < 0.5:
        if table != "opportunities":
            copy[LATEST_BY[table]] = shown(day.end)
        change(day, table, copy)


def correction(day: Day) -> None:
    """A cell changes in place."""
    found = day.pick_row(*LATEST_BY)
    if found is not None:
        change(day, *found)


def change(day: Day, table: str, row: Row) -> None:
    """Another row of the world gives the cell its value; often it is whose the record is."""
    columns = day.rng.choice([CHANGED_IN_COPY[table], WHOSE[table]])
    column = day.rng.choice(columns)
    row[column] = day.rng.choice(day.own[table])[column]


def deletion(day: Day) -> None:
    """A row is gone."""
    found = day.pick_row(*LATEST_BY)
    if found is None or (found[0] == "leads" and len(day.own["leads"]) < 2):
        return
    table, row = found
    for rows in (day.tables[table], day.own[table]):
        rows[:] = [other for other in rows if other is not row]


def merge(day: Day) -> None:
    """A lead is merged into another one, or no longer."""
    leads = day.own["leads"]
    if len(leads) <= MOST_LEADS_TO_MERGE:
        into = day.rng.choice(leads)["lead_id"]
        day.rng.choice(leads)["merged_into_lead_id"] = day.rng.choice([into, into, ""])


def erasure(day: Day) -> None:
    """A lead is deleted, or is back."""
    row = day.rng.choice(day.own["leads"])
    row["is_deleted"] = "false" if row["is_deleted"] in TRUE else "true"


def address(day: Day) -> None:
    """A lead gets the address of another one, or a new one at an account or nowhere."""
    row = day.rng.choice(day.own["leads"])
    domains = [account["domain"].strip() for account in day.own["accounts"]] or ["gmail.com"]
    row["email"] = day.rng.choice(
        [
            day.rng.choice(day.own["leads"])["email"],
            f"{day.new_id()}@{day.rng.choice(domains)}",
            f"{day.new_id()}@gmail.com",
            "",
        ]
    )


def identify(day: Day) -> None:
    """A visitor says who it is: today, or before everything else."""
    found = day.pick_row("web_events")
    if found is None:
        return
    at = day.rng.choice([day.today(), day.end - 300 * DAY])
    who = day.rng.choice(day.own["leads"])
    row = found[1] | {
        "event_id": day.new_id(),
        "event_name": "identify",
        "lead_id": day.rng.choice([who["lead_id"], ""]),
        "email": day.rng.choice([who["email"], ""]),
        "occurred_at": shown(at),
        "received_at": shown(at),
    }
    row["anonymous_id"] = row["anonymous_id"] or f"{day.prefix}v1"
    day.add("web_events", row)


def account(day: Day) -> None:
    """An account gets a new description."""
    found = day.pick_row("accounts")
    if found is None:
        return
    row = found[1]
    row |= day.rng.choice(
        [
            {"domain": day.rng.choice([f"{day.prefix}a.com", f"{day.prefix}b.io", ""])},
            {"industry": day.rng.choice(["Software", "Mining", ""])},
            {"employee_count": day.rng.choice(["10", "75", "600", "5000"])},
            {"is_competitor": day.rng.choice(["true", "false"])},
            {"status": day.rng.choice(["active", "closed"])},
        ]
    )


def new_account(day: Day) -> None:
    """A company is entered, often with the domain of another one and an id that comes first."""
    found = day.pick_row("accounts")
    if found is not None:
        key = day.rng.choice([f"{day.prefix}A0-{day.end:%m%d}", f"{day.prefix}Z{day.end:%m%d}"])
        day.add("accounts", found[1] | {"account_id": key})


def new_lead(day: Day) -> None:
    """Somebody is entered, often with an address that is there already."""
    row = day.rng.choice(day.own["leads"])
    emails = [found["email"] for found in day.own["email_events"] + day.own["web_events"]]
    created_at = day.rng.choice([day.today(), day.end - day.rng.randrange(300) * DAY])
    day.add(
        "leads",
        row
        | {
            "lead_id": day.new_id(),
            "email": day.rng.choice([row["email"], *emails]),
            "merged_into_lead_id": "",
            "created_at": shown(created_at),
            "updated_at": shown(created_at),
        },
    )


def deal(day: Day) -> None:
    """A deal is closed, or open again."""
    found = day.pick_row("opportunities")
    if found is not None:
        row = found[1]
        row["closed_at"] = "" if row["closed_at"] else shown(day.today())
        row["is_won"] = day.rng.choice(["true", "false"]) if row["closed_at"] else ""


def contact(day: Day) -> None:
    """Somebody joins a deal."""
    found = day.pick_row("opportunities")
    if found is not None:
        row = dict.fromkeys(COLUMNS["opportunity_contacts"], "") | {
            "opportunity_id": found[1]["opportunity_id"],
            "lead_id": day.rng.choice(day.own["leads"])["lead_id"],
        }
        key = (row["opportunity_id"], row["lead_id"])
        contacts = day.tables["opportunity_contacts"]
        if key not in {(other["opportunity_id"], other["lead_id"]) for other in contacts}:
            contacts.append(row)


def opt_out(day: Day) -> None:
    """A lead's flag is set, with a time or without, or is gone."""
    row = day.rng.choice(day.own["leads"])
    row["has_opted_out"] = day.rng.choice(["Y", "true", "false", ""])
    row["opted_out_at"] = day.rng.choice([shown(day.today()), ""])
    row["updated_at"] = shown(day.end)


def reopened_deal(day: Day) -> None:
    """A deal gets the flag that says whether it is closed."""
    found = day.pick_row("opportunities")
    if found is not None:
        found[1]["is_closed"] = day.rng.choice(["true", "false", ""])
        found[1]["updated_at"] = shown(day.end)


def machine(day: Day) -> None:
    """An e-mail or a sales e-mail turns out to be a machine's."""
    found = day.pick_row("email_events", "sales_activities")
    if found is not None:
        found[1]["is_automated"] = day.rng.choice(["true", "1.0", ""])


def attribute(day: Day) -> None:
    """An attribute changes today, or it turns out that it did: the record and its history say so.

    At times only one of the two does, or what arrives is about the past.
    """
    found = day.pick_row("leads", "accounts")
    if found is None:
        return
    kind = "lead" if found[0] == "leads" else "account"
    row, name = found[1], day.rng.choice(list(VALUES[kind]))
    new = VALUES[kind][name](day.rng)
    at = day.rng.choice([day.today(), day.today(), day.end - day.rng.randrange(1, 250) * DAY])
    change_row = {
        "change_id": day.new_id(),
        "object": kind,
        "record_id": next(iter(row.values())),
        "attribute": name,
        "old_value": row[name],
        "new_value": new,
        "changed_at": shown(at),
        "received_at": shown(day.end),
    }
    if day.rng.random() < 0.8:
        row[name] = new
    if day.rng.random() < 0.9:
        day.tables[ATTRIBUTE_CHANGES].append(change_row)


def shown(time: datetime) -> str:
    """A time as raw tables have it."""
    return f"{time:%Y-%m-%d %H:%M:%S.%f}"


CHANGES: tuple[Callable[[Day], None], ...] = (
    new_record,
    new_record,
    late_record,
    early_record,
    duplicate,
    correction,
    correction,
    deletion,
    merge,
    erasure,
    address,
    identify,
    account,
    new_account,
    new_lead,
    deal,
    contact,
    opt_out,
    reopened_deal,
    machine,
    attribute,
    attribute,
)


def read_tables(folder: Path) -> Tables:
    """Read a raw folder."""
    tables = {}
    for name in COLUMNS:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


def write_tables(tables: Tables, folder: Path) -> Path:
    """Write a raw folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables[name])
    return folder


def pass_a_day(tables: Tables, rng: Random, begin: datetime, end: datetime) -> dict[str, list[str]]:
    """Change the rows of the worlds in place; returns by world the names of its changes."""
    worlds: dict[str, Tables] = {}
    for name in LATEST_BY:
        for row in tables[name]:
            prefix = next(iter(row.values()))[:5]
            if prefix.startswith("w"):
                worlds.setdefault(prefix, {table: [] for table in LATEST_BY})[name].append(row)
    done = {}
    for prefix, own in sorted(worlds.items()):
        day = Day(prefix, tables, own, rng, begin, end)
        if rng.random() < QUIET_SHARE or not own["leads"]:
            continue
        for _ in range(rng.randrange(1, 4)):
            chosen = rng.choice(CHANGES)
            chosen(day)
            day.done.append(chosen.__name__)
        done[prefix] = day.done
    change_common_tables(tables, rng)
    return done


def change_common_tables(tables: Tables, rng: Random) -> None:
    """Change what belongs to no world: a campaign, what it cost, who works in sales."""
    campaign = rng.choice(tables["campaigns"])
    campaign["channel"] = rng.choice(["inbound", "outbound", campaign["channel"]])
    campaign["name"] = rng.choice(["Renamed", campaign["name"]])
    rng.choice(tables["campaign_costs"])["cost"] = str(rng.randrange(1, 9000))
    reps = tables["sales_reps"]
    if len(reps) > 1 and rng.random() < 0.5:
        reps.remove(rng.choice(reps))
