"""Which rows of a sync table are records of the CRM, and of which of its objects."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from lead_qualification.crm_sync.field_mapping import section
from lead_qualification.crm_sync.sync_tables import LEADS, Row, SyncTable
from lead_qualification.errors import ConfigurationError

RECORD_IDS = {"hubspot": "hs_object_id", "salesforce": "Id"}
"""By CRM the field with its own id, which our key is unless CRM_SYNC_FIELDS names another."""

FORMS = {"hubspot": re.compile(r"\d+"), "salesforce": re.compile(r"[0-9A-Za-z]{15}([0-9A-Z]{3})?")}
LEAD, CONTACT = "lead", "contact"
PREFIXES = {"00Q": LEAD, "003": CONTACT}
"""What the first characters of an Id of Salesforce say; they are the same everywhere."""


@dataclass(frozen=True)
class Selection:
    """What can be sent to a CRM.

    Attributes:
        rows: Its records, each with its kind.
        left_out: How many rows are none, by the reason.
    """

    rows: list[Row]
    left_out: Counter[str]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of records that occur, in order."""
        return tuple(sorted({row.kind for row in self.rows}))


def selected(crm: str, table: SyncTable, rows: list[Row]) -> Selection:
    """Return the rows that are records of a CRM, and count the others.

    Raises:
        ConfigurationError: None is.
    """
    is_own_id = crm in RECORD_IDS and is_record_id(crm, table)
    left_out: Counter[str] = Counter()
    found = []
    for row in rows:
        kind = _kind(row, is_own_id) if (crm, table) == ("salesforce", LEADS) else ""
        if is_own_id and not FORMS[crm].fullmatch(row.key):
            left_out[f"{table.key} is not an id of {crm}"] += 1
        elif kind is None:
            left_out["crm_object is neither lead nor contact"] += 1
        else:
            found.append(replace(row, kind=kind))
    if rows and not found:
        reason, _ = left_out.most_common(1)[0]
        raise ConfigurationError(
            f"none of {len(rows)} rows is a record of {crm}: {reason}",
            f"extract the CRM's own id as {table.key}, or name the field that holds it "
            "in the file of CRM_SYNC_FIELDS",
        )
    return Selection(found, left_out)


def is_record_id(crm: str, table: SyncTable) -> bool:
    """Whether our key is the CRM's own id."""
    return section(crm, table.name).get(table.key, RECORD_IDS[crm]) == RECORD_IDS[crm]


def _kind(row: Row, is_own_id: bool) -> str | None:
    """The object of Salesforce that a lead is; none: neither Lead nor Contact."""
    if is_own_id and row.key[:3] in PREFIXES:
        return PREFIXES[row.key[:3]]
    return {None: LEAD, LEAD: LEAD, CONTACT: CONTACT}.get(row.crm_object)
