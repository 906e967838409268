"""What a search found, as a folder: report, Pareto table, plot, and the policy files that change.

Cells of the policy are not ours, so all of them are shown as text only.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.change import change_rule
from lead_qualification.policy.files import POLICY_FOLDER, PolicyFile, policy_file
from lead_qualification.policy_search.cells import Cell, alike, policy_with
from lead_qualification.policy_search.measures import Interval
from lead_qualification.policy_search.search import Search, Tried, Values
from lead_qualification.tables import Table, as_markdown
from lead_qualification.untrusted import markdown, plain

REPORT, PARETO, TRIED, PLOT, PATCH = (
    "report.md",
    "pareto.csv",
    "tried.csv",
    "pareto.svg",
    "policy.patch",
)
NO_CHANGE = "no change is certain to be better"
BLUE, VERMILION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#767676"
"""Told apart with any colour vision."""
WIDTH, HEIGHT, EDGE = 640, 400, 60


def write(
    found: Search, project: Path, folder: Path, as_of: datetime, begins: datetime | None
) -> None:
    """Write the folder; what an earlier search left in it is replaced.

    Args:
        found: What a search found.
        project: Folder of the dbt project; its policy files stay as they are.
        folder: Where to write.
        as_of: The rules in force then change.
        begins: From when on the rules of the patch hold; none: they replace the present ones.

    Raises:
        ConfigurationError: It cannot be written, or a table that changes has no dates.
    """
    texts = {
        PARETO: table(found, found.front).csv(),
        TRIED: table(found, found.tried).csv(),
        PLOT: plot(found),
    }
    if found.proposed is not None:
        changed = changed_files(found.cells, found.proposed, project, as_of, begins)
        texts |= {str(POLICY_FOLDER / file.path.name): file.text() for file in changed}
        texts[PATCH] = "".join(unified(file) for file in changed)
    texts[REPORT] = report(found, texts.get(PATCH))
    try:
        for name in (PATCH, *(str(path.relative_to(folder)) for path in folder.glob("seeds/*/*"))):
            (folder / name).unlink(missing_ok=True)
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise ConfigurationError(
            f"{folder}: cannot be written ({error.strerror})", "name a folder with --output"
        ) from error


def summary(found: Search, folder: Path) -> str:
    """Return for a terminal what was found, and where the report is."""
    lines = [verdict(found)]
    told = found.missing if found.proposed is None else evidence(found)
    lines += [f"  {line}" for line in (*told, *changes(found.cells, found.proposed))]
    lines.append(f"Report: {folder / REPORT}")
    return "\n".join(map(plain, lines))


def verdict(found: Search) -> str:
    """Return in one line what was found."""
    tried = f"{len(found.tried)} of {found.combinations} policies replayed"
    if found.proposed is None:
        return f"{tried}: {NO_CHANGE}"
    return f"{tried}: a better policy was found, and judged on later months"


def evidence(found: Search) -> list[str]:
    """Return what the chosen policy does on the later months."""
    later = found.later
    if later is None:
        return []
    first, last = found.months[1]
    return [
        f"leads first seen from {first} to {last}: {later.leads}",
        f"hand-offs {later.handoffs_before} → {later.handoffs} "
        f"({bounds(later.handoffs_change)}), {later.handoffs_a_month:.1f} a month",
        f"opportunities kept {later.opportunities_before} → {later.opportunities} "
        f"({bounds(later.opportunities_change)})",
        f"leads that are spared: {later.spared}, with an opportunity {later.spared_opportunities}",
    ]


def bounds(interval: Interval) -> str:
    """Return a 95 % interval of a change in leads."""
    return f"95 % interval of the change {interval[0]:+.1f} to {interval[1]:+.1f}"


def changes(cells: Iterable[Cell], values: Values | None) -> list[str]:
    """Return a line for each cell that another policy changes."""
    return [
        f"{cell.name}: {cell.current} → {value}"
        for cell, value in zip(cells, values or (), strict=False)
        if not alike(cell.current, value)
    ]


def table(found: Search, tried: Iterable[Tried]) -> Table:
    """Return tried policies as a table: the cells, then the figures of the earlier months."""
    figures = {
        "handoffs": lambda one: one.handoffs,
        "handoffs_a_month": lambda one: round(one.handoffs_a_month, 1),
        "handoffs_change_low": lambda one: round(one.handoffs_change[0], 1),
        "handoffs_change_high": lambda one: round(one.handoffs_change[1], 1),
        "opportunities": lambda one: one.opportunities,
        "opportunities_change_low": lambda one: round(one.opportunities_change[0], 1),
        "opportunities_change_high": lambda one: round(one.opportunities_change[1], 1),
        "meets_goal": lambda one: not found.goal.missing(one),
    }
    columns = (*(cell.name for cell in found.cells), *figures, "is_present", "is_chosen")
    rows = tuple(
        (
            *one.values,
            *(figure(one.earlier) for figure in figures.values()),
            one is found.tried[0],
            one is found.chosen,
        )
        for one in tried
    )
    return Table(columns, rows)


def report(found: Search, patch: str | None) -> str:
    """Return the report as Markdown."""
    (first, until), (since, last) = found.months
    goal = (
        f"the fewest hand-offs that keep at least {found.goal.keep:.0%} of the opportunities"
        if found.goal.capacity is None
        else f"the most opportunities with at most {found.goal.capacity:g} hand-offs a month"
    )
    parts = [
        f"# Policy search: {verdict(found)}",
        f"Looked for: {goal}. Leads first seen from {first} to {until} chose the policy, leads "
        f"first seen from {since} to {last} judged it, once.",
    ]
    if found.proposed is None:
        parts += ["Why not:", "\n".join(f"- {markdown(line)}" for line in found.missing)]
    if found.refused:
        parts += [
            "The checks of the policy refuse better ones:",
            "\n".join(f"- {markdown(line)}" for line in found.refused),
        ]
    if found.chosen is not None:
        title = "What changes" if found.proposed else "Best on the earlier months, not proposed"
        lines = [*changes(found.cells, found.chosen.values), *evidence(found)]
        parts += [f"## {title}", "\n".join(f"- {markdown(line)}" for line in lines)]
    if patch is not None:
        parts += [
            "## How to take it",
            f"`git apply` {PATCH} in the project, run leadq build into a second file, and read "
            "leadq diff before it is merged. Without `--from` the patch changes the past, too.",
            "```diff\n" + patch.replace("```", "'''") + "```",
        ]
    cells = [
        {"Cell": cell.name, "Present": cell.current, "Tried": ", ".join(cell.values)}
        for cell in found.cells
    ]
    parts += [
        "## Pareto table of the earlier months",
        f"No tried policy has fewer hand-offs and more opportunities than these; all of them: "
        f"{TRIED}. Changes are against the present policy, as 95 % intervals.",
        as_markdown(table(found, found.front)),
        f"![Hand-offs and opportunities of each policy]({PLOT})",
        "## Cells",
        as_markdown(Table(("Cell", "Present", "Tried"), tuple(tuple(c.values()) for c in cells))),
        "A hand-off is the first of a lead that the rules make, not one that sales begins. An "
        "opportunity is kept if its lead was handed over before. What sales did with the leads "
        "it got is taken from the history: of a lead that was never handed over nobody knows what "
        "sales would have made of it.",
    ]
    return "\n\n".join(parts) + "\n"


def changed_files(
    cells: Iterable[Cell],
    values: Values,
    project: Path,
    as_of: datetime,
    begins: datetime | None,
) -> list[PolicyFile]:
    """Return the policy files with the values of a policy; they are not written.

    Raises:
        ConfigurationError: A table that changes has no dates, though the change has one.
    """
    changing = [
        (cell, value)
        for cell, value in zip(cells, values, strict=True)
        if not alike(cell.current, value)
    ]
    files = {cell.table: policy_file(project, cell.table) for cell, _ in changing}
    if begins is None:
        policy_with(files, [cell for cell, _ in changing], [value for _, value in changing], as_of)
        return list(files.values())
    rules: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for cell, value in changing:
        rules.setdefault((cell.table, cell.key), {})[cell.column] = value
    for (name, key), cells_of_rule in rules.items():
        change_rule(files[name], key, cells_of_rule, begins)
    return list(files.values())


def unified(file: PolicyFile) -> str:
    """Return what changes in a policy file as a patch."""
    name = (POLICY_FOLDER / file.path.name).as_posix()
    old = file.path.read_text(encoding="utf-8").splitlines(keepends=True)
    new = file.text().splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"))


def plot(found: Search) -> str:
    """Return hand-offs and opportunities of each tried policy as SVG."""
    points = {id(one): (one.earlier.handoffs, one.earlier.opportunities) for one in found.tried}
    most_x = max(1, *(x for x, _ in points.values()))
    most_y = max(1, *(y for _, y in points.values()))

    def place(point: tuple[int, int]) -> tuple[float, float]:
        x = EDGE + point[0] / most_x * (WIDTH - 2 * EDGE)
        return round(x, 1), round(HEIGHT - EDGE - point[1] / most_y * (HEIGHT - 2 * EDGE), 1)

    def dot(one: Tried, color: str, radius: int) -> str:
        x, y = place(points[id(one)])
        return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{color}"/>'

    def text(x: float, y: float, words: str, more: str = "") -> str:
        return f'<text x="{x}" y="{y}" {more}>{escape(words)}</text>'

    line = " ".join(f"{x},{y}" for x, y in (place(points[id(one)]) for one in found.front))
    bottom, right = HEIGHT - EDGE, WIDTH - EDGE
    legend = {"tried": GREY, "Pareto": BLUE, "present": VERMILION}
    if found.chosen is not None:
        legend["proposed" if found.proposed else "best, not proposed"] = GREEN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" role="img">',
        "<title>Hand-offs and opportunities of each policy, earlier months</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<path d="M{EDGE},{EDGE} V{bottom} H{right}" fill="none" stroke="{GREY}"/>',
        text(WIDTH / 2, HEIGHT - 15, "hand-offs", 'text-anchor="middle"'),
        text(EDGE, EDGE - 12, "opportunities kept"),
        text(right, bottom + 18, str(most_x), 'text-anchor="middle"'),
        text(EDGE - 8, EDGE + 4, str(most_y), 'text-anchor="end"'),
        text(EDGE - 8, bottom + 4, "0", 'text-anchor="end"'),
        *(dot(one, GREY, 3) for one in found.tried),
        f'<polyline points="{line}" fill="none" stroke="{BLUE}"/>',
        *(dot(one, BLUE, 4) for one in found.front),
        dot(found.tried[0], VERMILION, 6),
        *([dot(found.chosen, GREEN, 6)] if found.chosen is not None else []),
    ]
    for number, (words, color) in enumerate(legend.items()):
        y = bottom - 20 * (len(legend) - number)
        parts.append(f'<circle cx="{right - 120}" cy="{y - 4}" r="5" fill="{color}"/>')
        parts.append(text(right - 108, y, words))
    return "\n".join([*parts, "</svg>", ""])
