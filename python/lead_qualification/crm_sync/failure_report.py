"""The report of rows that could not be written: a CSV with a row for each."""

from __future__ import annotations

from pathlib import Path

from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.crm import Outcome
from lead_qualification.tables import Table
from lead_qualification.untrusted import plain


def write_report(path: Path, failures: list[Outcome]) -> None:
    """Write key, reason and what to do of each failure; without failures only the header.

    Reasons are the CRM's words: no credential, address or formula of theirs gets into the file.
    """
    rows = tuple(
        (failure.key, plain(redacted(failure.reason)), plain(redacted(failure.remedy)))
        for failure in failures
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    text = Table(("key", "reason", "what_to_do"), rows).csv()
    path.write_text(text, encoding="utf-8", newline="")
