"""Simulates edited policy files in a process of its own, for ``simulate_apart``."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from lead_qualification.errors import LeadqError
from lead_qualification.studio.simulation import simulate
from lead_qualification.warehouse import warehouse_of_target


def main(project: str, target: str, folder: str) -> None:
    """Write the answer beside the edited files."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in Path(folder).glob("*.csv")}
    answer: object
    try:
        answer = simulate(Path(project), warehouse_of_target(target), texts)
    except LeadqError as error:
        answer = error
    (Path(folder) / "answer").write_bytes(pickle.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
