"""Which records of the raw tables are new, changed or gone since the last run.

A fingerprint is one row per key of a raw table: a hash of the key and the sum of the hashes of its
rows. Keys whose hashes coincide share a fingerprint, and are then both taken as changed: that
costs a little and loses nothing.
"""

from __future__ import annotations

from lead_qualification.daily_run.raw_tables import RawPlace
from lead_qualification.daily_run.session import Session
from lead_qualification.raw_contract import RawTable


def take(session: Session, place: RawPlace, table: RawTable, into: str) -> None:
    """Write the fingerprints of a raw table as it is now into a new table."""
    found = place.relation(session, table)
    if found is None:
        empty = "0" if session.engine == "duckdb" else "cast(0 as bigint)"
        kind = "hugeint" if session.engine == "duckdb" else "numeric"
        key = "cast(0 as ubigint)" if session.engine == "duckdb" else empty
        session.create_table(
            into, f"select {key} as key_hash, cast(0 as {kind}) as row_hashes where 1 = 0"
        )
        return
    relation, columns = found
    session.create_table(
        into,
        f"select {key_hash(session, table)} as key_hash, "
        f"sum({session.hash_of_row(columns)}) as row_hashes from {relation} group by 1",
    )


def key_hash(session: Session, table: RawTable) -> str:
    """The hash of a raw row's key."""
    return session.hash_of(session.trimmed(table.record_id))


def compare(session: Session, earlier: str, now: str, into: str) -> int:
    """Write the hashes of the keys whose rows differ into a new table; return how many."""
    session.create_table(
        into,
        f"select coalesce(now.key_hash, earlier.key_hash) as key_hash from {now} as now "
        f"full join {earlier} as earlier on now.key_hash = earlier.key_hash "
        "where now.row_hashes is null or earlier.row_hashes is null "
        "or now.row_hashes <> earlier.row_hashes",
    )
    return int(session.value(f"select count(*) from {into}"))


def keep(session: Session, stored: str, now: str, changed: str) -> None:
    """Bring stored fingerprints up to now, touching only those of changed keys."""
    session.execute(f"delete from {stored} where key_hash in (select key_hash from {changed})")
    session.execute(
        f"insert into {stored} select * from {now} "
        f"where key_hash in (select key_hash from {changed})"
    )
