"""Runs ``mf query`` commands, one after the other in this process, as a user would type them.

The folder must have the project file, profiles.yml and target/semantic_manifest.json; the database
is that of the environment. Standard input is a JSON list of lists of arguments, standard output a
JSON list of what each wrote with ``--csv``: rows of text, the names first.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner
from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.main import query


def rows_of(arguments: list[str], configuration: CLIConfiguration, folder: Path) -> list[list[str]]:
    """The rows that a query writes, the names of the columns first.

    Raises:
        RuntimeError: The query failed; the message has its arguments and what it printed.
    """
    path = folder / "rows.csv"
    result = CliRunner().invoke(
        query, [*arguments, "--quiet", "--csv", str(path)], obj=configuration
    )
    if result.exit_code != 0 or not path.exists():
        raise RuntimeError(f"mf query {arguments}: {result.output}") from result.exception
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    path.unlink()
    return rows


def main(project: Path) -> None:
    """Run the queries of standard input on the project in a folder."""
    configuration = CLIConfiguration()
    configuration.setup(project, project, configure_file_logging=False)
    with tempfile.TemporaryDirectory() as folder:
        found = [
            rows_of(arguments, configuration, Path(folder)) for arguments in json.load(sys.stdin)
        ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
