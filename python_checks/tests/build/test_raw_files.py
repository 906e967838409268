"""Raw files come in whole and as they are meant, or the build stops and says what to do."""

from __future__ import annotations

import gzip
from concurrent.futures import Future
from itertools import takewhile
from pathlib import Path

import duckdb
import pytest

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.building import BuildError, build, copy_project
from python_checks.tests.builds import Builds, files_of_dbt
from python_checks.worlds import WORLDS_AS_OF

HEADER = "lead_id,email,created_at\n"
ROW = "1,jane@doe.example,2026-01-01\n"
NO_RAW_DATA = ("--select", "time_spine")
"""A model that reads no raw table: only the files are looked at."""
PERSONAL = ("jane", "doe.example")
LONGEST_MESSAGE = 4
LARGE = 64 * 2**20
"""Bytes above which only the end of a Parquet file is looked at."""

Files = dict[str, str | bytes]


def leads(text: str | bytes) -> Files:
    """A folder with leads alone."""
    return {"leads.csv": text}


def many(rows: int, last: str) -> str:
    """More rows than a reader looks at before it begins, then one more."""
    return HEADER + "".join(f"{n},p{n}@doe.example,2026-01-01\n" for n in range(rows)) + last


READ: dict[str, tuple[Files, list[tuple[str, str | None]]]] = {
    "rows that begin with a number sign": (
        leads(HEADER + "#1001,a@x.org,2026-01-01\n1002,#b@x.org,2026-01-01\n"),
        [("#1001", "a@x.org"), ("1002", "#b@x.org")],
    ),
    "Windows line ends": (
        leads((HEADER + "\n1,a@x.org,2026-01-01\n\n").replace("\n", "\r\n")),
        [("1", "a@x.org")],
    ),
    "old line ends": (
        leads((HEADER + "1,a@x.org,2026-01-01\n").replace("\n", "\r")),
        [("1", "a@x.org")],
    ),
    "line breaks and quotes within quotes": (
        leads(HEADER + '1,"a@x.org",2026-01-01\n2,"""b""@x.org\n\n",2026-01-01\n'),
        [("1", "a@x.org"), ("2", '"b"@x.org')],
    ),
    "Windows line ends around Unix ones in quotes": (
        leads((HEADER + '1,"a@x.org@",2026-01-01\n').replace("\n", "\r\n").replace('@"', '\n"')),
        [("1", "a@x.org")],
    ),
    "Unix line ends around Windows ones in quotes": (
        leads(HEADER + '1,"a@x.org\r\n",2026-01-01\n'),
        [("1", "a@x.org")],
    ),
    "a mark of the byte order": (
        leads(b"\xef\xbb\xbf" + (HEADER + "1,a@x.org,2026-01-01\n").encode()),
        [("1", "a@x.org")],
    ),
    "semicolons": (leads("lead_id;email;created_at\n1;a@x.org;2026-01-01\n"), [("1", "a@x.org")]),
    "tabs": (leads("lead_id\temail\tcreated_at\n1\ta@x.org\t2026-01-01\n"), [("1", "a@x.org")]),
    "commas, with semicolons in a value": (
        leads(HEADER + "1;2;3,a@x.org,2026-01-01\n"),
        [("1;2;3", "a@x.org")],
    ),
    "a header in quotes, in capitals, with blanks and columns of others": (
        leads('"Lead_ID" , EMAIL,created_at,"Größe, ""cm""",\n1,a@x.org,2026-01-01,,\n'),
        [("1", "a@x.org")],
    ),
    "an ending in capitals": ({"Leads.CSV": HEADER + "1,a@x.org,2026-01-01\n"}, [("1", "a@x.org")]),
    "quotes within a value that does not begin with one": (
        leads(HEADER + '1 "one",a@x.org,2026-01-01\n'),
        [('1 "one"', "a@x.org")],
    ),
    "another table without rows": (
        leads(HEADER + "1,a@x.org,2026-01-01\n") | {"accounts.csv": "account_id,name\n"},
        [("1", "a@x.org")],
    ),
}
"""What is in the folder, and the leads that are read: lead_id and email of the raw table."""

STOPPED: dict[str, tuple[Files, list[str]]] = {
    "a second header": (
        leads(HEADER + ROW + HEADER + "2,b@doe.example,2026-01-01\n"),
        ["leads.csv, line 3: a second header", "Delete the line"],
    ),
    "a second header with more columns": (
        leads(HEADER + ROW + "lead_id,email,created_at,country\n2,b@doe.example,2026-01-01,US\n"),
        ["leads.csv, line 3: a second header", "export all rows as one file"],
    ),
    "a second header with other columns, far down": (
        leads(many(30_000, "email,lead_id,country\nb@doe.example,2,US\n")),
        ["leads.csv, line 30002: a second header", "export all rows as one file"],
    ),
    "line ends of two systems": (
        leads(HEADER + ROW + ROW.replace("\n", "\r\n") + ROW),
        ["leads.csv: lines end in different ways", "tr -d"],
    ),
    "a header of one system and rows of another": (
        leads(HEADER.replace("\n", "\r\n") + ROW * 2 + ROW.strip()),
        ["leads.csv: lines end in different ways"],
    ),
    "Windows-1252": (
        leads((HEADER + ROW + "2,zoé@doe.example,2026-01-01\n").encode("cp1252")),
        ["leads.csv, line 3: not UTF-8 but WINDOWS-1252", "iconv -f WINDOWS-1252 -t UTF-8"],
    ),
    "Windows-1252 with Windows line ends": (
        leads(
            (HEADER + ROW + "2,zoé@doe.example,2026-01-01\n").replace("\n", "\r\n").encode("cp1252")
        ),
        ["leads.csv, line 3: not UTF-8 but WINDOWS-1252"],
    ),
    "Windows-1252 in the header": (
        leads(("lead_id,email,created_at,größe\n" + ROW).encode("cp1252")),
        ["leads.csv, line 1: not UTF-8 but WINDOWS-1252"],
    ),
    "Windows-1251": (
        leads((HEADER + ROW + "2,маркетинг,2026-01-01\n").encode("cp1251")),
        ["leads.csv, line 3: not UTF-8 but another encoding, such as WINDOWS-1251"],
    ),
    "UTF-16": (
        leads((HEADER + ROW).encode("utf-16")),
        ["leads.csv, line 1: not UTF-8 but UTF-16.", "iconv -f UTF-16 -t UTF-8"],
    ),
    "UTF-16 without a mark": (
        leads((HEADER + ROW).encode("utf-16-le")),
        ["leads.csv, line 1: not UTF-8 but UTF-16LE"],
    ),
    "gzip under the name of a CSV": (
        leads(gzip.compress((HEADER + ROW).encode())),
        ["leads.csv: compressed with gzip", "gunzip"],
    ),
    "a workbook under the name of a CSV": (
        leads(b"PK\x03\x04" + bytes(range(256))),
        ["leads.csv: a ZIP archive or an Excel workbook"],
    ),
    "Parquet under the name of a CSV": (
        leads(b"PAR1\n\n\nPAR1"),
        ["leads.csv: a Parquet file. Rename it to leads.parquet"],
    ),
    "a broken Parquet file": (
        leads(HEADER + ROW) | {"accounts.parquet": b"PAR1" + bytes(100)},
        ["accounts.parquet: not a whole Parquet file (104 bytes)"],
    ),
    "an empty file": (leads(""), ["leads.csv: an empty file"]),
    "a header and no leads": (leads(HEADER), ["leads.csv, line 1: a header and no leads"]),
    "no header": (
        leads(ROW + ROW),
        ["leads.csv, line 1: not a header", "column names (lead_id, email, created_at"],
    ),
    "an empty first line": (leads("\n" + HEADER + ROW), ["leads.csv, line 1: empty"]),
    "an instruction to Excel": (
        leads("sep=,\n" + HEADER + ROW),
        ["leads.csv, line 1: an instruction to Excel. Delete the line"],
    ),
    "a column twice": (
        leads("lead_id,email,EMAIL,created_at\n1,jane@doe.example,,2026-01-01\n"),
        ["leads.csv, line 1: the header has a column twice: email"],
    ),
    "rows with too few cells": (
        leads(HEADER + ROW + "2,jane@doe.example\n3\n"),
        ["leads.csv, line 3: a row with fewer cells than the header, which has 3 (2 such rows)"],
    ),
    "a row with too few cells after line breaks within quotes": (
        leads((HEADER + '1,"ja\n\nne",2026-01-01\n2,jane\n').replace("\n", "\r\n")),
        ["leads.csv, line 5: a row with fewer cells"],
    ),
    "a row with too many cells, far down": (
        leads(many(30_000, "x,jane@doe.example,2026-01-01,jane\n")),
        ["leads.csv, line 30002: a row with more cells than the header"],
    ),
    "another delimiter than that of the header": (
        leads(HEADER + ROW.replace(",", ";")),
        ["leads.csv, line 2: a row with fewer cells"],
    ),
    "a quote that is never closed": (
        leads(HEADER + ROW + '2,"jane@doe.example,2026-01-01\n' + ROW),
        ["leads.csv, line 3: a quote that is not closed"],
    ),
    "quotes escaped by backslashes": (
        leads(HEADER + '1,"\\"jane\\" doe.example",2026-01-01\n'),
        ["leads.csv, line 2: a quote that is not closed, or text after a closing quote"],
    ),
    "a table twice": (
        {"leads.csv": HEADER + ROW, "LEADS.csv": HEADER + ROW},
        ["LEADS.csv and leads.csv: raw table leads exists twice. Keep one"],
    ),
    "leads in a compressed file": (
        {"leads.csv.gz": b"", "accounts.csv": "account_id\nA\n"},
        ["Raw table leads is missing", "leads.csv.gz?", "decompress it"],
    ),
    "two faults in two files": (
        leads(HEADER) | {"accounts.csv": "", "campaigns.csv": "campaign_id\nK\n"},
        ["(2)", "leads.csv, line 1: a header and no leads", "accounts.csv: an empty file"],
    ),
}
"""What is in the folder, and words of the message."""

UNREAD = {
    "leads.csv.gz": "It may mean leads.csv: decompress it",
    "lead_2026.csv": "It may mean leads.csv: rename it",
    "deals.csv": "It may mean opportunities.csv: rename it",
    "sales_activites.csv": "It may mean sales_activities.csv: rename it",
    "web events.xlsx": "It may mean web_events.csv: save it as CSV in UTF-8",
    "notes.txt": "Move it out of the folder",
    "accounts/part.csv": "It may mean accounts: put its rows into one file",
}
"""Files that no table reads, and words of the warning."""
HIDDEN = (".DS_Store", "_SUCCESS")


def written(folder: Path, files: Files) -> Path:
    """Write the files into a folder whose name has every character that a path may mishandle."""
    folder = folder / "o'neil [2026] *?{a}"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture(scope="module")
def submitted(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> dict[str, Future[Warehouse]]:
    """Builds that look at each folder; the path ends with a slash."""
    futures = {}
    for name, (files, _) in {**READ, **STOPPED}.items():
        folder = written(tmp_path_factory.mktemp("raw"), files)
        futures[name] = builds.submit(f"{folder}/", WORLDS_AS_OF, arguments=NO_RAW_DATA)
    return futures


@pytest.mark.parametrize("name", READ)
def test_every_record_is_read(submitted: dict[str, Future[Warehouse]], name: str) -> None:
    """The raw table has what the file has, cell by cell."""
    warehouse = submitted[name].result()
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True) as connection:
        rows = connection.execute(
            "select lead_id, trim(email, e' \\n\\r\\t') from lead_raw.leads order by lead_id"
        ).fetchall()
    assert rows == READ[name][1]


@pytest.mark.parametrize("name", STOPPED)
def test_what_cannot_be_read_stops_the_build(
    submitted: dict[str, Future[Warehouse]], name: str
) -> None:
    """The message names file, line and remedy in a few lines, and quotes nobody's data."""
    error = submitted[name].exception()
    assert isinstance(error, BuildError)
    message = str(error)
    for words in STOPPED[name][1]:
        assert words in message
    lines = message[message.index("Raw files in") :].splitlines()
    faults = list(takewhile(lambda line: line.strip().startswith("- "), lines[1:]))
    assert 0 < len(faults) < LONGEST_MESSAGE
    for words in PERSONAL:
        assert words not in message


def large_parquet(folder: Path) -> Path:
    """A folder with two leads in a Parquet file that is not read whole to see what it is."""
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select n::varchar as lead_id, 'a@x.org' as email, '2026-01-01' as created_at, "
            "n || repeat('€', 12000000) as note from range(2) as leads (n)) "
            f"to '{folder / 'leads.parquet'}' (format parquet, compression uncompressed)"
        )
    assert (folder / "leads.parquet").stat().st_size > LARGE
    return folder


def test_large_parquet_is_read(tmp_path: Path, builds: Builds) -> None:
    folder = large_parquet(tmp_path / "raw")
    warehouse = builds.build(folder, WORLDS_AS_OF, arguments=NO_RAW_DATA)
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True) as connection:
        rows = connection.execute("select lead_id from lead_raw.leads order by lead_id").fetchall()
    assert rows == [("0",), ("1",)]


def test_large_file_that_is_no_parquet_is_named(tmp_path: Path, builds: Builds) -> None:
    folder = large_parquet(tmp_path / "raw")
    with (folder / "leads.parquet").open("r+b") as file:
        file.truncate(LARGE + 1)
    with pytest.raises(BuildError, match=r"No magic bytes.*leads\.parquet"):
        builds.build(folder, WORLDS_AS_OF, arguments=NO_RAW_DATA)


STRICT = ("--warn-error-options", '{"error": ["JinjaLogWarning"]}')


@pytest.mark.parametrize("name", UNREAD)
def test_file_that_no_table_reads_is_a_warning(tmp_path: Path, builds: Builds, name: str) -> None:
    """The warning, here an error, names the file and the table that it may mean."""
    files: Files = leads(HEADER + ROW) | {name: b"x"}
    built = builds.submit(written(tmp_path, files), WORLDS_AS_OF, arguments=(*NO_RAW_DATA, *STRICT))
    message = str(built.exception())
    assert f"No table reads {name.split('/')[0]}" in message
    assert UNREAD[name] in message


def test_hidden_file_is_no_warning(tmp_path: Path, builds: Builds) -> None:
    """What systems leave in a folder is not missing from the leads."""
    files: Files = leads(HEADER + ROW) | dict.fromkeys(HIDDEN, b"x")
    builds.build(written(tmp_path, files), WORLDS_AS_OF, arguments=(*NO_RAW_DATA, *STRICT))


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("file", "raw_schema", "words"),
    [
        ("main", None, "The DuckDB file is called main, which is the name of a schema"),
        ("leads", "main_marts", "The raw schema is main_marts, into which the build itself writes"),
    ],
)
def test_name_that_means_two_things_is_refused(
    tmp_path: Path, file: str, raw_schema: str | None, words: str
) -> None:
    """It is refused while dbt parses, before the engine fails at it."""
    warehouse = duckdb_warehouse(tmp_path / f"{file}.duckdb")
    folder = files_of_dbt(tmp_path)
    with pytest.raises(BuildError, match=words):
        build(warehouse, raw_schema=raw_schema, command="parse", arguments=folder)


@pytest.mark.nightly
def test_reader_that_leaves_rows_out_is_found(tmp_path: Path) -> None:
    """Were # a comment again, the count by lines and quotes would say that a record is missing."""
    project = copy_project(tmp_path / "project")
    path = project / "macros" / "raw" / "duckdb_files.sql"
    text = path.read_text(encoding="utf-8")
    assert "comment = '', skip = 0" in text
    path.write_text(text.replace("comment = '', skip = 0", "comment = '#', skip = 0"))
    raw = written(tmp_path, leads(HEADER + "#1001,a@x.org,2026-01-01\n1002,b@x.org,2026-01-01\n"))
    arguments = (*NO_RAW_DATA, *files_of_dbt(tmp_path))
    warehouse = duckdb_warehouse(tmp_path / "leads.duckdb")
    with pytest.raises(BuildError, match=r"leads\.csv: 2 records by lines and quotes, 1 as read"):
        build(warehouse, raw=raw, project=project, command="run", arguments=arguments)
