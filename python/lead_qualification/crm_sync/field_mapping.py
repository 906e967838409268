"""Which field of the CRM takes which of our columns.

Each adapter has a default. The TOML file that CRM_SYNC_FIELDS names changes single entries::

    [hubspot.leads]
    object = "contacts"               # the CRM's table, object or model
    lead_id = "external_lead_id"      # the key
    row_hash = "qualification_hash"
    lead_score = "predictive_score"
    nurture_track = ""                # not written

Contacts of Salesforce have the fields of its leads; [salesforce.contacts] changes them further.
[hubspot.lifecyclestage] says which of our stages move HubSpot's own lifecycle stage, and where to::

    [hubspot.lifecyclestage]
    mql = "marketingqualifiedlead"
    sql = "salesqualifiedlead"
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lead_qualification.crm_sync.sync_tables import Row, SyncTable, Value
from lead_qualification.errors import ConfigurationError

VARIABLE = "CRM_SYNC_FIELDS"


@dataclass(frozen=True)
class FieldMapping:
    """Where a sync table goes in a CRM.

    Attributes:
        object_name: The CRM's table, object or model.
        key: Field that holds our key.
        row_hash: Field that holds the row hash.
        values: Our column to the CRM's field.
    """

    object_name: str
    key: str
    row_hash: str
    values: dict[str, str]

    @property
    def fields(self) -> list[str]:
        """All fields but the key, in the order of our columns, the hash last."""
        return [*self.values.values(), self.row_hash]

    def content(self, row: Row) -> dict[str, Value]:
        """Return what the fields but the key should hold."""
        content = {field: row.values[column] for column, field in self.values.items()}
        return {**content, self.row_hash: row.row_hash}


def field_mapping(
    crm: str, table: SyncTable, default: Mapping[str, str], *, name: str = ""
) -> FieldMapping:
    """Return the default mapping of an adapter with the changes of CRM_SYNC_FIELDS.

    Args:
        crm: Name of the adapter.
        table: The sync table.
        default: Entries as in the TOML file; every column is there.
        name: Section of a further object that the sync table goes to. It has what the table's own
            section says, except for the object, and then its own changes.

    Raises:
        ConfigurationError: The file cannot be read, or has an entry that means nothing.
    """
    entries = dict(default)
    for part in dict.fromkeys((table.name, name or table.name)):
        changes = section(crm, part)
        unknown = changes.keys() - default.keys()
        if unknown:
            raise ConfigurationError(
                f"{VARIABLE}: [{crm}.{part}] has {', '.join(sorted(unknown))}; "
                f"it may have {', '.join(default)}"
            )
        if name and part != name:
            changes.pop("object", None)
        entries |= changes
    for needed in ("object", table.key, "row_hash"):
        if not entries[needed]:
            raise ConfigurationError(
                f"{VARIABLE}: {needed} of [{crm}.{name or table.name}] is needed"
            )
    return FieldMapping(
        object_name=entries["object"],
        key=entries[table.key],
        row_hash=entries["row_hash"],
        values={column: entries[column] for column in table.values if entries[column]},
    )


def section(crm: str, name: str) -> dict[str, Any]:
    """Return a section of CRM_SYNC_FIELDS for an adapter; empty without the variable.

    Raises:
        ConfigurationError: The file cannot be read, or the section has something else than texts.
    """
    path = os.environ.get(VARIABLE)
    if not path:
        return {}
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        found = dict(content.get(crm, {}).get(name, {}))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ConfigurationError(f"{VARIABLE}: the file cannot be read: {error}") from None
    if not all(isinstance(field, str) for field in found.values()):
        raise ConfigurationError(f"{VARIABLE}: [{crm}.{name}] may have texts only")
    return found
