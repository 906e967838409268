"""Reads policy files however a spreadsheet saved them, and says what dbt cannot read.

dbt takes UTF-8, with or without a byte order mark, commas, and any line ends. Files in another
encoding or with another separator are read all the same, so that all that is wrong is told at once.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.policy_check.findings import Finding, quoted

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEPARATORS = (";", "\t", "|")
SAVE = 'save it as "CSV UTF-8" with commas, or run leadq policy check --rewrite'


@dataclass(frozen=True)
class Text:
    """A file as a table of texts.

    Attributes:
        path: Where it is.
        header: Its first row.
        rows: The others that are not empty, each with its number.
        findings: What is wrong with the file as a file.
        is_whole: Whether every character and every row that is not empty could be read.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    findings: tuple[Finding, ...]
    is_whole: bool

    @property
    def is_foreign(self) -> bool:
        """Whether it can be read but not by dbt, so that writing it again is all that it takes."""
        return self.is_whole and any(finding.remedy == SAVE for finding in self.findings)

    def rewrite(self) -> None:
        """Write the file as dbt reads it."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([self.header, *(cells for _, cells in self.rows)])
        self.path.write_text(text.getvalue(), encoding="utf-8", newline="")


def read(path: Path) -> Text:
    """Return a policy file as texts, with what is wrong with it."""
    name = path.name
    content, encoding = decoded(path.read_bytes())
    separator = separator_of(content)
    findings = []
    if separator != ",":
        what = f"its cells are separated by {'tabs' if separator == chr(9) else quoted(separator)}"
        findings.append(Finding(name, 0, "", what, SAVE))
    is_whole = "\ufffd" not in content
    records: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True)
    try:
        records.extend((number, tuple(record)) for number, record in enumerate(reader, start=1))
    except csv.Error as error:
        is_whole = False
        what = f"the quotation marks do not match ({error})"
        remedy = 'put a text with a comma between two " and double each " within it'
        findings.append(Finding(name, len(records) + 1, "", what, remedy))
    if records and "".join(records[0][1]).lower().startswith("sep="):
        findings.append(Finding(name, 1, "", "a line with the separator stands first", SAVE))
        records = records[1:]
    header = records[0][1] if records else ()
    rows = [(number, record) for number, record in records[1:] if any(map(str.strip, record))]
    empty = [number for number, record in records[1:] if not any(map(str.strip, record))]
    if encoding != "UTF-8":
        findings.append(unreadable(name, encoding, header, rows))
    if empty:
        more = f" and {len(empty) - 1} more" if len(empty) > 1 else ""
        what = f"the row{more} is empty; dbt would read it as a rule"
        findings.append(Finding(name, empty[0], "", what, "delete it, not only what it says"))
    findings.extend(miscounted(name, header, rows))
    whole = tuple(row for row in rows if len(row[1]) == len(header))
    is_whole = is_whole and len(whole) == len(rows)
    return Text(path, header, whole, tuple(findings), is_whole)


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding."""
    if data.startswith(UTF_16):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    if b"\x00" in data[:200]:
        order = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
        return data.decode(order, errors="replace").replace("\x00", ""), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "Windows-1252 (Latin-1)"


def separator_of(content: str) -> str:
    """Return what separates the cells of the header; a comma, unless it has none."""
    lines = content.lstrip().splitlines()
    first = lines[0] if lines else ""
    if first.lower().startswith("sep=") and len(first) > 4:
        return first[4]
    if "," in first:
        return ","
    return max(SEPARATORS, key=first.count) if any(map(first.count, SEPARATORS)) else ","


def unreadable(
    name: str, encoding: str, header: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]]
) -> Finding:
    """Return that a file is not UTF-8, with its first cell that is affected."""
    what = f"the file is {encoding}, not UTF-8"
    for number, record in rows:
        for column, cell in zip(header, record, strict=False):
            if not cell.isascii():
                return Finding(name, number, column, f"{what}: {quoted(cell)}", SAVE)
    return Finding(name, 0, "", what, SAVE)


def miscounted(
    name: str, header: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]]
) -> Iterator[Finding]:
    """Yield rows with more or fewer cells than the header."""
    for number, record in rows:
        what = f"{len(record)} cells, and the header has {len(header)}"
        if len(record) > len(header):
            split = next((i for i, c in enumerate(record) if c.startswith(" ") and i), 0)
            shown = f": {quoted(record[split - 1] + ',' + record[split])}" if split else ""
            remedy = 'put a text with a comma between two "'
            yield Finding(name, number, "", what + shown, remedy)
        elif len(record) < len(header):
            yield Finding(name, number, "", what, "add the commas that are missing")
