"""Apache Superset: a ZIP of YAML files with database, datasets, charts and dashboards."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zipfile import ZipFile, ZipInfo

from lead_qualification.export.content import PLACE, Board, Content, Dataset, Figure, Picture
from lead_qualification.export.yaml_text import as_yaml

VERSION = "1.0.0"
DATABASE = "lead_qualification"
TITLE = "Lead qualification"
COLUMNS = 12
HEIGHTS = {"number": 20, "table": 60}
OTHER_HEIGHT = 48
FORMATS = {"share": ".1%", "ratio": ".1%", "money": ",.0f"} | dict.fromkeys(
    ("days", "minutes", "points"), ",.1f"
)
TYPES = {"string": "STRING", "number": "FLOAT", "boolean": "BOOLEAN", "date": "DATE"}
DRAWN = {
    "number": "big_number_total",
    "table": "table",
    "line": "echarts_timeseries_line",
    "bar": "echarts_timeseries_bar",
}
ROWS = 500
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of the files, so that the same content is the same ZIP."""


def archive(content: Content, address: str) -> bytes:
    """Return the ZIP that Superset imports.

    Args:
        content: What is exported.
        address: The SQLAlchemy address at which Superset reaches the warehouse.
    """
    found: dict[str, Any] = {
        "metadata.yaml": {"version": VERSION, "type": "Dashboard"},
        f"databases/{DATABASE}.yaml": _database(address),
    }
    for dataset in content.datasets.values():
        found[f"datasets/{DATABASE}/{dataset.name}.yaml"] = _dataset(dataset)
    for board in content.boards:
        found[f"dashboards/{board.name}.yaml"] = _dashboard(board)
        for _, pictures in board.rows:
            for picture in pictures:
                chart = _chart(picture, content.datasets[picture.dataset])
                found[f"charts/{picture.name}.yaml"] = chart
    written = io.BytesIO()
    with ZipFile(written, "w") as zipped:
        for path, value in found.items():
            zipped.writestr(ZipInfo(f"{DATABASE}/{path}", BEGINNING), as_yaml(value))
    return written.getvalue()


def _uuid(kind: str, name: str) -> str:
    """The same UUID for the same thing in every export, so that a new one replaces the old one."""
    return str(uuid5(uuid5(NAMESPACE_URL, DATABASE), f"{kind}/{name}"))


def _database(address: str) -> dict[str, Any]:
    """The connection, which only reads."""
    arguments = {"read_only": True} if address.startswith("duckdb") else {}
    return {
        "database_name": TITLE,
        "sqlalchemy_uri": address,
        "allow_dml": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "expose_in_sqllab": True,
        "extra": {"engine_params": {"connect_args": arguments}},
        "uuid": _uuid("database", DATABASE),
        "version": VERSION,
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    """A dataset."""
    return {
        "table_name": dataset.name,
        "description": f"{dataset.label}: {dataset.description}",
        "sql": dataset.sql,
        "columns": [
            {
                "column_name": field.name,
                "verbose_name": field.label,
                "description": field.description,
                "type": TYPES.get(field.kind, "TIMESTAMP"),
                "is_dttm": field.kind in ("date", "timestamp"),
                "groupby": not field.is_hidden,
                "filterable": True,
            }
            for field in dataset.fields
        ],
        "metrics": [_metric(figure) for figure in dataset.figures],
        "normalize_columns": False,
        "uuid": _uuid("dataset", dataset.name),
        "database_uuid": _uuid("database", DATABASE),
        "version": VERSION,
    }


def _metric(figure: Figure) -> dict[str, str]:
    """A figure."""
    aggregate = {"average": "avg"}.get(figure.aggregate, figure.aggregate)
    return {
        "metric_name": figure.name,
        "verbose_name": figure.label,
        "description": figure.description,
        "expression": f"{aggregate}({figure.sql})",
        "d3format": FORMATS.get(figure.unit, ",d"),
    }


def _chart(picture: Picture, dataset: Dataset) -> dict[str, Any]:
    """A picture."""
    units = {figure.name: figure.unit for figure in dataset.figures}
    names = list(picture.ys)
    params: dict[str, Any] = {"viz_type": DRAWN[picture.kind], "adhoc_filters": []}
    if picture.kind == "table":
        params |= {"query_mode": "raw", "all_columns": names, "row_limit": ROWS}
        params["order_by_cols"] = [json.dumps([PLACE, True])]
    else:
        params["y_axis_format"] = FORMATS.get(units[names[0]], ",d")
    if picture.kind == "number":
        params["metric"] = names[0]
    elif picture.kind != "table":
        params |= {"x_axis": picture.x, "metrics": names, "groupby": [], "row_limit": ROWS}
        params |= {"show_legend": len(names) > 1, "rich_tooltip": True}
    return {
        "slice_name": picture.title,
        "description": picture.description,
        "viz_type": DRAWN[picture.kind],
        "params": params,
        "uuid": _uuid("chart", picture.name),
        "dataset_uuid": _uuid("dataset", picture.dataset),
        "version": VERSION,
    }


def _dashboard(board: Board) -> dict[str, Any]:
    """A page: its rows and the charts in them."""
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": board.title}},
    }
    for number, (places, pictures) in enumerate(board.rows):
        row = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row)
        position[row] = {
            "id": row,
            "type": "ROW",
            "children": [f"CHART-{picture.name}" for picture in pictures],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for picture in pictures:
            position[f"CHART-{picture.name}"] = {
                "id": f"CHART-{picture.name}",
                "type": "CHART",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", row],
                "meta": {
                    # Superset finds the chart by its uuid and puts its own number here.
                    "chartId": UUID(_uuid("chart", picture.name)).int % 2**31,
                    "uuid": _uuid("chart", picture.name),
                    "sliceName": picture.title,
                    "width": COLUMNS // places,
                    "height": HEIGHTS.get(picture.kind, OTHER_HEIGHT),
                },
            }
    return {
        "dashboard_title": f"{TITLE}: {board.title}",
        "slug": f"lead-qualification-{board.name.replace('_', '-')}",
        "uuid": _uuid("dashboard", board.name),
        "position": position,
        "metadata": {},
        "published": True,
        "version": VERSION,
    }
