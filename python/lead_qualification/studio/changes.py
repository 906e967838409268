"""Edited policy files as a patch, as files, or as a branch of git."""

from __future__ import annotations

import difflib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.files import POLICY_FOLDER


def patch(project: Path, texts: Mapping[str, str]) -> str:
    """Return edited files as a patch that ``git apply`` and ``patch -p1`` take."""
    return "".join(_unified(project, table, texts[table]) for table in sorted(texts))


def save(project: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write edited files into the project; return those that were written.

    Raises:
        ConfigurationError: One cannot be written.
    """
    written = []
    for table, text in sorted(texts.items()):
        path = project / POLICY_FOLDER / f"{table}.csv"
        try:
            path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise ConfigurationError(
                f"{path.name}: cannot be written ({error.strerror})", "download the patch instead"
            ) from error
        written.append(path)
    return written


def commit_to_branch(project: Path, texts: Mapping[str, str], branch: str, message: str) -> str:
    """Commit edited files to a new branch; the checkout and its index stay as they are.

    Returns:
        The commit.

    Raises:
        ConfigurationError: The project is not in a git checkout, or the branch is there already.
    """
    with tempfile.TemporaryDirectory() as folder:
        index = {**os.environ, "GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(project, index, "check-ref-format", "--branch", branch)
        _git(project, index, "read-tree", "HEAD")
        below = _git(project, index, "rev-parse", "--show-prefix")
        for table, text in sorted(texts.items()):
            blob = _git(project, index, "hash-object", "-w", "--stdin", given=text)
            place = f"{below}{(POLICY_FOLDER / table).as_posix()}.csv"
            _git(project, index, "update-index", "--add", "--cacheinfo", f"100644,{blob},{place}")
        tree = _git(project, index, "write-tree")
        commit = _git(project, index, "commit-tree", tree, "-p", "HEAD", "-m", message)
        _git(project, index, "update-ref", f"refs/heads/{branch}", commit, "0" * 40)
    return commit


def _git(project: Path, environment: dict[str, str], *words: str, given: str = "") -> str:
    """What a command of git answers.

    Raises:
        ConfigurationError: It fails, or there is no git.
    """
    try:
        found = subprocess.run(
            ["git", *words],
            cwd=project,
            env=environment,
            input=given.encode(),
            capture_output=True,
            check=True,
        )
    except FileNotFoundError:
        raise ConfigurationError("git is not installed", "download the patch instead") from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().splitlines()
        raise ConfigurationError(
            f"git {words[0]}: {told[-1] if told else 'failed'}",
            "give another name of a branch, or download the patch",
        ) from None
    return found.stdout.decode().strip()


def _unified(project: Path, table: str, text: str) -> str:
    """What changes in a policy file, line by line; files without a last line end say so."""
    name = (POLICY_FOLDER / f"{table}.csv").as_posix()
    old = (project / name).read_bytes().decode("utf-8")
    lines = difflib.unified_diff(_lines(old), _lines(text), f"a/{name}", f"b/{name}")
    told = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(told)


def _lines(text: str) -> list[str]:
    """The lines of a file with their ends; only a line feed ends one, as for git."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
