"""A PostgreSQL database as CRM, which keeps a record of every write."""

from __future__ import annotations

from typing import Any

import psycopg2

TABLES = """
drop schema if exists crm cascade;
create schema crm;
create table crm.crm_leads (
    lead_id text primary key,
    lifecycle_stage text,
    lead_stage text,
    lead_score integer check (lead_score <> 666),
    lead_grade text,
    recommended_action text,
    action_owner text,
    action_due_at timestamp,
    nurture_track text,
    re_engage_on date,
    sql_handed_off_at timestamp,
    recommended_rep_id text,
    sla_due_at timestamp,
    held_back_by text,
    handoff_context text,
    score_reasons text,
    lead_qualification_hash text
);
create table crm.crm_accounts (
    account_id text primary key,
    account_score integer,
    account_stage text,
    is_in_market boolean,
    lead_qualification_hash text
);
create table crm.audit (row_key text, row_hash text);
create table crm.slowness (seconds double precision);
insert into crm.slowness values (0);
create function crm.record() returns trigger language plpgsql as $$
begin
    insert into crm.audit values (new.lead_id, new.lead_qualification_hash);
    perform pg_sleep(seconds) from crm.slowness;
    return new;
end $$;
create trigger record after insert or update on crm.crm_leads
    for each row execute function crm.record();
do $$ begin
    if not exists (select from pg_roles where rolname = 'crm_writer') then
        create role crm_writer login password 'sesame-of-sql';
    end if;
end $$;
grant usage on schema crm to crm_writer;
grant select, insert, update on all tables in schema crm to crm_writer;
alter role crm_writer set search_path = crm;
"""


class SqlTarget:
    """Tables of leads and accounts in the schema crm of a running server."""

    def __init__(self, server: dict[str, str]) -> None:
        """Recreate the tables."""
        self.server = server
        self.connection = psycopg2.connect(
            host=server["LEAD_PG_HOST"],
            user=server["LEAD_PG_USER"],
            dbname=server["LEAD_PG_DATABASE"],
        )
        self.connection.autocommit = True
        self.execute(TABLES)

    @property
    def environment(self) -> dict[str, str]:
        """How the command finds the CRM."""
        words = {
            "host": self.server["LEAD_PG_HOST"],
            "user": "crm_writer",
            "password": "sesame-of-sql",
            "dbname": self.server["LEAD_PG_DATABASE"],
        }
        return {"CRM_SQL_DSN": psycopg2.extensions.make_dsn(**words)}

    def execute(self, statement: str) -> None:
        """Run a statement."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def leads(self) -> list[dict[str, Any]]:
        """Return all leads, ordered by key, without the hash."""
        with self.connection.cursor() as cursor:
            cursor.execute("select * from crm.crm_leads order by lead_id")
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for row in rows:
            del row["lead_qualification_hash"]
        return rows

    def writes(self) -> list[tuple[str, str]]:
        """Return key and hash of every write of a lead."""
        return self.query("select row_key, row_hash from crm.audit order by 1, 2")

    def written(self) -> int:
        """Return how many writes are committed."""
        return self.query("select count(*) from crm.audit")[0][0]

    def close(self) -> None:
        """Disconnect."""
        self.connection.close()
