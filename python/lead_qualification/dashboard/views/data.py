"""Data: is it healthy and fresh, what could not be used, and which policy made these numbers."""

from __future__ import annotations

import subprocess
from functools import cache

import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.access import shows_contacts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.reading import fingerprint
from lead_qualification.dashboard.wording import NOTHING, count
from lead_qualification.errors import WarehouseError
from lead_qualification.tables import Table
from lead_qualification.untrusted import plain
from lead_qualification.warehouse import PROJECT

TITLE = "Data"
HASH_SHOWN = 12
POLICY_FOLDER = "seeds/policy"
SHOWN_REASONS = 15

HEALTH = """
select verdict, "check", source, "column", affected, "rows", share, worst_values, remedy, as_of
from {marts}.data_health
where verdict <> 'fine'
order by verdict, share desc, source
"""
UNMAPPED = """
select source, "column", "value", "rows", first_seen_at, last_seen_at, as_of
from {marts}.unmapped_values
order by "rows" desc, source, "value"
"""
FRESHNESS = "select * from {marts}.source_freshness order by age_hours desc, source"
PROBLEMS = """
select source, reason, is_row_unusable, count(*) as records, max(as_of) as as_of
from {marts}.quarantined_records
where $source = 'all' or source = $source
group by source, reason, is_row_unusable
order by count(*) desc, source, reason
"""
SOURCES = "select distinct source as found from {marts}.quarantined_records order by 1"
ALL_RECORDS = """
select source, record_id, reason, is_row_unusable{raw_row}, as_of
from {marts}.quarantined_records
where $source = 'all' or source = $source
order by source, reason, record_id
"""
VERSIONS = "select * from {marts}.policy_versions order by policy_version desc"
EXCLUDED = "select * from {marts}.excluded_events order by events desc, source, reason"


def render() -> None:
    """Show the page."""
    parts.heading(
        TITLE, "Can the data be believed, has a source stopped, which rules are in force?"
    )
    _health()
    _freshness()
    _quarantine()
    _excluded()
    _policy()


def _health() -> None:
    """What may make the numbers wrong, and which words nobody knows."""
    parts.section("Data health", meaning=definition_of("data_health").description)
    found = parts.read(HEALTH)
    if found.rows:
        parts.listing(found, "data_health", "health")
    else:
        parts.nothing("Every check is fine.", "There is nothing to do.")
    with streamlit.expander("Words that no list knows"):
        parts.listing(parts.read(UNMAPPED), "unmapped_values", "unmapped")


def _freshness() -> None:
    """The newest row of each source."""
    parts.section("Freshness", meaning=definition_of("source_freshness").description)
    found = parts.read(FRESHNESS)
    known = found.frame.dropna(subset=["age_hours"])
    chart = charts.bars(known, "source", "age_hours", "Hours since the newest row")
    parts.picture(
        chart if len(known) else None,
        found,
        "source_freshness",
        "freshness",
        alt="Bars: hours since the newest row of each raw table.",
        defines=("age_hours",),
    )


def _quarantine() -> None:
    """Rows with a problem."""
    parts.section("Quarantined records", meaning=definition_of("quarantined_records").description)
    source = parts.choice(
        "Source",
        "source",
        [parts.ALL, *parts.read(SOURCES).values("found")],
        parts.ALL,
        definition_of("quarantined_records").of("source"),
    )
    found = parts.read(PROBLEMS, source=source)
    if not found.rows:
        parts.nothing("Every row of this choice could be used.", "There is nothing to do.")
        return
    numbers = found.records
    parts.numbers(
        "quarantined_records",
        [
            parts.Number("reason", count(sum(row["records"] for row in numbers)), title="Problems"),
            parts.Number(
                "is_row_unusable",
                count(sum(row["records"] for row in numbers if row["is_row_unusable"])),
                title="Rows not used",
            ),
        ],
    )
    parts.listing(found, "quarantined_records", "problems")
    sql = ALL_RECORDS.replace("{raw_row}", ", raw_row" if shows_contacts() else "")
    with streamlit.expander("The records"):
        parts.listing(
            parts.read(f"{sql} limit {parts.LISTED}", source=source),
            "quarantined_records",
            "records",
            complete=parts.complete(sql, source=source),
        )


def _excluded() -> None:
    """Events that are not a signal."""
    parts.section("Excluded events", meaning=definition_of("excluded_events").description)
    found = parts.read(EXCLUDED)
    if not found.rows:
        parts.nothing("No event was excluded.", "There is nothing to do.")
        return
    frame = found.frame.head(SHOWN_REASONS)
    if len(found) > SHOWN_REASONS:
        parts.note(f"The {SHOWN_REASONS} most frequent of {len(found)}; CSV: all.")
    parts.picture(
        charts.bars(
            frame.assign(
                what=[
                    f"{parts.told('source', source)}: {parts.told('reason', reason)}"
                    for source, reason in zip(frame["source"], frame["reason"], strict=True)
                ]
            ),
            "what",
            "events",
            "Events",
        ),
        found,
        "excluded_events",
        "excluded",
        alt="Bars: events that are not a signal, by source and reason.",
        defines=("reason",),
    )


def _policy() -> None:
    """The rules that made these numbers."""
    parts.section(
        "Policy in force",
        "The rules as the last build loaded them. Two warehouses with the same hash have the same "
        "rules, on any engine.",
    )
    # Fifty tables are read only for those who ask for them.
    folded = streamlit.expander(
        "Rules and their hashes",
        expanded="policy" in streamlit.query_params,
        key="policy_tables",
        on_change="rerun",
    )
    if folded.open:
        with folded:
            _rules()


def _rules() -> None:
    """The versions, hashes and rows of the policy tables."""
    tables = _policy_tables()
    if not tables:
        parts.nothing("No policy table was found.", "Run dbt build, which loads seeds/policy.")
        return
    parts.subtitle("Policy versions", definition_of("policy_versions").description)
    parts.listing(parts.read(VERSIONS), "policy_versions", "policy_versions")
    parts.subtitle(f"Hash of all {len(tables)} tables")
    streamlit.code(fingerprint(tables), language=None)
    parts.note(f"SHA-256 over the sorted rows of all policy tables, as of {parts.as_of()}.")
    parts.subtitle("Last change")
    streamlit.code(plain(last_change()), language=None, wrap_lines=True)
    parts.note(f"The latest commit that changed {POLICY_FOLDER} in this checkout.")
    rows = tuple(
        (
            name,
            len(table),
            fingerprint([(name, table)])[:HASH_SHOWN],
            definition_of(name).description,
        )
        for name, table in tables
    )
    parts.listing(
        Table(("policy_table", "rows", "hash", "description"), rows),
        "all policy tables",
        "policy_hashes",
    )
    names = [name for name, _ in tables]
    name = parts.choice("Policy table", "policy", names, names[0], column="policy_table")
    parts.listing(dict(tables)[name], name, "policy")


def _policy_tables() -> list[tuple[str, Table]]:
    """The policy tables of the warehouse with their rows, by name."""
    found = []
    for path in sorted((PROJECT / POLICY_FOLDER).glob("*.csv")):
        try:
            found.append((path.stem, parts.read(f"select * from {{policy}}.{path.stem}")))
        except WarehouseError:
            continue
    return found


@cache
def last_change() -> str:
    """Return day, commit and subject of the last change of the policy files, if git knows."""
    command = ["git", "log", "-1", "--format=%cs %h %s", "--", POLICY_FOLDER]
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return NOTHING
    return done.stdout.strip() or NOTHING
