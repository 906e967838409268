"""Lightdash: models, charts and dashboards as YAML, for ``lightdash deploy`` and ``upload``."""

from __future__ import annotations

from typing import Any

from lead_qualification.export.content import ORDER, Content, Dataset, Page, Picture
from lead_qualification.yaml_text import as_yaml

SPACE = "lead-qualification"
COLUMNS = 36
HEIGHTS = {"number": 4, "table": 12, "line": 10, "bar": 10}
FORMATS = {
    **{"share": "0.0%", "ratio": "0.0%"},
    **dict.fromkeys(("days", "minutes", "points"), "#,##0.0"),
    **dict.fromkeys(("leads", "hand-offs", "deals", "money"), "#,##0"),
}
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
    for page in content.pages:
        found[f"lightdash/dashboards/{_slug(page.name)}.yml"] = _dashboard(page)
        for picture in page.pictures:
            chart = _chart(picture, content.datasets[picture.dataset])
            chart |= {"dashboardSlug": _slug(page.name)}
            found[f"lightdash/charts/{_slug(picture.name)}.yml"] = chart
    return {path: as_yaml(value) for path, value in found.items()}


def _slug(name: str) -> str:
    """A name as Lightdash has it in addresses."""
    return name.replace("_", "-")


def _model(dataset: Dataset) -> dict[str, Any]:
    """A dataset."""
    is_mart = not dataset.has_order
    return {
        "type": "model",
        "name": dataset.name,
        "label": dataset.label,
        "description": dataset.description,
        "groups": ["Tables" if is_mart else "Questions"],
        "sql_from": f"(\n{dataset.sql}\n)",
        "metrics": {
            figure.name: {
                "type": figure.aggregate,
                "label": figure.label,
                "description": figure.description,
                "sql": figure.sql,
            }
            | _format(figure.unit)
            for figure in dataset.figures
        },
        "dimensions": [
            {
                "name": field.name,
                "type": field.kind,
                "label": field.label,
                "description": field.description,
                "sql": f'${{TABLE}}."{field.name}"',
                "hidden": field.is_hidden,
            }
            # The rows of a question have its days, weeks or months already.
            | ({} if is_mart or field.kind not in ("date", "timestamp") else INTERVALS_OFF)
            | _format(field.unit)
            for field in dataset.fields
        ],
    }


INTERVALS_OFF = {"time_intervals": "OFF"}


def _format(unit: str) -> dict[str, str]:
    """How a number is shown; as it is if its unit is not known."""
    return {"format": FORMATS[unit]} if unit in FORMATS else {}


def _chart(picture: Picture, dataset: Dataset) -> dict[str, Any]:
    """A picture."""
    shown = [f"{dataset.name}_{name}" for name in picture.shown]
    x, order = f"{dataset.name}_{picture.x}", f"{dataset.name}_{ORDER}"
    columns = {"table": shown, "number": []}.get(picture.kind, [x])
    metrics = [] if picture.kind == "table" else shown
    config: dict[str, Any] = {
        "layout": {"xField": x, "yField": shown},
        "eChartsConfig": {
            "series": [
                {"type": picture.kind, "encode": {"xRef": {"field": x}, "yRef": {"field": y}}}
                for y in shown
            ]
        },
    }
    if picture.kind == "number":
        config = {"selectedField": shown[0]}
    elif picture.kind == "table":
        config = {"showTableNames": False, "columns": {order: {"visible": False}}}
    return {
        "contentType": "chart",
        "name": picture.title,
        "description": picture.description,
        "slug": _slug(picture.name),
        "spaceSlug": SPACE,
        "version": 1,
        "tableName": dataset.name,
        "metricQuery": {
            "exploreName": dataset.name,
            "dimensions": [*columns, order] if dataset.has_order else columns,
            "metrics": metrics,
            "filters": {},
            "sorts": [{"fieldId": order, "descending": False}] if dataset.has_order else [],
            "limit": ROWS,
            "tableCalculations": [],
        },
        "tableConfig": {"columnOrder": [*columns, *metrics]},
        "chartConfig": {
            "type": {"number": "big_number", "table": "table"}.get(picture.kind, "cartesian"),
            "config": config,
        },
    }


def _dashboard(page: Page) -> dict[str, Any]:
    """A page: a tile for each picture."""
    tiles, top = [], 0
    for places, row in page.rows:
        size = {"y": top, "w": COLUMNS // places, "h": HEIGHTS[row[0].kind]}
        tiles += [
            {
                "type": "saved_chart",
                "x": number * size["w"],
                **size,
                "tileSlug": _slug(picture.name),
                "properties": {"chartSlug": _slug(picture.name), "title": picture.title},
            }
            for number, picture in enumerate(row)
        ]
        top += size["h"]
    return {
        "contentType": "dashboard",
        "name": page.title,
        "slug": _slug(page.name),
        "spaceSlug": SPACE,
        "version": 1,
        "tabs": [],
        "tiles": tiles,
    }
