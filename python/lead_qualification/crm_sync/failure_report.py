"""The report of rows that could not be written: a CSV with a row for each."""

from __future__ import annotations

import csv
from pathlib import Path

from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.crm import Outcome


def write_report(path: Path, failures: list[Outcome]) -> None:
    """Write key, reason and what to do of each failure; without failures only the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["key", "reason", "what_to_do"])
        for failure in failures:
            writer.writerow([failure.key, redacted(failure.reason), redacted(failure.remedy)])
