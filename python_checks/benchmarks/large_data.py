"""Raw tables of any size as Parquet: the generated company, many times beside itself.

The generator makes one company of 100,000 leads and a million events; each further copy has ids,
addresses and domains of its own, so nobody is the same person in two of them. Campaigns and reps
are shared. Activity is as skewed as in one company.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from lead_qualification.generator import generate
from lead_qualification.warehouse import PROJECT

AS_OF = "2026-06-30 23:59:59"
LEADS, EVENTS, MONTHS, SEED = 100_000, 1_000_000, 15, 1
SHARED = {"campaigns", "campaign_costs", "sales_reps"}
IDS = {
    "lead_id",
    "merged_into_lead_id",
    "account_id",
    "anonymous_id",
    "session_id",
    "event_id",
    "activity_id",
    "change_id",
    "answer_id",
    "opportunity_id",
    "signal_id",
}
DOMAINS = {"domain", "account_domain"}
DOMAINS_OF_MANY = PROJECT / "seeds" / "policy" / "email_domains.csv"


def write_large(copies: int, out: Path) -> None:
    """Write `copies` companies as <table>.parquet into the folder out."""
    out.mkdir(parents=True, exist_ok=True)
    tables = generate(LEADS, SEED, AS_OF, MONTHS, EVENTS)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            f"create view shared_domains as select lower(email_domain) as email_domain "
            f"from '{DOMAINS_OF_MANY}'"
        )
        for name, table in tables.items():
            one = Path(folder) / f"{name}.parquet"
            table.to_parquet(one, index=False)
            number = 1 if name in SHARED else copies
            columns = ", ".join(_of_copy(column) for column in table.columns)
            connection.execute(
                f"copy (select {columns} from range({number}) as copies (copy), '{one}') "
                f"to '{out / name}.parquet' (format parquet)"
            )


def _of_copy(column: str) -> str:
    """A column of one copy: the first keeps its values, the others get a prefix or a domain."""
    if column in IDS:
        changed = f"'C' || copy || '-' || {column}"
    elif column == "email":
        changed = (
            "case when split_part(lower(email), '@', 2) in "
            "(select email_domain from shared_domains) then 'c' || copy || '.' || email "
            "else replace(email, '@', '@c' || copy || '.') end"
        )
    elif column in DOMAINS:
        changed = f"'c' || copy || '.' || {column}"
    else:
        return f'"{column}"'
    return f"case when copy = 0 then {column} else {changed} end as {column}"
