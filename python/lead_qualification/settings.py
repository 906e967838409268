"""Settings from the environment: variables that commands share, and where the project is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from lead_qualification.errors import ConfigurationError

PROJECT_FOLDER = "LEAD_PROJECT_DIR"
RAW_FOLDER = "LEAD_RAW_PATH"
DUCKDB_FILE = "LEAD_DB_PATH"
DUCKDB_SCHEMA = "LEAD_DB_SCHEMA"
POSTGRES_SCHEMA = "LEAD_PG_SCHEMA"
POSTGRES_VARIABLES = (
    "LEAD_PG_HOST",
    "LEAD_PG_PORT",
    "LEAD_PG_USER",
    "LEAD_PG_PASSWORD",
    "LEAD_PG_DATABASE",
    POSTGRES_SCHEMA,
)
"""The variables by which profiles.yml finds the warehouse."""

PROJECT_FILE = "dbt_project.yml"
OUR_NAME = re.compile(r"""^name:\s*["']?lead_qualification["']?\s*$""", re.MULTILINE)
CHECKOUT = Path(__file__).resolve().parents[2]
"""The checkout that an editable install runs from; any folder for another install."""


def setting(name: str) -> str | None:
    """Return the value of an environment variable; an empty one counts as not set."""
    return os.environ.get(name) or None


def required(name: str) -> str:
    """Return the value of an environment variable.

    Raises:
        ConfigurationError: It is not set.
    """
    value = setting(name)
    if value is None:
        raise ConfigurationError(f"{name} is not set", "set this environment variable (see --help)")
    return value


def project_folder() -> Path:
    """Return the folder of the dbt project.

    It is the one that LEAD_PROJECT_DIR names; else the nearest one upwards of the working
    directory with our dbt_project.yml; else the checkout of an editable install.

    Raises:
        ConfigurationError: There is none.
    """
    named = setting(PROJECT_FOLDER)
    if named is not None:
        return dbt_project(Path(named).resolve(), f"set {PROJECT_FOLDER} to the folder that has it")
    here = Path.cwd()
    for folder in (here, *here.parents, CHECKOUT):
        path = folder / PROJECT_FILE
        if path.is_file() and OUR_NAME.search(path.read_text(encoding="utf-8")):
            return folder
    raise ConfigurationError(
        f"not a dbt project: {PROJECT_FILE} of lead_qualification not found in {here} or above it",
        f"set {PROJECT_FOLDER} to the folder of the project",
    )


def dbt_project(folder: Path, remedy: str) -> Path:
    """Return a folder that has a dbt_project.yml.

    Raises:
        ConfigurationError: It has none.
    """
    if not (folder / PROJECT_FILE).is_file():
        raise ConfigurationError(f"not a dbt project: {PROJECT_FILE} not found in {folder}", remedy)
    return folder
