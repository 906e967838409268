"""Which schemas a build fills."""

from __future__ import annotations

from collections.abc import Iterator

from lead_qualification.settings import PROJECT_FILE, project_folder
from lead_qualification.yaml_text import from_yaml

PREDICTIVE = "predictive"
"""What ``leadq predict`` writes; a build makes its tables, but keeps their rows."""

HISTORY = "history"
"""What builds remember: dbt snapshots, to which each build adds, so it begins with their rows."""

CONNECTED = "raw"
"""What connectors make of landed tables: views."""

RAW_FILES = "lead_raw"
"""Views of raw files, which each build on DuckDB makes again."""


def schema_names(base: str) -> list[str]:
    """Return the schemas that a build with the target schema base fills, in a fixed order.

    dbt_project.yml says for models, seeds and snapshots what follows the name of the target schema.
    """
    settings = from_yaml((project_folder() / PROJECT_FILE).read_text(encoding="utf-8"))
    kinds = ("models", "seeds", "snapshots")
    parts = {PREDICTIVE, *_custom_schemas({kind: settings[kind] for kind in kinds})}
    return [f"{base}_{part}" for part in sorted(parts)]


def is_raw_table(schema: str, kind: str) -> bool:
    """Whether a relation is somebody's raw table, though its schema is one that a build fills.

    Args:
        schema: One of those of ``schema_names``.
        kind: What the engine calls it, such as ``view``.
    """
    return schema.endswith(f"_{CONNECTED}") and "view" not in kind.lower()


def _custom_schemas(settings: dict[str, object]) -> Iterator[str]:
    """Every value of +schema, however deep."""
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _custom_schemas(value)
        elif key == "+schema":
            yield str(value)
