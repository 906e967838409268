"""What is exported, whatever the tool: datasets with fields and figures, and pages of pictures.

A dataset is a query that the tool runs in the warehouse: a public table, the rows of a chart, or a
saved question, with the words for its codes beside them. Its texts are those of the registry of
metrics, of the labels and of the dbt project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lead_qualification.labels import ANY, KIND_OF, Labels, within
from lead_qualification.metrics import (
    COUNTING,
    OVER_ROWS,
    Metric,
    label_of,
    metric,
    metric_of,
    metrics,
)
from lead_qualification.sql_text import sql_literal
from lead_qualification.tables import Table
from lead_qualification.yaml_text import from_yaml

if TYPE_CHECKING:
    from dbt.contracts.graph.nodes import CompiledNode, ModelNode

LABEL = "_label"
"""What the name of a column of words ends with."""
FIGURE = "metric_"
"""What the name of a figure begins with; a tool wants no column of the same name."""
ORDER = "row_order"
"""The column that keeps the order of the rows."""
ROW_OF = {"number": 6, "line": 2, "bar": 2, "table": 1}
"""How many pictures of a kind fit beside each other."""
NUMBERS = ("decimal", "numeric", "double", "float", "real", "int", "bigint", "smallint")
KINDS = {bool: "boolean", int: "number", float: "number", Decimal: "number"} | {
    datetime: "timestamp",
    date: "date",
}
WORDS = """words as (
select
    kinds.kind,
    labels.code,
    labels.label,
    row_number() over (
        partition by kinds.kind, labels.code
        order by
            case when labels.kind = kinds.kind then 0 when labels.kind = 'value' then 1 else 2 end,
            labels.kind
    ) as place
from "{policy}".labels as labels
cross join ({kinds}) as kinds
)"""
"""The word for each code as ``Labels.of`` finds it."""


@dataclass(frozen=True)
class Field:
    """A column; its unit is one of the registry, and a code with its word beside it is hidden."""

    name: str
    label: str
    description: str
    kind: str
    unit: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class Figure:
    """A number over the rows of a dataset: ``aggregate`` of ``sql``."""

    name: str
    label: str
    description: str
    unit: str
    aggregate: str
    sql: str


@dataclass(frozen=True)
class Dataset:
    """A query; ``has_order`` says whether it has the column ORDER."""

    name: str
    label: str
    description: str
    sql: str
    fields: tuple[Field, ...]
    figures: tuple[Figure, ...] = ()
    has_order: bool = True


@dataclass(frozen=True)
class Picture:
    """A number, line, bar or table of a dataset: a field x, and figures or, of a table, fields."""

    name: str
    title: str
    description: str
    kind: str
    dataset: str
    x: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Pictures in rows; each row has so many places, of which the last may be empty."""

    name: str
    title: str
    rows: tuple[tuple[int, tuple[Picture, ...]], ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All its pictures, in order."""
        return tuple(picture for _, row in self.rows for picture in row)


@dataclass(frozen=True)
class Content:
    """All that is exported, and the schema of the public tables."""

    datasets: dict[str, Dataset]
    pages: tuple[Page, ...]
    schema: str


@cache
def declared_pages() -> dict[str, dict[str, Any]]:
    """Return what the pages show, as pages.yml says."""
    return from_yaml(Path(__file__).with_name("pages.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Exporter:
    """Makes the content of a build.

    Attributes:
        marts: The public tables by name, as dbt parsed them.
        questions: The saved questions, compiled, with their rows.
        labels: The words for codes.
        policy: The schema of the policy tables.
        has_personal: Whether columns that the project calls personal are exported.
    """

    marts: Mapping[str, ModelNode]
    questions: Mapping[str, tuple[CompiledNode, Table]]
    labels: Labels
    policy: str
    has_personal: bool = False

    def content(self) -> Content:
        """Return the datasets and pages."""
        datasets = {name: self._mart(name) for name in self.marts}
        pages = []
        for name, page in declared_pages().items():
            pictures = [_number(name, metrics()[key]) for key in page.get("numbers", ())]
            charts = [(chart["kind"], self._chart(name, chart)) for chart in page.get("charts", ())]
            tables = [("table", self._question(key)) for key in page.get("questions", ())]
            for kind, dataset in (*charts, *tables):
                datasets[dataset.name] = dataset
                pictures.append(_picture(kind, dataset))
            pages.append(Page(name, page["title"], tuple(_rows(pictures))))
        schema = next(iter(self.marts.values())).schema
        return Content(datasets, tuple(pages), schema)

    def _mart(self, table: str) -> Dataset:
        """A public table, with the metrics that it has."""
        fields = self._fields_of(table)
        registered = [entry for entry in metrics().values() if entry.column]
        return Dataset(
            table,
            self.labels.of("table", table),
            _line(self.marts[table].description),
            self._labelled(f"select * from {self._relation(table)}", fields),
            tuple(_with_words(fields)),
            tuple(_figure(entry) for entry in registered if entry.column[0] == table),
            has_order=False,
        )

    def _chart(self, page: str, chart: dict[str, Any]) -> Dataset:
        """The rows of a chart, a figure for each of its columns."""
        table, names = chart["table"], (chart["x"], *chart["ys"])
        known = {field.name: field for field in self._fields_of(table)}
        x, *ys = fields = [known[name] for name in names]
        columns = ", ".join(f'"{name}"' for name in names)
        rows = f"{self._relation(table)} where {chart.get('rows', 'true')}"
        return self._ordered(
            f"chart_{page}_{table}_{ys[0].name}",
            chart.get("title") or f"{', '.join(y.label for y in ys)} by {within(x.label)}",
            " ".join(y.description for y in ys),
            f'select {columns} from {rows} order by "{x.name}"',
            fields,
            [
                Figure(f"{FIGURE}{y.name}", y.label, y.description, y.unit, "max", f'"{y.name}"')
                for y in ys
            ],
        )

    def _question(self, name: str) -> Dataset:
        """A saved question: its title is its first line, its fields are the columns of its rows."""
        node, rows = self.questions[name]
        # The database may have another name where the tool connects to it.
        lines = node.compiled_code.replace(f'"{node.database}".', "").strip().splitlines()
        title = lines[0].removeprefix("--").strip()
        fields = [
            Field(
                column,
                found.label if (found := metric(column)) else self.labels.heading(column),
                _line(node.columns[column].description),
                _kind_of(rows.values(column)),
                _unit(found, column),
            )
            for column in rows.columns
        ]
        description = _line(node.description).removeprefix(title).strip()
        sql = "\n".join(line for line in lines if not line.startswith("--"))
        return self._ordered(f"question_{name}", title, description, sql, fields)

    def _ordered(
        self,
        name: str,
        title: str,
        description: str,
        sql: str,
        fields: list[Field],
        figures: Sequence[Figure] = (),
    ) -> Dataset:
        """A dataset whose rows have an order."""
        order = Field(ORDER, "Order", "Place of the row.", "number", is_hidden=True)
        sql = f"select *, row_number() over () as {ORDER} from (\n{sql}\n) as asked"
        shown = (*_with_words(fields), order)
        labelled = self._labelled(sql, [*fields, order])
        return Dataset(name, title, description, labelled, shown, tuple(figures))

    def _fields_of(self, table: str) -> list[Field]:
        """The columns of a public table that may be shown, as the project documents them."""
        return [
            Field(
                name,
                label_of(table, name) or self.labels.heading(name),
                _line(column.description),
                _kind_of_type((column.data_type or "").lower()),
                _unit(metric_of(table, name), name),
            )
            for name, column in self.marts[table].columns.items()
            if self.has_personal or not column.config.meta.get("is_personal")
        ]

    def _relation(self, table: str) -> str:
        """The name of a public table."""
        return f'"{self.marts[table].schema}"."{self.marts[table].alias}"'

    def _labelled(self, sql: str, fields: list[Field]) -> str:
        """A query, its columns named one by one, with the words for codes."""
        columns, joins, kinds = [], [], set()
        for number, field in enumerate(fields):
            column = f'shown."{field.name}"'
            columns.append(column)
            if not _is_coded(field):
                continue
            kind, word = KIND_OF[field.name], f"word_{number}"
            kinds.add(kind)
            found = [f"{word}.label", column if kind == ANY else f"replace({column}, '_', ' ')"]
            if kind == "metric":
                found.insert(0, _names_of_metrics(column))
            columns.append(f'coalesce({", ".join(found)}) as "{field.name}{LABEL}"')
            joins.append(
                f"left join words as {word} on {word}.place = 1 "
                f"and {word}.kind = {sql_literal(kind)} and {word}.code = {column}"
            )
        kinds_sql = " union all ".join(
            f"select {sql_literal(one)} as kind" for one in sorted(kinds)
        )
        words = [WORDS.format(policy=self.policy, kinds=kinds_sql)] if kinds else []
        named = ",\n".join([*words, f"shown as (\n{sql}\n)"])
        selected = ",\n".join(f"    {column}" for column in columns)
        return "\n".join([f"with {named}", "select", selected, "from shown", *joins])


def _with_words(fields: list[Field]) -> Iterator[Field]:
    """The fields; a code is hidden behind its word."""
    for field in fields:
        if _is_coded(field):
            yield replace(field, name=f"{field.name}{LABEL}")
            yield replace(field, label=f"{field.label} (code)", is_hidden=True)
        else:
            yield field


def _is_coded(field: Field) -> bool:
    """Whether a field holds codes."""
    return field.kind == "string" and field.name in KIND_OF


def _names_of_metrics(column: str) -> str:
    """SQL for the name of a metric, which the registry knows."""
    names = (
        f"when {sql_literal(entry.name)} then {sql_literal(entry.label)}"
        for entry in metrics().values()
    )
    return f"case {column} {' '.join(names)} end"


def _figure(entry: Metric) -> Figure:
    """A metric over the rows of its table, whatever they are grouped by."""
    column = entry.column[1]
    # A rate is the same in each of its rows, such as one for each benchmark; counts add up.
    added_up = "sum" if entry.is_count else "max"
    return Figure(
        f"{FIGURE}{entry.name}",
        entry.label,
        f"{entry.described} {COUNTING[entry.counting]}",
        entry.unit,
        entry.aggregate if entry.aggregate in OVER_ROWS else added_up,
        column if entry.rows == "true" else f"case when {entry.rows} then {column} end",
    )


def _number(page: str, entry: Metric) -> Picture:
    """A metric as a number."""
    figure = _figure(entry)
    name, table = f"{page}_{entry.name}", entry.column[0]
    return Picture(name, entry.label, figure.description, "number", table, "", (figure.name,))


def _picture(kind: str, dataset: Dataset) -> Picture:
    """The picture of a dataset that was made for it."""
    fields = tuple(field.name for field in dataset.fields if not field.is_hidden)
    shown = tuple(figure.name for figure in dataset.figures) or fields
    name = dataset.name.partition("_")[2]
    return Picture(name, dataset.label, dataset.description, kind, dataset.name, fields[0], shown)


def _rows(pictures: list[Picture]) -> Iterator[tuple[int, tuple[Picture, ...]]]:
    """Pictures in rows, each of one width, filled evenly."""
    for most in dict.fromkeys(ROW_OF.values()):
        alike = [picture for picture in pictures if ROW_OF[picture.kind] == most]
        rows = -(-len(alike) // most)
        places = -(-len(alike) // rows) if rows else most
        for start in range(0, len(alike), places):
            yield places, tuple(alike[start : start + places])


def _unit(entry: Metric | None, column: str) -> str:
    """The unit of a column: that of its metric, or a share by its name."""
    is_share = column.endswith(("_rate", "_share")) or column == "share"
    return entry.unit if entry else "share" * is_share


def _kind_of_type(data_type: str) -> str:
    """The kind of a column of a declared type."""
    if data_type.startswith(NUMBERS):
        return "number"
    known = ("boolean", "date", "timestamp")
    return next((kind for kind in known if data_type.startswith(kind)), "string")


def _kind_of(values: list[Any]) -> str:
    """The kind of a column of values."""
    return next((KINDS.get(type(v), "string") for v in values if v is not None), "string")


def _line(text: str) -> str:
    """A description without line breaks."""
    return " ".join(text.split())
