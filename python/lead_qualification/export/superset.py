"""Apache Superset: a ZIP of YAML files with database, datasets, charts and dashboards."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZipFile, ZipInfo

from lead_qualification.export.content import ORDER, Content, Dataset, Page, Picture
from lead_qualification.yaml_text import as_yaml

VERSION = "1.0.0"
NAME = "lead_qualification"
TITLE = "Lead qualification"
COLUMNS = 12
HEIGHTS = {"number": 20, "table": 60, "line": 48, "bar": 48}
FORMATS = {
    **{"share": ".1%", "ratio": ".1%", "money": ",.0f"},
    **dict.fromkeys(("days", "minutes", "points"), ",.1f"),
}
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
        # Without a type, so that every command of Superset that imports reads it.
        "metadata.yaml": {"version": VERSION},
        f"databases/{NAME}.yaml": _database(address),
    }
    place = {"schema": content.schema, "source_db_engine": re.split(r"\W", address)[0]}
    for dataset in content.datasets.values():
        found[f"datasets/{NAME}/{dataset.name}.yaml"] = _dataset(dataset) | place
    for page in content.pages:
        found[f"dashboards/{page.name}.yaml"] = _dashboard(page)
        for picture in page.pictures:
            chart = _chart(picture, content.datasets[picture.dataset])
            found[f"charts/{picture.name}.yaml"] = chart
    written = io.BytesIO()
    with ZipFile(written, "w") as zipped:
        for path, value in found.items():
            zipped.writestr(ZipInfo(f"{NAME}/{path}", BEGINNING), as_yaml(value))
    return written.getvalue()


def _identity(kind: str, name: str) -> dict[str, str]:
    """The same UUID for the same thing in every export, so that a new one replaces the old one."""
    return {"uuid": str(uuid5(uuid5(NAMESPACE_URL, NAME), f"{kind}/{name}")), "version": VERSION}


def _database(address: str) -> dict[str, Any]:
    """The connection, which only reads."""
    arguments = {"read_only": True} if address.startswith("duckdb") else {}
    return {
        "database_name": TITLE,
        "sqlalchemy_uri": address,
        "allow_dml": False,
        "expose_in_sqllab": True,
        "extra": {"engine_params": {"connect_args": arguments}},
        **_identity("database", NAME),
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
        "metrics": [
            {
                "metric_name": figure.name,
                "verbose_name": figure.label,
                "description": figure.description,
                "expression": f"{figure.aggregate.replace('average', 'avg')}({figure.sql})",
                "d3format": FORMATS.get(figure.unit, ",d"),
            }
            for figure in dataset.figures
        ],
        "database_uuid": _identity("database", NAME)["uuid"],
        **_identity("dataset", dataset.name),
    }


def _chart(picture: Picture, dataset: Dataset) -> dict[str, Any]:
    """A picture."""
    shown = list(picture.shown)
    params: dict[str, Any] = {"viz_type": DRAWN[picture.kind], "row_limit": ROWS}
    if picture.kind == "table":
        params |= {"query_mode": "raw", "all_columns": shown}
        params["order_by_cols"] = [json.dumps([ORDER, True])]
    else:
        (unit,) = {figure.unit for figure in dataset.figures if figure.name == shown[0]}
        params["y_axis_format"] = FORMATS.get(unit, ",d")
        params |= {"metric": shown[0]} if picture.kind == "number" else {"metrics": shown}
    if picture.x and picture.kind != "table":
        params |= {"x_axis": picture.x, "show_legend": len(shown) > 1, "rich_tooltip": True}
    return {
        "slice_name": picture.title,
        "description": picture.description,
        "viz_type": DRAWN[picture.kind],
        "params": params,
        "dataset_uuid": _identity("dataset", picture.dataset)["uuid"],
        **_identity("chart", picture.name),
    }


def _dashboard(page: Page) -> dict[str, Any]:
    """A page: its rows and the charts in them."""
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        **_place("ROOT", "ROOT_ID", [], ["GRID_ID"]),
        **_place("HEADER", "HEADER_ID", [], [], text=page.title),
    }
    rows = []
    for number, (places, pictures) in enumerate(page.rows):
        row, charts = f"ROW-{number}", [f"CHART-{picture.name}" for picture in pictures]
        rows.append(row)
        position |= _place("ROW", row, ["ROOT_ID", "GRID_ID"], charts)
        for chart, picture in zip(charts, pictures, strict=True):
            size = {"width": COLUMNS // places, "height": HEIGHTS[picture.kind]}
            uuid = _identity("chart", picture.name)["uuid"]
            # By the uuid Superset finds the chart, and puts its own number in place of this one.
            about = {"uuid": uuid, "chartId": len(position), "sliceName": picture.title}
            position |= _place("CHART", chart, ["ROOT_ID", "GRID_ID", row], [], **size, **about)
    position |= _place("GRID", "GRID_ID", ["ROOT_ID"], rows)
    return {
        "dashboard_title": f"{TITLE}: {page.title}",
        "slug": f"lead-qualification-{page.name.replace('_', '-')}",
        "position": position,
        "metadata": {},
        "published": True,
        **_identity("dashboard", page.name),
    }


def _place(
    kind: str, name: str, parents: list[str], children: list[str], **meta: Any
) -> dict[str, Any]:
    """A part of a dashboard's layout."""
    found = {"type": kind, "id": name, "parents": parents, "children": children, "meta": meta}
    return {name: found}
