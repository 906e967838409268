"""The figures of a run, and what changed since the run before, which is kept as JSON."""

from __future__ import annotations

import json
import platform
import subprocess
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from lead_qualification.warehouse import PROJECT

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb")
NOTABLE_CHANGE = 0.05
SCRIPT_NAME = "hand-written script"


@dataclass(frozen=True)
class Figure:
    """What a measurement of one size cost.

    Attributes:
        name: Name of the measurement.
        millions: Millions of events.
        seconds: Wall seconds; none: not noted.
        cpu_seconds: CPU seconds, children included.
        peak_gib: Memory of the largest process; none: not noted.
    """

    name: str
    millions: float
    seconds: float | None
    cpu_seconds: float
    peak_gib: float | None


@dataclass(frozen=True)
class Record:
    """The figures of a run.

    Attributes:
        date: Day of the run.
        commit: What was measured.
        machine: Where.
        versions: Version of each package, and of Python.
        figures: What it cost.
    """

    date: str
    commit: str
    machine: str
    versions: dict[str, str]
    figures: list[Figure]

    def multiples(self) -> dict[tuple[str, float], float]:
        """Return the CPU of each measurement and size as a multiple of the script's."""
        scripts = {
            figure.millions: figure.cpu_seconds
            for figure in self.figures
            if figure.name == SCRIPT_NAME
        }
        return {
            (figure.name, figure.millions): figure.cpu_seconds / scripts[figure.millions]
            for figure in self.figures
            if figure.name != SCRIPT_NAME and figure.millions in scripts
        }


def read_record(path: Path) -> Record | None:
    """Return the run before, if it left its figures."""
    if not path.exists():
        return None
    given = json.loads(path.read_text(encoding="utf-8"))
    given["figures"] = [Figure(**figure) for figure in given["figures"]]
    return Record(**given)


def write_record(record: Record, path: Path) -> None:
    """Keep the figures of a run for the next one."""
    path.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")


def versions_here() -> dict[str, str]:
    """Return the version of Python and of each package that matters."""
    return {
        "Python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def commit_here() -> str:
    """Return the commit of this checkout; "+" after it: files differ from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "no commit"


def changes(before: Record, now: Record) -> list[str]:
    """Say what changed between two runs: versions, machine, and multiples of the script."""
    lines = [
        f"- {package}: {before.versions[package]} → {number}"
        for package, number in now.versions.items()
        if before.versions.get(package, number) != number
    ]
    if before.machine != now.machine:
        lines.append(f"- machine: {before.machine} → {now.machine}")
    old, new = before.multiples(), now.multiples()
    alike = 0
    for (name, millions), multiple in new.items():
        was = old.get((name, millions))
        if was is None:
            continue
        if abs(multiple / was - 1) > NOTABLE_CHANGE:
            lines.append(
                f"- {name}, {millions:g} million events: {was:.1f} → {multiple:.1f} times the "
                f"script's CPU ({multiple / was - 1:+.0%})"
            )
        else:
            alike += 1
    if alike:
        lines.append(f"- within {NOTABLE_CHANGE:.0%} of what they were: {alike} multiples")
    for text, keys in (
        ("not measured before", new.keys() - old.keys()),
        ("not measured again", old.keys() - new.keys()),
    ):
        if keys:
            named = ", ".join(f"{name} at {millions:g} M" for name, millions in sorted(keys))
            lines.append(f"- {text}: {named}")
    return lines
