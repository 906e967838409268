"""The var ``connectors`` in dbt_project.yml, changed in place: every other byte stays as it is.

YAML is read to find where the var stands, and its lines are replaced. A library that writes the
whole file again would keep the comments, but break and indent lines in its own way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import PROJECT_FILE
from lead_qualification.yaml_text import from_yaml, on_one_line

VARS, PACKAGE, NAME = "vars", "lead_qualification", "connectors"
STEP = 2
Settings = dict[str, dict[str, Any]]


def connectors_of(project: Path) -> Settings:
    """Return the var as the project has it; empty where it has none.

    Raises:
        ConfigurationError: The file is not YAML, or the var is not settings by connector.
    """
    said = _values(_text(project), project).get(VARS) or {}
    inner = said.get(PACKAGE) or {}
    found = inner.get(NAME, said.get(NAME)) or {}
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise ConfigurationError(
            f"{project / PROJECT_FILE}: the var {NAME} is not settings by connector",
            "write it as {hubspot_fivetran: {schema: hubspot}}",
        )
    return found


def with_connectors(project: Path, settings: Settings) -> str:
    """Return the text of dbt_project.yml with the var set.

    Raises:
        ConfigurationError: The var cannot be set without changing anything else.
    """
    text = _text(project)
    before = _values(text, project)
    changed = _changed(text, settings)
    wanted = from_yaml(text) or {}
    scope = _scope(wanted)
    scope[NAME] = settings
    try:
        is_right = from_yaml(changed) == wanted and before is not None
    except yaml.YAMLError:
        is_right = False
    if not is_right:
        raise ConfigurationError(
            f"{project / PROJECT_FILE}: its vars are written in a way that cannot be added to",
            f"add the var by hand:\n{var_as_yaml(settings)}",
        )
    return changed


def var_as_yaml(settings: Settings, indent: int = 0) -> str:
    """Return the var as block YAML, one connector a line."""
    entries = [f"{' ' * STEP}{name}: {on_one_line(own)}" for name, own in settings.items()]
    return "".join(f"{' ' * indent}{line}\n" for line in (f"{NAME}:", *entries))


def _changed(text: str, settings: Settings) -> str:
    """The text with the var replaced, or added where the vars of the package are."""
    root = yaml.compose(text)
    found = _entry(root, VARS)
    if found is None:
        end = text if text.endswith("\n") or not text else f"{text}\n"
        inner = var_as_yaml(settings, 2 * STEP)
        return f"{end}\n{VARS}:\n{' ' * STEP}{PACKAGE}:\n{inner}"
    key, scope = found
    package = _entry(scope, PACKAGE)
    if package is not None and isinstance(package[1], yaml.MappingNode):
        key, scope = package
    own = _entry(scope, NAME)
    lines = text.splitlines(keepends=True)
    if own is None:
        has_entries = isinstance(scope, yaml.MappingNode) and bool(scope.value)
        column = (
            scope.value[0][0].start_mark.column if has_entries else key.start_mark.column + STEP
        )
        lines.insert(key.start_mark.line + 1, var_as_yaml(settings, column))
    elif isinstance(own[1], yaml.MappingNode) and own[1].value and not own[1].flow_style:
        _change_block(lines, own[1], settings)
    else:
        first, end = own[0].start_mark, own[1].end_mark
        comment = lines[end.line][end.column :].strip()
        told = var_as_yaml(settings, first.column)
        if comment:
            told = told.replace(f"{NAME}:\n", f"{NAME}: {comment}\n", 1)
        lines[first.line : end.line + 1] = [told]
    return "".join(lines)


def _change_block(lines: list[str], block: yaml.MappingNode, settings: Settings) -> None:
    """Replace the entries of a block that change, and add new ones behind the last."""
    there = {key.value: (key, value) for key, value in block.value}
    column = block.value[0][0].start_mark.column
    told = {
        name: f"{' ' * column}{entry.lstrip()}\n"
        for name, entry in zip(settings, var_as_yaml(settings).splitlines()[1:], strict=True)
    }
    before = from_yaml(yaml.serialize(block))
    new = [told[name] for name in settings if name not in there]
    # From the end, so that the numbers of the lines before stay.
    end = _last_line(block) + 1
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    lines[end:end] = new
    for name, (key, value) in reversed(list(there.items())):
        if name in settings and settings[name] != before[name]:
            lines[key.start_mark.line : _last_line(value) + 1] = [told[name]]


def _last_line(node: yaml.Node) -> int:
    """The last line of a node; the end of a block is where the next token begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.line


def _entry(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Key and value of an entry of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _scope(wanted: dict[str, Any]) -> dict[str, Any]:
    """The vars among which the var stands; they are made where there are none."""
    if not wanted.get(VARS):
        wanted[VARS] = {PACKAGE: {}} if VARS not in wanted else {}
    scope = wanted[VARS]
    inner = scope.get(PACKAGE)
    return inner if isinstance(inner, dict) else scope


def _text(project: Path) -> str:
    """The text of dbt_project.yml."""
    return (project / PROJECT_FILE).read_text(encoding="utf-8")


def _values(text: str, project: Path) -> dict[str, Any]:
    """What the file says.

    Raises:
        ConfigurationError: It is not YAML.
    """
    try:
        found = from_yaml(text) or {}
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        place = f", line {where.line + 1}" if where else ""
        raise ConfigurationError(
            f"{project / PROJECT_FILE}{place}: not YAML", "correct the file"
        ) from None
    return found if isinstance(found, dict) else {}
