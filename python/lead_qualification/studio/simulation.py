"""What edited policy files would have made of the last DuckDB build.

The tables that change are loaded into a copy of the build, and dbt runs the models that follow from
them there: the very steps of a build, with what depends on the policy when SQL is made. The copy
goes when the answer is there. dbt changes the environment of its process, so a server asks for this
in a process of its own: ``python -m lead_qualification.studio``.
"""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas

from lead_qualification.dbt import Parsed, disconnect
from lead_qualification.errors import ConfigurationError, DbtError, LeadqError
from lead_qualification.policy.dates import BOUNDS
from lead_qualification.policy.files import policy_paths
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.sql_text import sql_literal
from lead_qualification.studio.checking import write
from lead_qualification.warehouse import Connection, DuckdbConnection, Warehouse, open_duckdb

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

WANTED = ("lead_stages", "handoffs", "score_calibration")
NOT_RUN = ("int_run_scope", "int_leads_this_run", "int_finished_run")
"""Which leads a run recomputes: here all."""
CHECKS = "_violations"
"""Checks of the policy are those of ``policy_check``."""
DATES = "int_policy_dates"
AS_OF = "select max(as_of) as at from {marts}.lead_stages"
LEADS = """
select
    stages.lead_id,
    stages.profile,
    stages.stage,
    handoffs.handed_off_at
from {marts}.lead_stages as stages
left join (
    select lead_id, min(handed_off_at) as handed_off_at
    from {marts}.handoffs
    where not is_begun_by_sales
    group by lead_id
) as handoffs on stages.lead_id = handoffs.lead_id
order by stages.lead_id
"""
HANDOFFS = """
select
    lead_id,
    handoff_number,
    handed_off_at,
    cast(date_trunc('week', handed_off_at) as timestamp) as week_start,
    coalesce(territory, 'none') as territory,
    sla_status
from {marts}.handoffs
where not is_begun_by_sales
order by lead_id, handoff_number
"""
CALIBRATION = """
select scoring_model, bin_from, bin_to, leads, converted, conversion_rate
from {marts}.score_calibration
order by scoring_model, bin_from
"""


@dataclass(frozen=True)
class State:
    """What a policy makes of the history.

    Attributes:
        leads: Leads by lead_id: profile, stage and when they were first handed over.
        handoffs: Hand-offs that are not begun by sales: when, week, territory and sla_status.
        calibration: Rows of score_calibration without their intervals.
    """

    leads: pandas.DataFrame
    handoffs: pandas.DataFrame
    calibration: pandas.DataFrame


@dataclass(frozen=True)
class Simulated:
    """The last build, and what it would be with edited files.

    Attributes:
        before: The build as it is.
        after: With the edited files.
        tables: The policy tables that differ from those of the build.
    """

    before: State
    after: State
    tables: tuple[str, ...]

    def moved(self) -> pandas.DataFrame:
        """Return the leads whose stage or first hand-off changes, before and after."""
        both = self.before.leads.join(self.after.leads, how="outer", rsuffix="_after")
        one, other = both["handed_off_at"], both["handed_off_at_after"]
        is_other_time = (one != other) & ~(one.isna() & other.isna())
        found = both[(both["stage"] != both["stage_after"]) | is_other_time]
        return found.drop(columns="profile_after")

    def counts(self, column: str) -> pandas.DataFrame:
        """Return hand-offs before and after by a column such as week_start, in its order."""
        counted = {
            name: state.handoffs.groupby(column, dropna=False).size()
            for name, state in (("before", self.before), ("after", self.after))
        }
        return pandas.DataFrame(counted).fillna(0).astype(int).sort_index()

    def calibration(self) -> pandas.DataFrame:
        """Return leads and conversion by score, before and after, of the bins that differ."""
        keys = ["scoring_model", "bin_from", "bin_to"]
        both = self.before.calibration.merge(
            self.after.calibration, on=keys, how="outer", suffixes=("", "_after")
        )
        is_same = (both["leads"] == both["leads_after"]) & (
            both["converted"] == both["converted_after"]
        )
        return both[~is_same]


def simulate(project: Path, warehouse: Warehouse, texts: Mapping[str, str]) -> Simulated:
    """Return what the policy files of a project with some edited would make of the last build.

    Args:
        project: Folder of the dbt project.
        warehouse: A DuckDB build, which is only read.
        texts: The edited files by table.

    Raises:
        ConfigurationError: A file does not fit its table.
        DbtError: A build with these files would stop.
    """
    path = Path(warehouse.environment[DUCKDB_FILE])
    with warehouse.connection() as connection:
        before = state_of(connection, warehouse)
        (as_of,) = connection.table(AS_OF.format(marts=warehouse.marts)).values("at")
    if as_of is None:
        raise ConfigurationError(f"{path}: there are no leads", "build with leads, then simulate")
    parsed = Parsed(project, "duckdb")
    assert parsed.manifest is not None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copy(path, copy)
        given = {one.stem: one.read_text(encoding="utf-8") for one in policy_paths(project)}
        write(Path(folder), given | texts)
        changed = load(copy, warehouse, Path(folder), given)
        names = following(parsed.manifest, changed)
        if names:
            environment = {DUCKDB_FILE: str(copy), "LEAD_AS_OF": f"{as_of:%Y-%m-%d %H:%M:%S.%f}"}
            words = ("run", "--select", *names, "--vars", '{"as_of": ""}')
            try:
                parsed.run(*words, environment={**warehouse.environment, **environment})
            except DbtError as error:
                raise DbtError(
                    f"a build with these files would stop: {error.what}", "correct the rules"
                ) from error
            finally:
                disconnect()
        raw = open_duckdb(str(copy), is_read_only=True)
        try:
            after = state_of(DuckdbConnection(str(copy), raw), warehouse)
        finally:
            raw.close()
    return Simulated(before, after, tuple(changed))


def state_of(connection: Connection, warehouse: Warehouse) -> State:
    """Return what a build says."""
    leads, handoffs, calibration = (
        connection.frame(sql.format(marts=warehouse.marts))
        for sql in (LEADS, HANDOFFS, CALIBRATION)
    )
    return State(leads.set_index("lead_id"), handoffs, calibration)


def load(copy: Path, warehouse: Warehouse, folder: Path, tables: Iterable[str]) -> dict[str, bool]:
    """Load policy files into a copy of a build, as dbt seed does.

    Returns:
        The tables that change, each with whether dates of it do.

    Raises:
        ConfigurationError: A file does not fit its table.
    """
    raw = open_duckdb(str(copy), is_read_only=False)
    found = {}
    try:
        for table in sorted(tables):
            path, name = folder / f"{table}.csv", f"{warehouse.policy}.{table}"
            raw.execute(f"create or replace temp table given as from {name} limit 0")
            raw.execute(f"copy given from {sql_literal(path)} (format csv, header, delimiter ',')")
            if _differ(raw, "given", name, "*"):
                columns = [row[0] for row in raw.execute(f"describe {name}").fetchall()]
                is_dated = set(BOUNDS) <= set(columns)
                found[table] = is_dated and _differ(
                    raw, "given", name, "distinct " + ", ".join(BOUNDS)
                )
                raw.execute(f"delete from {name}")
                raw.execute(f"insert into {name} from given")
    except duckdb.Error as error:
        raise ConfigurationError(
            f"{table}.csv does not fit the build: {str(error).splitlines()[0]}",
            "correct what the check says, or run leadq build with this version of the project",
        ) from error
    finally:
        raw.close()
    return found


def _differ(raw: duckdb.DuckDBPyConnection, one: str, other: str, columns: str) -> bool:
    """Whether two tables have other rows, counted."""
    here, there = (f"select {columns} from {table}" for table in (one, other))
    found = raw.execute(
        f"select count(*) from (({here} except all {there}) union all ({there} except all {here}))"
    ).fetchone()
    return bool(found and found[0])


def following(manifest: Manifest, changed: Mapping[str, bool]) -> list[str]:
    """Return the models up to stages and hand-offs that follow from policy tables.

    Args:
        manifest: The project as dbt parsed it; models depend there on all that they may read.
        changed: The policy tables, each with whether its dates change.
    """
    nodes = {node.name: node for node in manifest.nodes.values() if node.resource_type == "model"}
    ids = {node.unique_id: name for name, node in nodes.items()}
    reads = {name: set(node.depends_on.nodes) for name, node in nodes.items()}
    needed, coming = set(WANTED), list(WANTED)
    while coming:
        for read in reads[coming.pop()]:
            if read in ids and ids[read] not in needed:
                needed.add(ids[read])
                coming.append(ids[read])
    skipped = {name for name in needed if name.endswith(CHECKS)} | set(NOT_RUN)
    if not any(changed.values()):
        skipped.add(DATES)
    names = {node.unique_id: node.name for node in manifest.nodes.values()}
    made = {one for one, name in names.items() if one.startswith("seed.") and name in changed}
    found: set[str] = set()
    while True:
        more = {name for name in needed - found - skipped if reads[name] & made}
        if not more:
            return sorted(found)
        found |= more
        made |= {nodes[name].unique_id for name in more}


def simulate_apart(project: Path, target: str, texts: Mapping[str, str]) -> Simulated:
    """Simulate in a process of its own, with the environment of this one.

    Raises:
        LeadqError: As ``simulate``.
    """
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), texts)
        command = [sys.executable, "-m", "lead_qualification.studio", str(project), target, folder]
        ended = subprocess.run(command, capture_output=True, check=False)
        answer = Path(folder) / "answer"
        if not answer.exists():
            told = ended.stderr.decode(errors="replace").strip().splitlines() or ["no answer"]
            raise ConfigurationError(f"the simulation failed: {told[-1]}", "see the server's log")
        found = pickle.loads(answer.read_bytes())
    if isinstance(found, LeadqError):
        raise found
    assert isinstance(found, Simulated)
    return found
