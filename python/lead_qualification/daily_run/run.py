"""A run: decides between a full build and the leads that changed, and does it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from lead_qualification.daily_run import fingerprints, slices, state
from lead_qualification.daily_run.affected import Affected
from lead_qualification.daily_run.dbt_runs import WITHOUT_TESTS, Dbt, Node, ancestors
from lead_qualification.daily_run.raw_tables import RawPlace
from lead_qualification.daily_run.session import Session
from lead_qualification.daily_run.state import State
from lead_qualification.raw_contract import RawTable, raw_tables
from lead_qualification.warehouse import Warehouse

# Runs models after the graph was read, so dbt need not write it again.
RUN_ONLY = ("run", "--no-write-json", "--select")


@dataclass(frozen=True)
class Order:
    """What to run.

    Attributes:
        project: Folder of the dbt project.
        warehouse: Where the tables are.
        schema: Target schema of dbt.
        place: Where the raw tables are; none: the embedded demo.
        as_of: The clock.
        variables: Vars of dbt without as_of.
        dbt_folder: Where dbt writes its own files.
        is_full: Whether everything is asked for.
    """

    project: Path
    warehouse: Warehouse
    schema: str
    place: RawPlace | None
    as_of: datetime
    variables: dict[str, object]
    dbt_folder: Path
    is_full: bool = False


@dataclass
class Report:
    """What a run did.

    Attributes:
        full_because: Why everything was built; empty if it was not.
        changed: New, changed and deleted records by raw table.
        leads: Leads after the run.
        recomputed: Leads that were recomputed.
        seconds: Duration of each phase.
    """

    full_because: str = ""
    changed: dict[str, int] = field(default_factory=dict)
    leads: int = 0
    recomputed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Add the duration of what is inside to a phase."""
        begin = time.monotonic()
        yield
        self.seconds[phase] = self.seconds.get(phase, 0.0) + time.monotonic() - begin


class Run:
    """One run of an order."""

    def __init__(self, order: Order) -> None:
        """Prepare; nothing is read or changed yet."""
        self.order = order
        self.tables = raw_tables(order.project)
        self.rules = state.rules_hash(order.project, order.variables)
        self.report = Report()
        self.own = f"{order.schema}_daily_run"
        self.slice = f"{order.schema}_slice"
        self.work = f"{self.slice}_work"
        self.raw = f"{self.slice}_raw"
        self.dbt = Dbt(
            project=order.project,
            target=order.warehouse.target,
            schema=order.schema,
            folder=order.dbt_folder / "whole",
            variables=order.variables,
            as_of=order.as_of,
            raw_folder=None if order.place is None else order.place.folder,
            environment=order.warehouse.environment,
        )
        self.slice_dbt = replace(
            self.dbt,
            schema=self.slice,
            folder=order.dbt_folder / "slice",
            variables=self.dbt.variables | {"raw_schema": self.raw, "raw_database": ""},
            raw_folder=None,
        )

    def go(self) -> Report:
        """Bring the public tables up to the raw data and the clock."""
        with self._session() as session:
            earlier = state.read(session, self.own)
        self.report.full_because = self._why_full(earlier)
        if self.report.full_because or earlier is None:
            self._build_everything()
        else:
            self._build_slice(earlier)
        with self._session() as session:
            self.report.leads = session.value(
                f'select count(*) from "{self.order.schema}_intermediate".int_leads'
            )
        if self.report.full_because:
            self.report.recomputed = self.report.leads
        return self.report

    @contextmanager
    def _session(self) -> Iterator[Session]:
        session = Session(self.order.warehouse)
        try:
            yield session
        finally:
            session.close()

    def _why_full(self, earlier: State | None) -> str:
        if self.order.is_full:
            return "it was asked for"
        if self.order.place is None:
            return "the raw data is the embedded demo"
        if earlier is None:
            return "there is no earlier run to go on from, or a build by hand came after it"
        if earlier.rules != self.rules:
            return "the policy, a model, a var or a version changed"
        if self.order.as_of < earlier.as_of:
            return f"as_of went back from {earlier.as_of}"
        return ""

    def _build_everything(self) -> None:
        """Fingerprints first: what changes while dbt runs is then noticed by the next run."""
        place = self.order.place
        with self.report.timed("compare"), self._session() as session:
            state.forget(session, self.own)
            self._drop_slice(session)
            for table in self.tables.values() if place is not None else ():
                stored = self._stored(table)
                session.execute(f"drop table if exists {stored}")
                fingerprints.take(session, place, table, stored)
        with self.report.timed("dbt"):
            self.dbt.run("build", *WITHOUT_TESTS)
        if place is not None:
            with self._session() as session:
                state.write(session, self.own, State(self.order.as_of, self.rules))

    def _stored(self, table: RawTable) -> str:
        return f'"{self.own}".fingerprints_{table.name}'

    def _drop_slice(self, session: Session) -> None:
        for schema in session.schemas_like(f"{self.slice}_"):
            session.execute(f'drop schema "{schema}" cascade')

    def _build_slice(self, earlier: State) -> None:
        place = self.order.place
        assert place is not None
        with self.report.timed("compare"), self._session() as session:
            changed = self._compare(session, place)
        with self.report.timed("stage"):
            if changed:
                names = [n for t in sorted(changed) for n in self._staging(self.tables[t])]
                self.slice_dbt.run("run", "--select", *names)
            else:
                self.slice_dbt.run("parse")
        graph = self.slice_dbt.graph()
        with self.report.timed("find"), self._session() as session:
            self._find(session, graph, changed, earlier)
        if self.report.recomputed or changed:
            with self.report.timed("compute"):
                self.slice_dbt.run(*RUN_ONLY, *selectors(graph, self._slice_models(graph)))
        with self.report.timed("replace"), self._session() as session:
            self._replace(session, graph, changed)
            self._drop_slice(session)
        with self.report.timed("reports"):
            self.dbt.run(*RUN_ONLY, *selectors(graph, self._rest(graph)))

    def _staging(self, table: RawTable) -> tuple[str, str]:
        return table.base, table.staged

    def _compare(self, session: Session, place: RawPlace) -> set[str]:
        """Find changed keys, and lay their raw rows ready; returns the tables that have some."""
        self._drop_slice(session)
        for schema in (self.work, self.raw):
            session.execute(f'create schema "{schema}"')
        for table in self.tables.values():
            now = f"{self.work}.fingerprints_{table.name}"
            changed = f"{self.work}.changed_{table.name}"
            fingerprints.take(session, place, table, now)
            number = fingerprints.compare(session, self._stored(table), now, changed)
            if not number:
                continue
            self.report.changed[table.name] = number
            found = place.relation(session, table)
            if found is not None:
                session.create_table(
                    f"{self.raw}.{table.name}",
                    f"select * from {found[0]} where {fingerprints.key_hash(session, table)} "
                    f"in (select key_hash from {changed})",
                )
        return set(self.report.changed)

    def _policy_only(self, graph: dict[str, Node]) -> set[str]:
        """Seeds, and the models that read nothing else: all as the last run left them."""
        sources = {name for table in self.tables.values() for name in self._staging(table)}
        return {
            name
            for name in graph
            if not sources & ancestors(graph, {name}, set()) and not graph[name].is_check
        }

    def _slice_models(self, graph: dict[str, Node]) -> set[str]:
        staged = {table.staged for table in self.tables.values()}
        policy = self._policy_only(graph)
        return ancestors(graph, set(slices.MODELS), staged | policy) - staged - policy

    def _rest(self, graph: dict[str, Node]) -> set[str]:
        """Every model that looks across leads, or at the clock."""
        done = {name for table in self.tables.values() for name in self._staging(table)}
        done |= slices.MODELS | self._policy_only(graph)
        checks = {
            name
            for name, node in graph.items()
            if node.is_check
            and not any(graph[p].kind == "seed" for p in node.parents)
            and name != "int_policy_violations"
        }
        return {n for n, node in graph.items() if not node.is_check and n not in done} | checks

    def _find(
        self, session: Session, graph: dict[str, Node], changed: set[str], earlier: State
    ) -> None:
        """Work out whom the changes reach, and lay their staged rows ready."""
        for name in changed:
            staged = self._in(self.slice, graph[self.tables[name].staged])
            session.create_table(f"{self.work}.delta_{name}", f"select * from {staged}")
        affected = Affected(
            session,
            self.tables,
            changed,
            lambda name: self._in(self.order.schema, graph[name]),
            self.work,
            (earlier.as_of, self.order.as_of),
        )
        affected.find()
        self.report.recomputed = session.value(
            f"select count(*) from {self._in(self.order.schema, graph['int_leads'])} "
            f"where lead_id in (select lead_id from {self.work}.affected)"
        )
        for node in (graph[name] for name in self._policy_only(graph)):
            session.execute(f'create schema if not exists "{self.slice}{node.suffix}"')
            if session.relation_kind(f"{self.order.schema}{node.suffix}", node.table):
                session.execute(
                    f"create view {self._in(self.slice, node)} as "
                    f"select * from {self._in(self.order.schema, node)}"
                )
        for name, query in affected.inputs().items():
            node = graph[self.tables[name].staged]
            session.execute(f'create schema if not exists "{self.slice}{node.suffix}"')
            session.execute(f"drop table if exists {self._in(self.slice, node)}")
            session.create_table(self._in(self.slice, node), query)

    def _in(self, schema: str, node: Node) -> str:
        return f'"{schema}{node.suffix}".{node.table}'

    def _replace(self, session: Session, graph: dict[str, Node], changed: set[str]) -> None:
        """Put the rows of this run in place of the earlier ones, and remember the run."""
        if self.report.recomputed or changed:
            self._name_facts(session, graph)
        with session.transaction():
            self._move_clocks(session, graph)
            for name in sorted(changed):
                self._replace_staged(session, graph, self.tables[name])
                fingerprints.keep(
                    session,
                    self._stored(self.tables[name]),
                    f"{self.work}.fingerprints_{name}",
                    f"{self.work}.changed_{name}",
                )
            if self.report.recomputed or changed:
                for name, condition in self._conditions().items():
                    if name in graph:
                        self._replace_rows(session, graph[name], condition)
                for name, columns in slices.VALUES.items():
                    if name in graph:
                        self._replace_values(session, graph[name], columns)
            state.write(session, self.own, State(self.order.as_of, self.rules))

    def _move_clocks(self, session: Session, graph: dict[str, Node]) -> None:
        """Columns that follow the clock in every row."""
        as_of = f"timestamp '{self.order.as_of}'"
        for name, columns in slices.CLOCKS.items():
            if name in graph and self._is_table(session, graph[name]):
                values = ", ".join(
                    f"{column} = {value.format(as_of=as_of)}" for column, value in columns.items()
                )
                session.execute(f"update {self._in(self.order.schema, graph[name])} set {values}")

    def _name_facts(self, session: Session, graph: dict[str, Node]) -> None:
        """The table ``facts``: source and id of every event and CRM fact that was looked at."""
        parts = []
        for table in self.tables.values():
            staged = self._in(self.slice, graph[table.staged])
            for relation in (staged, f"{self.work}.touched_{table.name}"):
                parts.append(
                    f"select '{table.name}' as source, {table.record_id} as record_id "
                    f"from {relation}"
                )
        session.create_table(f"{self.work}.facts", " union ".join(parts))

    def _conditions(self) -> dict[str, str]:
        """By model, which of its rows are replaced."""
        work = self.work
        found = dict.fromkeys(slices.LEADS, f"lead_id in (select lead_id from {work}.affected)")
        found |= {
            name: f"{column} in (select lead_id from {work}.records)"
            for name, column in slices.RECORDS.items()
        }
        found |= dict.fromkeys(
            slices.FACTS,
            f"exists (select 1 from {work}.facts as facts where facts.source = rows.source "
            "and facts.record_id = rows.record_id)",
        )
        found[slices.SCANNED] = (
            f"event_id in (select record_id from {work}.facts where source = 'email_events')"
        )
        found[slices.ADDRESSES] = f"email in (select email from {work}.record_emails)"
        found[slices.VISITORS] = f"anonymous_id in (select anonymous_id from {work}.visitors)"
        return found

    def _replace_rows(self, session: Session, node: Node, condition: str) -> None:
        if self._is_table(session, node):
            whole, part = self._in(self.order.schema, node), self._in(self.slice, node)
            session.execute(f"delete from {whole} as rows where {condition}")
            session.execute(f"insert into {whole} select * from {part} as rows where {condition}")

    def _replace_values(self, session: Session, node: Node, columns: tuple[str, ...]) -> None:
        if self._is_table(session, node):
            whole, part = self._in(self.order.schema, node), self._in(self.slice, node)
            same = " and ".join(f"known.{column} = rows.{column}" for column in columns)
            session.execute(
                f"insert into {whole} select * from {part} as rows "
                f"where not exists (select 1 from {whole} as known where {same})"
            )

    def _replace_staged(self, session: Session, graph: dict[str, Node], table: RawTable) -> None:
        base = graph[table.base]
        of_changed = (
            f"{session.hash_of(table.record_id)} in "
            f"(select key_hash from {self.work}.changed_{table.name})"
        )
        if self._is_table(session, base):
            whole = self._in(self.order.schema, base)
            session.execute(f"delete from {whole} where {of_changed}")
            session.execute(f"insert into {whole} select * from {self._in(self.slice, base)}")
        whole = self._in(self.order.schema, graph[table.staged])
        session.execute(f"delete from {whole} where {of_changed}")
        session.execute(f"insert into {whole} select * from {self.work}.delta_{table.name}")

    def _is_table(self, session: Session, node: Node) -> bool:
        kind = session.relation_kind(f"{self.order.schema}{node.suffix}", node.table)
        return kind == "table"


def selectors(graph: dict[str, Node], names: set[str]) -> list[str]:
    """What makes dbt select some models, and no others."""
    return [graph[name].selector for name in sorted(names)]
