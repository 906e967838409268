"""Prints the SQL files that this branch changes, one a line, for the linter.

Compared is with the commit where the branch leaves origin/main; in a clone that stands on it, with
the tenth commit before. LEAD_LINT_SINCE names another commit. Without git all files are printed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FOLDERS = ("models", "tests", "analyses")
RECENT_COMMITS = 10


def git(*words: str) -> str | None:
    """Return what git prints, or None where it fails."""
    try:
        finished = subprocess.run(
            ["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return finished.stdout.strip() if finished.returncode == 0 else None


def base() -> str | None:
    """Return the commit to compare with, or None where there is none."""
    given = os.environ.get("LEAD_LINT_SINCE")
    if given:
        return given
    head, fork = git("rev-parse", "HEAD"), git("merge-base", "HEAD", "origin/main")
    if fork is not None and fork != head:
        return fork
    return git("rev-parse", "--verify", "--quiet", f"HEAD~{RECENT_COMMITS}")


def changed() -> list[str]:
    """Return the SQL files that were added or changed since the base, committed or not."""
    every = sorted(
        str(path.relative_to(PROJECT))
        for folder in FOLDERS
        for path in (PROJECT / folder).rglob("*.sql")
    )
    since = base()
    if since is None:
        return every
    tracked = git("diff", "--name-only", "--no-renames", "--diff-filter=AM", since)
    untracked = git("ls-files", "--others", "--exclude-standard")
    if tracked is None or untracked is None:
        return every
    named = {*tracked.splitlines(), *untracked.splitlines()}
    return [path for path in every if path in named]


if __name__ == "__main__":
    for path in changed():
        print(path)
