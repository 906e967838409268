"""Runs dbt in a process of its own, as a user would, with progress and its messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from lead_qualification.errors import DbtError
from lead_qualification.progress import Progress, progress
from lead_qualification.settings import DUCKDB_FILE, project_folder, setting

DBT = (sys.executable, "-m", "dbt.cli.main")
TOLD = ("warn", "error")


def dbt_command(
    command: str, target: str, project: Path, folder: Path, variables: dict[str, object]
) -> list[str]:
    """Return the words that run a command of dbt in a process of its own.

    Args:
        command: Such as ``build`` or ``run``.
        target: Target of profiles.yml, which lies in the project.
        project: Folder of the dbt project.
        folder: Where dbt writes its own files.
        variables: The vars.
    """
    return [
        *(*DBT, command),
        *("--target", target),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(folder), "--log-path", str(folder)),
        *("--vars", json.dumps(variables)),
    ]


def command_in_project(command: str, target: str, options: Sequence[str]) -> list[str]:
    """Return the words that run a command of dbt in the project, with options of the user.

    The options win: --project-dir and --profiles-dir are added only where they, and the
    environment, say nothing.
    """
    words = [*DBT, command, "--target", target]
    if not _is_given("--project-dir", options):
        project = project_folder()
        words += ["--project-dir", str(project)]
        has_profiles = _is_given("--profiles-dir", options) or setting("DBT_PROFILES_DIR")
        if not has_profiles and (project / "profiles.yml").is_file():
            words += ["--profiles-dir", str(project)]
    return [*words, *options]


def run_shown(words: Sequence[str], title: str) -> str:
    """Run a command of dbt: its progress, warnings and errors are shown as they come.

    dbt goes into the folder of the project, so the DuckDB file is passed on with its whole path.

    Returns:
        The line in which dbt counts what it did; empty if it did nothing.

    Raises:
        DbtError: dbt ended with an error; it is shown already.
    """
    environment = dict(os.environ)
    if setting(DUCKDB_FILE):
        environment[DUCKDB_FILE] = str(Path(environment[DUCKDB_FILE]).resolve())
    command = [*words, "--log-format", "json", "--log-format-file", "debug"]
    counted = ""
    with (
        progress(title) as shown,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            counted = _tell(line, shown) or counted
    if process.returncode != 0:
        raise DbtError(f"dbt {title} failed", "fix what it says above, then run the same again")
    return counted


def run_quietly(words: Sequence[str], variables: Mapping[str, str]) -> str:
    """Run a command of dbt and return what it printed.

    Raises:
        DbtError: dbt ended with an error; the message ends with what it printed.
    """
    finished = subprocess.run(
        [*words],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise DbtError(f"dbt failed\n{finished.stdout.strip()}")
    return finished.stdout


def _tell(line: str, shown: Progress) -> str | None:
    """Show what a line of dbt's log says; return the line that counts everything."""
    try:
        event = json.loads(line)
        name, level, told = (event["info"][key] for key in ("name", "level", "msg"))
        data = event.get("data", {})
    except (ValueError, KeyError, TypeError):
        shown.say(line.rstrip())
        return None
    if name == "StatsLine":
        return told.strip()
    if {"index", "total"} <= data.keys() and name != "LogStartLine":
        shown.reach(int(data["index"]), int(data["total"]))
    if level in TOLD and told.strip():
        shown.say(told.rstrip())
    return None


def _is_given(option: str, options: Sequence[str]) -> bool:
    """Whether an option is among the words of a command."""
    return any(word == option or word.startswith(f"{option}=") for word in options)
