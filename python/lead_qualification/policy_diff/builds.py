"""Reads what is compared from a build: leads, reasons, totals of the funnel, policy tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas

from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.warehouse import (
    Warehouse,
    duckdb_warehouse,
    postgres_environment,
    postgres_warehouse,
)

LEADS = """
select
    lead_stages.lead_id,
    lead_stages.as_of,
    lead_stages.profile,
    lead_stages.stage,
    lead_stages.stage_owner,
    lead_stages.mql_at,
    lead_stages.sql_at,
    scores.scoring_model,
    scores.score,
    scores.score_band,
    scores.score_level,
    scores.grade,
    scores.recommended_action,
    scores.fit_points,
    scores.behaviour_points,
    scores.intent_points,
    scores.recency_multiplier,
    scores.penalty_points,
    scores.criteria_matched,
    scores.criteria_unknown
from {marts}.lead_stages
inner join {marts}.lead_scores as scores
    on lead_stages.lead_id = scores.lead_id and scores.is_primary
"""

LEDGER = """
select
    ledger.lead_id,
    ledger.component,
    ledger.item,
    sum(ledger.points) as points
from {marts}.lead_score_contributions as ledger
inner join {marts}.lead_stages
    on ledger.lead_id = lead_stages.lead_id and ledger.scoring_model = lead_stages.scoring_model
where ledger.lead_id in ({lead_ids})
group by ledger.lead_id, ledger.component, ledger.item
"""

STAYS = """
select lead_id, stage_number, stage, entered_at, entered_by
from {marts}.lead_stage_history
where lead_id in ({lead_ids})
order by lead_id, stage_number
"""

TOTALS = """
select
    leads,
    mqls,
    pqls,
    sqls,
    opportunities,
    customers,
    mql_to_sql_rate,
    mql_to_sql_low,
    mql_to_sql_high,
    sql_to_opportunity_rate,
    sql_to_opportunity_low,
    sql_to_opportunity_high
from {marts}.funnel_conversion
where dimension = 'overall' and cohort_month is null and cohort_basis = 'mql'
"""

POLICY_TABLES = """
select table_name from information_schema.tables where table_schema = '{policy}' order by table_name
"""

PUBLIC_TABLES = """
select table_name from information_schema.tables where table_schema = '{marts}'
"""

POLICY_ROWS = """
select '{name}' as policy_table, cast(to_json({name}) as text) as row_as_json from {policy}.{name}
"""


@dataclass(frozen=True)
class Build:
    """A build to compare.

    Attributes:
        name: What the user called it, a file or the prefix of schemas.
        warehouse: Where its tables are.
    """

    name: str
    warehouse: Warehouse

    @property
    def policy(self) -> str:
        """The schema of its policy tables."""
        return self.warehouse.policy

    def leads(self) -> pandas.DataFrame:
        """One row per lead with its stage and what its primary model says; index lead_id."""
        rows = self._read(LEADS)
        return rows.set_index("lead_id", verify_integrity=True).sort_index()

    def totals(self) -> dict[str, object]:
        """The counts and rates of the whole funnel by their column; empty without leads."""
        rows = self._read(TOTALS).to_dict("records")
        return rows[0] if rows else {}

    def ledger(self, lead_ids: Iterable[str]) -> pandas.DataFrame:
        """Points of the primary model alive at as_of by lead_id, component and item."""
        return self._read(LEDGER, lead_ids)

    def stays(self, lead_ids: Iterable[str]) -> pandas.DataFrame:
        """The stays in stages of some leads, in order."""
        return self._read(STAYS, lead_ids)

    def policy_tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of the policy tables by the name of the table; decimals stay exact."""
        names = self._read(POLICY_TABLES)["table_name"]
        if names.empty:
            raise ConfigurationError(
                f"{self.name}: there is no schema {self.policy}", "run dbt build first"
            )
        # One query, because opening a DuckDB file takes longer than reading all of them.
        found = self._read(
            " union all ".join(POLICY_ROWS.replace("{name}", name) for name in names)
        )
        tables: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for name, row in found.itertuples(index=False):
            tables[name].append(json.loads(row, parse_float=Decimal))
        return tables

    def public_tables(self) -> set[str]:
        """The names of the public tables that the build has."""
        return set(self._read(PUBLIC_TABLES)["table_name"])

    def texts(
        self, queries: Mapping[str, tuple[str, Iterable[str]]]
    ) -> dict[str, pandas.DataFrame]:
        """Columns of public tables as texts, by any name; a null is missing.

        Args:
            queries: The table and the columns, by name.
        """
        with self.warehouse.connection() as connection:
            return {
                name: connection.frame(
                    f"select {', '.join(f'cast({one} as text) as {one}' for one in columns)} "
                    f"from {self.warehouse.marts}.{table}"
                )
                for name, (table, columns) in queries.items()
            }

    def _read(self, sql: str, lead_ids: Iterable[str] = ()) -> pandas.DataFrame:
        """The rows of a query in the schemas of this build."""
        listed = ", ".join("'" + lead_id.replace("'", "''") + "'" for lead_id in lead_ids)
        names = {"marts": self.warehouse.marts, "policy": self.policy, "lead_ids": listed or "null"}
        return self.warehouse.read(sql.format(**names))


def build_of(where: str, target: str) -> Build:
    """Return the build in a DuckDB file, or in schemas of PostgreSQL that begin with a prefix.

    Args:
        where: Path of the file, or the prefix.
        target: dbt target, ``duckdb`` or ``postgres`` (found by LEAD_PG_*, as by dbt).

    Raises:
        ConfigurationError: There is no such file, or it is not a prefix of a schema.
    """
    if target == "postgres":
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", where):
            raise ConfigurationError(
                f"{where} is not a schema prefix", "name what LEAD_PG_SCHEMA was in that build"
            )
        return Build(where, postgres_warehouse(postgres_environment(), where))
    if not Path(where).is_file():
        raise ConfigurationError(
            f"{where}: there is no such file", f"build it with {DUCKDB_FILE}={where}"
        )
    return Build(where, duckdb_warehouse(Path(where)))
