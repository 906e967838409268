"""Replays policies on the history of a DuckDB build, without dbt: the compiled SQL of the models.

dbt compiles the models up to the hand-offs once. For each policy only the policy tables that change
and the models that follow from them are made again, in a database of its own that goes when the
search ends; everything else is read from the build, which nothing is written to.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas

from lead_qualification.dbt import Parsed, disconnect, forget_compiled
from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.keys import KEYS
from lead_qualification.policy_search.cells import Cell, alike, short
from lead_qualification.settings import DUCKDB_FILE, setting
from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import Connection, DuckdbConnection, Warehouse, open_duckdb

HANDOFFS = "int_handoffs"
OBSERVED = ("int_lead_first_seen", "int_opportunities")
"""What the history says whatever the policy: who the leads are, and their opportunities."""
CHECKS = "int_policy_violations"
DATES = "int_policy_dates"
"""It reads no cell but dates, which are not searched."""
COMMENT = re.compile(r"--[^\n]*")
SELECTION = ("--select", f"+{HANDOFFS},resource_type:model", "--indirect-selection", "empty")
VARIABLES = ("--vars", '{"as_of": ""}')
"""The clock is that of the build, which the environment says."""
MEMORY = "LEAD_DB_MEMORY"

LEADS = """
select
    first_seen.lead_id,
    strftime(first_seen.first_seen_at, '%Y-%m') as month,
    min(opportunities.created_at) as opportunity_at
from {first_seen} as first_seen
left join {opportunities} as opportunities
    on first_seen.lead_id = opportunities.lead_id and opportunities.is_holder
group by all
order by first_seen.lead_id
"""

FIRST_HANDOFFS = """
select lead_id, min(handed_off_at) as handed_off_at
from {handoffs}
where not is_begun_by_sales
group by lead_id
"""


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it.

    Attributes:
        name: Its name.
        relation: What SQL calls its table or view, quoted.
        sql: Its query.
        is_view: Whether it is a view.
    """

    name: str
    relation: str
    sql: str
    is_view: bool

    def reads(self, relation: str) -> bool:
        """Whether the query reads a table; what only a comment names is not read."""
        return relation in COMMENT.sub("", self.sql)


Models = dict[str, Model]


def compiled(project: Path, warehouse: Warehouse, as_of: str, cells: Sequence[Cell] = ()) -> Models:
    """Return the models up to the hand-offs, as dbt compiles them for a build.

    Some models leave out what the policy at hand does not need. So with cells they are compiled
    again with the last values of all of them, which must make no difference.

    Raises:
        ConfigurationError: A cell decides which SQL a model has, so that it cannot be searched.
    """
    source = Path(warehouse.environment[DUCKDB_FILE])
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.name
        shutil.copy(source, copy)
        parsed = Parsed(project, "duckdb")
        environment = {**warehouse.environment, DUCKDB_FILE: str(copy), "LEAD_AS_OF": as_of}
        found = _compile(parsed, environment)
        if cells:
            raw = open_duckdb(str(copy), is_read_only=False)
            for cell in cells:
                table = f"{warehouse.policy}.{cell.table}"
                _set(DuckdbConnection(str(copy), raw), table, cell, cell.values[-1])
            raw.close()
            other = _compile(parsed, environment)
            refuse_other_sql(found, other, warehouse, cells)
    return found


def _compile(parsed: Parsed, environment: dict[str, str]) -> Models:
    """The models as dbt compiles them."""
    try:
        results = parsed.run(
            "compile", *SELECTION, *VARIABLES, environment=environment
        ).result.results
    finally:
        disconnect()
    nodes = [one.node for one in results if one.node.relation_name]
    found = {
        node.name: Model(
            node.name, node.relation_name, node.compiled_code, node.config.materialized == "view"
        )
        for node in nodes
    }
    forget_compiled(parsed.manifest)
    return found


def refuse_other_sql(
    found: Models, other: Models, warehouse: Warehouse, cells: Sequence[Cell]
) -> None:
    """Refuse cells that change the SQL of a model that follows from them."""
    for cell in cells:
        for name in following(found, seed_of(warehouse, cell.table)):
            if found[name].sql != other[name].sql:
                raise ConfigurationError(
                    f"{cell.name}: {name} has other SQL when the cells have their last values, so "
                    f"{cell.table} cannot be searched like this",
                    "leave out this cell, or another one that the SQL depends on, and compare "
                    "builds with leadq diff",
                )


def following(models: Models, relation: str) -> set[str]:
    """Return the models up to the hand-offs that follow from a policy table."""
    found: set[str] = set()
    coming = [relation]
    while coming:
        read = coming.pop()
        for model in models.values():
            is_known = model.name in found or model.name in (DATES, CHECKS)
            if not is_known and model.reads(read):
                found.add(model.name)
                coming.append(model.relation)
    return found


def place_of(warehouse: Warehouse) -> str:
    """Return what SQL calls the database of a build."""
    return f'"{Path(warehouse.environment[DUCKDB_FILE]).stem}"'


def seed_of(warehouse: Warehouse, table: str) -> str:
    """Return what SQL calls a policy table of a build."""
    return f'{place_of(warehouse)}."{warehouse.policy}"."{table}"'


class Replay:
    """A build, and a scratch database in which policies are replayed on it.

    Attributes:
        cells: The cells, first those from which most follows: what changes last is quick then.
        leads: Leads of the build by lead_id: month first seen, and opportunity_at.
        present: When the policy of the build hands each of them over first, by lead_id.
    """

    def __init__(
        self, connection: Connection, warehouse: Warehouse, models: Models, cells: Sequence[Cell]
    ) -> None:
        """Find out what follows from the cells, and replay the policy of the build.

        Raises:
            ConfigurationError: A cell cannot be searched, or the build is not of this project.
        """
        self.connection = connection
        self.models = models
        self.place = place_of(warehouse)
        self.seeds = {cell.table: seed_of(warehouse, cell.table) for cell in cells}
        self.following = {name: following(models, seed) for name, seed in self.seeds.items()}
        self.cells = sorted(cells, key=lambda cell: -len(self.following[cell.table]))
        for cell in cells:
            self._refuse_if_unknown(cell)
        self.moved = set().union(*self.following.values())
        self.order = [name for name in self._in_order() if name in self.moved]
        self.values: dict[str, list[str]] = {}
        relations = [*self.seeds.values(), *(models[name].relation for name in self.order)]
        for schema in {relation.split(".")[1] for relation in relations}:
            connection.execute(f"create schema if not exists memory.{schema}")
        self._make(self.seeds)
        self._refuse_if_other_build()
        first_seen, opportunities = (models[name].relation for name in OBSERVED)
        self.leads = connection.frame(
            LEADS.format(first_seen=first_seen, opportunities=opportunities)
        ).set_index("lead_id")
        self.present = self.handoffs([cell.current for cell in self.cells])

    def handoffs(self, values: Sequence[str]) -> pandas.Series:
        """Return when a policy hands over each lead first, by lead_id as in ``leads``.

        Args:
            values: The value of each cell.
        """
        wanted = {
            table: [
                value for cell, value in zip(self.cells, values, strict=True) if cell.table == table
            ]
            for table in self.seeds
        }
        changed = [table for table, found in wanted.items() if self.values.get(table) != found]
        self._make(changed, wanted)
        self.values |= {table: wanted[table] for table in changed}
        table = self._here(self.models[HANDOFFS].relation)
        found = self.connection.frame(FIRST_HANDOFFS.format(handoffs=table)).set_index("lead_id")
        return found["handed_off_at"].reindex(self.leads.index)

    def violations(self) -> list[str]:
        """Return what the checks of the policy say of the policy that was replayed last."""
        found = self.connection.table(self._sql(self.models[CHECKS]))
        return [
            f"{row['policy_table']} {row['row_text']}: {row['problem']}" for row in found.records
        ]

    def _make(
        self, tables: Iterable[str], values: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Make policy tables, with values in place of their own, and what follows from them."""
        for table in tables:
            here = self._here(self.seeds[table])
            self.connection.execute(f"create or replace table {here} as from {self.seeds[table]}")
            cells = [cell for cell in self.cells if cell.table == table] if values else []
            for cell, value in zip(cells, (values or {}).get(table, ()), strict=True):
                _set(self.connection, here, cell, value)
        following = set().union(*(self.following[table] for table in tables))
        for name in self.order:
            if name in following:
                model = self.models[name]
                kind = "view" if model.is_view else "table"
                here = self._here(model.relation)
                self.connection.execute(f"create or replace {kind} {here} as {self._sql(model)}")

    def _sql(self, model: Model) -> str:
        """The query of a model, which reads what is made here from here."""
        sql = model.sql
        made = (self.models[name].relation for name in self.order)
        for relation in (*self.seeds.values(), *made):
            sql = sql.replace(relation, self._here(relation))
        return sql

    def _here(self, relation: str) -> str:
        """The name in the scratch database of a relation of the build."""
        return relation.replace(self.place, "memory", 1)

    def _in_order(self) -> Iterator[str]:
        """The models, each after what it reads."""
        moved = [self.models[name] for name in self.moved]
        reads = {
            model.name: {
                one.name for one in moved if one is not model and model.reads(one.relation)
            }
            for model in moved
        }
        done: set[str] = set()
        while len(done) < len(reads):
            ready = sorted(name for name in reads if name not in done and reads[name] <= done)
            done |= set(ready)
            yield from ready

    def _refuse_if_unknown(self, cell: Cell) -> None:
        """Refuse a cell that hand-offs do not follow from, or that decides what is observed."""
        following = self.following[cell.table]
        if HANDOFFS not in following:
            raise ConfigurationError(
                f"{cell.name}: no hand-off depends on {cell.table} of this project",
                "leave it out; tables of the var policy_tables cannot be searched",
            )
        if following & set(OBSERVED):
            raise ConfigurationError(
                f"{cell.name}: {cell.table} also decides who the leads are and since when",
                "leave it out, and compare builds with leadq diff",
            )
        rows = self.connection.table(
            f"select cast({cell.column} as varchar) as value from {self.seeds[cell.table]} "
            f"where {_is_rule(cell)}"
        )
        built = [short(str(value)) for value in rows.values("value")]
        if len(built) == 0 or any(
            not any(alike(value, known) for known in cell.known) for value in built
        ):
            raise ConfigurationError(
                f"{cell.name} is {cell.current} in seeds/policy, {', '.join(built) or 'absent'} in "
                "the build",
                "run leadq build, then search again",
            )

    def _refuse_if_other_build(self) -> None:
        """Refuse a build whose hand-offs do not follow from its tables by this project's SQL."""
        built = self.models[HANDOFFS].relation
        columns = "lead_id, handoff_number, handed_off_at, trigger_event, is_begun_by_sales"
        one, other = (f"(select {columns} from {at})" for at in (built, self._here(built)))
        (differing,) = self.connection.table(
            f"select count(*) as handoffs from (({one} except {other}) union all "
            f"({other} except {one}))"
        ).values("handoffs")
        if differing:
            raise ConfigurationError(
                f"{differing} hand-offs of the build do not follow from its tables by the project "
                "as it is now",
                "run leadq build, then search again",
            )


@contextmanager
def opened(warehouse: Warehouse) -> Iterator[Connection]:
    """Open a scratch database beside a build, which is only read; both are closed afterwards.

    Raises:
        WarehouseError: The build cannot be opened.
    """
    path = warehouse.environment[DUCKDB_FILE]
    with warehouse.connection():
        pass
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "temp_directory": sql_literal(folder),
            "memory_limit": sql_literal(setting(MEMORY) or "4500MB"),
            "preserve_insertion_order": "false",
        }
        raw = open_duckdb(":memory:", is_read_only=False, settings=settings)
        try:
            raw.execute(f'attach {sql_literal(path)} as "{Path(path).stem}" (read_only)')
            yield DuckdbConnection(path, raw)
        finally:
            raw.close()


def _set(connection: Connection, table: str, cell: Cell, value: str) -> None:
    """Write a value into all versions of a rule.

    Raises:
        ConfigurationError: It is not a value of the column.
    """
    import duckdb

    try:
        connection.execute(
            f"update {table} set {cell.column} = {sql_literal(value)} where {_is_rule(cell)}"
        )
    except duckdb.ConversionException as error:
        raise ConfigurationError(
            f"{cell.name}: {value} is not a value of this column",
            "correct the values of this cell",
        ) from error


def _is_rule(cell: Cell) -> str:
    """The condition that a row is a version of the rule."""
    return " and ".join(
        f"coalesce(cast({column} as varchar), '') = {sql_literal(word)}"
        for column, word in zip(KEYS[cell.table], cell.key, strict=True)
    )
