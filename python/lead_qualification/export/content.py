"""What is exported, whatever the tool: datasets with fields and figures, and pages of pictures.

A dataset is a query that the tool runs in the warehouse: a public table, a chart's rows of one, or
a saved question, with the words for its codes beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lead_qualification.export.pages import PAGES, Chart, Page
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

if TYPE_CHECKING:
    from dbt.contracts.graph.nodes import CompiledNode, ModelNode

LABEL = "_label"
"""What the name of a column of words ends with."""
PLACE = "row_order"
"""The column of a question by which its rows are in order."""
ROW_OF_NUMBERS = 6
NUMBERS = ("decimal", "numeric", "double", "float", "real")
TYPES = {"bool": "boolean", "date": "date", "timestamp": "timestamp"}


@dataclass(frozen=True)
class Field:
    """A column of a dataset.

    Attributes:
        name: Its name in the query.
        label: What people read.
        description: Meaning, unit and range.
        kind: ``string``, ``number``, ``boolean``, ``date`` or ``timestamp``.
        unit: A key of UNITS of the registry; empty if it is not known.
        is_hidden: Whether it is there for conditions only: a code with its word beside it.
    """

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
    """A query with its fields and figures."""

    name: str
    label: str
    description: str
    sql: str
    fields: tuple[Field, ...]
    figures: tuple[Figure, ...]
    is_mart: bool


@dataclass(frozen=True)
class Picture:
    """A number, line, bars or table: fields and figures of a dataset, by name."""

    name: str
    title: str
    description: str
    kind: str
    dataset: str
    x: str = ""
    ys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """A page with its pictures in rows; all of a row are equally wide, the row has ``places``."""

    name: str
    title: str
    rows: tuple[tuple[int, tuple[Picture, ...]], ...]


@dataclass(frozen=True)
class Content:
    """All that is exported."""

    datasets: dict[str, Dataset]
    boards: tuple[Board, ...]


class Exporter:
    """Makes the content of one build."""

    def __init__(
        self,
        marts: Mapping[str, ModelNode],
        questions: Mapping[str, tuple[CompiledNode, Table]],
        labels: Labels,
        policy: str,
        has_personal: bool = False,
    ) -> None:
        """Take what the project and the build say.

        Args:
            marts: The public tables by name, as dbt parsed them.
            questions: The saved questions, compiled, with their rows.
            labels: The words for codes.
            policy: The schema of the policy tables.
            has_personal: Whether columns that the project calls personal are exported.
        """
        self.marts = marts
        self.questions = questions
        self.labels = labels
        self.policy = policy
        self.has_personal = has_personal

    def content(self) -> Content:
        """Return the datasets and pages."""
        datasets = {name: self._mart(name) for name in self.marts}
        boards = []
        for page in PAGES:
            numbers = [self._number(page, name) for name in page.numbers]
            charts = [self._chart(page, chart, datasets) for chart in page.charts]
            tables = [self._question(page, name, datasets) for name in page.questions]
            boards.append(Board(page.name, page.title, tuple(_rows(numbers, charts + tables))))
        return Content(datasets, tuple(boards))

    def _mart(self, table: str) -> Dataset:
        """A public table, with the metrics that it has."""
        fields = self._fields_of(table)
        registered = [entry for entry in metrics().values() if entry.column]
        figures = [_figure(entry) for entry in registered if entry.column[0] == table]
        return Dataset(
            table,
            self.labels.of("table", table),
            _line(self.marts[table].description),
            self._labelled(f"select * from {self._relation(table)}", fields),
            tuple(self._with_words(fields)),
            tuple(figures),
            is_mart=True,
        )

    def _number(self, page: Page, name: str) -> Picture:
        """A metric of the registry."""
        entry = metrics()[name]
        figure = _figure(entry)
        return Picture(
            f"{page.name}_{name}",
            entry.label,
            figure.description,
            "number",
            entry.column[0],
            ys=(figure.name,),
        )

    def _chart(self, page: Page, chart: Chart, datasets: dict[str, Dataset]) -> Picture:
        """A chart of a mart, whose rows become a dataset."""
        known = {field.name: field for field in self._fields_of(chart.table)}
        fields = [known[name] for name in (chart.x, *chart.ys)]
        names = ", ".join(f'"{field.name}"' for field in fields)
        order = "" if chart.kind == "table" else f' order by "{chart.x}"'
        sql = f"select {names} from {self._relation(chart.table)} where {chart.rows}{order}"
        name = f"{page.name}_{chart.table}_{chart.ys[0]}"
        shown_as = ", ".join(field.label for field in fields[1:])
        title = chart.title or f"{shown_as} by {within(fields[0].label)}"
        if chart.kind == "table":
            title = chart.title or self.labels.of("table", chart.table)
        shown = list(self._with_words(fields))
        description = " ".join(field.description for field in fields[1:] if chart.kind != "table")
        return self._added(
            Dataset(
                f"chart_{name}",
                title,
                description or _line(self.marts[chart.table].description),
                self._labelled(sql, fields, has_place=True),
                (*shown, _place()),
                tuple(_only(field) for field in fields[1:] if chart.kind != "table"),
                is_mart=False,
            ),
            chart.kind,
            datasets,
        )

    def _question(self, page: Page, name: str, datasets: dict[str, Dataset]) -> Picture:
        """A saved question, whose columns are those of its rows."""
        node, rows = self.questions[name]
        code = node.compiled_code.replace(f'"{node.database}".', "")
        lines = code.strip().splitlines()
        title = lines[0].removeprefix("--").strip()
        fields = [
            Field(
                column,
                found.label if (found := metric(column)) else self.labels.heading(column),
                _line(node.columns[column].description),
                _kind_of_values(rows.values(column)),
                _unit(found, column),
            )
            for column in rows.columns
        ]
        return self._added(
            Dataset(
                f"question_{name}",
                title,
                _line(node.description).removeprefix(title).strip(),
                self._labelled(
                    "\n".join(line for line in lines if not line.startswith("--")),
                    fields,
                    has_place=True,
                ),
                (*self._with_words(fields), _place()),
                (),
                is_mart=False,
            ),
            "table",
            datasets,
        )

    def _added(self, dataset: Dataset, kind: str, datasets: dict[str, Dataset]) -> Picture:
        """The picture of a dataset of its own, which is added to the datasets."""
        datasets[dataset.name] = dataset
        shown = [field.name for field in dataset.fields if not field.is_hidden]
        return Picture(
            dataset.name.partition("_")[2],
            dataset.label,
            dataset.description,
            kind,
            dataset.name,
            x=shown[0],
            ys=tuple(shown) if kind == "table" else tuple(f.name for f in dataset.figures),
        )

    def _fields_of(self, table: str) -> list[Field]:
        """The columns of a public table that may be shown, as the project documents them."""
        return [
            Field(
                name,
                label_of(table, name) or self.labels.heading(name),
                _line(column.description),
                _kind_of_type(column.data_type or ""),
                _unit(metric_of(table, name), name),
            )
            for name, column in self.marts[table].columns.items()
            if self.has_personal or not column.config.meta.get("is_personal")
        ]

    def _relation(self, table: str) -> str:
        """The name of a public table, without that of the database, which may be another one."""
        return f'"{self.marts[table].schema}"."{self.marts[table].alias}"'

    def _with_words(self, fields: list[Field]) -> Iterator[Field]:
        """The fields, and beside each code its word, which has the place of the code."""
        for field in fields:
            if not _is_coded(field):
                yield field
                continue
            yield Field(
                f"{field.name}{LABEL}", field.label, field.description, field.kind, field.unit
            )
            label = f"{field.label} (code)"
            yield Field(field.name, label, field.description, field.kind, is_hidden=True)

    def _labelled(self, sql: str, fields: list[Field], has_place: bool = False) -> str:
        """A query with the words for codes, found as ``Labels.of`` finds them.

        Args:
            sql: The query.
            fields: Its columns.
            has_place: Whether the order of its rows is kept, as a column.
        """
        coded = [field for field in fields if _is_coded(field)]
        kinds = sorted({KIND_OF[field.name] for field in coded})
        parts = [f'    shown."{field.name}"' for field in fields]
        joins = []
        for number, field in enumerate(coded, start=1):
            column, word = f'shown."{field.name}"', f"word_{number}"
            kind = KIND_OF[field.name]
            other = column if kind == ANY else f"replace({column}, '_', ' ')"
            known = [f"{word}.label"]
            if kind == "metric":
                names = " ".join(
                    f"when {sql_literal(entry.name)} then {sql_literal(entry.label)}"
                    for entry in metrics().values()
                )
                known.insert(0, f"case {column} {names} end")
            parts.append(f'    coalesce({", ".join([*known, other])}) as "{field.name}{LABEL}"')
            joins.append(
                f"left join words as {word} on {word}.place = 1 "
                f"and {word}.kind = {sql_literal(kind)} and {word}.code = {column}"
            )
        if has_place:
            sql = f"select *, row_number() over () as {PLACE} from (\n{sql}\n) as asked"
            parts.append(f"    shown.{PLACE}")
        words = WORDS.format(
            policy=self.policy,
            kinds=" union all ".join(f"select {sql_literal(kind)} as kind" for kind in kinds),
        )
        named = [*([words] if coded else []), f"shown as (\n{sql}\n)"]
        return "\n".join(
            ["with " + ",\n".join(named), "select", ",\n".join(parts), "from shown", *joins]
        )


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


def _figure(entry: Metric) -> Figure:
    """A metric of the registry over the rows of its table, whatever they are grouped by."""
    column = entry.column[1]
    # A rate is the same in each of its rows, such as one for each benchmark; counts add up.
    added_up = "sum" if entry.is_count else "max"
    return Figure(
        f"metric_{entry.name}",
        entry.label,
        f"{entry.described} {COUNTING[entry.counting]}",
        entry.unit,
        entry.aggregate if entry.aggregate in OVER_ROWS else added_up,
        column if entry.rows == "true" else f"case when {entry.rows} then {column} end",
    )


def _only(field: Field) -> Figure:
    """The value of a column where each x has one row."""
    return Figure(
        f"metric_{field.name}",
        field.label,
        field.description,
        field.unit,
        "max",
        f'"{field.name}"',
    )


def _place() -> Field:
    """The column that keeps the order of a question."""
    return Field(PLACE, "Order", "Place of the row in the answer.", "number", is_hidden=True)


def _is_coded(field: Field) -> bool:
    """Whether a field holds codes."""
    return field.kind == "string" and field.name in KIND_OF


def _unit(entry: Metric | None, column: str) -> str:
    """The unit of a column: that of its metric, or a share by its name."""
    if entry is not None:
        return entry.unit
    return "share" if column.endswith(("_rate", "_share")) or column == "share" else ""


def _kind_of_type(data_type: str) -> str:
    """The kind of a column from its declared type."""
    name = data_type.lower()
    if name.startswith(NUMBERS) or name.endswith("int") or name.startswith("int"):
        return "number"
    return next((kind for start, kind in TYPES.items() if name.startswith(start)), "string")


def _kind_of_values(values: list[Any]) -> str:
    """The kind of a column from its values."""
    known = [value for value in values if value is not None]
    kinds = {bool: "boolean", int: "number", float: "number", Decimal: "number"}
    kinds |= {datetime: "timestamp", date: "date"}
    return kinds.get(type(known[0]), "string") if known else "string"


def _line(text: str) -> str:
    """A description without line breaks."""
    return " ".join(text.split())


def _rows(
    numbers: list[Picture], others: list[Picture]
) -> Iterator[tuple[int, tuple[Picture, ...]]]:
    """The pictures of a page in rows: numbers, then charts two by two, then tables."""
    if numbers:
        lines = -(-len(numbers) // ROW_OF_NUMBERS)
        places = -(-len(numbers) // lines)
        for start in range(0, len(numbers), places):
            yield places, tuple(numbers[start : start + places])
    charts = [picture for picture in others if picture.kind != "table"]
    for start in range(0, len(charts), 2):
        yield 2, tuple(charts[start : start + 2])
    for picture in others:
        if picture.kind == "table":
            yield 1, (picture,)
