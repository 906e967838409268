"""A process that runs commands of dbt one after the other, so that dbt starts and parses once.

dbt keeps flags, adapters and variables of the environment for its whole process, and must not run
twice at the same time in one. So tests do not run it in their own process, but in one that does
nothing else. A project is parsed once for each target and place of its raw tables; edits of the
policy and of models then change what was parsed, not the files of the project.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any

from lead_qualification.dbt import PARSED as PARSED_FILE
from lead_qualification.dbt import disconnect, forget_compiled
from lead_qualification.dbt_steps import TOLD_LEVELS, leave_out_debugging
from python_checks.processes import environment_without_settings
from python_checks.recordings import Recordings, columns_of_raw_files, recorded, recording

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PROJECT = Path(__file__).resolve().parents[1]
PARSED = PROJECT / "target" / "parsed"
SILENT = ("--log-level", "none", "--log-level-file", "none", "--no-use-colors")
PARSED_VARIABLES = (
    *("raw_schema", "raw_database", "policy_tables"),
    *("connectors", "attribute_history", "handoff_publications"),
)
"""The vars that decide what there is and what it reads; all others are read when SQL is made."""
ANY_FOLDER = "any"
"""Where the parsed project takes raw files to be; what was parsed holds for every folder."""


@dataclass(frozen=True)
class Command:
    """A command of dbt for the project of this checkout.

    Attributes:
        name: Such as ``build`` or ``run``.
        target: Target of profiles.yml.
        environment: What profiles.yml and the project read, and nothing else of LEAD_.
        variables: The vars.
        arguments: Further arguments.
        edited: A folder with edited copies of ``seeds/policy`` or ``models``, or "".
        folder: Where dbt writes its own files.
        seeds: With which arguments seeds are loaded before, if any.
        from_nothing: Whether it runs models in a DuckDB file that has nothing but seeds, so that
            an earlier one may be replayed (recordings.py).
    """

    name: str
    target: str
    environment: dict[str, str]
    variables: dict[str, object] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    edited: str = ""
    folder: str = ""
    seeds: tuple[str, ...] = ()
    from_nothing: bool = False

    @property
    def words(self) -> list[str]:
        """The arguments that all commands have."""
        return self._with(self.variables)

    @property
    def parse_words(self) -> list[str]:
        """Those for parsing: dbt parses everything again where a var is another."""
        return self._with(self.parsed_variables)

    @property
    def parsed_variables(self) -> dict[str, object]:
        """The vars that decide what there is and what it reads."""
        return {name: self.variables[name] for name in PARSED_VARIABLES if name in self.variables}

    def _with(self, variables: dict[str, object]) -> list[str]:
        return [
            *("--target", self.target),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--vars", json.dumps(variables)),
            *SILENT,
        ]

    @property
    def parse_environment(self) -> dict[str, str]:
        """What parsing depends on: the names in the warehouse, and whether raw files are given."""
        found = {}
        for name, value in self.environment.items():
            if name == "LEAD_DB_PATH":
                found[name] = Path(value).name
            elif name == "LEAD_RAW_PATH":
                found[name] = ANY_FOLDER
            elif name.endswith("_SCHEMA") or name == "LEAD_PG_DATABASE":
                found[name] = value
        return found

    @property
    def parsed_alike(self) -> str:
        """Commands for which this says the same need parsing once."""
        decided_by = [self.target, self.parsed_variables, self.parse_environment]
        return json.dumps(decided_by, sort_keys=True)


@dataclass(frozen=True)
class Ended:
    """How a command ended, what it said, and whether it was a replay, which says nothing."""

    is_success: bool
    printed: str
    is_replayed: bool = False


class DbtProcess:
    """The process, seen from outside; it starts with the first command."""

    def __init__(self, recordings: Path) -> None:
        """Start nothing yet; recordings is a folder, which processes may share."""
        self.recordings = recordings
        self.process: subprocess.Popen[str] | None = None
        self.lock = Lock()

    def run(self, command: Command) -> Ended:
        """Run a command and wait for its end.

        Raises:
            RuntimeError: The process ended.
        """
        with self.lock:
            if self.process is None:
                paths = f"{PROJECT / 'python'}{os.pathsep}{PROJECT}"
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "python_checks.dbt_process", str(self.recordings)],
                    cwd=PROJECT,
                    env={**os.environ, "PYTHONPATH": paths},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            print(json.dumps(asdict(command)), file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline()
            if not answer:
                raise RuntimeError("the process that runs dbt has ended")
            return Ended(**json.loads(answer))

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()
            self.process = None


class Dbt:
    """dbt within this process."""

    def __init__(self, recordings: Path) -> None:
        """Know nothing but the folder of recordings."""
        self.manifests: dict[str, Manifest] = {}
        self.recordings = Recordings(recordings)
        self.usual = environment_without_settings()

    def run(self, command: Command) -> Ended:
        """Run a command."""
        printed: list[str] = []
        manifest = self._parsed(command, printed)
        if manifest is None:
            return Ended(False, "\n".join(printed))
        self._be_in(command.environment)
        with edits(manifest, command.edited):
            ended = Ended(True, "")
            if command.seeds:
                ended = self._invoked("seed", command.seeds, command, manifest)
            if ended.is_success and command.from_nothing:
                ended = self._built(command, manifest)
            elif ended.is_success:
                ended = self._invoked(command.name, command.arguments, command, manifest)
        forget_compiled(manifest)
        return ended

    def _invoked(
        self, name: str, arguments: Sequence[str], command: Command, manifest: Manifest
    ) -> Ended:
        """Let dbt do something in the surroundings of a command."""
        words = [name, *command.words, *arguments]
        if command.folder:
            words += ["--target-path", command.folder, "--log-path", command.folder]
        printed: list[str] = []
        is_success = invoke(words, printed, manifest).success
        return Ended(is_success, "\n".join(printed))

    def _built(self, command: Command, manifest: Manifest) -> Ended:
        """Build from nothing: by a replay if that leads to the same, else by dbt."""
        path = Path(command.environment["LEAD_DB_PATH"])
        clock = command.environment.get("LEAD_AS_OF", "")
        registering = ("register_raw_files", "--no-write-json")
        is_read = self._invoked("run-operation", registering, command, manifest).is_success
        kind = kind_of_build(command, manifest, path)
        for earlier in self.recordings.of_kind(kind) if is_read else ():
            kept = shutil.copy(path, path.with_suffix(".kept"))
            if earlier.replay(path, clock):
                return Ended(True, "", is_replayed=True)
            shutil.move(kept, path)
        with recorded() as statements:
            ended = self._invoked(command.name, command.arguments, command, manifest)
        found = recording(statements, clock)
        if ended.is_success and is_read and found is not None:
            self.recordings.keep(kind, found)
        return ended

    def _parsed(self, command: Command, printed: list[str]) -> Manifest | None:
        """Return the parsed project; dbt itself notices which files it must parse again."""
        key = command.parsed_alike
        if key not in self.manifests:
            self._be_in(command.parse_environment)
            folder = parse_folder(key)
            words = ["--target-path", str(folder), "--log-path", str(folder), "--no-write-json"]
            with locked(folder):
                copy_what_was_parsed(folder)
                result = invoke(["parse", *command.parse_words, *words], printed)
            if not result.success:
                return None
            self.manifests[key] = result.result
            # What was parsed stays; searching it for garbage again and again takes long.
            gc.freeze()
        return self.manifests[key]

    def _be_in(self, environment: dict[str, str]) -> None:
        os.environ.clear()
        os.environ.update(self.usual | environment)
        os.chdir(PROJECT)


def invoke(words: list[str], printed: list[str], manifest: Manifest | None = None) -> Any:
    """Run dbt, keep what it says, and leave no connection open."""
    from dbt.cli.main import dbtRunner
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    def listen(event: Any) -> None:
        if event.info.level in TOLD_LEVELS:
            printed.append(event.info.msg)

    if "debug" in words:
        ctx_set_event_manager(EventManager())
    else:
        leave_out_debugging()
    gc.disable()
    try:
        result = dbtRunner(manifest=manifest, callbacks=[listen]).invoke(words)
    finally:
        disconnect()
        gc.enable()
    if result.exception is not None:
        printed.append(str(result.exception))
    return result


@contextmanager
def edits(manifest: Manifest, edited: str) -> Iterator[None]:
    """Let the policy be that of a folder, and the models those that lie there."""
    if not edited:
        yield
        return
    nodes = [n for n in manifest.nodes.values() if (Path(edited) / n.original_file_path).exists()]
    seeds = [(n, n.original_file_path) for n in nodes if n.resource_type == "seed"]
    codes = [
        (node, node.raw_code, (Path(edited) / node.original_file_path).read_text("utf-8").strip())
        for node in nodes
        if node.resource_type == "model"
    ]
    models = [(node, before, after) for node, before, after in codes if before != after]
    try:
        for node, _ in seeds:
            node.original_file_path = str(Path(edited) / node.original_file_path)
        for node, _, after in models:
            node.raw_code = after
        if models:
            # What macros see of all nodes is a copy, which dbt makes once.
            manifest.build_flat_graph()
        yield
    finally:
        for node, path in seeds:
            node.original_file_path = path
        for node, before, _ in models:
            node.raw_code = before
        if models:
            manifest.build_flat_graph()


def kind_of_build(command: Command, manifest: Manifest, path: Path) -> str:
    """Return what decides the statements of a build, beside the answers that dbt reads."""
    code = "".join(n.raw_code for n in manifest.nodes.values() if n.resource_type == "model")
    return json.dumps(
        [
            command.parsed_alike,
            command.variables,
            [command.name, *command.arguments],
            hashlib.sha256(code.encode()).hexdigest(),
            columns_of_raw_files(path),
        ],
        sort_keys=True,
    )


def parse_folder(key: str) -> Path:
    """Return the folder in which dbt keeps what it parsed for commands with a key."""
    folder = PARSED / hashlib.sha256(key.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def copy_what_was_parsed(folder: Path) -> None:
    """Let dbt begin in a folder with what ``make build`` parsed, unless something is there."""
    built, kept = (path / PARSED_FILE for path in (PROJECT / "target", folder))
    if built.exists() and not kept.exists():
        shutil.copy(built, kept)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let no other process parse into the folder meanwhile."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def serve(dbt: Dbt, requests: IO[str], answers: IO[str]) -> None:
    """Run each command that is asked for, one a line, and answer it in a line."""
    for line in requests:
        print(json.dumps(asdict(dbt.run(Command(**json.loads(line))))), file=answers, flush=True)


if __name__ == "__main__":
    kept = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(Dbt(Path(sys.argv[1])), sys.stdin, kept)
