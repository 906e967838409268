"""The command ``leadq generate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lead_qualification.exit_codes import OK

EFFECTS = ("signal", "sequence", "channel", "fit", "rate_drift", "score_drift")
Company = Literal["software", "product_led", "ecommerce", "consumer", "healthcare"]


def generate(
    out: Annotated[Path, typer.Option(help="Folder of the files.")],
    planted: Annotated[
        list[str] | None, typer.Argument(metavar="[EFFECT]...", help="The effects of --plant.")
    ] = None,
    plant: Annotated[
        bool,
        typer.Option(
            "--plant",
            help="Redraw the deals with the effects that follow, of "
            f"{', '.join(EFFECTS)}; with none of them, without any.",
        ),
    ] = False,
    company: Annotated[
        Company, typer.Option(help="What kind of company it is; software is that of the demo.")
    ] = "software",
    policy: Annotated[
        Path | None,
        typer.Option(
            help="Project in whose seeds/policy the leads are assigned to the company's motion."
        ),
    ] = None,
    leads: Annotated[int, typer.Option(min=1, help="Number of people.")] = 600,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 20260630,
    as_of: Annotated[str, typer.Option(help="End of the timeline, UTC.")] = "2026-06-30 23:59:59",
    months: Annotated[int, typer.Option(min=1, help="Length of the timeline.")] = 15,
    events: Annotated[
        int | None, typer.Option(help="Rows over the five event tables, roughly.")
    ] = None,
    format: Annotated[Literal["csv", "parquet"], typer.Option(help="Kind of the files.")] = "csv",
    prefix: Annotated[str, typer.Option(help="Put before the file names.")] = "",
) -> int:
    """Write raw tables of a company that does not exist."""
    unknown = sorted({*(planted or [])} - {*EFFECTS})
    if unknown or (planted and not plant):
        raise typer.BadParameter(
            f"{', '.join(unknown or planted or [])}: write --plant and then names of "
            f"{', '.join(EFFECTS)}"
        )
    if plant and company != "software":
        raise typer.BadParameter("--plant: effects are planted in the company software only")
    from lead_qualification.generator import BUSINESSES, Planted
    from lead_qualification.generator import generate as tables_of
    from lead_qualification.generator.writing import write

    if policy is not None:
        assign(policy, BUSINESSES[company].assignment)
    effects = Planted.of(planted or []) if plant else None
    tables = tables_of(leads, seed, as_of, months, events, effects, BUSINESSES[company])
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write(table, out / f"{prefix}{name}.{format}")
        print(f"{name}: {len(table)} rows")
    return OK


def assign(project: Path, rules: tuple[dict[str, str], ...]) -> None:
    """Replace the rows of model_assignment.csv by rules, and switch their models on.

    Args:
        project: Folder whose seeds/policy is edited.
        rules: Cells by column, with the track; the order within it is that of the rules.

    Raises:
        ConfigurationError: A policy table is not there, or not the CSV that dbt reads.
    """
    from lead_qualification.policy.files import policy_file

    assignment = policy_file(project, "model_assignment")
    models = policy_file(project, "scoring_models")
    numbers = dict.fromkeys((rule["track"] for rule in rules), 0)
    assignment.rows = []
    for rule in sorted(rules, key=lambda rule: rule["track"]):
        numbers[rule["track"]] += 1
        order = {"rule_order": str(numbers[rule["track"]])}
        assignment.rows.append(dict.fromkeys(assignment.columns, "") | order | rule)
    assigned = {rule["scoring_model"] for rule in rules}
    for row in models.rows:
        if row["scoring_model"] in assigned:
            row["is_active"] = "true"
    assignment.write()
    models.write()
