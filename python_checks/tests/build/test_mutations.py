"""Mutations of correct raw data: each is right, recorded or stops the build, and the books balance.

Rows are spoilt in lives of their own, all in one build, in which every file has another dialect of
CSV. Files that cannot be read as they are meant are only looked at, some in each folder. What a
mutation must become stands with it (row_mutations, file_mutations).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import cache
from pathlib import Path

import duckdb
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import BuildError
from python_checks.compare import normal, same_value
from python_checks.tests.build.file_mutations import (
    READ,
    READ_ALONE,
    STOPPED,
    STOPPED_IN_STAGING,
    WARNED,
    FileMutation,
)
from python_checks.tests.build.lives import LEDGER_OF_A_LIFE, SHARED_ROWS, Life, Lived, Row
from python_checks.tests.build.row_mutations import COSTS, MUTATIONS, Mutation
from python_checks.tests.build.scenarios import VARIABLES_OF_CASES
from python_checks.tests.builds import Builds, PostgresBuilds
from python_checks.tests.tables import all_differences, reference_of, shown
from python_checks.worlds import COLUMNS, WORLDS_AS_OF

NO_RAW_DATA = ("--select", "time_spine")
STAGING = ("--select", "path:models/staging")
CONTROL = Life("m000")
ENOUGH = 200
REASON_OF_A_KEY = 3
COUNTED_CHECKS = (
    "unknown_reference",
    "conflicting_rows",
    "opt_out_like_scanner",
    "opt_out_without_time",
)
"""Checks of data_health whose figures the mutations predict for all sources together."""

Tables = dict[str, list[Row]]
FIGURES: Counter[tuple[str, str]] = Counter()
"""By kind and outcome how many mutations became what they must."""


@cache
def spoilt() -> list[tuple[Mutation, Life]]:
    """Each mutation of rows with the life that it spoils."""
    found = []
    for number, mutation in enumerate(MUTATIONS, 1):
        life = Life(f"m{number:03}")
        mutation.change(life)
        found.append((mutation, life))
    return found


def rows_of(lives: Iterable[Life]) -> Tables:
    """The rows of lives by table, with those that they share."""
    tables: Tables = {table: list(SHARED_ROWS.get(table, ())) for table in COLUMNS}
    for life in lives:
        for table, rows in life.rows.items():
            tables[table] += rows
    return tables


def files_of(tables: Tables) -> dict[str, bytes]:
    """The content of the file of each table, as a CSV."""
    found = {}
    for table, rows in tables.items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS[table], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        found[table] = text.getvalue().encode()
    return found


def written(folder: Path, files: dict[str, bytes], mutations: Iterable[FileMutation] = ()) -> Path:
    """Write the files of all tables, some of them spoilt."""
    spoilt_files = {mutation.table: mutation for mutation in mutations}
    for table, content in files.items():
        mutation = spoilt_files.get(table)
        if mutation is None:
            (folder / f"{table}.csv").write_bytes(content)
        else:
            (folder / mutation.path).write_bytes(mutation.change(content))
    return folder


def in_rounds(mutations: Iterable[FileMutation]) -> list[list[FileMutation]]:
    """The mutations in groups, of which each has one of a table at most."""
    rounds: list[list[FileMutation]] = []
    for mutation in mutations:
        for own in rounds:
            if all(other.table != mutation.table for other in own):
                own.append(mutation)
                break
        else:
            rounds.append([mutation])
    return rounds


def named(mutations: Iterable[Mutation | FileMutation]) -> list[str]:
    """A name for each mutation that is unique."""
    return [f"{number}-{m.kind}-{m.name[:50]}" for number, m in enumerate(mutations, 1)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows of all lives in plain files."""
    files = files_of(rows_of([CONTROL, *(life for _, life in spoilt())]))
    return written(tmp_path_factory.mktemp("plain"), files)


@pytest.fixture(scope="module")
def built_future(
    plain: Path, tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> Future[Warehouse]:
    """A build of the same rows, each file in another dialect."""
    files = {path.stem: path.read_bytes() for path in plain.iterdir()}
    raw = written(tmp_path_factory.mktemp("dialects"), files, READ)
    return builds.submit(raw, WORLDS_AS_OF, variables=VARIABLES_OF_CASES)


Looked = dict[int, Future[Warehouse]]


@pytest.fixture(scope="module")
def looked(
    built_future: Future[Warehouse], tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> Looked:
    """By the identity of a mutation of a file the build that looks at it."""
    files = files_of(rows_of([CONTROL]))
    found = {}
    for mutations, selection in (
        (STOPPED, NO_RAW_DATA),
        (READ_ALONE, NO_RAW_DATA),
        ([*STOPPED_IN_STAGING, *WARNED], STAGING),
    ):
        for own in in_rounds(mutations):
            raw = written(tmp_path_factory.mktemp("spoilt"), files, own)
            future = builds.submit(raw, WORLDS_AS_OF, arguments=selection)
            found |= {id(mutation): future for mutation in own}
    return found


@pytest.fixture(scope="module")
def built(built_future: Future[Warehouse], looked: Looked) -> Warehouse:
    """The build of all lives, when it is finished."""
    return built_future.result()


@pytest.fixture(scope="module")
def lived(built: Warehouse) -> Lived:
    """What the public tables say of the lives."""
    return Lived.read(built)


@pytest.fixture(scope="module")
def quarantined(built: Warehouse) -> Counter[tuple[str, str | None, str]]:
    """Rows of quarantined_records: source, key and reason."""
    rows = built.table("quarantined_records").to_dict("records")
    return Counter((row["source"], row["record_id"], row["reason"]) for row in rows)


@pytest.fixture(scope="module")
def unmapped(built: Warehouse) -> set[tuple[str, str, str]]:
    """Rows of unmapped_values: source, column and value."""
    rows = built.table("unmapped_values").to_dict("records")
    return {(row["source"], row["column"], row["value"]) for row in rows}


def faults_of(
    life: Life, quarantined: Counter[tuple[str, str | None, str]]
) -> list[tuple[str, str]]:
    """What quarantined_records says of rows with a key of a life."""
    return sorted(
        (source, reason)
        for source, key, reason in quarantined.elements()
        if life.name in str(key) or str(key) == life.lead_id
    )


@pytest.mark.parametrize("number", range(len(MUTATIONS)), ids=named(MUTATIONS))
def test_spoilt_rows_become_what_they_must(
    lived: Lived,
    quarantined: Counter[tuple[str, str | None, str]],
    unmapped: set[tuple[str, str, str]],
    number: int,
) -> None:
    """The public tables say the same, or what was said; what is lost is recorded, and no more."""
    mutation, life = spoilt()[number]
    usual, found = lived.outcome(CONTROL), lived.outcome(life)
    differing = {name for name in usual | found if usual.get(name) != found.get(name)}
    if mutation.is_gone:
        assert "lead_stages.lead_id" not in found
        assert "lead_score_history.lead_id" not in found
    else:
        assert bool(differing) == bool(mutation.said), differing
        assert not mutation.said or differing & set(mutation.said)
    for name, value in mutation.said.items():
        values = value if isinstance(value, list) else [value]
        assert len(found[name]) == len(values), name
        assert all(map(same_value, values, found[name])), (name, found[name])
    keyed = [fault for fault in mutation.quarantined if len(fault) < REASON_OF_A_KEY]
    assert faults_of(life, quarantined) == sorted(keyed)
    for source, reason, key in set(mutation.quarantined) - set(keyed):
        assert (source, key, reason) in quarantined
    for source, column, value in mutation.unmapped:
        shown_value = value.replace("&", mutation.value).replace("#", life.name)
        assert (source, column, shown_value) in unmapped
    FIGURES[mutation.kind, mutation.becomes] += 1


@pytest.mark.parametrize("number", range(len(COSTS)))
def test_spoilt_costs_add_up(built: Warehouse, number: int) -> None:
    """The cost of the month, to the cent."""
    mutation, total = COSTS[number]
    month = f"20{10 + number // 12}-{number % 12 + 1:02}-01"
    found = built.read(
        f"select cost from {built.marts}.channel_roi "
        f"where member = 'paid' and cast(month as text) like '{month}%'"
    )
    assert [normal(cost) for cost in found["cost"]] == [normal(total)], mutation.name


def test_ledger_has_every_row_once_for_its_reason(built: Warehouse, plain: Path) -> None:
    """The whole ledger is what the mutations predict, and adds up to the records of the files."""
    expected = Counter({("sales_reps", "used"): len(SHARED_ROWS["sales_reps"])})
    expected.update(LEDGER_OF_A_LIFE)
    for mutation, _ in spoilt():
        expected.update(LEDGER_OF_A_LIFE)
        expected.update(mutation.ledger)
    rows = built.table("raw_row_ledger").to_dict("records")
    found = {(row["source"], row["outcome"]): int(row["rows"]) for row in rows}
    assert found == {key: count for key, count in expected.items() if count}
    records = Counter(dict.fromkeys(COLUMNS, 0))
    for (source, _), count in found.items():
        records[source] += count
    for table in COLUMNS:
        with (plain / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert records[table] == sum(1 for _ in csv.DictReader(file)), table


def test_health_counts_what_the_mutations_did(built: Warehouse) -> None:
    """References that find nothing, conflicting rows and doubtful opt-outs, by column."""
    expected: Counter[tuple[str, str, str | None]] = Counter()
    for mutation, _ in spoilt():
        for check, source, column, rows in mutation.health:
            expected[check, source, column] += rows
    found = {
        (row["check"], row["source"], normal(row["column"])): int(row["affected"])
        for row in built.table("data_health").to_dict("records")
        if row["check"] in COUNTED_CHECKS and row["affected"]
    }
    assert found == dict(expected)


def test_reference_says_the_same_of_all_lives(built: Warehouse, plain: Path) -> None:
    """Every public table, to the digit."""
    reference = reference_of(plain, WORLDS_AS_OF, **VARIABLES_OF_CASES)
    found = all_differences(reference, built)
    lines = [line for table in found.values() for line in table]
    assert not lines, shown(lines)


@pytest.mark.nightly
def test_engines_say_the_same_of_all_lives(plain: Path, postgres_builds: PostgresBuilds) -> None:
    """On PostgreSQL too, from tables of text."""
    built = postgres_builds.submit(
        plain, "mutations", WORLDS_AS_OF, variables=VARIABLES_OF_CASES
    ).result()
    reference = reference_of(plain, WORLDS_AS_OF, **VARIABLES_OF_CASES)
    lines = [line for table in all_differences(reference, built).values() for line in table]
    assert not lines, shown(lines)


def raw_cells(warehouse: Warehouse, table: str) -> list[tuple[str | None, ...]]:
    """The rows of a raw table as it was read, without columns of others."""
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True) as connection:
        rows = connection.execute(f"from lead_raw.{table}")
        names = [name.lower() for name, *_ in rows.description]
        places = [names.index(column) if column in names else None for column in COLUMNS[table]]
        return [
            tuple(None if place is None else (row[place] or None) for place in places)
            for row in rows.fetchall()
        ]


def cells_of(content: bytes, table: str) -> list[tuple[str | None, ...]]:
    """The rows of a correct CSV."""
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [tuple(row[column] or None for column in COLUMNS[table]) for row in rows]


MEANT: dict[str, Callable[[bytes], bytes]] = {
    "keys that begin with a number sign": lambda text: text.replace(b"e1-", b"#1-"),
    "line breaks and quotes within quotes": lambda text: text.replace(b"Deal", b'"De""al\r\n, 2"'),
    "a semicolon in a value": lambda text: text.replace(b"Spring", b"Spring; summer"),
    "a header and no rows": lambda text: text.splitlines(keepends=True)[0],
}
"""What other text than that of the correct file is meant."""


@pytest.mark.parametrize("mutation", READ_ALONE, ids=named(READ_ALONE))
def test_file_is_read_as_it_is_meant(looked: Looked, mutation: FileMutation) -> None:
    """Every cell is that of the correct file."""
    meant = MEANT.get(mutation.name, lambda text: text)(
        files_of(rows_of([CONTROL]))[mutation.table]
    )
    found = raw_cells(looked[id(mutation)].result(), mutation.table)
    assert found == cells_of(meant, mutation.table)
    FIGURES[mutation.kind, "right"] += 1


@pytest.mark.parametrize("mutation", READ, ids=named(READ))
def test_dialect_is_read_as_it_is_meant(
    built: Warehouse, plain: Path, mutation: FileMutation
) -> None:
    """Every cell of the large build is that of the plain file."""
    meant = (plain / f"{mutation.table}.csv").read_bytes()
    assert sorted(raw_cells(built, mutation.table), key=str) == sorted(
        cells_of(meant, mutation.table), key=str
    )
    FIGURES[mutation.kind, "right"] += 1


CANNOT = [*STOPPED, *STOPPED_IN_STAGING]


@pytest.mark.parametrize("mutation", CANNOT, ids=named(CANNOT))
def test_file_that_cannot_be_read_stops_the_build(looked: Looked, mutation: FileMutation) -> None:
    """The message names the file, what is wrong and what to do."""
    error = looked[id(mutation)].exception()
    assert isinstance(error, BuildError)
    message = str(error)
    if mutation in STOPPED:
        (message,) = {
            line for line in message.splitlines() if line.strip().startswith(f"- {mutation.path}")
        }
    for words in mutation.words:
        assert words in message
    FIGURES[mutation.kind, "stopped"] += 1


@pytest.mark.parametrize("mutation", WARNED, ids=named(WARNED))
def test_file_that_no_table_reads_is_named(looked: Looked, mutation: FileMutation) -> None:
    """A warning names it and the table that it may mean."""
    message = str(looked[id(mutation)].exception())
    for words in mutation.words:
        assert words in message
    FIGURES[mutation.kind, "recorded"] += 1


@pytest.mark.usefixtures("built")
def test_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """The figure of each kind; as many mutations became what they must as there are."""
    expected = Counter((mutation.kind, mutation.becomes) for mutation in MUTATIONS)
    expected.update((mutation.kind, "right") for mutation in (*READ, *READ_ALONE))
    expected.update((mutation.kind, "stopped") for mutation in CANNOT)
    expected.update((mutation.kind, "recorded") for mutation in WARNED)
    lines = []
    for kind in dict.fromkeys(kind for kind, _ in expected):
        counts = [FIGURES[kind, outcome] for outcome in ("right", "recorded", "stopped")]
        of = sum(count for (own, _), count in expected.items() if own == kind)
        lines.append("{}: {} right, {} recorded, {} stopped of {}".format(kind, *counts, of))
    with capsys.disabled():
        print("", *lines, f"{FIGURES.total()} of {expected.total()} mutations", sep="\n")
    assert expected == FIGURES
    assert FIGURES.total() >= ENOUGH
