"""The registry of metrics: ``models/marts/metrics/metrics.yml``, read and not retyped.

Whatever shows a metric takes its name and its definition from here. ``python -m
lead_qualification.metrics`` (``make metrics``) writes what repeats it: the list of
``docs/metrics.md``, the texts of columns in ``models/marts/metrics/_metric_docs.md``, and the copy
that the installed package reads where no project is at hand. With ``--check`` it writes nothing and
fails if one of them differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lead_qualification.errors import ConfigurationError
from lead_qualification.settings import OUR_NAME, PROJECT_FILE, project_folder
from lead_qualification.yaml_text import from_yaml

REGISTRY = Path("models", "marts", "metrics", "metrics.yml")
DOC_BLOCKS = Path("models", "marts", "metrics", "_metric_docs.md")
PAGE = Path("docs", "metrics.md")
COPY = Path("python", "lead_qualification", "metrics.yml")
LIST = "## List\n"

COUNTING = {
    "activity": "Activity: who reached the step in the period, whenever they came in. Months add "
    "up to the total.",
    "cohort": "Cohort: of those who entered in the period, how many reached the next step since.",
    "status": "Status: as it stands at as_of.",
}
"""The ways of counting, each in words. Wherever a number is shown, so is its way."""
UNITS = {
    "leads": "Count.",
    "hand-offs": "Count.",
    "deals": "Count.",
    "share": "Ratio 0 to 1; null without a denominator.",
    "ratio": "Ratio, -1 or more; null without cost.",
    "money": "In the CRM currency.",
    "days": "Days of 24 hours, with fractions; null without any.",
    "minutes": "Minutes; null without any.",
    "points": "Points.",
}
"""What a column says of its unit."""
OVER_ROWS = ("count", "average")
"""The aggregates that make another thing of a column."""
COHORT_TABLE = "funnel_conversion"
"""The table whose counts of steps are of the cohort of the row, not of its month."""


@dataclass(frozen=True)
class Metric:
    """A metric of the registry.

    Attributes:
        name: Its key.
        label: What it is called wherever it is shown.
        definition: What it means, in a sentence.
        unit: A key of UNITS.
        grain: What is counted.
        counting: A key of COUNTING.
        column: The public table and the column that have it; none where no table does.
        rows: The SQL condition on the rows that are its total; none: all rows.
        aggregate: How the rows are put together where they are several.
        also: Further tables and columns that have the same number, by other keys.
    """

    name: str
    label: str
    definition: str
    unit: str
    grain: str
    counting: str
    column: tuple[str, str] | None
    rows: str
    aggregate: str
    also: tuple[tuple[str, str], ...]

    @property
    def is_count(self) -> bool:
        """Whether it is a number of leads, hand-offs or deals."""
        return UNITS[self.unit] == UNITS["leads"]

    @property
    def described(self) -> str:
        """The definition and the unit, as a column says them."""
        return f"{self.definition} {UNITS[self.unit]}"


@cache
def metrics() -> dict[str, Metric]:
    """Return the metrics by name, in the order of the registry.

    It is that of the project, in a host project that of the package of dbt, else the copy in the
    package of Python.

    Raises:
        ConfigurationError: It cannot be read.
    """
    return read_registry(_registry_at_hand())


def metric(name: str) -> Metric | None:
    """Return the metric of a name; None if there is none."""
    return metrics().get(name)


def metric_of(table: str, column: str) -> Metric | None:
    """Return the metric that a column of a public table has; None if it has none."""
    return _by_column().get((table, column))


def label_of(table: str, column: str) -> str | None:
    """Return what a column of a public table is called; None if it is not a metric.

    The same number has the same name everywhere, and another number another one.
    """
    found = metric_of(table, column)
    if found is not None:
        # What rows count or average to is not what one row has in the column.
        return None if found.aggregate in OVER_ROWS else found.label
    step = metric(column)
    is_of_cohort = table == COHORT_TABLE and step is not None and step.counting == "activity"
    return f"{step.label} of the cohort" if step is not None and is_of_cohort else None


def _registry_at_hand() -> Path:
    """The file of the registry."""
    try:
        project = project_folder()
    except ConfigurationError:
        return Path(__file__).with_name(COPY.name)
    if OUR_NAME.search((project / PROJECT_FILE).read_text(encoding="utf-8")):
        return project / REGISTRY
    of_package = project / "dbt_packages" / "lead_qualification" / REGISTRY
    return of_package if of_package.is_file() else Path(__file__).with_name(COPY.name)


def read_registry(path: Path) -> dict[str, Metric]:
    """Return the metrics of a registry by name.

    Raises:
        ConfigurationError: It is not there, or cannot be read.
    """
    try:
        content = from_yaml(path.read_text(encoding="utf-8"))
        return {entry["name"]: _metric(entry) for entry in content["metrics"]}
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read as the registry of metrics: {error!r}",
            "restore the file from the package",
        ) from error


def _metric(entry: dict[str, Any]) -> Metric:
    """A metric from its entry."""
    meta = entry["config"]["meta"]
    return Metric(
        name=entry["name"],
        label=entry["label"],
        definition=" ".join(entry["description"].split()),
        unit=meta["unit"],
        grain=meta["grain"],
        counting=meta["counting"],
        column=_column(meta["column"]) if "column" in meta else None,
        rows=" ".join(meta.get("rows", "true").split()),
        aggregate=meta.get("aggregate", "sum"),
        also=tuple(_column(name) for name in meta.get("also", ())),
    )


def _column(name: str) -> tuple[str, str]:
    """Table and column of ``table.column``."""
    table, _, column = name.partition(".")
    return table, column


@cache
def _by_column() -> dict[tuple[str, str], Metric]:
    """The metrics by the columns that have one alone."""
    places = [
        (place, found)
        for found in metrics().values()
        for place in (found.column, *found.also)
        if place is not None
    ]
    several = {
        place for place, found in places if any(p == place and f != found for p, f in places)
    }
    return {place: found for place, found in places if place not in several}


def doc_blocks(found: dict[str, Metric]) -> str:
    """Return the texts of columns: one for each metric, and those of counts of a cohort."""
    parts = [f"# Texts of columns that have a metric: from {REGISTRY.name}, by make metrics"]
    parts += [_block(name, entry.described) for name, entry in found.items()]
    parts += [_block(f"{name}_of_cohort", text) for name, text in _texts_of_cohorts(found)]
    return "\n\n".join(parts) + "\n"


def _block(name: str, text: str) -> str:
    """A text that descriptions can name."""
    return f"{{% docs {name} %}}\n{text}\n{{% enddocs %}}"


def _texts_of_cohorts(found: dict[str, Metric]) -> Iterator[tuple[str, str]]:
    """What the counts of steps mean where a row is a cohort."""
    for name, entry in found.items():
        if entry.counting == "activity" and entry.unit == "leads":
            yield (
                name,
                f"{entry.label} among the leads of the row, whenever they became that: not those "
                f"of its month, which lead_velocity has. {UNITS[entry.unit]}",
            )


def page_list(found: dict[str, Metric]) -> str:
    """Return the list of the page, as Markdown."""
    rows = [("metric", "name", "definition", "unit", "counting", "column"), ("---",) * 6]
    for entry in found.values():
        column = f"`{'.'.join(entry.column)}`" if entry.column else ""
        rows.append(
            (
                f"`{entry.name}`",
                entry.label,
                entry.definition,
                entry.unit,
                entry.counting,
                column,
            )
        )
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def outdated(project: Path) -> dict[Path, str]:
    """Return those generated files that are not as they should be."""
    found = read_registry(project / REGISTRY)
    page = (project / PAGE).read_text(encoding="utf-8")
    files = {
        COPY: (project / REGISTRY).read_text(encoding="utf-8"),
        DOC_BLOCKS: doc_blocks(found),
        PAGE: f"{page.partition(LIST)[0]}{LIST}\n{page_list(found)}",
    }
    return {
        path: text
        for path, text in files.items()
        if not (project / path).exists() or (project / path).read_text(encoding="utf-8") != text
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the generated files, or check them; the exit code is 1 where one is out of date."""
    parser = argparse.ArgumentParser(
        prog="python -m lead_qualification.metrics",
        description=f"Write the files that repeat the registry of metrics, {REGISTRY}.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one differs")
    parser.add_argument("--project-dir", type=Path, help="the dbt project")
    given = parser.parse_args(arguments)
    try:
        project = given.project_dir or project_folder()
        files = outdated(project)
    except ConfigurationError as error:
        print(f"metrics: {error}", file=sys.stderr)
        return error.exit_code
    for path, text in files.items():
        if given.check:
            print(f"metrics: {path} is out of date; run make metrics", file=sys.stderr)
            continue
        (project / path).write_text(text, encoding="utf-8")
        print(f"wrote {path}")
    return int(given.check and bool(files))


if __name__ == "__main__":
    sys.exit(main())
