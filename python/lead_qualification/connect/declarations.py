"""What each connector lands, read from macros/connectors/declarations/."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.errors import ConfigurationError

FOLDER = Path("macros/connectors/declarations")
BODY = re.compile(r"return\((\{.*\})\)", re.DOTALL)
PACKAGE = Path("dbt_packages/lead_qualification")


@dataclass(frozen=True)
class DeclaredTable:
    """A table of a source.

    Attributes:
        name: Its name.
        feeds: The contract tables that it takes part in, the main one first.
        is_needed: Whether the connector cannot do without it.
        required: Columns without which it says nothing.
        optional: Columns that are unknown where they are absent.
        crm: Our crm_ column to the column that our sync writes.
        also: Other names of the table.
        is_prefix: Whether every table whose name begins so is one.
        hint: What to do about a required column that is absent.
    """

    name: str
    feeds: tuple[str, ...]
    is_needed: bool
    required: tuple[str, ...]
    optional: tuple[str, ...]
    crm: dict[str, str]
    also: tuple[str, ...]
    is_prefix: bool
    hint: str

    @property
    def columns(self) -> tuple[str, ...]:
        """All declared columns."""
        return (*self.required, *self.optional, *self.crm.values())


@dataclass(frozen=True)
class Connector:
    """A connector.

    Attributes:
        name: Its name in the var connectors.
        title: What people call it.
        family: Name that the rows of several connectors of one product may have in the CSVs.
        page: Its page of the documentation.
        gives: The contract tables that it gives.
        options: Entries of its own in the var.
        tables: Its tables by name.
        signs: Tables and columns that tell it from a rival with the same tables.
    """

    name: str
    title: str
    family: str
    page: str
    gives: tuple[str, ...]
    options: tuple[str, ...]
    tables: dict[str, DeclaredTable]
    signs: tuple[str, ...] = ()

    @property
    def is_crm(self) -> bool:
        """Whether it knows deals, as a CRM does."""
        return "opportunities" in self.gives


def package_folder(project: Path) -> Path:
    """Return the folder of lead_qualification: the project, or a package of a host project.

    Raises:
        ConfigurationError: It is neither.
    """
    roots = (project, project / PACKAGE)
    found = next((root for root in roots if (root / FOLDER).is_dir()), None)
    if found is None:
        raise ConfigurationError(
            f"{FOLDER} found neither in {project} nor in its {PACKAGE}",
            "run dbt deps, or set LEAD_PROJECT_DIR to the folder of the project",
        )
    return found


def connectors(package: Path) -> dict[str, Connector]:
    """Return the connectors of a package folder by name, in the order of their files.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    return {path.stem: _connector(path) for path in sorted((package / FOLDER).glob("*.sql"))}


def _connector(path: Path) -> Connector:
    """The connector of a file."""
    found = BODY.search(path.read_text(encoding="utf-8"))
    try:
        said = ast.literal_eval(found[1]) if found else {}
        return Connector(
            name=path.stem,
            title=said["title"],
            family=said.get("family", path.stem),
            page=said.get("page", ""),
            gives=tuple(said["gives"]),
            options=tuple(said.get("options", ())),
            tables={name: _table(name, table) for name, table in said["tables"].items()},
            signs=tuple(said.get("signs", ())),
        )
    except (ValueError, SyntaxError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path}: not a declaration of a connector: {error}", "restore the file"
        ) from None


def _table(name: str, said: dict[str, object]) -> DeclaredTable:
    """A table of a declaration."""

    def words(key: str) -> tuple[str, ...]:
        return tuple(said.get(key, ()))  # type: ignore[arg-type]

    return DeclaredTable(
        name=name,
        feeds=words("feeds"),
        is_needed=bool(said.get("needed", False)),
        required=words("required"),
        optional=words("optional"),
        crm=dict(said.get("crm", {})),  # type: ignore[call-overload]
        also=words("also"),
        is_prefix=bool(said.get("prefix", False)),
        hint=str(said.get("hint", "")),
    )
