"""The raw contract: which tables and columns may arrive, as models/staging/sources.yml says it.

``python -m lead_qualification.raw_contract`` (``make contract``) writes what repeats it:
``macros/raw/raw_contracts.sql``, ``models/staging/<source>/_<source>__models.yml``,
``seeds/demo/demo.yml``, ``docs/raw_contract.md`` and, of connectors, ``models/connectors/raw`` and
the documentation of what ends in contract tables. With ``--check`` it writes nothing and fails if
one of them is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import project_folder
from lead_qualification.yaml_text import from_yaml

SOURCES = Path("models", "staging", "sources.yml")
DOCS_PAGE = Path("docs", "raw_contract.md")
DEMO = Path("seeds", "demo", "demo.yml")
MACRO = Path("macros", "raw", "raw_contracts.sql")
CONNECTORS = Path("models", "connectors")

TEXT, BOOLEAN, INTEGER, DATE, TIMESTAMP = "text", "boolean", "integer", "date", "timestamp"
AMOUNT = "decimal(18,2)"
DATA_TYPES = (TEXT, BOOLEAN, INTEGER, AMOUNT, DATE, TIMESTAMP)
KINDS = (
    *("code", "address", "domain", "identifier", "country", "attribute_value"),
    "written_back",
)
QUANTITIES = ("count", "amount")
FAULTS = ("missing", "unreadable", "unknown", "implausible", "negative")
TOOLS = {"hubspot": "HubSpot", "salesforce": "Salesforce", "segment": "Segment"}

WIDTH = 110
ORIGIN = "Written by make contract from models/staging/sources.yml: edit there."
GENERATED = f"# {ORIGIN}\n"
IN_DEMO = (
    "\"{{ env_var('LEAD_RAW_PATH', '') == '' and var('raw_schema', '') == '' "
    "and not var('connectors', {}) }}\""
)
BASE_QUESTION = "Answers which rows and values cannot be used, and why."
INNER = {
    "contacts": "One row per contact, archived ones too.",
    "companies": "One row per company.",
    "merges": "One row per record that was merged away, with the record into which it went.",
    "changes": "One row per entry of the history of a property.",
    "deals": "One row per deal, with its stage and when it last came into it.",
    "deal_contacts": "One row per deal and contact.",
    "deal_people": "One row per deal and person, in the order in which one is its lead.",
    "engagements": "One row per call, e-mail or meeting and contact.",
    "submissions": "One row per form that was sent.",
    "email_records": "One row per e-mail event.",
    "mailings": "One row per mailing.",
    "owners": "One row per owner.",
    "people": "One row per person, merged ones too.",
    "stream": "One row per event as it arrived, repeated ones too.",
}
"""Models of connectors that are not tables of the contract."""
COVERAGE_COLUMNS = {
    "connector": "The connector.",
    "contract_table": "Table of the raw contract.",
    "contract_column": "Its column that a value decides; (row): the row itself.",
    "source_table": "Landed table.",
    "source_column": "Landed column; null where the row is about the table.",
    "source_value": "Value of a vocabulary; never a person's.",
    "outcome": "What became of it; connector_coverage says what each outcome means.",
    "reason": "Why rows were left out; null otherwise.",
    "row_count": "Rows; of a column the filled cells.",
}
ROW_COLUMNS = {
    "row_problem": "Why the row cannot be used; null if it can.",
    "value_problems": (
        "What made a value null, or another one, though the row stays; | between; "
        "null if nothing did."
    ),
    "raw_row": (
        "Key, times and offending cells of the row as JSON text, without what is personal; "
        "null if all is well."
    ),
    "given_key": "Key as it came, trimmed, if it is another one now; else null.",
    "hides_older": "Whether no older row of its key may take the place of this unusable one.",
    "has_repeated_key": "Whether another raw row, usable or not, has the same key.",
}


class ContractError(ConfigurationError):
    """sources.yml does not say a contract; the message names the table and the column."""


@dataclass(frozen=True)
class RawColumn:
    """A column of a raw table; sources.yml explains every attribute.

    Attributes:
        name: Its name.
        data_type: What staging makes of it, one of ``DATA_TYPES``.
        description: What it means.
        kind: Of a text: how it is compared, one of ``KINDS``; none: as written.
        quantity: Of a number that is never negative: which, of ``QUANTITIES``.
        required: Whether the table must have it.
        accepted: The only values, in lower case; empty: any.
        unusable_if: The faults, of ``FAULTS``, that make the row unusable.
        references: The table whose key it names; none: none.
        is_personal: Whether its values may be shown nowhere.
        is_safety: Whether an unreadable value hides older rows of its key, too.
        date_alone: ``last_second`` where a date without a time is the end of its day.
        example: A cell.
        usually: By tool, the field that it usually is.
        trap: What goes wrong most often.
    """

    name: str
    data_type: str
    description: str
    kind: str | None = None
    quantity: str | None = None
    required: bool = False
    accepted: tuple[str, ...] = ()
    unusable_if: tuple[str, ...] = ()
    references: str | None = None
    is_personal: bool = False
    is_safety: bool = False
    date_alone: str | None = None
    example: str = ""
    usually: tuple[tuple[str, str], ...] = ()
    trap: str = ""


@dataclass(frozen=True)
class RawTable:
    """A raw table; sources.yml explains every attribute.

    Attributes:
        name: Its name.
        description: What a row is, and which question it answers.
        key: The columns that name a record.
        newest: The columns that say which of two records with one key is the newer, the first
            that differs; none: nothing does.
        happened: The column with the time at which a record came to be.
        received: The column with the time at which it arrived or was last changed.
        usually: By tool, the objects that it usually is.
        columns: Its columns.
        base: The model that reads it.
    """

    name: str
    description: str
    key: tuple[str, ...]
    newest: tuple[str, ...]
    happened: str | None
    received: str | None
    usually: tuple[tuple[str, str], ...]
    columns: tuple[RawColumn, ...]
    base: str

    @property
    def staged(self) -> str:
        """The model with the newest usable row of each key."""
        return self.base.replace("base_", "stg_", 1)

    @property
    def record_id(self) -> str:
        """The column that names a record where one must do: the first of the key."""
        return self.key[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)


def raw_tables(project: Path | None = None) -> dict[str, RawTable]:
    """Return the raw tables of a dbt project, by default the one of the settings, by name.

    Raises:
        ContractError: sources.yml contradicts itself, or a table has no base model.
    """
    project = project or project_folder()
    text = (project / SOURCES).read_text(encoding="utf-8")
    (source,) = from_yaml(text)["sources"]
    return {table["name"]: _raw_table(table, project) for table in source["tables"]}


def _raw_table(table: dict[str, Any], project: Path) -> RawTable:
    name, meta = table["name"], table["config"]["meta"]
    found = sorted((project / SOURCES.parent).glob(f"*/base_*__{name}.sql"))
    if len(found) != 1:
        raise ContractError(
            f"raw table {name} has {len(found)} base models",
            f"add {SOURCES.parent}/<source>/base_<source>__{name}.sql, or edit {SOURCES}",
        )
    read = RawTable(
        name=name,
        description=table["description"].strip(),
        key=tuple(meta["key"]),
        newest=_names(meta.get("newest")),
        happened=meta.get("happened"),
        received=meta.get("received"),
        usually=tuple(meta.get("usually", {}).items()),
        columns=tuple(_raw_column(name, column) for column in table["columns"]),
        base=found[0].stem,
    )
    for column in (*read.key, *read.newest, read.happened, read.received):
        if column is not None and column not in read.names:
            raise ContractError(
                f"raw table {name} has no column {column}, which its meta names", f"edit {SOURCES}"
            )
    return read


def _names(given: str | list[str] | None) -> tuple[str, ...]:
    """The columns that an entry of meta names: one, several or none."""
    return (given,) if isinstance(given, str) else tuple(given or ())


def _raw_column(table: str, column: dict[str, Any]) -> RawColumn:
    meta = column["config"]["meta"]
    read = RawColumn(
        name=column["name"],
        data_type=column["data_type"],
        description=column["description"].strip(),
        kind=meta.get("kind"),
        quantity=meta.get("quantity"),
        required=meta.get("required", False),
        accepted=tuple(meta.get("accepted", ())),
        unusable_if=tuple(meta.get("unusable_if", ())),
        references=meta.get("references"),
        is_personal=meta.get("is_personal", False),
        is_safety=meta.get("is_safety", False),
        date_alone=meta.get("date_alone"),
        example=str(meta["example"]),
        usually=tuple(meta.get("usually", {}).items()),
        trap=meta.get("trap", "").strip(),
    )
    unknown = [
        *({read.data_type} - set(DATA_TYPES)),
        *({read.kind} - {*KINDS, None}),
        *({read.quantity} - {*QUANTITIES, None}),
        *({read.date_alone} - {"last_second", None}),
        *(set(read.unusable_if) - set(FAULTS)),
        *(set(dict(read.usually)) - set(TOOLS)),
    ]
    if unknown:
        raise ContractError(
            f"raw table {table}, column {read.name}: unknown word {unknown[0]}", f"edit {SOURCES}"
        )
    return read


def generated(project: Path) -> dict[Path, str]:
    """Return the files that repeat the contract, by their path in the project."""
    tables = raw_tables(project)
    folders: dict[str, list[RawTable]] = {}
    for table in tables.values():
        folders.setdefault(table.base.split("_")[1], []).append(table)
    models = {
        SOURCES.parent / folder / f"_{folder}__models.yml": _models_file(own)
        for folder, own in folders.items()
    }
    return {
        MACRO: _macro(tables),
        DOCS_PAGE: _page(tables),
        DEMO: _demo_file(tables),
        **models,
        **_connected(tables),
        **_connector_documentation(project, tables),
    }


def _connected(tables: dict[str, RawTable]) -> dict[Path, str]:
    """The views that unite what the connectors of the var give, one per table of the contract."""
    folder = CONNECTORS / "raw"
    lines = [GENERATED, "version: 2\n", "\nmodels:"]
    for table in tables.values():
        about = f"Rows of the raw table {table.name}, of every connector of the var connectors."
        lines += _named(f"raw_{table.name}", about, "(var('connectors', {}) or {}) | length > 0")
        lines += _columns(table)
    views = {
        folder / f"raw_{name}.sql": f"{{{{ connected_rows('{name}') }}}}\n"
        for name in tables
        if name != "leads"
    }
    return {folder / "_raw__models.yml": "".join(lines), **views}


def _connector_documentation(project: Path, tables: dict[str, RawTable]) -> dict[Path, str]:
    """Of each connector the documentation of its models, and that the var switches them on."""
    files = {}
    for folder in sorted((project / CONNECTORS).glob("[a-z]*/")):
        if folder.name == "raw":
            continue
        lines = [GENERATED, "version: 2\n", "\nmodels:"]
        is_on = f"'{folder.name}' in (var('connectors', {{}}) or {{}})"
        for path in sorted(folder.glob("*.sql")):
            name = path.stem.removeprefix(f"{folder.name}__")
            lines += _named(path.stem, _about_connected(folder.name, name), is_on)
            if name in tables:
                lines += _columns(tables[name])
            elif name == "coverage":
                lines.append("    columns:")
                for column, description in COVERAGE_COLUMNS.items():
                    lines += _described(column, description)
                lines.append("\n")
        files[CONNECTORS / folder.name / f"_{folder.name}__contract.yml"] = "".join(lines)
    return files


def _about_connected(connector: str, name: str) -> str:
    """What a model of a connector is; name: the model's without that of the connector."""
    if name == "coverage":
        return f"What {connector} landed, and what became of it: its rows of connector_coverage."
    if name.startswith("all_"):
        return (
            f"Every record of {connector} that could be a row of {name.removeprefix('all_')}, with "
            "what became of it (fate, fate_reason) and the value that decided it."
        )
    if name in INNER:
        return f"{INNER[name]} As {connector} landed it, renamed."
    return f"Rows of the raw table {name} that {connector} gives."


def _named(name: str, about: str, is_on: str) -> list[str]:
    return [
        f"\n  - name: {name}",
        *_text("description", about, 4),
        "\n    config:",
        f'\n      enabled: "{{{{ {is_on} }}}}"',
        "\n",
    ]


def _columns(table: RawTable) -> list[str]:
    lines = ["    columns:"]
    for column in table.columns:
        lines += _described(column.name, column.description)
    return [*lines, "\n"]


def _macro(tables: dict[str, RawTable]) -> str:
    """A macro that returns the contract, for dbt has no graph while it parses or in unit tests."""
    lines = [f"{{#- {ORIGIN} -#}}", "{% macro raw_contracts() %}", "    {{ return({"]
    for table in tables.values():
        entries = {
            "key": list(table.key),
            "newest": list(table.newest),
            "happened": table.happened,
            "received": table.received,
            "base": table.base,
        }
        lines.append(f"        '{table.name}': {str(entries)[:-1]}, 'columns': [")
        lines += [f"            {_macro_column(column)}," for column in table.columns]
        lines.append("        ]},")
    return "\n".join([*lines, "    }) }}", "{% endmacro %}", ""])


def _macro_column(column: RawColumn) -> dict[str, Any]:
    entries = {
        "required": column.required,
        "kind": column.kind,
        "quantity": column.quantity,
        "accepted": list(column.accepted),
        "references": column.references,
        "is_personal": column.is_personal,
        "is_safety": column.is_safety,
        "date_alone": column.date_alone,
    }
    return {
        "name": column.name,
        "data_type": column.data_type,
        **{name: entry for name, entry in entries.items() if entry},
        "unusable_if": list(column.unusable_if),
    }


def _models_file(tables: list[RawTable]) -> str:
    lines = [GENERATED, "version: 2\n", "\nmodels:"]
    for table in tables:
        about = f"One row per raw row of {table.name}, typed. {BASE_QUESTION}"
        lines += [f"\n  - name: {table.base}", *_text("description", about, 4), "\n    columns:"]
        for column in table.columns:
            lines += _described(column.name, column.description)
        for name, description in ROW_COLUMNS.items():
            lines += _described(name, description)
        lines += [f"\n\n  - name: {table.staged}", *_text("description", _staged_about(table), 4)]
        lines += ["\n    config:", "\n      materialized: view"]
        if len(table.key) > 1:
            lines += [
                "\n    data_tests:",
                "\n      - unique_combination_of_columns:",
                "\n          arguments:",
                f"\n            combination_of_columns: [{', '.join(table.key)}]",
            ]
        lines.append("\n    columns:")
        for column in table.columns:
            lines += _described(column.name, column.description)
            if table.key == (column.name,):
                lines += ["\n        data_tests:", "\n          - primary_key"]
        lines.append("\n")
    return "".join(lines)


def _staged_about(table: RawTable) -> str:
    what, question = table.description.split(" Answers ")
    of_several = f"the last by {', then '.join(table.newest)}" if table.newest else "one"
    return f"{what} Of several rows with one key {of_several}. Answers {question}"


def _demo_file(tables: dict[str, RawTable]) -> str:
    lines = [GENERATED, "version: 2\n", "\nseeds:"]
    for table in tables.values():
        about = f"Demo data, generated, as the raw table {table.name}. All columns are text."
        lines += [
            f"\n  - name: demo_{table.name}",
            *_text("description", about, 4),
            "\n    config:",
            f"\n      enabled: {IN_DEMO}",
            "\n      column_types:",
            *(f"\n        {name}: varchar" for name in table.names),
            "\n    columns:",
        ]
        for column in table.columns:
            lines += _described(column.name, column.description)
    return "".join([*lines, "\n"])


def _described(name: str, description: str) -> list[str]:
    return [f"\n      - name: {name}", *_text("description", description, 8)]


def _text(key: str, text: str, indent: int) -> list[str]:
    """A text of a YAML file, folded where a line would be too long."""
    line = f"{' ' * indent}{key}: {_scalar(text)}"
    if len(line) <= WIDTH:
        return [f"\n{line}"]
    lines = [f"\n{' ' * indent}{key}: >"]
    for word in text.split():
        if len(lines) == 1 or len(lines[-1]) + len(word) > WIDTH:
            lines.append(f"\n{' ' * (indent + 2)}{word}")
        else:
            lines[-1] += f" {word}"
    return lines


def _scalar(text: str) -> str:
    """The text as it stands in YAML, in quotes where it needs them."""
    return yaml.safe_dump(text, width=1_000, allow_unicode=True).splitlines()[0]


def _page(tables: dict[str, RawTable]) -> str:
    parts = [
        f"<!-- {ORIGIN} -->",
        "# The raw contract",
        "The tables and columns that an extract lands, as files of `LEAD_RAW_PATH` or as tables of "
        "the schema `raw_schema`. Only `leads` is needed; a table that is absent counts as empty. "
        "Cells may be text or typed; white space around text does not count, and empty text is "
        "null. Times are UTC unless they carry an offset. The demo in `seeds/demo/` has an "
        "example of every table.",
        "A **required** column must be there, or the build stops. Any other may be absent and is "
        "then null in every row. A row with a fault under *unusable if* is left out; any other "
        "cell that cannot be read is null, and its row stays. `quarantined_records` names both.",
        "To add a column, add it to `models/staging/sources.yml` and run `make contract`: staging "
        "then has it. What it means for a lead is said where it is used.",
        "\n".join(f"- [{name}](#{name})" for name in tables),
    ]
    for table in tables.values():
        parts += _section(table)
    return "\n\n".join(parts) + "\n"


def _section(table: RawTable) -> Iterator[str]:
    yield f"## {table.name}"
    yield table.description
    newest = ", then ".join(f"`{name}`" for name in table.newest)
    facts = {
        "Key": ", ".join(f"`{name}`" for name in table.key),
        "Of several rows with one key": f"the last by {newest}" if newest else "one",
        "Happened": f"`{table.happened}`" if table.happened else "",
        "Received or changed": f"`{table.received}`" if table.received else "",
        "Usually": _tools(table.usually),
    }
    yield "\n".join(f"- {name}: {fact}" for name, fact in facts.items() if fact)
    header = ("column", "type", "meaning", "only", "unusable if", "example", "usually", "trap")
    rows = [header, ("---",) * len(header), *(_cells(column) for column in table.columns)]
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(column: RawColumn) -> tuple[str, ...]:
    return (
        f"**{column.name}**, required" if column.required else column.name,
        ", ".join(
            word
            for word in (
                column.data_type,
                f"key of {column.references}" if column.references else column.kind,
                "personal" if column.is_personal else "",
            )
            if word
        ),
        column.description,
        ", ".join(f"`{value}`" for value in column.accepted)
        or ("from 0" if column.quantity else ""),
        ", ".join(column.unusable_if),
        f"`{column.example}`",
        _tools(column.usually),
        column.trap,
    )


def _tools(usually: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{TOOLS[tool]} {field}" for tool, field in usually)


def outdated(project: Path) -> dict[Path, str]:
    """Return those generated files that are not as they should be."""
    return {
        path: text
        for path, text in generated(project).items()
        if not (project / path).exists() or (project / path).read_text(encoding="utf-8") != text
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the generated files, or check them; the exit code is 1 where one is out of date."""
    parser = argparse.ArgumentParser(
        prog="python -m lead_qualification.raw_contract",
        description="Write the files that repeat the raw contract of models/staging/sources.yml.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one differs")
    parser.add_argument("--project-dir", type=Path, help="the dbt project")
    given = parser.parse_args(arguments)
    try:
        project = given.project_dir or project_folder()
        files = outdated(project)
    except ConfigurationError as error:
        print(f"raw_contract: {error}", file=sys.stderr)
        return error.exit_code
    for path, text in files.items():
        if given.check:
            print(f"raw_contract: {path} is out of date; run make contract", file=sys.stderr)
            continue
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")
        print(f"wrote {path}")
    return int(given.check and bool(files))


if __name__ == "__main__":
    sys.exit(main())
