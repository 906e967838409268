"""PostgreSQL: builds into schemas of its own, whose tables move into the published ones at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg2
from psycopg2 import errors, extensions
from psycopg2.extensions import quote_ident

from lead_qualification.errors import ConfigurationError
from lead_qualification.publishing.errors import (
    NotPublishedError,
    check_nothing_removed,
    listed,
)
from lead_qualification.publishing.schemas import HISTORY, PREDICTIVE, is_raw_table, schema_names
from lead_qualification.warehouse import connect_postgres

PAUSE_SECONDS = 0.2
LONGEST_NAME = 63
TABLE, VIEW = "table", "view"
KINDS = {"r": TABLE, "p": TABLE, "v": VIEW, "m": "materialized view"}


@dataclass(frozen=True)
class Relation:
    """A table or view.

    Attributes:
        oid: What PostgreSQL knows it by, whatever its name is.
        schema: Its schema.
        name: Its name there.
        kind: table, view or materialized view.
    """

    oid: int
    schema: str
    name: str
    kind: str


@dataclass(frozen=True)
class OutsideView:
    """A view of somebody else that reads published tables.

    Attributes:
        relation: The view.
        options: What stands in its WITH clause.
        definition: Its query, with the schema of every table.
    """

    relation: Relation
    options: list[str]
    definition: str


class NextSchemas:
    """The schemas that the next state is built into: those of the target schema ``<schema>_next``.

    Attributes:
        schema: The published target schema.
        next_schema: The one to build into.
        connection: Holds the lock that keeps other builds away.
    """

    keep_open: tuple[int, ...] = ()

    def __init__(self, schema: str, connection: extensions.connection) -> None:
        """Use a connection that holds the lock; see ``next_schemas``."""
        self.schema = schema
        self.next_schema = _next_of(schema)
        self.connection = connection

    @property
    def variables(self) -> dict[str, str]:
        """What leads dbt to the schemas."""
        return {"LEAD_PG_SCHEMA": self.next_schema}

    def begin(self, *, on_top: bool) -> None:
        """Begin with empty schemas, but for a copy of what builds remember.

        Raises:
            ConfigurationError: It should begin on top of the published state.
        """
        if on_top:
            raise ConfigurationError(
                "--on-top copies a file, and on PostgreSQL every build is from the raw tables",
                "use it with --target duckdb only",
            )
        try:
            self.empty()
            self._copy_history()
        except psycopg2.Error as error:
            raise ConfigurationError(
                f"cannot clear the schemas of {self.next_schema}: {str(error).strip()}",
                "give the user of LEAD_PG_USER the right to create and drop schemas",
            ) from None

    def publish(self, *, drop_removed: bool, wait_seconds: float) -> None:
        """Move the new tables into the published schemas, in one transaction.

        Raises:
            NotPublishedError: It cannot be done; the published tables are as they were.
        """
        try:
            with self.connection, self.connection.cursor() as cursor:
                cursor.execute("set local search_path = ''")
                _Swap(cursor, self.schema, drop_removed).run(wait_seconds)
        except errors.DependentObjectsStillExist as error:
            detail = (error.diag.message_detail or str(error)).strip()
            raise NotPublishedError(
                f"something else depends on the published tables ({detail})",
                "drop it, then run again",
            ) from None
        except psycopg2.Error as error:
            raise NotPublishedError(f"PostgreSQL says: {str(error).strip()}") from None

    def _copy_history(self) -> None:
        """Copy the tables to which each build adds."""
        with self.connection, self.connection.cursor() as cursor:
            schema = _quoted(cursor, f"{self.next_schema}_{HISTORY}")
            remembered = _relations(cursor, [f"{self.schema}_{HISTORY}"])
            if remembered:
                cursor.execute(f"create schema {schema}")
            for relation in remembered:
                name = _quoted(cursor, relation.name)
                source = f"{_quoted(cursor, relation.schema)}.{name}"
                cursor.execute(f"create table {schema}.{name} as table {source}")

    def empty(self) -> None:
        """Drop what a build has left, and end what a killed one left running."""
        names = schema_names(self.next_schema)
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(_END_LEFTOVERS, {"schemas": names})
            for name in names:
                cursor.execute(f"drop schema if exists {_quoted(cursor, name)} cascade")


@contextmanager
def next_schemas(environment: dict[str, str]) -> Iterator[NextSchemas]:
    """Lock the schemas of the next state; they are dropped at the end.

    Args:
        environment: The variables by which profiles.yml finds the server and the schema.

    Raises:
        ConfigurationError: The server cannot be reached, or another build holds the lock.
    """
    schema = environment["LEAD_PG_SCHEMA"]
    if max(map(len, schema_names(_next_of(schema)))) > LONGEST_NAME:
        raise ConfigurationError(f"{schema} is too long for PostgreSQL", "shorten LEAD_PG_SCHEMA")
    connection = connect_postgres(environment)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "select pg_try_advisory_lock(hashtext('published_build'), hashtext(%s))", [schema]
            )
            if not cursor.fetchone()[0]:
                raise ConfigurationError(
                    f"another build into {schema} is running", "wait until it has ended"
                )
        schemas = NextSchemas(schema, connection)
        try:
            yield schemas
        finally:
            # If the server is gone, the next build drops them.
            with suppress(psycopg2.Error):
                schemas.empty()
            # The server keeps the lock of a closed connection for a moment.
            with suppress(psycopg2.Error), connection, connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock_all()")
    finally:
        connection.close()


class _Swap:
    """The transaction that puts the new tables in the place of the published ones."""

    def __init__(self, cursor: extensions.cursor, schema: str, drop_removed: bool) -> None:
        """Look at what is there."""
        self.cursor = cursor
        self.drop_removed = drop_removed
        self.published = schema_names(schema)
        self.next = schema_names(_next_of(schema))
        self.aside = schema_names(f"{schema}_before")
        self.old = [
            relation
            for relation in _relations(cursor, self.published)
            if not is_raw_table(relation.schema, relation.kind)
        ]
        self.new = _relations(cursor, self.next)

    def run(self, wait_seconds: float) -> None:
        """Lock, move, grant, drop."""
        if not self.new:
            raise NotPublishedError(f"the build has made no table in {listed(self.next)}")
        self._check_removed()
        views = self._outside_views()
        self._carry_predictions()
        self._lock([*self.old, *(view.relation for view in views)], wait_seconds)
        grants = self._grants()
        self._move()
        for statement in grants:
            self.cursor.execute(statement)
        self._bind_again(views)
        self._drop()

    def _check_removed(self) -> None:
        """Tables that would go must be meant to go."""
        place = dict(zip(self.next, self.published, strict=True))
        made = {(place[relation.schema], relation.name) for relation in self.new}
        check_nothing_removed(
            (
                f"{relation.schema}.{relation.name}"
                for relation in self.old
                if (relation.schema, relation.name) not in made
            ),
            may_drop=self.drop_removed,
        )

    def _outside_views(self) -> list[OutsideView]:
        """Views of others on the published tables."""
        own = [relation.oid for relation in self.old]
        self.cursor.execute(_OUTSIDE_VIEWS, {"own": own})
        views = [
            OutsideView(Relation(oid, schema, name, KINDS[kind]), options or [], definition)
            for oid, schema, name, kind, options, definition in self.cursor.fetchall()
        ]
        fixed = [view.relation for view in views if view.relation.kind != VIEW]
        if fixed:
            raise NotPublishedError(
                f"{listed(f'{one.schema}.{one.name}' for one in fixed)}: a materialized view on "
                "published tables cannot be bound to new ones; make it a model, or drop it"
            )
        return views

    def _carry_predictions(self) -> None:
        """Bring along what leadq predict has written; it waits until the swap is done."""
        new = {relation.name: relation for relation in self.new if self._is_predictive(relation)}
        for relation in self.old:
            if not self._is_predictive(relation) or relation.name not in new:
                continue
            source, goal = self._name(relation), self._name(new[relation.name])
            self.cursor.execute(f"lock table {source} in share mode")
            self.cursor.execute(
                _COMMON_COLUMNS, {"one": relation.oid, "other": new[relation.name].oid}
            )
            columns = ", ".join(_quoted(self.cursor, name) for (name,) in self.cursor.fetchall())
            self.cursor.execute(f"insert into {goal} ({columns}) select {columns} from {source}")

    def _is_predictive(self, relation: Relation) -> bool:
        return relation.kind == TABLE and relation.schema.endswith(f"_{PREDICTIVE}")

    def _lock(self, relations: list[Relation], wait_seconds: float) -> None:
        """Keep readers away from all tables, or from none.

        A transaction that has read one of them holds it until its end, and it may go on to the
        next one. So this never waits with a lock in its hand: it takes all or lets go of all.
        """
        # PostgreSQL has no such lock for a materialized view; a build makes none.
        lockable = [relation for relation in relations if relation.kind in (TABLE, VIEW)]
        if not lockable:
            return
        names = ", ".join(self._name(relation) for relation in lockable)
        deadline = time.monotonic() + wait_seconds
        self.cursor.execute("savepoint unlocked")
        while True:
            try:
                self.cursor.execute(f"lock table {names} in access exclusive mode nowait")
                return
            except errors.LockNotAvailable:
                self.cursor.execute("rollback to savepoint unlocked")
            if time.monotonic() > deadline:
                raise NotPublishedError(
                    f"the published tables are in use without a pause by {self._readers(relations)}"
                    "; end their transactions or raise --wait, then run again"
                )
            time.sleep(PAUSE_SECONDS)

    def _readers(self, relations: list[Relation]) -> str:
        """Who holds tables, for a message."""
        self.cursor.execute(_READERS, {"oids": [relation.oid for relation in relations]})
        return listed(f"process {pid} ({name})" for pid, name in self.cursor.fetchall())

    def _grants(self) -> list[str]:
        """What gives the new tables the rights of the old ones, and the schema's default ones."""
        old = {(relation.schema, relation.name): relation for relation in self.old}
        place = dict(zip(self.next, self.published, strict=True))
        statements = []
        for relation in self.new:
            schema = place[relation.schema]
            before = old.get((schema, relation.name))
            self.cursor.execute(_RIGHTS, {"oid": before.oid if before else 0, "schema": schema})
            for privilege, role, may_grant in self.cursor.fetchall():
                goal = f"{_quoted(self.cursor, schema)}.{_quoted(self.cursor, relation.name)}"
                option = " with grant option" if may_grant else ""
                statements.append(f"grant {privilege} on {goal} to {role}{option}")
        return statements

    def _move(self) -> None:
        """Move the old relations away and the new ones into their place."""
        for schema in [*self.published, *self.aside]:
            self.cursor.execute(f"create schema if not exists {_quoted(self.cursor, schema)}")
        aside = dict(zip(self.published, self.aside, strict=True))
        place = dict(zip(self.next, self.published, strict=True))
        for relation in self.old:
            self._set_schema(relation, aside[relation.schema])
        for relation in self.new:
            self._set_schema(relation, place[relation.schema])

    def _set_schema(self, relation: Relation, schema: str) -> None:
        """Move one relation; what depends on it goes on to do so."""
        self.cursor.execute(
            f"alter {relation.kind} {self._name(relation)} "
            f"set schema {_quoted(self.cursor, schema)}"
        )

    def _bind_again(self, views: list[OutsideView]) -> None:
        """Let the views of others read the new tables."""
        for view in views:
            name = self._name(view.relation)
            options = f" with ({', '.join(view.options)})" if view.options else ""
            try:
                self.cursor.execute(f"create or replace view {name}{options} as {view.definition}")
            except psycopg2.ProgrammingError as error:
                raise NotPublishedError(
                    f"the view {view.relation.schema}.{view.relation.name} does not fit the new "
                    f"tables ({str(error).strip()}); change or drop it, then run again"
                ) from None

    def _drop(self) -> None:
        """Drop the old relations, unless somebody else still needs them."""
        aside = dict(zip(self.published, self.aside, strict=True))
        for kind in (VIEW, "materialized view", TABLE):
            names = ", ".join(
                f"{_quoted(self.cursor, aside[one.schema])}.{_quoted(self.cursor, one.name)}"
                for one in self.old
                if one.kind == kind
            )
            if names:
                self.cursor.execute(f"drop {kind} {names}")
        for schema in self.aside:
            self.cursor.execute(f"drop schema {_quoted(self.cursor, schema)}")

    def _name(self, relation: Relation) -> str:
        """A relation in a statement."""
        return f"{_quoted(self.cursor, relation.schema)}.{_quoted(self.cursor, relation.name)}"


_RELATIONS = """
select class.oid, namespace.nspname, class.relname, class.relkind
from pg_catalog.pg_class as class
inner join pg_catalog.pg_namespace as namespace on class.relnamespace = namespace.oid
where namespace.nspname = any(%(schemas)s) and class.relkind in ('r', 'p', 'v', 'm')
order by namespace.nspname, class.relname
"""

_OUTSIDE_VIEWS = """
select distinct
    class.oid,
    namespace.nspname,
    class.relname,
    class.relkind,
    class.reloptions,
    pg_catalog.pg_get_viewdef(class.oid)
from pg_catalog.pg_depend as dependency
inner join pg_catalog.pg_rewrite as rewrite
    on dependency.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
    and dependency.objid = rewrite.oid
inner join pg_catalog.pg_class as class on rewrite.ev_class = class.oid
inner join pg_catalog.pg_namespace as namespace on class.relnamespace = namespace.oid
where
    dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and dependency.refobjid = any(%(own)s::pg_catalog.oid[])
    and class.oid <> all(%(own)s::pg_catalog.oid[])
"""

_COMMON_COLUMNS = """
select one.attname
from pg_catalog.pg_attribute as one
inner join pg_catalog.pg_attribute as other on one.attname = other.attname
where
    one.attrelid = %(one)s and one.attnum > 0 and not one.attisdropped
    and other.attrelid = %(other)s and other.attnum > 0 and not other.attisdropped
"""

_RIGHTS = """
with

owned as (

    select relacl as rights from pg_catalog.pg_class where oid = %(oid)s
    union all
    select defaults.defaclacl
    from pg_catalog.pg_default_acl as defaults
    inner join pg_catalog.pg_namespace as namespace on defaults.defaclnamespace = namespace.oid
    inner join pg_catalog.pg_roles as owner on defaults.defaclrole = owner.oid
    where
        namespace.nspname = %(schema)s
        and defaults.defaclobjtype = 'r'
        and owner.rolname = current_user

)

select distinct
    entry.privilege_type,
    coalesce(quote_ident(grantee.rolname), 'public'),
    entry.is_grantable
from owned
cross join lateral pg_catalog.aclexplode(owned.rights) as entry
left join pg_catalog.pg_roles as grantee on entry.grantee = grantee.oid
where (grantee.rolname is null and entry.grantee = 0) or grantee.rolname <> current_user
"""

_READERS = """
select distinct activity.pid, activity.application_name
from pg_catalog.pg_locks as locks
inner join pg_catalog.pg_stat_activity as activity on locks.pid = activity.pid
where locks.relation = any(%(oids)s::pg_catalog.oid[]) and locks.pid <> pg_backend_pid()
"""

# Only a build works in the next schemas, and the lock is ours: a session that is there is left
# over from a killed build.
_END_LEFTOVERS = """
select pg_terminate_backend(activity.pid)
from pg_catalog.pg_stat_activity as activity
where
    activity.backend_type = 'client backend'
    and activity.pid <> pg_backend_pid()
    and activity.usename = current_user
    and activity.pid in (
        select locks.pid
        from pg_catalog.pg_locks as locks
        inner join pg_catalog.pg_namespace as namespace on namespace.nspname = any(%(schemas)s)
        left join pg_catalog.pg_class as class on locks.relation = class.oid
        where
            locks.database = (
                select oid from pg_catalog.pg_database where datname = current_database()
            )
            and (
                class.relnamespace = namespace.oid
                or (
                    locks.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                    and locks.objid = namespace.oid
                )
            )
    )
"""


def _relations(cursor: extensions.cursor, schemas: list[str]) -> list[Relation]:
    """The tables and views of some schemas."""
    cursor.execute(_RELATIONS, {"schemas": schemas})
    return [
        Relation(oid, schema, name, KINDS[kind]) for oid, schema, name, kind in cursor.fetchall()
    ]


def _next_of(schema: str) -> str:
    """The target schema of the next state."""
    return f"{schema}_next"


def _quoted(cursor: extensions.cursor, name: str) -> str:
    """A name in a statement."""
    return quote_ident(name, cursor)
