"""The extracts in connectors/, as tools land them: who reads them, what their users have set."""

from __future__ import annotations

import csv
from pathlib import Path

EXTRACTS = Path(__file__).parent / "connectors"
CONNECTOR_OF = {
    "hubspot_fivetran": "hubspot_fivetran",
    "hubspot_airbyte": "hubspot_airbyte",
    "salesforce_fivetran": "salesforce",
    "salesforce_airbyte": "salesforce",
    "segment": "segment",
    "ga4": "ga4",
    "marketo_fivetran": "marketo",
    "pardot_fivetran": "pardot",
    "snowplow": "snowplow",
}
"""The connector that reads an extract."""


def rows_of_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV; none where it is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def options_of(extract: str) -> dict[str, str]:
    """Return the options that the user of an extract has set."""
    rows = rows_of_csv(EXTRACTS / extract / "config" / "options.csv")
    return {row["option"]: row["value"] for row in rows}


def extract_of(connector: str) -> str:
    """Return the first extract that a connector reads; without one of its own, that of Segment."""
    own = [extract for extract, reader in CONNECTOR_OF.items() if reader == connector]
    return own[0] if own else "segment"
