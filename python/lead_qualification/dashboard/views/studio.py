"""Policy studio: edit rules with a check while typing, see who moves, take the patch along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import altair
import pandas
import streamlit

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.variables import STUDIO
from lead_qualification.dashboard.wording import count
from lead_qualification.errors import ConfigurationError, LeadqError
from lead_qualification.policy.files import PolicyFile, policy_files
from lead_qualification.policy_check.check import Checked
from lead_qualification.policy_check.schema import TableSchema, read_schema
from lead_qualification.settings import project_folder, setting
from lead_qualification.studio.changes import commit_to_branch, patch, save
from lead_qualification.studio.checking import check, choices
from lead_qualification.studio.editing import GridRow, edited, grid_of, has_dates
from lead_qualification.studio.nearest import BARS, PROFILES, nearest
from lead_qualification.studio.simulation import Simulated, simulate_apart
from lead_qualification.tables import Table
from lead_qualification.untrusted import markdown, plain

TITLE = "Policy studio"
WRITE = "write"
NUMBER = "row"
FINDINGS_SHOWN = 20
DRAFTS, SHOWN, BASE, TURN, RESULT, CHECKED = (
    f"studio_{name}" for name in ("drafts", "shown", "base", "turn", "result", "checked")
)
PATCH_NAME = "policy.patch"
SCORES = """
select scores.lead_id, scores.adjusted_score as score, stages.stage
from {marts}.lead_scores as scores
inner join {marts}.lead_stages as stages on scores.lead_id = stages.lead_id
where scores.is_primary and stages.profile = $profile
"""
IN_TIME = """
select coalesce(territory, 'none') as territory, count(*) as met
from {marts}.handoffs
where sla_status = 'met' and not is_begun_by_sales
group by coalesce(territory, 'none')
"""


def render() -> None:
    """Show the page."""
    parts.heading(
        TITLE, "What would another rule change? Edit it, see who moves, and take the patch along."
    )
    reader = parts.reader()
    if reader.warehouse.target != "duckdb":
        raise ConfigurationError(
            f"policies are simulated on DuckDB builds only, not on {reader.warehouse.target}",
            "build the same raw data with --target duckdb, and open the dashboard on that file",
        )
    if parts.is_restated():
        raise ConfigurationError(
            "the build with the rules of today is not one to simulate on",
            "choose As reported in the sidebar",
        )
    project = project_folder()
    schema = read_schema(project)
    files = {file.table: file for file in policy_files(project)}
    drafts: dict[str, list[GridRow]] = streamlit.session_state.setdefault(DRAFTS, {})
    names = [name for name in schema.tables if name in files]
    name = parts.choice("Policy table", "table", names, PROFILES, column="policy_table")
    parts.note(parts.meaning_of(name))
    since = _since(files[name])
    tried = _tried(since)
    current = {table: _edited(files[table], drafts.get(table), None) for table in files}
    _grid(files[name], schema.tables[name], current, drafts)
    try:
        texts = _texts(files, drafts, since)
        tried_texts = _texts(files, drafts, tried)
    except ConfigurationError as error:
        parts.failure(error)
        return
    _findings(_checked(project, files, texts), texts)
    _nearest(files[PROFILES], drafts.get(PROFILES))
    if not texts:
        parts.nothing("Nothing is edited yet.", "Change a cell of the grid.")
        return
    _simulation(tried_texts, since != tried)
    _take_along(texts, drafts)


def _since(file: PolicyFile) -> datetime | None:
    """The day from which the edits hold."""
    day = streamlit.date_input(
        "Holds from (UTC)",
        value=None,
        key="studio_since",
        format="YYYY-MM-DD",
        help="From this day on; what was reported of earlier days stays. Empty: the past is "
        "restated too.",
        width=260,
    )
    if day is not None and not has_dates(file):
        parts.note("This table has no dates: an edit of it holds for the past too.")
    return datetime.combine(day, time.min) if isinstance(day, date) else None


def _tried(since: datetime | None) -> datetime | None:
    """The day from which the edits are tried on the history; another one if theirs is to come."""
    last = parts.read(parts.AS_OF).rows[0][0]
    if since is None or last is None or since <= last:
        return since
    parts.note(f"The build ends on {last:%Y-%m-%d}, before this day: the simulation needs another.")
    day = streamlit.date_input(
        "Simulate as if it held from (UTC)",
        value=None,
        max_value=last.date(),
        key="studio_tried",
        format="YYYY-MM-DD",
        help="Empty: as if it had always held.",
        width=260,
    )
    return datetime.combine(day, time.min) if isinstance(day, date) else None


def _edited(file: PolicyFile, grid: list[GridRow] | None, since: datetime | None) -> PolicyFile:
    """A file with its edits."""
    return file if grid is None else edited(file, grid, since)


def _texts(
    files: Mapping[str, PolicyFile], drafts: Mapping[str, list[GridRow]], since: datetime | None
) -> dict[str, str]:
    """The files that are edited, with their edits."""
    texts = {
        table: edited(files[table], grid, since).text()
        for table, grid in drafts.items()
        if grid != grid_of(files[table])
    }
    return {table: text for table, text in texts.items() if text != files[table].text()}


def _grid(
    file: PolicyFile,
    schema: TableSchema,
    current: Mapping[str, PolicyFile],
    drafts: dict[str, list[GridRow]],
) -> None:
    """The table as a grid; what was edited before stays when another one is shown."""
    state = streamlit.session_state
    turn = state.setdefault(TURN, 0)
    if state.get(SHOWN) != file.table or f"studio_grid_{turn}" not in state:
        turn = state[TURN] = turn + 1
        state[SHOWN] = file.table
        state[BASE] = _frame(file, drafts.get(file.table) or grid_of(file))
    found = streamlit.data_editor(
        state[BASE],
        key=f"studio_grid_{turn}",
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        disabled=[NUMBER],
        column_config={
            NUMBER: streamlit.column_config.NumberColumn(
                NUMBER, help="The row of the file; empty: a new one.", width="small", pinned=True
            ),
            **{name: _column(schema, name, current) for name in file.columns},
        },
    )
    drafts[file.table] = _rows(file, found)
    if drafts[file.table] == grid_of(file):
        del drafts[file.table]
    if drafts and streamlit.button("Discard all edits", key="studio_discard"):
        _forget(drafts)


def _frame(file: PolicyFile, grid: list[GridRow]) -> pandas.DataFrame:
    """The rows of a grid as texts, with their numbers."""
    frame = pandas.DataFrame([cells for _, cells in grid], columns=file.columns, dtype="object")
    frame.insert(0, NUMBER, pandas.array([number for number, _ in grid], dtype="Int64"))
    return frame


def _rows(file: PolicyFile, frame: pandas.DataFrame) -> list[GridRow]:
    """The rows of a grid as they were edited."""
    return [
        (
            None if pandas.isna(row[NUMBER]) else int(row[NUMBER]),
            {name: "" if pandas.isna(row[name]) else str(row[name]) for name in file.columns},
        )
        for row in frame.to_dict("records")
    ]


def _column(schema: TableSchema, name: str, current: Mapping[str, PolicyFile]) -> Any:
    """How a column is edited: by a pick-list where its values are known, else as text."""
    column = schema.columns.get(name)
    if column is None:
        return streamlit.column_config.TextColumn(name)
    own = {row[name] for row in current[schema.name].rows}
    options = choices(column, current, own)
    meaning = (
        f"{column.description} Example: {column.example}."
        if column.example
        else (column.description)
    )
    if options:
        return streamlit.column_config.SelectboxColumn(name, options=options, help=meaning)
    return streamlit.column_config.TextColumn(name, help=meaning)


def _checked(project: Path, files: Mapping[str, PolicyFile], texts: Mapping[str, str]) -> Checked:
    """What the check says, from memory while the files are the same."""
    asked = {table: file.text() for table, file in files.items()} | texts
    state = streamlit.session_state
    if CHECKED not in state or state[CHECKED][0] != asked:
        state[CHECKED] = (asked, check(project, texts))
    found: Checked = state[CHECKED][1]
    return found


def _findings(checked: Checked, texts: Mapping[str, str]) -> None:
    """What is wrong with the rules as they are edited, with row and cell."""
    errors = sum(finding.is_error for finding in checked.findings)
    if not checked.findings:
        parts.note(f"Checked: {checked.rows} rows of {checked.files} tables, nothing is wrong.")
        return
    warnings = len(checked.findings) - errors
    told = (
        f"{number} {what}{'' if number == 1 else 's'}"
        for number, what in ((errors, "error"), (warnings, "warning"))
        if number
    )
    parts.section(f"What is wrong: {', '.join(told)}")
    own = {f"{table}.csv" for table in texts}
    ordered = sorted(checked.findings, key=lambda one: (one.file not in own, not one.is_error))
    for finding in ordered[:FINDINGS_SHOWN]:
        show = streamlit.error if finding.is_error else streamlit.warning
        show(markdown(finding.told.split("  ", 1)[-1]))
    if len(ordered) > FINDINGS_SHOWN:
        parts.note(f"And {len(ordered) - FINDINGS_SHOWN} more: run leadq policy check.")
    if checked.skipped:
        parts.note(f"{parts.sentence(checked.skipped)}")


def _nearest(file: PolicyFile, grid: list[GridRow] | None) -> None:
    """The nearest leads above and below the bars that are edited."""
    before = dict(grid_of(file))
    for number, cells in grid or ():
        for bar in BARS:
            if number not in before or cells[bar] == before[number][bar]:
                continue
            if (height := _number(cells[bar])) is None:
                continue
            leads = parts.read(SCORES, profile=cells["profile"]).records
            parts.section(f"Nearest to {bar} {cells[bar]} of {cells['profile']}")
            parts.note("By the score of the last build; a lead at the bar is above it.")
            found = nearest(leads, height)
            for column, side, rows in zip(
                streamlit.columns(2), ("above", "below"), found, strict=True
            ):
                with column:
                    parts.subtitle(f"{side.capitalize()} the bar")
                    table = Table(
                        ("lead_id", "score", "stage"), tuple(tuple(row.values()) for row in rows)
                    )
                    parts.listing(table, "lead_scores", f"{side}_{bar}_{number}")


def _number(text: str) -> Decimal | None:
    """A number as it was typed; None for anything else."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _simulation(texts: dict[str, str], is_other_day: bool) -> None:
    """Simulate on request, and show what was simulated last."""
    state = streamlit.session_state
    build = parts.reader().build()
    if streamlit.button("Simulate", type="primary", key="studio_simulate"):
        with streamlit.spinner("Running the edited rules on a copy of the last build"):
            try:
                state[RESULT] = (build, texts, simulate_apart(project_folder(), "duckdb", texts))
            except LeadqError as error:
                state.pop(RESULT, None)
                parts.failure(error)
    if RESULT in state:
        of_build, of_texts, found = state[RESULT]
        if (of_build, of_texts) != (build, texts):
            streamlit.warning("The edits or the build have changed since. Simulate again.")
        _show(found, is_other_day)


def _show(found: Simulated, is_other_day: bool) -> None:
    """What was simulated."""
    parts.section("What would have been")
    if is_other_day:
        parts.note("As if the edits had held on the history, not from the day that they will.")
    tables = ", ".join(found.tables) or "none"
    parts.note(f"Tables that differ from those of the build: {tables}.")
    moved = found.moved()
    stages = int((moved["stage"] != moved["stage_after"]).sum())
    before, after = len(found.before.handoffs), len(found.after.handoffs)
    parts.numbers(
        "lead_stages",
        [
            parts.Number("lead_id", count(len(moved)), title="Leads that move"),
            parts.Number("stage", count(stages), title="In another stage today"),
            parts.Number("lead_id", f"{before:,} → {after:,}", title="Hand-offs"),
        ],
    )
    parts.subtitle("Leads that move")
    parts.listing(_table(moved), "lead_stages", "studio_moved")
    parts.subtitle("Hand-offs by week")
    weeks = found.counts("week_start")
    streamlit.altair_chart(_chart(weeks), width="stretch", alt="Hand-offs by week, before, after.")
    parts.listing(_table(weeks), "handoffs", "studio_weeks")
    one, other = streamlit.columns(2)
    with one:
        parts.subtitle("By territory, against what was answered in time")
        met = {row["territory"]: row["met"] for row in parts.read(IN_TIME).records}
        territories = found.counts("territory")
        territories["met"] = [met.get(name, 0) for name in territories.index]
        parts.listing(_table(territories), "handoffs", "studio_territories")
    with other:
        parts.subtitle("By SLA status")
        parts.listing(_table(found.counts("sla_status")), "handoffs", "studio_sla")
        parts.note("Sales answered as it did: a hand-off that never was has no answer of its own.")
    parts.subtitle("Calibration: scores whose leads change")
    calibration = found.calibration()
    if len(calibration):
        parts.listing(
            _table(calibration.set_index("scoring_model")), "score_calibration", "studio_bins"
        )
    else:
        parts.note("The scores stay as they are, and so does what they predict.")


def _table(frame: pandas.DataFrame) -> Table:
    """A frame with its index as a table."""
    found = frame.reset_index().astype(object)
    found = found.where(found.notna(), None)
    return Table(tuple(map(str, found.columns)), tuple(found.itertuples(index=False, name=None)))


def _chart(weeks: pandas.DataFrame) -> altair.Chart:
    """Hand-offs by week, before and after; told apart by dash, too."""
    rows = weeks.reset_index().melt("week_start", var_name="policy", value_name="handoffs")
    return (
        altair.Chart(rows)
        .mark_line(interpolate="step-after")
        .encode(
            x=altair.X("week_start:T", title="Week"),
            y=altair.Y("handoffs:Q", title="Hand-offs"),
            color=altair.Color(
                "policy:N", title=None, scale=altair.Scale(range=["#D55E00", "#0072B2"])
            ),
            strokeDash=altair.StrokeDash("policy:N", title=None),
        )
    )


def _take_along(texts: Mapping[str, str], drafts: dict[str, list[GridRow]]) -> None:
    """The edits as a patch and, where the settings say so, as files or a branch."""
    parts.section("Take it along")
    project = project_folder()
    found = patch(project, texts)
    shown = "\n".join(map(plain, found.splitlines()))
    streamlit.code(shown, language="diff", wrap_lines=True)
    streamlit.download_button(
        "Download patch",
        data=found.encode(),
        file_name=PATCH_NAME,
        mime="text/x-diff",
        key="csv_studio_patch",
        on_click="ignore",
        help="Apply it with git apply, or patch -p1, in the folder of the project.",
    )
    if setting(STUDIO) != WRITE:
        parts.note(f"Files are saved here only with {STUDIO}={WRITE}.")
        return
    try:
        if streamlit.button("Save files", key="studio_save"):
            save(project, texts)
            _forget(drafts)
        branch = streamlit.text_input("Branch", key="studio_branch", max_chars=100, width=420)
        if streamlit.button("Commit to this new branch", key="studio_commit") and branch:
            message = f"Change {', '.join(sorted(texts))}"
            commit = commit_to_branch(project, texts, branch, message)
            parts.note(f"Branch {branch} is at {commit[:12]}.")
    except ConfigurationError as error:
        parts.failure(error)


def _forget(drafts: dict[str, list[GridRow]]) -> None:
    """Begin again with the files as they are."""
    drafts.clear()
    streamlit.session_state.pop(SHOWN, None)
    streamlit.session_state.pop(RESULT, None)
    streamlit.rerun()
