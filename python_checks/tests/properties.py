"""What the files of properties (YAML beside models and seeds) say of models and columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lead_qualification.warehouse import PROJECT
from lead_qualification.yaml_text import from_yaml


def described(folder: str, kind: str = "models") -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and properties of everything of a kind in a folder of the project."""
    for path in sorted((PROJECT / folder).rglob("*.yml")):
        for found in from_yaml(path.read_text(encoding="utf-8")).get(kind, []):
            yield found["name"], found


def meta_of(column: dict[str, Any]) -> dict[str, Any]:
    """The meta of a column."""
    return column.get("config", {}).get("meta", {})
