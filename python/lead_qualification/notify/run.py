"""One round of messages: what is due and was not told is sent, and noted before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lead_qualification.checkpoint import DONE, FAILED, IN_DOUBT, Checkpoint
from lead_qualification.errors import ConfigurationError
from lead_qualification.labels import Labels, labels_of
from lead_qualification.notify.messages import Message, item_key, messages
from lead_qualification.notify.numbers import with_numbers
from lead_qualification.notify.occasions import OCCASIONS, Item, items
from lead_qualification.notify.rules import REP, Rule, read_rules
from lead_qualification.notify.senders import Sender, SendError, crm_url, list_variable, sender
from lead_qualification.settings import setting
from lead_qualification.warehouse import Connection, Warehouse

AS_THEY_ARE = ("key", "account", "rep_id")
"""Columns of an occasion that hold no codes."""

ADDRESSES = """
select rep_id, email
from {staging}.stg_sales__sales_reps
where email is not null
"""


@dataclass(frozen=True)
class Known:
    """What a build says that is told now or later.

    Attributes:
        rules: The active rules with their items, the earliest first.
        addresses: Rep to e-mail address.
    """

    rules: list[tuple[Rule, list[Item]]]
    addresses: dict[str, str]


@dataclass
class Outcome:
    """What became of a round.

    Attributes:
        sent: Messages per notification.
        failed: Why messages were not sent, and how many.
        without_address: Reps without an e-mail address, and how many items nobody was told of.
        next_at: When the next item that is known in advance is due, UTC; None if none is.
    """

    sent: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    without_address: Counter[str] = field(default_factory=Counter)
    next_at: datetime | None = None


def read(warehouse: Warehouse) -> Known:
    """Return what the last build says.

    Raises:
        WarehouseError: The warehouse cannot be read.
        ConfigurationError: A rule says what cannot be done.
    """
    labels = labels_of(warehouse)
    with warehouse.connection() as connection:
        rules = read_rules(connection, warehouse.policy)
        rows: dict[str, list[dict[str, object]]] = {}
        for rule in rules:
            if rule.occasion not in rows:
                rows[rule.occasion] = _rows(
                    connection, warehouse, labels, OCCASIONS[rule.occasion].sql
                )
        told = [(rule, items(rule.occasion, rows[rule.occasion], rule.minutes)) for rule in rules]
        told = [
            (rule, [with_numbers(connection, warehouse, labels, item) for item in found])
            if rule.occasion == "numbers"
            else (rule, found)
            for rule, found in told
        ]
        staging = f"{warehouse.schema}_staging"
        addresses = connection.table(ADDRESSES.format(staging=staging)).rows
    return Known(told, {str(rep): str(address) for rep, address in addresses})


def round_of_messages(
    known: Known,
    states: dict[str, tuple[str, str]],
    now: datetime,
    outcome: Outcome,
) -> list[Message]:
    """Return what is due and was not told.

    Args:
        known: What the last build says.
        states: What the checkpoint knows.
        now: UTC.
        outcome: Gets the reps without an address, and the next instant.
    """
    found = []
    for rule, all_items in known.rules:
        outcome.next_at = _earlier(
            outcome.next_at, (item.happens_at for item in all_items if item.happens_at > now)
        )
        if rule.is_quiet(now):
            continue
        due = [item for item in all_items if _is_due(item, rule.max_age, now)]
        period = rule.period(now)
        for receiver, its_items in _receivers(rule, due, known.addresses, outcome).items():
            new = [item for item in its_items if not _done(states, rule, receiver, item)]
            if period is not None and _done_key(states, f"{rule.name}\t{receiver}\t{period}"):
                continue
            found += messages(
                rule.name,
                rule.how,
                receiver,
                new,
                period=period,
                subject=f"{rule.description} ({period})",
                crm_url=crm_url(),
            )
    return found


def send(
    found: list[Message], rules: Iterable[Rule], checkpoint: Checkpoint, outcome: Outcome
) -> None:
    """Send messages; each is noted as in doubt before, and as done or failed after.

    Raises:
        ConfigurationError: A variable that a message needs is not set; nothing was sent then.
    """
    wanted = {message.notification for message in found}
    senders: dict[str, Sender] = {
        rule.name: sender(rule.how, rule.send_to) for rule in rules if rule.name in wanted
    }
    for message in found:
        noted = message.noted()
        checkpoint.note(noted, IN_DOUBT)
        try:
            senders[message.notification].send(message)
        except SendError as error:
            checkpoint.note(noted, FAILED)
            outcome.failed[f"{message.notification}: {error.what}"] += 1
        else:
            checkpoint.note(noted, DONE)
            outcome.sent[message.notification] += 1


def _rows(
    connection: Connection, warehouse: Warehouse, labels: Labels, sql: str
) -> list[dict[str, object]]:
    """The rows of an occasion, each by its columns, with labels for codes."""
    found = connection.table(sql.format(marts=warehouse.marts))
    return [
        {**worded, **{name: row[name] for name in AS_THEY_ARE if name in row}}
        for worded, row in zip(labels.table(found).records, found.records, strict=True)
    ]


def _is_due(item: Item, max_age: timedelta, now: datetime) -> bool:
    """Whether an item has happened, is still of use, and is not too old."""
    if item.ends_at is not None and now >= item.ends_at:
        return False
    return now - max_age <= item.happens_at <= now


def _receivers(
    rule: Rule, due: list[Item], addresses: dict[str, str], outcome: Outcome
) -> dict[str, list[Item]]:
    """Who is told of what: the rep of each item, or everybody on a list."""
    if rule.send_to != REP:
        names = [rule.send_to]
        if rule.how == "email" and due:
            variable = list_variable(rule.how, rule.send_to)
            names = [one.strip() for one in (setting(variable) or "").split(",") if one.strip()]
            if not names:
                raise ConfigurationError(
                    f"{variable} is not set, and {rule.name} of notifications.csv goes there",
                    "set it to e-mail addresses with commas between them, or is_active to false",
                )
        return dict.fromkeys(names, due)
    found: dict[str, list[Item]] = {}
    for item in due:
        address = addresses.get(item.rep_id or "")
        if address is None:
            outcome.without_address[item.rep_id or "nobody"] += 1
        else:
            found.setdefault(address, []).append(item)
    return found


def _done(states: dict[str, tuple[str, str]], rule: Rule, receiver: str, item: Item) -> bool:
    return _done_key(states, item_key(rule.name, receiver, item))


def _done_key(states: dict[str, tuple[str, str]], key: str) -> bool:
    return states.get(key, ("", ""))[1] == DONE


def _earlier(known: datetime | None, others: Iterable[datetime]) -> datetime | None:
    """The earliest of instants; None if there is none."""
    return min((at for at in (known, *others) if at is not None), default=None)
