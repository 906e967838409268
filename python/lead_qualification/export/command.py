"""The command ``leadq export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lead_qualification.exit_codes import OK
from lead_qualification.options import Target
from lead_qualification.settings import DUCKDB_FILE, project_folder

if TYPE_CHECKING:
    from lead_qualification.export.content import Exporter
    from lead_qualification.warehouse import Warehouse

PACKAGE = "lead_qualification"


def export(
    tool: Annotated[Literal["lightdash", "superset"], typer.Argument(help="The BI tool.")],
    to: Annotated[
        Path,
        typer.Option(help="Where it is written: a folder for Lightdash, a ZIP for Superset."),
    ],
    target: Target = "duckdb",
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URI",
            help="SQLAlchemy address at which Superset reaches the warehouse; default: that of "
            "the target, without password.",
        ),
    ] = None,
    personal: Annotated[
        bool,
        typer.Option("--personal", help="Also columns that the project calls personal."),
    ] = False,
) -> int:
    """Write the public tables, metrics and questions as definitions for a BI tool."""
    from lead_qualification.export import lightdash, superset
    from lead_qualification.warehouse import warehouse_of_target

    warehouse = warehouse_of_target(target)
    content = exporter_of(warehouse, project_folder(), personal).content()
    if tool == "superset":
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(superset.archive(content, address or address_of(warehouse)))
    else:
        for name, text in lightdash.files(content, warehouse.target).items():
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    pictures = sum(len(page.pictures) for page in content.pages)
    print(
        f"wrote {to}: {len(content.datasets)} datasets, {pictures} charts, "
        f"{len(content.pages)} dashboards"
    )
    return OK


def exporter_of(warehouse: Warehouse, project: Path, has_personal: bool = False) -> Exporter:
    """Return what makes the content of a build.

    Raises:
        DbtError: dbt cannot parse the project or compile a saved question.
        WarehouseError: A question or the labels cannot be read.
    """
    from lead_qualification.dbt import Parsed
    from lead_qualification.export.content import Exporter, declared_pages
    from lead_qualification.labels import labels_of
    from lead_qualification.progress import progress

    with progress("reading the project"):
        parsed = Parsed(project, warehouse.target)
        names = [name for page in declared_pages().values() for name in page["questions"]]
        compiled = parsed.compiled(*names, environment=warehouse.environment)
    nodes = parsed.manifest.nodes.values()
    marts = {
        node.name: node
        for node in nodes
        if node.resource_type == "model"
        and node.package_name == PACKAGE
        and node.access == "public"
        and node.time_spine is None
    }
    with warehouse.connection() as connection:
        questions = {
            name: (node, connection.table(node.compiled_code)) for name, node in compiled.items()
        }
    labels = labels_of(warehouse)
    return Exporter(marts, questions, labels, warehouse.policy, has_personal)


def address_of(warehouse: Warehouse) -> str:
    """The SQLAlchemy address of a warehouse, without password."""
    from lead_qualification.warehouse import postgres_place

    known = warehouse.environment
    if warehouse.target == "duckdb":
        return f"duckdb:///{known[DUCKDB_FILE]}"
    return "postgresql+psycopg2://{user}@{host}:{port}/{dbname}".format(**postgres_place(known))
