"""Runs dbt as a user would, and reads the graph that it writes."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lead_qualification.dbt import dbt_command
from lead_qualification.errors import DbtError

SCHEMA_VARIABLES = {"duckdb": "LEAD_DB_SCHEMA", "postgres": "LEAD_PG_SCHEMA"}
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Dbt:
    """dbt with one target schema, one set of vars and a target folder of its own.

    Attributes:
        project: Folder of the dbt project.
        target: Target of profiles.yml.
        schema: Target schema.
        folder: Where dbt writes its own files.
        variables: The vars, without as_of: another one would make dbt parse everything again.
        as_of: The clock.
        raw_folder: The folder of raw files, if raw tables are files.
        environment: Further environment variables.
    """

    project: Path
    target: str
    schema: str
    folder: Path
    variables: dict[str, object]
    as_of: datetime
    raw_folder: Path | None
    environment: dict[str, str]

    def run(self, command: str, *arguments: str) -> None:
        """Run a command of dbt.

        Raises:
            DbtError: dbt ended with an error.
        """
        environment = dict(os.environ) | self.environment
        environment |= {
            SCHEMA_VARIABLES[self.target]: self.schema,
            "LEAD_AS_OF": str(self.as_of),
            "LEAD_DAILY_RUN": "yes",
        }
        environment.pop("LEAD_RAW_PATH", None)
        if self.raw_folder is not None:
            environment["LEAD_RAW_PATH"] = str(self.raw_folder)
        finished = subprocess.run(
            [
                *dbt_command(command, self.target, self.project, self.folder, self.variables),
                *arguments,
            ],
            cwd=self.project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise DbtError(
                f"dbt failed; fix it and run the same again\n{finished.stdout}{finished.stderr}"
            )

    def graph(self) -> dict[str, Node]:
        """Return models and seeds by name, as the last command of this dbt saw them."""
        manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        nodes = {
            node["unique_id"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }
        return {node["name"]: _node(node, nodes, self.schema) for node in nodes.values()}


@dataclass(frozen=True)
class Node:
    """A model or seed.

    Attributes:
        name: Its name.
        kind: ``model`` or ``seed``.
        suffix: What its schema adds to the target schema, such as ``_marts``.
        table: Its name in the warehouse.
        parents: The models and seeds that it reads.
        is_check: Whether it is there to stop a build, and adds nothing to what reads it.
        selector: What selects it and nothing else: a bare name may be that of the package too.
    """

    name: str
    kind: str
    suffix: str
    table: str
    parents: tuple[str, ...]
    is_check: bool
    selector: str


def _node(node: dict[str, Any], nodes: dict[str, Any], schema: str) -> Node:
    parents = [
        nodes[parent]["name"] for parent in node["depends_on"].get("nodes", ()) if parent in nodes
    ]
    return Node(
        name=node["name"],
        kind=node["resource_type"],
        suffix=node["schema"].removeprefix(schema),
        table=node["alias"],
        parents=tuple(parents),
        is_check="gate" in node["tags"],
        selector=f"fqn:{'.'.join(node['fqn'])}",
    )


def ancestors(graph: dict[str, Node], names: set[str], until: set[str]) -> set[str]:
    """Return the named models and what they read, directly or not, up to some models and checks.

    The models of ``until`` are part of the answer, what they read is not.
    """
    found: set[str] = set()
    coming = list(names & graph.keys())
    while coming:
        name = coming.pop()
        if name not in found and not graph[name].is_check:
            found.add(name)
            coming += [] if name in until else graph[name].parents
    return found
