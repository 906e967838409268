"""The command ``leadq ask``: a saved question of analyses/, with all its rows and columns.

dbt compiles the question without opening the warehouse; then the rows are read as every other
command reads them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lead_qualification.errors import ConfigurationError
from lead_qualification.exit_codes import OK
from lead_qualification.options import Target
from lead_qualification.settings import project_folder

if TYPE_CHECKING:
    from lead_qualification.warehouse import Warehouse


def ask(
    question: Annotated[
        str | None, typer.Argument(help="Name of a saved question; none: they are listed.")
    ] = None,
    var: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A var of the question, such as what_if_points=5."),
    ] = None,
    format: Annotated[
        Literal["table", "csv", "markdown"], typer.Option(help="How to print the rows.")
    ] = "table",
    target: Target = "duckdb",
) -> int:
    """Answer a saved question, as table, CSV or Markdown."""
    from lead_qualification.tables import as_markdown, as_text
    from lead_qualification.warehouse import warehouse_of_target

    project = project_folder()
    if question is None:
        print("\n".join(listed(project)))
        return OK
    variables = dict(variable(text) for text in var or [])
    warehouse = warehouse_of_target(target)
    sql = compiled(project, question, variables, warehouse)
    with warehouse.connection() as connection:
        found = connection.table(sql)
    if format == "csv":
        print(found.csv(), end="")
    else:
        print(as_text(found) if format == "table" else as_markdown(found))
    return OK


def listed(project: Path) -> list[str]:
    """Return a line for each saved question: its name, and what it asks."""
    paths = sorted((project / "analyses").glob("*.sql"))
    width = max((len(path.stem) for path in paths), default=0)
    return [f"{path.stem:{width}}  {_question(path)}".rstrip() for path in paths]


def variable(text: str) -> tuple[str, object]:
    """Return the name and value of a var; numbers and truth values are not texts.

    Raises:
        BadParameter: It is not NAME=VALUE.
    """
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise typer.BadParameter(f"{text}: write NAME=VALUE")
    try:
        found = json.loads(value)
    except ValueError:
        return name, value
    return name, found if isinstance(found, int | float | bool) else value


def compiled(
    project: Path, question: str, variables: dict[str, object], warehouse: Warehouse
) -> str:
    """Return the SQL of a saved question.

    Raises:
        ConfigurationError: There is no such question.
        DbtError: dbt cannot compile it.
    """
    from lead_qualification.dbt import Parsed
    from lead_qualification.progress import progress

    if not (project / "analyses" / f"{question}.sql").is_file():
        raise ConfigurationError(
            f"there is no question {question} in {project / 'analyses'}",
            "leadq ask without a name lists them",
        )
    with progress(f"compiling {question}"):
        found = Parsed(project, warehouse.target).compiled(
            question, variables=variables, environment=warehouse.environment
        )
    return found[question].compiled_code


def _question(path: Path) -> str:
    """What a saved question asks: the first line of its SQL."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    return first.removeprefix("--").strip() if first.startswith("--") else ""
