"""A comparison as text for a terminal, as Markdown for a pull request, or as JSON.

Ids of leads, values of columns and cells of the policy are not ours: anybody may have written
them, and a comment on a pull request is rendered.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict

import pandas

from lead_qualification.policy_diff.comparison import LIMITED, Change, Comparison, Example, Total
from lead_qualification.policy_diff.policy_rows import CellChange, PolicyChange
from lead_qualification.policy_diff.reasons import number
from lead_qualification.policy_diff.subjects import SubjectChange
from lead_qualification.tables import as_markdown, as_text, interval
from lead_qualification.untrusted import code, markdown, plain

WIDTH = 100
MOST_ROWS = 20
LABELS = {
    "score_band": "Score band",
    "grade": "Grade",
    "stage": "Stage",
    "stage_owner": "Owner",
    "recommended_action": "Recommended action",
    "leads": "Leads",
    "mqls": "MQLs",
    "pqls": "PQLs",
    "sqls": "SQLs",
    "opportunities": "Opportunities",
    "customers": "Customers",
    "mql_to_sql_rate": "MQL to SQL",
    "sql_to_opportunity_rate": "SQL to opportunity",
}


def as_json(found: Comparison, largest: float) -> str:
    """Return everything that was found as one JSON object, with the limit and whether it holds."""
    told = asdict(found) | {
        "largest_share": found.largest_share,
        "max_changed": largest,
        "is_within_limit": found.largest_share <= largest,
        "is_restated": bool(found.restated),
    }
    return json.dumps(told, indent=2)


def as_terminal_text(found: Comparison, largest: float) -> str:
    """Return the comparison for people, at most 100 columns wide."""
    parts = [
        f"Policy diff as of {found.as_of} UTC\n  before: {found.before}\n  after:  {found.after}",
        "Policy\n" + "\n".join(policy_lines(found.policy)),
        "Leads that change\n" + as_text(changed_leads(found)),
    ]
    parts += [change_text(change) for change in found.changes if change.leads]
    parts.append("Funnel\n" + as_text(funnel_rows(found.totals)))
    parts.append("What people see\n" + as_text(subject_rows(found)))
    parts += [subject_text(one) for one in found.subjects if one.changed or one.gone or one.came]
    parts.append("\n".join(["What was reported", *reported_lines(found)]))
    parts += one_sided(found)
    parts.append(verdict(found, largest))
    return "\n\n".join(parts)


def as_comment(found: Comparison, largest: float) -> str:
    """Return the comparison as a comment for a pull request."""
    parts = [
        f"### Policy diff: {verdict(found, largest)}",
        f"As of {found.as_of} UTC, {code(found.before)} → {code(found.after)}.",
        policy_markdown(found.policy),
        as_markdown(changed_leads(found)),
        *(change_markdown(change) for change in found.changes if change.leads),
        as_markdown(funnel_rows(found.totals)),
        "#### What people see",
        as_markdown(subject_rows(found)),
        *(subject_markdown(one) for one in found.subjects if one.changed or one.gone or one.came),
        "#### What was reported",
        *map(markdown, (line.strip() for line in restatement_lines(found))),
        *([as_markdown(reported_rows(found))] if found.restated else []),
        *map(markdown, one_sided(found)),
    ]
    return "\n\n".join(parts)


def verdict(found: Comparison, largest: float) -> str:
    """Return in one line whether the limit holds."""
    limited = [change for change in found.changes if change.column in LIMITED]
    most = max(limited, key=lambda change: change.leads)
    if not most.leads:
        names = ", ".join(LABELS[change.column].lower() for change in limited)
        return f"within the limit: no lead changes {names}"
    side = "within" if found.largest_share <= largest else "beyond"
    share, allowed = share_text(most.share), share_text(largest) if largest else "none"
    what = LABELS[most.column].lower()
    return f"{side} the limit: {share} of leads change {what}, {allowed} may"


def policy_lines(changes: Iterable[PolicyChange]) -> list[str]:
    """Return the rows of the policy that differ as lines, table by table."""
    lines = []
    for table, rows in by_table(changes).items():
        lines.append(f"  {table}: {counted(len(rows), 'row')}")
        for change in rows[:MOST_ROWS]:
            lines += wrapped(f"{change.row}: {change_words(change)}", "    ")
        if len(rows) > MOST_ROWS:
            lines.append(f"    ... and {len(rows) - MOST_ROWS} more")
    return lines or ["  no row differs"]


def policy_markdown(changes: Iterable[PolicyChange]) -> str:
    """Return the rows of the policy that differ as a table."""
    rows = [
        {"Policy table": table, "Row": change.row, "What changes": change_words(change)}
        for table, found in by_table(changes).items()
        for change in found[:MOST_ROWS]
    ]
    left_out = sum(max(len(found) - MOST_ROWS, 0) for found in by_table(changes).values())
    if not rows:
        return "No row of the policy differs."
    more = f"\n\n... and {left_out} more" if left_out else ""
    return as_markdown(pandas.DataFrame(rows)) + more


def by_table(changes: Iterable[PolicyChange]) -> dict[str, list[PolicyChange]]:
    """Return changes by policy table."""
    tables: dict[str, list[PolicyChange]] = {}
    for change in changes:
        tables.setdefault(change.table, []).append(change)
    return tables


def change_words(change: PolicyChange) -> str:
    """Return what became of a row of the policy."""
    if change.kind == "changed":
        return ", ".join(cell_words(cell) for cell in change.cells)
    values = ", ".join(
        f"{cell.column} {cell.after if cell.before is None else cell.before}"
        for cell in change.cells
    )
    return f"{change.kind} ({values})" if values else change.kind


def cell_words(cell: CellChange) -> str:
    """Return a cell with its old and new value."""
    old, new = ("(empty)" if value is None else value for value in (cell.before, cell.after))
    return f"{cell.column} {old} → {new}"


def changed_leads(found: Comparison) -> pandas.DataFrame:
    """Return one row for each column that is compared: how many leads change, and their share."""
    rows = [
        {"What": LABELS[change.column], "Leads": change.leads, "Share": share_text(change.share)}
        for change in found.changes
    ]
    share = found.scores_changed / found.leads if found.leads else 0.0
    rows.append({"What": "Score", "Leads": found.scores_changed, "Share": share_text(share)})
    rows.append({"What": "Leads in both builds", "Leads": found.leads, "Share": ""})
    return pandas.DataFrame(rows)


def change_text(change: Change) -> str:
    """Return the moves of a column, each with its examples below."""
    lines = [LABELS[change.column]]
    for move in change.moves:
        lines.append(plain(f"  {move.before} → {move.after}: {counted(move.leads, 'lead')}"))
        for example in move.examples:
            start = f"{example.lead_id}  score {scores_text(example)}  "
            lines += wrapped(start + example.reason, "    ")
    return "\n".join(lines)


def change_markdown(change: Change) -> str:
    """Return the moves of a column as a table that opens on demand."""
    rows = [
        {
            "From → to": f"{move.before} → {move.after}",
            "Leads": move.leads,
            "Example": example.lead_id if example else "",
            "Score": scores_text(example) if example else "",
            "Why": example.reason if example else "",
        }
        for move in change.moves
        for example in move.examples or (None,)
    ]
    title = f"{LABELS[change.column]}: {counted(change.leads, 'lead')}, {share_text(change.share)}"
    table = as_markdown(pandas.DataFrame(rows))
    return f"<details><summary>{title}</summary>\n\n{table}\n\n</details>"


def funnel_rows(totals: Iterable[Total]) -> pandas.DataFrame:
    """Return the figures of the funnel before and after; rates with their 95 % interval."""
    rows = [
        {
            "Funnel": LABELS[total.figure],
            "Before": total_text(total.before, total.before_interval),
            "After": total_text(total.after, total.after_interval),
            "Change": difference_text(total),
        }
        for total in totals
    ]
    return pandas.DataFrame(rows, columns=["Funnel", "Before", "After", "Change"])


def total_text(value: float | None, bounds: tuple[float, float] | None) -> str:
    """Return a count or a rate with its interval, a dash for none."""
    if value is None:
        return "-"
    return number(value) if bounds is None else f"{value:.1%} ({interval(*bounds)})"


def difference_text(total: Total) -> str:
    """Return by how much a figure changes; rates in percentage points."""
    if total.before is None or total.after is None:
        return ""
    difference = total.after - total.before
    if not difference:
        return "0"
    if total.before_interval is None:
        return f"{difference:+.0f}"
    return f"{100 * difference:+.1f} points"


def subject_rows(found: Comparison) -> pandas.DataFrame:
    """Return one row for each subject: rows that change, are gone or came."""
    rows = [
        {
            "Subject": one.subject,
            "Table": one.table,
            "Rows": one.rows,
            "Changed": f"not built {' and '.join(one.missing_in)}"
            if one.missing_in
            else one.changed,
            "Gone": one.gone,
            "New": one.came,
        }
        for one in found.subjects
    ]
    return pandas.DataFrame(rows, columns=["Subject", "Table", "Rows", "Changed", "Gone", "New"])


def not_built(one: SubjectChange) -> str:
    """Return which builds lack the table of a subject; empty if both have it."""
    return f"not built {' and '.join(one.missing_in)}" if one.missing_in else ""


def subject_lines(one: SubjectChange) -> list[tuple[str, str]]:
    """Return what changes in a subject, and an example of each."""
    lines = [
        (
            f"{change.column}: {counted(change.rows, 'row')}",
            "; ".join(f"{row.key}: {row.before} → {row.after}" for row in change.examples),
        )
        for change in one.columns
    ]
    for what, count, examples in (
        ("gone", one.gone, one.gone_examples),
        ("new", one.came, one.came_examples),
    ):
        if count:
            lines.append((f"{what}: {counted(count, 'row')}", "; ".join(examples)))
    return lines


def subject_text(one: SubjectChange) -> str:
    """Return the changes of a subject, each with its examples below."""
    lines = [one.subject]
    for what, examples in subject_lines(one):
        lines.append(plain(f"  {what}"))
        lines += wrapped(examples, "    ") if examples else []
    return "\n".join(lines)


def subject_markdown(one: SubjectChange) -> str:
    """Return the changes of a subject as a table that opens on demand."""
    rows = [{"What": what, "Examples": examples} for what, examples in subject_lines(one)]
    title = f"{one.subject}: {one.changed} changed, {one.gone} gone, {one.came} new"
    table = as_markdown(pandas.DataFrame(rows))
    return f"<details><summary>{title}</summary>\n\n{table}\n\n</details>"


def reported_lines(found: Comparison) -> list[str]:
    """Return what becomes of the months that ended before as_of, as lines."""
    table = as_text(reported_rows(found)).splitlines() if found.restated else []
    return [*table, *(line for told in restatement_lines(found) for line in wrapped(told, "  "))]


def restatement_lines(found: Comparison) -> list[str]:
    """Return whether a month that was reported moves; if so, which rules do it and the remedy."""
    if not found.restated:
        return [f"No MQL or SQL of a month before {found.as_of[:7]} moves."]
    months = len({row.month for row in found.restated})
    shown = ", ".join(found.restating[:MOST_ROWS]) or "none: the builds differ in more than policy"
    more = len(found.restating) - MOST_ROWS
    return [
        f"{counted(months, 'month')} that ended before the builds' as_of {verb(months)}.",
        f"Rules that are not the same then: {shown}{f', ... and {more} more' if more > 0 else ''}.",
        "To change the future only, date the row: leadq policy change TABLE KEY COLUMN=VALUE "
        "--from DATE.",
    ]


def verb(months: int) -> str:
    """Return what becomes of so many months."""
    return "is another one now" if months == 1 else "are other ones now"


def reported_rows(found: Comparison) -> pandas.DataFrame:
    """Return the months that move: figures before and after, leads that are gone or came."""
    rows = [
        {
            "Month": row.month,
            "Figure": LABELS[row.figure],
            "Before": row.before,
            "After": row.after,
            "Gone": row.gone,
            "New": row.came,
        }
        for row in found.restated
    ]
    return pandas.DataFrame(rows)


def one_sided(found: Comparison) -> list[str]:
    """Return a line for the leads of each side only, if there are any."""
    sides = (("before", found.only_before), ("after", found.only_after))
    lines = []
    for side, lead_ids in sides:
        if lead_ids:
            shown = ", ".join(lead_ids[:MOST_ROWS])
            more = (
                f", ... and {len(lead_ids) - MOST_ROWS} more" if len(lead_ids) > MOST_ROWS else ""
            )
            told = f"Only {side}, not compared: {counted(len(lead_ids), 'lead')}: {shown}{more}"
            lines.append("\n".join(wrapped(told, "", "  ")))
    return lines


def scores_text(example: Example) -> str:
    """Return the scores before and after, one digit behind the point."""
    return f"{example.score_before:.1f} → {example.score_after:.1f}"


def share_text(share: float) -> str:
    """Return a share of leads as a percentage with as many digits as it needs."""
    return f"{share:.1%}" if not share or share >= 0.001 else "below 0.1%"


def counted(count: int, word: str) -> str:
    """Return a number with its word."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def wrapped(text: str, indent: str, further: str = "  ") -> list[str]:
    """Return a text as lines of at most 100 columns; lines after the first are set in further."""
    return textwrap.wrap(
        plain(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + further,
        break_on_hyphens=False,
    )
