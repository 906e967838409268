"""What tables and columns mean: the descriptions of the dbt project, read and not retyped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lead_qualification.settings import project_folder
from lead_qualification.yaml_text import from_yaml

DOC = re.compile(r"\{\{ *doc\('lead_qualification', '(\w+)'\) *\}\}")
BLOCK = re.compile(r"\{% *docs (\w+) *%\}(.*?)\{% *enddocs *%\}", re.DOTALL)


@dataclass(frozen=True)
class Definition:
    """What the project says about a table.

    Attributes:
        description: What a row is and which question the table answers.
        columns: Meaning, unit and range by column name.
    """

    description: str = ""
    columns: dict[str, str] = field(default_factory=dict)

    def of(self, column: str) -> str:
        """The meaning of a column; empty if the project says nothing."""
        return self.columns.get(column, "")


@cache
def definition_of(table: str) -> Definition:
    """Return the definition of a public, intermediate or policy table; empty if there is none."""
    project = project_folder()
    policy = project / "seeds" / "policy" / "policy.yml"
    for path in [*sorted((project / "models").rglob("_*__models.yml")), policy]:
        if table in _definitions(path):
            return _definitions(path)[table]
    return Definition()


@cache
def _definitions(path: Path) -> dict[str, Definition]:
    """The definitions in a properties file of dbt, by table."""
    content = from_yaml(path.read_text(encoding="utf-8")) or {}
    tables = [*content.get("models", []), *content.get("seeds", [])]
    return {
        table["name"]: Definition(
            _one_line(table), {column["name"]: _one_line(column) for column in table["columns"]}
        )
        for table in tables
    }


@cache
def _doc_blocks(project: Path) -> dict[str, str]:
    """The texts that several descriptions name, by name."""
    texts = (path.read_text(encoding="utf-8") for path in (project / "models").rglob("*.md"))
    return {name: block for text in texts for name, block in BLOCK.findall(text)}


def _one_line(entry: dict[str, Any]) -> str:
    """The description of a table or column without line breaks, doc blocks filled in."""
    blocks = _doc_blocks(project_folder())
    text = DOC.sub(lambda found: blocks[found.group(1)], str(entry.get("description", "")))
    return " ".join(text.split())
