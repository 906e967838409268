"""The raw tables that benchmarks build: of any size, and as they were some days ago.

The generator makes one company of 100,000 leads and a million events. More is that company many
times beside itself: each further copy has ids, addresses and domains of its own, so nobody is the
same person in two of them. Campaigns and reps are shared. Activity is as skewed as in one company.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from lead_qualification.generator import generate
from lead_qualification.warehouse import PROJECT
from python_checks.reference.raw import HAPPENED_AT

AS_OF = "2026-06-30 23:59:59"
LEADS, EVENTS, MONTHS, SEED = 100_000, 1_000_000, 15, 1
EVENT_TABLES = (
    *("web_events", "email_events", "marketing_activities", "product_events", "intent_signals"),
)
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
POLICY = PROJECT / "seeds" / "policy"


@dataclass(frozen=True)
class Data:
    """Raw tables of one size, and where they are built.

    Attributes:
        millions: Millions of events.
        folder: Holds all that belongs to the size, and nothing else.
    """

    millions: float
    folder: Path

    @property
    def everything(self) -> Path:
        """Folder of the Parquet files with everything that happened."""
        return self.folder / "everything"

    @property
    def raw(self) -> Path:
        """Folder that builds read; its path stays, since another one would make dbt parse again."""
        return self.folder / "raw"

    @property
    def database(self) -> Path:
        """DuckDB file of the build."""
        return self.folder / "built.duckdb"

    def show_everything(self) -> None:
        """Let builds read everything that happened."""
        self.raw.unlink(missing_ok=True)
        self.raw.symlink_to(self.everything)

    def show_before(self, day: date) -> None:
        """Let builds read what happened before a day; tables without times whole."""
        earlier = self.folder / f"before_{day}"
        write_before(self.everything, day, earlier)
        self.raw.unlink(missing_ok=True)
        self.raw.symlink_to(earlier)

    def share_of_days(self, since: date, before: date) -> float:
        """Return the share of all events that happened on some days, 0 to 1."""
        days = " union all ".join(
            f"select cast(occurred_at as varchar) as occurred_at from '{self.everything / name}"
            ".parquet'"
            for name in EVENT_TABLES
        )
        with duckdb.connect() as connection:
            return connection.execute(
                f"select avg(if(occurred_at >= '{since}' and occurred_at < '{before}', 1, 0)) "
                f"from ({days})"
            ).fetchall()[0][0]


def generate_data(millions: float, folder: Path) -> Data:
    """Write raw tables of so many million events into a new folder."""
    data = Data(millions, folder)
    write_raw(millions, data.everything)
    data.show_everything()
    return data


def write_raw(millions: float, out: Path) -> None:
    """Write <table>.parquet with so many million events; above one, whole millions."""
    copies = max(1, round(millions))
    share = millions / copies
    out.mkdir(parents=True, exist_ok=True)
    tables = generate(round(LEADS * share), SEED, AS_OF, MONTHS, round(EVENTS * share))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            f"create view shared_domains as select lower(email_domain) as email_domain "
            f"from '{POLICY / 'email_domains.csv'}'"
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


def write_before(raw: Path, day: date, out: Path) -> None:
    """Write the raw tables without what happened on a day or later; those without times whole."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for path in sorted(raw.glob("*.parquet")):
            moment = HAPPENED_AT.get(path.stem)
            later = f"coalesce(cast({moment} as varchar), '') >= '{day}'" if moment else "false"
            connection.execute(
                f"copy (from '{path}' where not ({later})) to '{out / path.name}' (format parquet)"
            )
