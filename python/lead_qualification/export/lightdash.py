"""Lightdash: models, charts and dashboards as YAML, for ``lightdash deploy`` and ``upload``."""

from __future__ import annotations

from typing import Any

from lead_qualification.export.content import Board, Content, Dataset, Figure, Picture
from lead_qualification.export.yaml_text import as_yaml

SPACE = "lead-qualification"
COLUMNS = 36
HEIGHTS = {"number": 4, "table": 12}
OTHER_HEIGHT = 10
FORMATS = {"share": "0.0%", "ratio": "0.0%", "money": "#,##0"} | dict.fromkeys(
    ("days", "minutes", "points"), "#,##0.0"
)
ROWS = 500


def files(content: Content, warehouse: str) -> dict[str, str]:
    """Return the text of each file by its path.

    Args:
        content: What is exported.
        warehouse: The engine, as Lightdash calls it.
    """
    found: dict[str, Any] = {"lightdash.config.yml": {"warehouse": {"type": warehouse}}}
    for dataset in content.datasets.values():
        found[f"lightdash/models/{dataset.name}.yml"] = _model(dataset)
    for board in content.boards:
        found[f"lightdash/dashboards/{_slug(board.name)}.yml"] = _dashboard(board)
        for _, pictures in board.rows:
            for picture in pictures:
                path = f"lightdash/charts/{_slug(picture.name)}.yml"
                found[path] = _chart(picture, board, content.datasets[picture.dataset])
    return {path: as_yaml(value) for path, value in found.items()}


def _slug(name: str) -> str:
    """A name as Lightdash has it in addresses."""
    return name.replace("_", "-")


def _model(dataset: Dataset) -> dict[str, Any]:
    """A dataset."""
    dimensions = []
    for field in dataset.fields:
        dimension = {
            "name": field.name,
            "type": field.kind,
            "label": field.label,
            "description": field.description,
            "sql": f'${{TABLE}}."{field.name}"',
        }
        if field.kind in ("date", "timestamp") and not dataset.is_mart:
            dimension["time_intervals"] = "OFF"
        if field.unit in FORMATS:
            dimension["format"] = FORMATS[field.unit]
        if field.is_hidden:
            dimension["hidden"] = True
        dimensions.append(dimension)
    return {
        "type": "model",
        "name": dataset.name,
        "label": dataset.label,
        "description": dataset.description,
        "groups": ["Tables" if dataset.is_mart else "Questions"],
        "sql_from": f"(\n{dataset.sql}\n)",
        "metrics": {figure.name: _metric(figure) for figure in dataset.figures},
        "dimensions": dimensions,
    }


def _metric(figure: Figure) -> dict[str, str]:
    """A figure."""
    return {
        "type": figure.aggregate,
        "label": figure.label,
        "description": figure.description,
        "sql": figure.sql,
        "format": FORMATS.get(figure.unit, "#,##0"),
    }


def _chart(picture: Picture, board: Board, dataset: Dataset) -> dict[str, Any]:
    """A picture, saved in its dashboard."""
    names = [f"{dataset.name}_{name}" for name in picture.ys]
    x = f"{dataset.name}_{picture.x}"
    is_table = picture.kind == "table"
    has_order = not dataset.is_mart
    place = f"{dataset.name}_row_order"
    dimensions = names if is_table else [x] * (picture.kind != "number")
    return {
        "contentType": "chart",
        "name": picture.title,
        "description": picture.description,
        "slug": _slug(picture.name),
        "spaceSlug": SPACE,
        "dashboardSlug": _slug(board.name),
        "version": 1,
        "tableName": dataset.name,
        "metricQuery": {
            "exploreName": dataset.name,
            "dimensions": [*dimensions, *([place] if has_order else [])],
            "metrics": [] if is_table else names,
            "filters": {},
            "sorts": [{"fieldId": place, "descending": False}] if has_order else [],
            "limit": ROWS,
            "tableCalculations": [],
        },
        "tableConfig": {"columnOrder": [*dimensions, *([] if is_table else names)]},
        "chartConfig": _chart_config(picture.kind, x, names, place),
    }


def _chart_config(kind: str, x: str, names: list[str], place: str) -> dict[str, Any]:
    """How a picture is drawn."""
    if kind == "number":
        return {"type": "big_number", "config": {"selectedField": names[0]}}
    if kind == "table":
        columns = {place: {"visible": False}}
        return {"type": "table", "config": {"showTableNames": False, "columns": columns}}
    series = [
        {"type": kind, "encode": {"xRef": {"field": x}, "yRef": {"field": name}}} for name in names
    ]
    return {
        "type": "cartesian",
        "config": {
            "layout": {"xField": x, "yField": names},
            "eChartsConfig": {"series": series},
        },
    }


def _dashboard(board: Board) -> dict[str, Any]:
    """A page: a tile for each picture."""
    tiles, top = [], 0
    for places, pictures in board.rows:
        width = COLUMNS // places
        height = HEIGHTS.get(pictures[0].kind, OTHER_HEIGHT)
        for number, picture in enumerate(pictures):
            tiles.append(
                {
                    "type": "saved_chart",
                    "x": number * width,
                    "y": top,
                    "w": width,
                    "h": height,
                    "tileSlug": _slug(picture.name),
                    "properties": {"chartSlug": _slug(picture.name), "title": picture.title},
                }
            )
        top += height
    return {
        "contentType": "dashboard",
        "name": board.title,
        "slug": _slug(board.name),
        "spaceSlug": SPACE,
        "version": 1,
        "tabs": [],
        "tiles": tiles,
    }
