"""One file per CRM; each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from lead_qualification.crm_sync.crm import Crm
from lead_qualification.crm_sync.sync_tables import SyncTable
from lead_qualification.errors import ConfigurationError

CRMS = {
    "sql": "SqlCrm",
    "hubspot": "HubspotCrm",
    "salesforce": "SalesforceCrm",
    "tryton": "TrytonCrm",
}


def connected(name: str, table: SyncTable, kinds: Sequence[str] = ()) -> Crm:
    """Return the adapter for a table; nothing is sent yet.

    Args:
        name: The CRM.
        table: The sync table.
        kinds: Which of the CRM's objects its rows are, where it goes to several.

    Raises:
        ConfigurationError: A variable or the field mapping is wrong, or the client library of the
            CRM is not installed.
    """
    try:
        module = import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"{error.name} is not installed", "pip install 'lead-qualification[sync]'"
        ) from None
    return getattr(module, CRMS[name])(table, kinds)
