"""The marketing funnel of Olist as raw tables, to check the project against real data.

The data stay where they are: their licence is not the project's. Command:
``python -m python_checks.olist --olist DIR --out DIR``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from python_checks.worlds import COLUMNS

LEADS_FILE = "olist_marketing_qualified_leads_dataset.csv"
DEALS_FILE = "olist_closed_deals_dataset.csv"


def read_funnel(olist: Path) -> pd.DataFrame:
    """Return one row per qualified lead, all text, an absent value as empty text.

    Args:
        olist: Folder of the two files of the data set.

    Returns:
        Columns mql_id, first_contact_date, origin, won_date, declared_monthly_revenue; the last
        two are empty where the lead was not won.

    Raises:
        FileNotFoundError: One of the files is absent.
        ValueError: A lead or a deal exists twice, or a deal has no lead.
    """
    leads = pd.read_csv(olist / LEADS_FILE, dtype=str, keep_default_na=False)
    deals = pd.read_csv(olist / DEALS_FILE, dtype=str, keep_default_na=False)
    strangers = set(deals["mql_id"]) - set(leads["mql_id"])
    if strangers:
        raise ValueError(f"{DEALS_FILE}: no lead with mql_id {min(strangers)}")
    funnel = leads[["mql_id", "first_contact_date", "origin"]].merge(
        deals[["mql_id", "won_date", "declared_monthly_revenue"]],
        on="mql_id",
        how="left",
        validate="one_to_one",
    )
    return funnel.fillna("")


def write_raw(olist: Path, out: Path) -> None:
    """Write leads, lead_status_changes and opportunities of the raw contract as CSV files.

    Each qualified lead was created, and marked as MQL, at 00:00:00 of the day of its first contact;
    its origin is its lead source, empty where there is none. Each closed deal is an opportunity
    that was created and won at the time of the win.

    Args:
        olist: Folder of the two files of the data set.
        out: Folder that the files go to; made if absent.

    Raises:
        FileNotFoundError: One of the files is absent.
        ValueError: A lead or a deal exists twice, or a deal has no lead.
    """
    funnel = read_funnel(olist)
    first_contact_at = funnel["first_contact_date"] + " 00:00:00"
    won = funnel[funnel["won_date"] != ""]
    tables = {
        "leads": pd.DataFrame(
            {
                "lead_id": funnel["mql_id"],
                "lead_source": funnel["origin"],
                "created_at": first_contact_at,
                "updated_at": first_contact_at,
            }
        ),
        "lead_status_changes": pd.DataFrame(
            {
                "change_id": funnel["mql_id"],
                "lead_id": funnel["mql_id"],
                "status": "mql",
                "changed_at": first_contact_at,
            }
        ),
        "opportunities": pd.DataFrame(
            {
                "opportunity_id": won["mql_id"],
                "lead_id": won["mql_id"],
                "amount": won["declared_monthly_revenue"],
                "created_at": won["won_date"],
                "closed_at": won["won_date"],
                "is_won": "true",
            }
        ),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        complete = rows.reindex(columns=COLUMNS[name], fill_value="")
        complete.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")


def main() -> None:
    """Write the raw tables to the folder that the command names."""
    parser = argparse.ArgumentParser(description="The Olist marketing funnel as raw tables.")
    parser.add_argument("--olist", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--out", type=Path, required=True, help="folder for the raw tables")
    arguments = parser.parse_args()
    write_raw(arguments.olist, arguments.out)


if __name__ == "__main__":
    main()
