"""From recognised schemas to the var ``connectors``: what is added, what stays, what to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lead_qualification.connect.declarations import Connector
from lead_qualification.connect.landed import Schema
from lead_qualification.connect.project_vars import Settings
from lead_qualification.connect.recognition import Match, compared, recognised
from lead_qualification.errors import ConfigurationError
from lead_qualification.untrusted import plain

SHOWN = 6


@dataclass
class Plan:
    """What the var should say.

    Attributes:
        settings: The var.
        matches: What it reads, in its order.
        notes: What a person should look at, each with what to do.
    """

    settings: Settings
    matches: list[Match] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def planned(
    connectors: dict[str, Connector], schemas: list[Schema], before: Settings, *, is_named: bool
) -> Plan:
    """Return the var for the schemas of a warehouse; what it says already is kept.

    Args:
        connectors: All connectors.
        schemas: The schemas that are looked at.
        before: The var as it is.
        is_named: Whether the user named the schemas.

    Raises:
        ConfigurationError: Nothing is recognised.
    """
    found = {schema.name: recognised(connectors.values(), schema) for schema in schemas}
    matches = [match for own in found.values() for match in own]
    if not matches and not before:
        raise ConfigurationError(*_nothing(connectors.values(), schemas))
    plan = Plan(dict(before))
    new = _without_rivals(plan, [m for m in matches if m.connector.name not in before])
    for match in _in_order(new):
        own = plan.settings.setdefault(match.connector.name, {"schema": []})
        own["schema"].append(match.schema)
    for name, own in plan.settings.items():
        if name not in before:
            own["schema"] = own["schema"][0] if len(own["schema"]) == 1 else own["schema"]
    plan.matches = [
        match
        for name, own in plan.settings.items()
        for match in matches
        if match.connector.name == name and match.schema in _schemas_of(own)
    ]
    _note_what_stays(plan, connectors, matches, before, {one.name: one for one in schemas})
    _note_portals(plan, before, is_named=is_named)
    _note_crms(plan, connectors)
    plan.notes += [f"{m.schema}: {plain(told)}" for m in plan.matches for told in m.unclear]
    return plan


def _schemas_of(own: dict[str, Any]) -> list[str]:
    """The schemas of an entry of the var."""
    said = own.get("schema") or []
    return [said] if isinstance(said, str) else list(said)


def _in_order(matches: Iterable[Match]) -> list[Match]:
    """CRMs first, of two the one with more tables; then who brings people; then the others."""
    return sorted(
        matches,
        key=lambda m: (
            not m.connector.is_crm,
            "leads" not in m.connector.gives,
            tuple(-number for number in m.nearness),
        ),
    )


def _without_rivals(plan: Plan, matches: list[Match]) -> list[Match]:
    """One connector of each product: of two tools the one that landed more."""
    kept: dict[str, str] = {}
    found = []
    for match in sorted(matches, key=lambda one: one.nearness, reverse=True):
        family = match.connector.family
        chosen = kept.setdefault(family, match.connector.name)
        if chosen == match.connector.name:
            found.append(match)
        else:
            plan.notes.append(
                f"schema {plain(match.schema)} is {match.connector.title}, the same product as "
                f"{chosen}, and is left out so that nothing counts twice; to take it instead: "
                f"leadq connect {plain(match.schema)}"
            )
    return found


def _note_what_stays(
    plan: Plan,
    connectors: dict[str, Connector],
    matches: list[Match],
    before: Settings,
    schemas: dict[str, Schema],
) -> None:
    """Entries of the var that are not found, and schemas that they do not name."""
    for name, own in before.items():
        if name not in connectors:
            plan.notes.append(
                f"the var names {plain(name)}, which is not a connector; they are: "
                f"{', '.join(connectors)}"
            )
            continue
        read = _schemas_of(own)
        for match in matches:
            if match.connector.name == name and match.schema not in read:
                plan.notes.append(
                    f"schema {plain(match.schema)} is {match.connector.title} too; the var names "
                    f"{', '.join(map(plain, read))} and is left as it is"
                )
        for schema in read:
            if schema in schemas and not any(
                m.connector.name == name and m.schema == schema for m in matches
            ):
                near = compared([connectors[name]], schemas[schema])
                lacks = ", ".join(near[0].missing[:SHOWN]) if near else "every table that it needs"
                plan.notes.append(
                    f"the var names schema {plain(schema)} for {name}, which lacks {lacks}"
                )


def _note_portals(plan: Plan, before: Settings, *, is_named: bool) -> None:
    """Two schemas of one connector."""
    for name, own in plan.settings.items():
        read = _schemas_of(own)
        if len(read) > 1 and name not in before:
            remedy = "" if is_named else f"; if one is a copy or a test: leadq connect {read[0]}"
            plan.notes.append(
                f"{len(read)} accounts of {name}: {', '.join(map(plain, read))}. Ids get the "
                f"schema before them, and leadq sync cannot write such records{remedy}"
            )


def _note_crms(plan: Plan, connectors: dict[str, Connector]) -> None:
    """Which CRM is the one of record, where there are two."""
    crms = [name for name in plan.settings if name in connectors and connectors[name].is_crm]
    if len(crms) > 1:
        plan.notes.append(
            f"{crms[0]} comes first and is the CRM of record: accounts, deals and reps are its "
            f"alone; if it should be {crms[1]}, change the order in the var"
        )


def _nothing(connectors: Iterable[Connector], schemas: list[Schema]) -> tuple[str, str]:
    """What to say where nothing is recognised: what was looked at, what came nearest."""
    looked = ", ".join(plain(schema.name) for schema in schemas[:SHOWN]) or "no schema"
    if len(schemas) > SHOWN:
        looked += f" and {len(schemas) - SHOWN} more"
    near = [match for schema in schemas for match in compared(connectors, schema)]
    if not near:
        titles = ", ".join(connector.title for connector in connectors)
        return (
            f"no source recognised in {looked}; known are {titles}",
            "name the database with LEAD_DB_PATH or LEAD_PG_DATABASE, or map the tables by hand "
            "(docs/your_own_data.md)",
        )
    match = max(near, key=lambda one: one.nearness)
    lacks = ", ".join(match.missing[:SHOWN])
    tables = {told.split()[1].split(".")[0] for told in match.missing}
    hints = [match.connector.tables[name].hint for name in sorted(tables)]
    return (
        f"no source recognised in {looked}; schema {plain(match.schema)} looks like "
        f"{match.connector.title}, but lacks {lacks}",
        f"sync them ({next(filter(None, hints), match.connector.page)}), then run this again",
    )
