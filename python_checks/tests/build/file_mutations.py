"""Mutations of whole files: what exports, editors and file systems do to correct tables.

Each is of one table, so that those of different tables share a folder: a build names all the files
that it cannot read.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb

Bytes = Callable[[bytes], bytes]


@dataclass(frozen=True)
class FileMutation:
    """What is done to the file of a table, and what must become of it.

    Attributes:
        kind: Mutations of a kind are counted together.
        name: What is done.
        table: To which.
        change: Makes another content of the correct one.
        words: Of the message that stops the build or warns; none: the file is read as it is meant.
        file: The name that the file gets.
    """

    kind: str
    name: str
    table: str
    change: Bytes
    words: tuple[str, ...] = ()
    file: str = ""

    @property
    def path(self) -> str:
        """The name of the file."""
        return self.file or f"{self.table}.csv"


def in_lines(change: Callable[[list[str]], Iterable[str]]) -> Bytes:
    """A change of the lines of a file."""
    return lambda content: "".join(
        f"{line}\n" for line in change(content.decode().splitlines())
    ).encode()


def in_cells(change: Callable[[list[list[str]]], list[list[str]]], **dialect: str) -> Bytes:
    """A change of the cells of a file, or the same cells in another dialect of CSV."""

    def changed(content: bytes) -> bytes:
        rows = change(list(csv.reader(io.StringIO(content.decode(), newline=""))))
        text = io.StringIO(newline="")
        csv.writer(text, **({"lineterminator": "\n"} | dialect)).writerows(rows)
        return text.getvalue().encode()

    return changed


def replaced(old: str, new: str) -> Bytes:
    """Another text in place of every occurrence of one."""
    return lambda content: content.replace(old.encode(), new.encode())


def in_encoding(encoding: str, letters: str = "") -> Bytes:
    """The file in another encoding, with letters that need it in the last cell of each row."""
    return lambda content: content.decode().replace("Acme", letters or "Acme").encode(encoding)


def zipped(content: bytes) -> bytes:
    """A ZIP archive of the file, as an Excel workbook is one."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("leads.csv", content)
    return archive.getvalue()


def typed(content: bytes) -> bytes:
    """The same rows as a Parquet file."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
        source.write_bytes(content)
        duckdb.sql(f"copy (from read_csv('{source}', all_varchar = true)) to '{target}'")
        return target.read_bytes()


def same(content: bytes) -> bytes:
    """Nothing is done to what is in the file."""
    return content


def without(column: str) -> Bytes:
    """Leave a column out."""

    def change(rows: list[list[str]]) -> list[list[str]]:
        place = rows[0].index(column)
        return [row[:place] + row[place + 1 :] for row in rows]

    return in_cells(change)


STOPPED = [
    FileMutation(kind, name, table, change, words)
    for kind, name, table, change, words in (
        ("empty", "an empty file", "accounts", lambda _: b"", ("an empty file",)),
        ("empty", "line ends alone", "web_events", lambda _: b"\n\n\n", ("line 1: empty",)),
        (
            "empty",
            "a header and no leads",
            "leads",
            in_lines(lambda lines: lines[:1]),
            ("line 1: a header and no leads",),
        ),
        ("compressed", "gzip", "leads", gzip.compress, ("compressed with gzip", "gunzip")),
        ("compressed", "a workbook", "accounts", zipped, ("an Excel workbook",)),
        (
            "compressed",
            "Parquet under the name of a CSV",
            "web_events",
            typed,
            ("a Parquet file. Rename it to web_events.parquet",),
        ),
        (
            "compressed",
            "random bytes",
            "campaigns",
            lambda _: bytes(range(255, 0, -1)) * 9,
            ("line 1: not",),
        ),
        ("encodings", "UTF-16", "email_events", in_encoding("utf-16"), ("not UTF-8 but UTF-16.",)),
        (
            "encodings",
            "UTF-16LE",
            "marketing_activities",
            in_encoding("utf-16-le"),
            ("not UTF-8 but UTF-16LE",),
        ),
        (
            "encodings",
            "UTF-16BE",
            "product_events",
            in_encoding("utf-16-be"),
            ("not UTF-8 but UTF-16BE",),
        ),
        ("encodings", "UTF-32", "intent_signals", in_encoding("utf-32"), ("not UTF-8 but UTF-32",)),
        (
            "encodings",
            "Windows-1252",
            "leads",
            in_encoding("cp1252", "Soci\u00e9t\u00e9"),
            ("line 2: not UTF-8 but WINDOWS-1252", "iconv -f WINDOWS-1252 -t UTF-8"),
        ),
        (
            "encodings",
            "Windows-1251",
            "accounts",
            in_encoding("cp1251", "\u0410\u043a\u043c\u044d"),
            ("not UTF-8 but another encoding, such as WINDOWS-1251",),
        ),
        (
            "encodings",
            "Shift-JIS",
            "accounts",
            in_encoding("shift-jis", "\u30a2\u30af\u30e1\u682a"),
            ("not UTF-8 but another encoding",),
        ),
        (
            "encodings",
            "half of a letter",
            "campaigns",
            lambda content: content.replace(b"Spring", b"Spr\xc3"),
            ("line 2: not UTF-8",),
        ),
        (
            "zero bytes",
            "a zero byte in a row",
            "opportunities",
            replaced("Deal", "De\0al"),
            ("line 2: not text, it has zero bytes",),
        ),
        (
            "zero bytes",
            "a zero byte in the header",
            "sales_reps",
            replaced("territory", "terri\0tory"),
            ("line 1: not text, it has zero bytes",),
        ),
        (
            "zero bytes",
            "a disk that was full",
            "qualification_answers",
            lambda content: content + bytes(512),
            ("not text, it has zero bytes",),
        ),
        (
            "ragged rows",
            "a row with fewer cells",
            "web_events",
            in_lines(lambda lines: [*lines, "w9,v9"]),
            ("line 5: a row with fewer cells",),
        ),
        (
            "ragged rows",
            "a row with more cells",
            "campaigns",
            in_lines(lambda lines: [*lines, f"{lines[-1]},x"]),
            ("line 3: a row with more cells",),
        ),
        (
            "ragged rows",
            "a file that was cut off",
            "marketing_activities",
            lambda content: content[: content.rindex(b",2026-03-05")],
            ("line 3: a row with fewer cells",),
        ),
        (
            "ragged rows",
            "a line of totals",
            "sales_activities",
            in_lines(lambda lines: [*lines, "Total: 2"]),
            ("line 4: a row with fewer cells",),
        ),
        (
            "ragged rows",
            "a comma in a text without quotes",
            "opportunities",
            replaced("Deal", "Deal, big"),
            ("line 2: a row with more cells",),
        ),
        (
            "quotes",
            "a quote that is never closed",
            "leads",
            replaced(",Acme", ',"Acme'),
            ("a quote",),
        ),
        (
            "quotes",
            "quotes escaped by backslashes",
            "opportunities",
            replaced("Deal", '"\\"Deal\\" 2"'),
            ("a quote that is not closed, or text after",),
        ),
        (
            "quotes",
            "text after a closing quote",
            "campaigns",
            replaced("Spring", '"Spring" 2'),
            ("line 2: a quote that is not closed, or text after",),
        ),
        (
            "quotes",
            "a lone quote in the header",
            "sales_reps",
            replaced("territory", '"territory'),
            ("line 1:",),
        ),
        (
            "headers",
            "a second header",
            "leads",
            in_lines(lambda lines: [*lines, *lines]),
            ("line 3: a second header", "Delete the line"),
        ),
        (
            "headers",
            "an export with another header behind",
            "web_events",
            in_lines(lambda lines: [*lines, f"{lines[0]},extra", f"{lines[1]},1"]),
            ("line 5: a second header", "export all rows as one file"),
        ),
        (
            "headers",
            "no header",
            "email_events",
            in_lines(lambda lines: lines[1:]),
            ("line 1: not a header",),
        ),
        (
            "headers",
            "a title above the header",
            "intent_signals",
            in_lines(lambda lines: ["Intent of March", *lines]),
            ("line 1: not a header",),
        ),
        (
            "headers",
            "an empty line above the header",
            "product_events",
            in_lines(lambda lines: ["", *lines]),
            ("line 1: empty",),
        ),
        (
            "headers",
            "an instruction to Excel",
            "qualification_answers",
            in_lines(lambda lines: ["sep=,", *lines]),
            ("line 1: an instruction to Excel",),
        ),
        (
            "headers",
            "a column twice",
            "accounts",
            in_cells(lambda rows: [[*row, row[0]] for row in rows]),
            ("line 1: the header has a column twice: account_id",),
        ),
        (
            "headers",
            "a column twice, once in capitals",
            "lead_status_changes",
            in_cells(lambda rows: [[*row, row[2].upper()] for row in rows]),
            ("line 1: the header has a column twice: status",),
        ),
        ("delimiters", "a bar", "campaign_costs", replaced(",", "|"), ("line 1: not a header",)),
        (
            "delimiters",
            "rows with semicolons under a header with commas",
            "campaigns",
            in_lines(lambda lines: [lines[0], *(line.replace(",", ";") for line in lines[1:])]),
            ("line 2: a row with fewer cells",),
        ),
        (
            "line ends",
            "rows of two systems",
            "sales_activities",
            lambda content: content.replace(b"\n", b"\r\n", 2),
            ("lines end in different ways",),
        ),
        (
            "other files",
            "JSON",
            "product_events",
            lambda _: b'[{"event_id": "1", "email": "x"}]\n',
            ("line 1: not a header",),
        ),
        (
            "other files",
            "a page that says that you must log in",
            "intent_signals",
            lambda _: b"<!DOCTYPE html>\n<html><body>Sign in, please</body></html>\n",
            ("line 1: not a header",),
        ),
    )
]
"""What stops the build before a model runs."""

STOPPED_IN_STAGING = [
    FileMutation(
        "columns", f"without {column}", table, without(column), (table, f"no column {column}")
    )
    for table, column in (
        ("accounts", "account_id"),
        ("web_events", "occurred_at"),
        ("email_events", "program"),
        ("marketing_activities", "activity_type"),
        ("opportunities", "is_won"),
        ("lead_status_changes", "status"),
        ("campaign_costs", "cost"),
    )
] + [
    FileMutation(
        "columns",
        "names of the fields as people read them",
        "qualification_answers",
        in_lines(lambda lines: ["Id,Lead,Framework,Question,Answer,Comment,Date", *lines[1:]]),
        ("qualification_answers", "no column answer_id"),
    ),
    FileMutation(
        "columns",
        "a column under another name",
        "sales_activities",
        replaced("lead_id", "who_id"),
        ("sales_activities", "no column lead_id"),
    ),
    FileMutation(
        "columns",
        "a column with a blank in its name",
        "leads",
        replaced("created_at", "created at"),
        ("leads", "no column created_at"),
    ),
]
"""What stops the build when the table is read."""

WARNED = [
    FileMutation(
        "misnamed files",
        file,
        table,
        same if file[-3:] != ".gz" else gzip.compress,
        (f"No table reads {file}", words),
        file,
    )
    for table, file, words in (
        ("product_events", "productevents.csv", "It may mean product_events.csv: rename it"),
        ("campaigns", "campaigns.csv.gz", "It may mean campaigns.csv: decompress it"),
        ("intent_signals", "Intent Signals (1).csv", "It may mean intent_signals.csv: rename it"),
        ("sales_reps", "sales_reps.txt", "It may mean sales_reps.csv: save it as CSV"),
        (
            "opportunity_contacts",
            "oportunity_contacts.csv",
            "It may mean opportunity_contacts.csv: rename it",
        ),
    )
]
"""Files that no table reads, in a build that goes on without them."""


def reordered(content: bytes) -> bytes:
    """The columns the other way round."""
    return in_cells(lambda rows: [row[::-1] for row in rows])(content)


READ = [
    FileMutation(kind, name, table, change, (), file)
    for kind, name, table, change, file in (
        ("dialects", "a mark of the byte order", "leads", lambda text: b"\xef\xbb\xbf" + text, ""),
        ("dialects", "semicolons", "accounts", in_cells(list, delimiter=";"), ""),
        ("dialects", "tabs", "web_events", in_cells(list, delimiter="\t"), ""),
        (
            "dialects",
            "quotes around everything",
            "email_events",
            in_cells(list, quoting=csv.QUOTE_ALL),
            "",
        ),
        (
            "line ends",
            "Windows",
            "marketing_activities",
            lambda text: text.replace(b"\n", b"\r\n"),
            "",
        ),
        ("line ends", "old", "product_events", lambda text: text.replace(b"\n", b"\r"), ""),
        ("line ends", "none at the end", "intent_signals", lambda text: text.rstrip(b"\n"), ""),
        ("line ends", "many at the end", "sales_activities", lambda text: text + b"\n\n\n", ""),
        (
            "line ends",
            "a mark of the byte order and Windows",
            "campaigns",
            lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
            "",
        ),
        ("columns", "the other way round", "opportunities", reordered, ""),
        (
            "columns",
            "some more",
            "lead_status_changes",
            in_cells(
                lambda rows: [
                    [*row, "x" if number else "Gr\u00f6\u00dfe"] for number, row in enumerate(rows)
                ]
            ),
            "",
        ),
        (
            "columns",
            "in capitals",
            "qualification_answers",
            in_lines(lambda lines: [lines[0].upper(), *lines[1:]]),
            "",
        ),
        (
            "columns",
            "in quotes, with blanks",
            "opportunity_contacts",
            in_lines(
                lambda lines: [", ".join(f'"{name}"' for name in lines[0].split(",")), *lines[1:]]
            ),
            "",
        ),
        (
            "columns",
            "one without a name",
            "campaign_costs",
            in_lines(lambda lines: [f"{line}," for line in lines]),
            "",
        ),
        (
            "columns",
            "only those that say something",
            "sales_reps",
            in_cells(lambda rows: [[row[0], row[1], row[3], row[5]] for row in rows]),
            "",
        ),
    )
]
"""Files that are read as they are meant, one for each table: all tables of a build may be such."""
READ_ALONE = [
    FileMutation(kind, name, table, change, (), file)
    for kind, name, table, change, file in (
        ("file names", "in capitals", "leads", same, "LEADS.CSV"),
        ("file names", "Parquet", "accounts", typed, "accounts.parquet"),
        (
            "ragged rows",
            "a delimiter at the end of each row",
            "opportunity_contacts",
            in_lines(lambda lines: [lines[0], *(f"{line}," for line in lines[1:])]),
            "",
        ),
        (
            "dialects",
            "semicolons and Windows line ends",
            "web_events",
            in_cells(list, delimiter=";", lineterminator="\r\n"),
            "",
        ),
        (
            "dialects",
            "keys that begin with a number sign",
            "email_events",
            replaced("e1-", "#1-"),
            "",
        ),
        (
            "dialects",
            "line breaks and quotes within quotes",
            "opportunities",
            replaced("Deal", '"De""al\r\n, 2"'),
            "",
        ),
        (
            "dialects",
            "a header in quotes",
            "intent_signals",
            in_lines(lambda lines: ['"' + lines[0].replace(",", '","') + '"', *lines[1:]]),
            "",
        ),
        (
            "line ends",
            "empty lines between rows",
            "marketing_activities",
            lambda text: text.replace(b"\n", b"\n\n"),
            "",
        ),
        ("empty", "a header and no rows", "product_events", in_lines(lambda lines: lines[:1]), ""),
        (
            "dialects",
            "a semicolon in a value",
            "campaigns",
            replaced("Spring", "Spring; summer"),
            "",
        ),
        (
            "dialects",
            "a mark of the byte order and quotes",
            "sales_reps",
            lambda text: b"\xef\xbb\xbf" + in_cells(list, quoting=csv.QUOTE_ALL)(text),
            "",
        ),
    )
]
"""Files that are read as they are meant, cell by cell."""
