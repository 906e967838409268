"""What scenarios of motions share: who is judged how, and how a build differs from what is told."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from lead_qualification.warehouse import Warehouse
from python_checks.building import edit_policy, write_policy
from python_checks.compare import normal

AS_OF = datetime(2026, 9, 30)
"""The clock of the scenarios."""


def assign(project: Path, rules: Iterable[dict[str, str]]) -> None:
    """Replace model_assignment.csv by rules, in their order, and switch their models on.

    Args:
        project: Folder with the policy to edit.
        rules: Conditions with scoring_model and profile, and the track where it is not main.
    """
    path = project / "seeds" / "policy" / "model_assignment.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = csv.DictReader(file).fieldnames or ()
    rows = []
    for number, rule in enumerate(rules, start=1):
        rows.append(dict.fromkeys(names, "") | {"rule_order": str(number)} | rule)
        model = {"scoring_model": rule["scoring_model"]}
        edit_policy(project, "scoring_models", model, {"is_active": "true"})
    write_policy(path, rows)


def differing(built: Warehouse, table: str, expected: str, **match: object) -> list[str]:
    """The rows of a CSV that a public table lacks, and those that it has beside them.

    Args:
        built: The build.
        table: The public table.
        expected: CSV with the columns to look at, one row a line.
        match: Only the rows of the table with these values.
    """
    lines = list(csv.reader(line.strip() for line in expected.strip().splitlines()))
    wanted = Counter(tuple(normal(cell) for cell in line) for line in lines[1:])
    rows = [
        {name: normal(value) for name, value in row.items()}
        for row in built.table(table).to_dict("records")
    ]
    found = Counter(
        tuple(row[name] for name in lines[0])
        for row in rows
        if all(row[name] == normal(value) for name, value in match.items())
    )
    missing, unexpected = wanted - found, found - wanted
    return [f"missing {row}" for row in missing] + [f"unexpected {row}" for row in unexpected]


def differing_stays(built: Warehouse, lead_id: str, columns: str, stays: list[str]) -> list[str]:
    """How the stays of a lead differ from those that are told, and the owner of the last.

    Args:
        built: The build.
        lead_id: The lead.
        columns: The columns of a stay with commas between them; stage, owner come first.
        stays: The stays in order.
    """
    numbered = (f"{number},{stay}" for number, stay in enumerate(stays, start=1))
    history = "\n".join([f"stage_number,{columns}", *numbered])
    stage, owner = stays[-1].split(",")[:2]
    return [
        *differing(built, "lead_stage_history", history, lead_id=lead_id),
        *differing(built, "lead_stages", f"stage,stage_owner\n{stage},{owner}", lead_id=lead_id),
    ]
