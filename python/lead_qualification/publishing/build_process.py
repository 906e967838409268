"""The process that builds: dbt, or another command, which ends with the one that started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from lead_qualification.dbt import build_in_project
from lead_qualification.errors import ConfigurationError
from lead_qualification.publishing.errors import NotPublishedError

SUPERVISOR = Path(__file__).with_name("supervised.py")


def command_of(words: list[str], target: str) -> list[str]:
    """Return the command to run.

    Args:
        words: Options of ``dbt build``, or a whole command, such as ``leadq build``.
        target: dbt target.

    Raises:
        ConfigurationError: There is no such command, or the options name a target themselves.
    """
    if words and not words[0].startswith("-"):
        found = sys.executable if words[0] == "python" else shutil.which(words[0])
        if found is None:
            raise ConfigurationError(f"there is no command {words[0]}", "check the words after --")
        return [found, *words[1:]]
    if any(word in ("-t", "--target") or word.startswith("--target=") for word in words):
        raise ConfigurationError(
            "--target is among the options of dbt", "write it before the --, for leadq"
        )
    return build_in_project(target, words)


def run(command: list[str], variables: dict[str, str], keep_open: tuple[int, ...] = ()) -> None:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        variables: Environment variables on top of the present ones.
        keep_open: File descriptors that stay open until the last process of it has ended.

    Raises:
        NotPublishedError: It failed; what it printed says why.
    """
    process = subprocess.Popen(
        [sys.executable, str(SUPERVISOR), *command],
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        pass_fds=keep_open,
        start_new_session=True,
    )
    try:
        code = process.wait()
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code != 0:
        raise NotPublishedError(f"the build failed (exit code {code})", "see its messages above")
