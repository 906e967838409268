"""Runs dbt: a build in a process of its own, with progress; small commands in this process."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lead_qualification.dbt_steps import TELLS_STEPS
from lead_qualification.errors import ConfigurationError, DbtError
from lead_qualification.exit_codes import WRONG_USE
from lead_qualification.progress import Progress, progress
from lead_qualification.settings import DUCKDB_FILE, project_folder, setting

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt.contracts.graph.nodes import CompiledNode

PARSED = "partial_parse.msgpack"
DBT = (sys.executable, "-m", "lead_qualification.dbt_steps")
OF_UNIT_TESTS = ("unit_test", "--resource-type=unit_test", "test_type:unit")
TOLD = ("warn", "error")
SKIPPED = "LogSkipBecauseError"
"""What dbt calls a model that it skips because one before it failed: no news of its own."""
UNCOUNTED = ("LogStartLine", "LogHookStartLine", "LogHookEndLine")
"""Lines with a number that is not one of a step that is done; hooks are numbered apart."""
MACRO_STACK = re.compile(r"\n\s*> in macro .*(\n\s*> called by .*)*")


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


def build_in_project(
    target: str, options: Sequence[str], *, with_unit_tests: bool = False
) -> list[str]:
    """Return the words that build in the project, with options of the user.

    Unit tests check code on rows of their own, not what is in the warehouse; so, as dbt advises,
    they run where code changes, and in a build only if one asks for them, here or by an option.

    The options win: --project-dir and --profiles-dir are added only where they, and the
    environment, say nothing.
    """
    words = [*DBT, "build", "--target", target]
    if not _is_given("--project-dir", options):
        project = project_folder()
        words += ["--project-dir", str(project)]
        has_profiles = _is_given("--profiles-dir", options) or setting("DBT_PROFILES_DIR")
        if not has_profiles and (project / "profiles.yml").is_file():
            words += ["--profiles-dir", str(project)]
    if not with_unit_tests and not any(word in OF_UNIT_TESTS for word in options):
        words += ["--exclude-resource-type", "unit_test"]
    return [*words, *options]


def run_shown(words: Sequence[str], title: str) -> str:
    """Run a command of dbt: its progress, warnings and errors are shown as they come.

    dbt goes into the folder of the project, so the DuckDB file is passed on with its whole path.

    Returns:
        The line in which dbt counts what it did; empty if it did nothing.

    Raises:
        ConfigurationError: dbt does not understand its options.
        DbtError: dbt ended with another error; it is shown already.
    """
    environment = dict(os.environ)
    if setting(DUCKDB_FILE):
        environment[DUCKDB_FILE] = str(Path(environment[DUCKDB_FILE]).resolve())
    environment[TELLS_STEPS] = "1"
    command = [*words, "--log-level", "none", "--no-use-colors"]
    if not _is_given("--log-level-file", words):
        command += ["--log-level-file", "none"]
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
    if process.returncode == WRONG_USE:
        raise ConfigurationError(f"dbt {title} does not understand its options", "see above")
    if process.returncode != 0:
        raise DbtError(f"dbt {title} failed", "fix what it says above, then run the same again")
    return counted


class Parsed:
    """The project as dbt parsed it once, for commands that are small: nothing is parsed again.

    It is parsed in this process, without vars, into a folder of its own; so what a build parsed
    stays as it is, and a var of a command costs nothing.
    """

    def __init__(self, project: Path, target: str) -> None:
        """Parse the project, from what a build left if there is nothing newer.

        Raises:
            DbtError: dbt cannot parse it.
        """
        self.project = project
        self.target = target
        self.folder = project / "target" / "leadq" / target
        self.folder.mkdir(parents=True, exist_ok=True)
        kept, built = (path / PARSED for path in (self.folder, project / "target"))
        if built.exists() and not kept.exists():
            shutil.copy(built, kept)
        self.manifest = None
        self.manifest = self.run("parse").result

    def run(self, *words: str, environment: Mapping[str, str] | None = None) -> dbtRunnerResult:
        """Run a command of dbt in this process, which prints nothing.

        Args:
            *words: The command and its options.
            environment: Further environment variables.

        Raises:
            DbtError: dbt ended with an error; the message has what went wrong.
        """
        from dbt.cli.main import dbtRunner

        places = {"--project-dir": self.project, "--profiles-dir": self._profiles()}
        places |= {"--target-path": self.folder, "--log-path": self.folder}
        options = [word for name, path in places.items() for word in (name, str(path))]
        with _own_surroundings(environment or {}):
            finished = dbtRunner(manifest=self.manifest).invoke(
                [
                    *words,
                    "--target",
                    self.target,
                    *options,
                    "--log-level=none",
                    "--no-write-json",
                ]
            )
        if not finished.success:
            raise DbtError(f"dbt {words[0]} failed: {_said(finished)}")
        return finished

    def compiled(
        self,
        *selection: str,
        variables: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> dict[str, CompiledNode]:
        """Return what is selected with its SQL, by name; the warehouse is not opened.

        Raises:
            DbtError: dbt cannot compile it.
        """
        options = ("--select", *selection, "--no-introspect", "--no-populate-cache")
        finished = self.run(
            *("compile", *options, "--vars", json.dumps(dict(variables or {}))),
            environment=environment,
        )
        return {found.node.name: found.node for found in finished.result.results}

    def _profiles(self) -> str | Path:
        """Where profiles.yml is."""
        return setting("DBT_PROFILES_DIR") or self.project


def disconnect() -> None:
    """Close what dbt leaves open to the end of its process, so that a DuckDB file can be moved."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections, reset_adapters

    cleanup_connections()
    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()
    gc.collect()


def forget_compiled(manifest: Manifest) -> None:
    """Let nothing of a command be left in what was parsed."""
    for node in [*manifest.nodes.values(), *manifest.unit_tests.values()]:
        if getattr(node, "compiled", False):
            node.compiled, node.compiled_code = False, None
            node.extra_ctes, node.extra_ctes_injected = [], False


@contextmanager
def _own_surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """Give dbt environment variables, and take back what it changes of this process."""
    before, here = dict(os.environ), Path.cwd()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def _said(finished: dbtRunnerResult) -> str:
    """What dbt says went wrong."""
    if finished.exception is not None:
        return str(finished.exception).strip()
    results = getattr(finished.result, "results", None) or []
    told = [str(one.message).strip() for one in results if one.status in ("error", "fail")]
    return "\n".join(told) or "see target/leadq"


def _tell(line: str, shown: Progress) -> str | None:
    """Show what a line of dbt_steps says; return the line that counts everything."""
    try:
        event = json.loads(line)
        name, level, told = (event["info"][key] for key in ("name", "level", "msg"))
        data = event.get("data", {})
    except (ValueError, KeyError, TypeError):
        shown.say(line.rstrip())
        return None
    if name == "StatsLine":
        return told.strip()
    if {"index", "total"} <= data.keys() and name not in UNCOUNTED:
        shown.reach(int(data["index"]), int(data["total"]))
    if level in TOLD and name != SKIPPED and told.strip():
        shown.say(MACRO_STACK.sub("", told).rstrip())
    return None


def _is_given(option: str, options: Sequence[str]) -> bool:
    """Whether an option is among the words of a command."""
    return any(word == option or word.startswith(f"{option}=") for word in options)
