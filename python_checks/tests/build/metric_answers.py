"""What MetricFlow answers on a build, asked in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.building import build
from python_checks.processes import environment_without_settings
from python_checks.tests.builds import demo_made_before


def folder_of_metrics(demo: Warehouse, folder: Path) -> Path:
    """Put what MetricFlow reads of the project, parsed for the demo, into a folder."""
    parsed = PROJECT / "target" / "semantic_manifest.json"
    if demo_made_before() is None or not parsed.exists():
        build(demo, command="parse")
        parsed = Path(f"{demo.environment['LEAD_DB_PATH']}.target") / "semantic_manifest.json"
    (folder / "target").mkdir()
    shutil.copy(parsed, folder / "target")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, folder)
    return folder


def answered(
    warehouse: Warehouse, project: Path, queries: list[list[str]]
) -> list[list[list[str]]]:
    """What MetricFlow answers to each query: rows of text, the names first."""
    paths = f"{PROJECT / 'python'}{os.pathsep}{PROJECT}"
    finished = subprocess.run(
        [sys.executable, "-m", "python_checks.tests.build.metric_queries", str(project)],
        input=json.dumps(queries),
        env={**environment_without_settings(), **warehouse.environment, "PYTHONPATH": paths},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)
