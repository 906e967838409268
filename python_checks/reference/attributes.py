"""Attributes: what were a lead and its account at some time, as far as their history is known?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

Record = dict[str, Any]
Rows = list[dict[str, Any]]

TABLE_OF_OBJECT = {"lead": "leads", "account": "accounts"}
TRACKED = {
    "lead": ("job_title", "country", "industry", "employee_count", "annual_revenue"),
    "account": (
        "industry",
        "employee_count",
        "annual_revenue",
        "country",
        "status",
        "is_competitor",
        "is_target_account",
    ),
}
"""By object the attributes whose changes count, under the names of the columns of its records."""
HISTORY = (
    "industry",
    "employee_count",
    "job_title",
    "country",
    "is_competitor",
    "account_status",
    "is_target_account",
    "annual_revenue",
    "company_segment",
)
"""The attributes of lead_attribute_history."""
OF_THE_ACCOUNT_ALONE = {
    "is_competitor": "is_competitor",
    "account_status": "status",
    "is_target_account": "is_target_account",
}
COMPETITOR, OUT_OF_BUSINESS = "competitor", "out_of_business"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Change:
    """A change of one attribute of one record; a value of ``None`` is unknown."""

    at: datetime
    change_id: str
    old_value: Any
    new_value: Any


@dataclass
class RecordHistory:
    """A record and the changes of its attributes, each attribute's in order.

    ``columns`` are those that its table has as it arrives; ``custom`` holds the changes of what no
    record has a column for.
    """

    record: Record
    columns: set[str]
    changes: dict[str, list[Change]] = field(default_factory=dict)
    custom: dict[str, list[Change]] = field(default_factory=dict)

    def value_at(self, attribute: str, at: datetime) -> Any:
        """The value of an attribute at a time, also before the record was there."""
        changes = self.changes.get(attribute, [])
        past = [change for change in changes if change.at <= at]
        if changes and not past:
            return changes[0].old_value
        if len(past) < len(changes):
            return past[-1].new_value
        if changes and attribute not in self.columns:
            return past[-1].new_value
        return self.record.get(attribute)

    def custom_at(self, attribute: str, at: datetime) -> Any:
        """The value of a custom attribute at a time: its changes alone say what it is."""
        changes = self.custom.get(attribute, [])
        past = [change for change in changes if change.at <= at]
        if past:
            return past[-1].new_value
        return changes[0].old_value if changes else None

    def record_at(self, at: datetime) -> Record:
        """The record with the values that its changing attributes had at a time.

        Those of custom attributes are under the name ``custom``.
        """
        built_in = {name: self.value_at(name, at) for name in self.changes}
        return self.record | built_in | {"custom": {n: self.custom_at(n, at) for n in self.custom}}


@dataclass
class Attributes:
    """What rules may ask of a lead at any time: from its own record, and from its account's.

    After ``as_of`` the values at ``as_of`` hold. ``custom`` lists object and name of the custom
    attributes.
    """

    own: RecordHistory
    account: RecordHistory | None
    as_of: datetime
    custom: tuple[tuple[str, str], ...] = ()

    @cached_property
    def instants(self) -> list[datetime]:
        """When any of them changes, up to the clock, in order."""
        histories = [self.own] if self.account is None else [self.own, self.account]
        times = {
            change.at
            for history in histories
            for changes in (*history.changes.values(), *history.custom.values())
            for change in changes
        }
        return sorted(at for at in times if at <= self.as_of)

    @cached_property
    def _by_step(self) -> dict[int, Record]:
        return {}

    def at(self, at: datetime) -> Record:
        """The values at a time, by the names of lead_attribute_history."""
        at = min(at, self.as_of)
        step = bisect_right(self.instants, at)
        if step not in self._by_step:
            self._by_step[step] = self._values_at(at)
        return self._by_step[step]

    def _custom_at(self, kind: str, name: str, at: datetime) -> Any:
        history = self.own if kind == "lead" else self.account
        return None if history is None else history.custom_at(name, at)

    def _values_at(self, at: datetime) -> Record:
        def of_lead(name: str) -> Any:
            return self.own.value_at(name, at)

        def of_account(name: str) -> Any:
            return None if self.account is None else self.account.value_at(name, at)

        def first_known(*values: Any) -> Any:
            return next((value for value in values if value is not None), None)

        firmographics = {
            name: first_known(of_account(name), of_lead(name))
            for name in ("industry", "employee_count", "annual_revenue")
        }
        return {
            **{name: self._custom_at(kind, name, at) for kind, name in self.custom},
            **firmographics,
            "job_title": of_lead("job_title"),
            "country": first_known(of_lead("country"), of_account("country")),
            **{name: of_account(column) for name, column in OF_THE_ACCOUNT_ALONE.items()},
            "company_segment": company_segment(firmographics["employee_count"]),
        }


def company_segment(employees: Decimal | None) -> str:
    """Startup 1-49, mid_market 50-499, enterprise 500 and more employees, else unknown."""
    if employees is None or employees < 1:
        return "unknown"
    if employees < 50:
        return "startup"
    return "mid_market" if employees < 500 else "enterprise"


def bar_of(values: Record) -> str | None:
    """Why nobody may sell to the account, by the role of the reason; ``None`` if one may."""
    if values["is_competitor"] is True:
        return COMPETITOR
    return OUT_OF_BUSINESS if values["account_status"] == "closed" else None


def record_histories(
    records: Iterable[Record], key: str, columns: set[str], changes: Iterable[Record], kind: str
) -> dict[str, RecordHistory]:
    """The history of each record of an object; ``changes`` are those that count, of any object."""
    found = {record[key]: RecordHistory(record, columns) for record in records}
    for change in sorted(changes, key=lambda c: (c["changed_at"], c["change_id"])):
        if change["object"] == kind and change["record_id"] in found:
            history, name = found[change["record_id"]], change["attribute"]
            kept = history.changes if name in TRACKED[kind] else history.custom
            values = (change["old_value"], change["new_value"])
            one = Change(change["changed_at"], change["change_id"], *values)
            kept.setdefault(name, []).append(one)
    return found


def attribute_history_rows(lead_id: str, first_seen_at: datetime, attributes: Attributes) -> Rows:
    """lead_attribute_history of one lead: the nine and the custom attributes from the first on."""
    moments = [first_seen_at, *(at for at in attributes.instants if at > first_seen_at)]
    custom = [name for _, name in attributes.custom]
    rows: Rows = []
    for name in (*HISTORY, *custom):
        own: Rows = []
        for at in moments:
            known = attributes.at(at)[name]
            value = custom_as_text(known) if name in custom else as_text(name, known)
            if own and own[-1]["value"] == value:
                continue
            if own:
                own[-1]["valid_to"] = at
            own.append(
                {
                    "lead_id": lead_id,
                    "attribute": name,
                    "value": value,
                    "valid_from": at,
                    "valid_to": None,
                }
            )
        rows += own
    return rows


def as_text(name: str, value: Any) -> str | None:
    """A value as lead_attribute_history shows it; ``None`` is unknown."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if name == "annual_revenue":
        return str(value.quantize(CENT))
    return str(int(value)) if name == "employee_count" else str(value)


def custom_as_text(value: Any) -> str | None:
    """A value of a custom attribute as reports show it; ``None`` is unknown."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
