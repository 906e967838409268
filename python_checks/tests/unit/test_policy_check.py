"""``leadq policy check``: each mistake that people make in the policy files has its message."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from lead_qualification.cli import main
from lead_qualification.errors import ConfigurationError
from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.policy.files import policy_paths
from lead_qualification.policy.keys import KEYS
from lead_qualification.policy_check.check import check_policy
from lead_qualification.policy_check.page import PAGE, page
from lead_qualification.policy_check.schema import literal, read_schema
from lead_qualification.settings import CHECKOUT
from python_checks.building import add_policy_row, edit_policy
from python_checks.tests.tables import use_dated_policy, use_golden_policy
from python_checks.world_policies import write_dated_policy

Edit = Callable[[Path], None]
PARTS = ("dbt_project.yml", "macros/ranges.sql", "seeds/policy")
AS_OF = datetime(2026, 8, 1)
SCHEMA = read_schema(CHECKOUT)


@pytest.fixture(autouse=True)
def _schema_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lead_qualification.policy_check.check.read_schema", lambda _: SCHEMA)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the check reads of the project, to be edited."""
    for part in PARTS:
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        source = CHECKOUT / part
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return tmp_path


def told(project: Path, folder: Path | None = None) -> str:
    """What is found, a line each."""
    return "\n".join(finding.told for finding in check_policy(project, folder).findings)


def path_of(project: Path, table: str) -> Path:
    """The file of a table."""
    return project / "seeds" / "policy" / f"{table}.csv"


def cell(table: str, match: dict[str, str], column: str, value: str) -> Edit:
    """An edit of one cell, of the rows that match."""
    return lambda project: edit_policy(project, table, match, {column: value})


def row(table: str, **cells: str) -> Edit:
    """An edit that adds a row."""
    return lambda project: add_policy_row(project, table, cells)


def text(table: str, change: Callable[[str], str], encoding: str = "utf-8") -> Edit:
    """An edit of a file as a text."""

    def edit(project: Path) -> None:
        path = path_of(project, table)
        path.write_text(change(path.read_text("utf-8")), encoding=encoding, newline="")

    return edit


def without(table: str, keep: Callable[[dict[str, str]], bool]) -> Edit:
    """An edit that deletes rows."""

    def edit(project: Path) -> None:
        path = path_of(project, table)
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [cells for cells in reader if keep(cells)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, reader.fieldnames or (), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return edit


def all_of(*edits: Edit) -> Edit:
    """Several edits at once."""

    def edit(project: Path) -> None:
        for one in edits:
            one(project)

    return edit


def shuffled_columns(separator: str) -> Callable[[str], str]:
    """A file whose cells are separated otherwise."""

    def change(content: str) -> str:
        return "\n".join(
            separator.join(f'"{c}"' if separator in c else c for c in cells)
            for cells in csv.reader(content.splitlines())
        )

    return change


GUIDE_DEMO = {"scoring_model": "guide", "signal": "demo_request"}
GUIDE_SIZE = {"scoring_model": "guide", "criterion": "company_size"}
GUIDE_PLACE = {"scoring_model": "guide", "criterion": "geography"}
STANDARD = {"profile": "standard"}
TIMER = {"profile": "", "stage": "mql"}
COMO_BAND = {"scoring_model": "como"}
PARKED = {"from_stage": "long_term_nurture", "is_regression": "false"}
PROPOSED = {"from_stage": "sql_proposed", "is_regression": "false"}

MISTAKES: dict[str, tuple[Edit, str]] = {
    # Names, rows and lists.
    "typo in a signal": (
        cell("signal_points", GUIDE_DEMO, "signal", "demo_requst"),
        "error    signal_points.csv, row 9, signal: 'demo_requst' is not in signals.csv; "
        "did you mean demo_request?",
    ),
    "unknown stage": (
        cell("stage_timers", TIMER, "stage", "mqll"),
        "stage_timers.csv, row 2, stage: 'mqll' is not in stages.csv; did you mean mql?",
    ),
    "unknown attribute": (
        cell("fit_rules", GUIDE_SIZE, "attribute", "employees"),
        "fit_rules.csv, row 3, attribute: 'employees' is not in attributes.csv; "
        "did you mean employee_count?",
    ),
    "unknown reason": (
        cell("stage_timers", TIMER, "reason_code", "mql_agd"),
        "reason_code: 'mql_agd' is not in disposition_reasons.csv; did you mean mql_aged?",
    ),
    "duplicate row": (
        row("signal_points", **GUIDE_DEMO, component="behaviour", points="5", dedupe_by="day"),
        "signal_points.csv, row 118, signal: 'guide demo_request' has a row already, row 9",
    ),
    "two equal bands": (
        cell("score_bands", {"scoring_model": "guide", "score_band": "hot"}, "min_score", "31"),
        "score_bands.csv, row 4, min_score: row 3 begins at 31 too",
    ),
    "lowest band missing": (
        without("score_bands", lambda r: (r["scoring_model"], r["min_score"]) != ("guide", "0")),
        "score_bands.csv: guide has no band for scores from 0; begin its lowest band there",
    ),
    "inactive primary model": (
        cell("scoring_models", {"scoring_model": "guide"}, "is_active", "false"),
        "model_assignment.csv, row 3, scoring_model: guide is not active",
    ),
    "typo within a list": (
        cell("sla_policies", {"rule_order": "5"}, "handoff_signals", "demo_request|rfp_recieved"),
        "handoff_signals: 'rfp_recieved' is not in signals.csv; did you mean rfp_received?",
    ),
    "setting missing": (
        without("lifecycle_settings", lambda r: r["setting"] != "max_regressions"),
        "lifecycle_settings.csv: no row with setting max_regressions",
    ),
    "setting misspelt": (
        cell("lifecycle_settings", {"setting": "max_regressions"}, "setting", "max_regresions"),
        "no row with setting max_regressions; the project needs it: is it max_regresions?",
    ),
    "opening hour 9:00": (
        cell("business_hours", {"calendar": "europe", "weekday": "1"}, "opens", "9:00"),
        "business_hours.csv, row 12, opens: '9:00' is not a time as 09:00; write 09:00",
    ),
    "opening hour 5:00 PM": (
        cell("business_hours", {"calendar": "europe", "weekday": "1"}, "closes", "5:00 PM"),
        "write 17:00",
    ),
    "source spelt twice": (
        row("channels", lead_source="organic_search", channel="paid", motion="inbound"),
        "'organic_search' and 'Organic Search' in row 2 differ only in case and separators, "
        "which count as one",
    ),
    "empty rows of commas at the end": (
        text("stage_timers", lambda content: content + ",,,,,,,\n,,,,,,,\n"),
        "stage_timers.csv, row 11: the row and 1 more is empty; dbt would read it as a rule",
    ),
    "trailing space behind a name": (
        cell("signal_points", GUIDE_DEMO, "signal", "demo_request "),
        "signal_points.csv, row 9, signal: 'demo_request ' has a blank around it; "
        "write demo_request",
    ),
    "character that nobody sees": (
        cell("signal_points", GUIDE_DEMO, "signal", "demo_request\u200b"),
        "has a character that nobody sees; write demo_request",
    ),
    "comma instead of bar in a list": (
        cell("sla_policies", {"rule_order": "5"}, "handoff_signals", "demo_request,rfp_received"),
        "'demo_request,rfp_received' is several names; put bars between them: "
        "demo_request|rfp_received",
    ),
    # Files as a spreadsheet saves them.
    "missing column": (
        text("stage_timers", lambda content: content.replace(",reason_code,", ",reasons,")),
        "stage_timers.csv, row 1: the column reason_code is missing; add it: Reason",
    ),
    "misspelt column": (
        text("stage_timers", lambda content: content.replace("after_days", "after_day")),
        "stage_timers.csv, row 1, after_day: there is no column 'after_day'; "
        "did you mean after_days?",
    ),
    "column that the table does not have": (
        text("model_assignment", lambda content: content.replace("company_segment", "segment")),
        "model_assignment.csv, row 1, segment: there is no column 'segment'; "
        "did you mean company_segment?",
    ),
    "column of a sheet without a name": (
        text("stage_timers", lambda content: content.replace("\n", ",\n")),
        "stage_timers.csv, row 1: cell 9 is empty; delete the whole column",
    ),
    "semicolons": (
        text("stage_timers", shuffled_columns(";")),
        "stage_timers.csv: its cells are separated by ';'; save it as \"CSV UTF-8\" with commas",
    ),
    "tabs": (
        text("stage_timers", shuffled_columns("\t")),
        "stage_timers.csv: its cells are separated by tabs",
    ),
    "line with the separator": (
        text("stage_timers", lambda content: "sep=;\n" + shuffled_columns(";")(content)),
        "stage_timers.csv, row 1: a line with the separator stands first",
    ),
    "unquoted comma within a description": (
        text("grade_scale", lambda content: content.replace("All four ICP", "All four, ICP")),
        "grade_scale.csv, row 2: 10 cells, and the header has 9: 'All four, ICP criteria match'; "
        'put a text with a comma between two "',
    ),
    "quotation mark without its twin": (
        text("grade_scale", lambda content: content.replace("All four", '"All four')),
        "grade_scale.csv, row 2: the quotation marks do not match",
    ),
    "file renamed": (
        lambda project: path_of(project, "channels").rename(path_of(project, "chanels")),
        "chanels.csv: there is no policy table of this name; did you mean channels?",
    ),
    "file deleted": (
        lambda project: path_of(project, "channels").unlink(),
        "channels.csv: there is no such file; put it back",
    ),
    "workbook beside the files": (
        lambda project: path_of(project, "channels").with_suffix(".xlsx").touch(),
        "channels.xlsx: dbt reads only .csv; save it as CSV UTF-8",
    ),
    "Latin-1 with one umlaut": (
        text("grade_scale", lambda content: content.replace("Few", "Für"), "latin-1"),
        "grade_scale.csv, row 5, description: the file is Windows-1252 (Latin-1), not UTF-8: "
        "'Für criteria match",
    ),
    "UTF-16": (
        text("grade_scale", str, "utf-16"),
        'grade_scale.csv: the file is UTF-16, not UTF-8; save it as "CSV UTF-8" with commas',
    ),
    # Cells.
    "text in a number": (
        cell("stage_timers", TIMER, "after_days", "90 days"),
        "stage_timers.csv, row 2, after_days: '90 days' is not a whole number; write 90",
    ),
    "decimal comma": (
        cell("lifecycle_settings", {"setting": "negligible_lift"}, "value", "1,2"),
        "lifecycle_settings.csv, row 15, value: '1,2' is not a number; write 1.2",
    ),
    "separator of thousands": (
        cell("mql_targets", {"target_month": "2026-01-01"}, "pipeline_target", "100.000,50"),
        "'100.000,50' is not a number; write 100000.50",
    ),
    "percent": (
        cell("benchmarks", {"benchmark_id": "guide_plg"}, "low", "15%"),
        "low: '15%' is not a number; write 0.15",
    ),
    "American date": (
        cell("holidays", {"calendar": "default", "holiday": "2025-12-25"}, "holiday", "12/25/2025"),
        "holiday: '12/25/2025' is not a date as 2026-07-01; write 2025-12-25",
    ),
    "German date": (
        cell("holidays", {"calendar": "default", "holiday": "2025-12-25"}, "holiday", "25.12.2025"),
        "holidays.csv, row 23, holiday: '25.12.2025' is not a date as 2026-07-01; write 2025-12-25",
    ),
    "date of either order": (
        cell("stage_timers", TIMER, "valid_from", "05/06/2026"),
        "valid_from: '05/06/2026' is not a date as 2026-07-01 or 2026-07-01 12:00:00; "
        "write 2026-06-05 or 2026-05-06",
    ),
    "ends before it begins": (
        all_of(
            cell("stage_timers", TIMER, "valid_from", "2026-07-01"),
            cell("stage_timers", TIMER, "valid_to", "2026-07-01"),
        ),
        "valid_to: it ends before it begins, or as soon as it does; write a day after 2026-07-01",
    ),
    "German boolean": (
        cell("signals", {"signal": "demo_request"}, "is_engagement", "WAHR"),
        "is_engagement: 'WAHR' is neither true nor false; write true",
    ),
    "error of a spreadsheet": (
        cell("stages", {"stage": "mql"}, "label", "#NAME?"),
        "stages.csv, row 5, label: '#NAME?' is an error of a spreadsheet; write the value",
    ),
    "emptied settings": (
        cell("lifecycle_settings", {"setting": "max_regressions"}, "value", ""),
        "lifecycle_settings.csv, row 2, value: the cell is empty",
    ),
    "emptied rank of an SQL": (
        cell("lifecycle_settings", {"setting": "sql_definition_rank"}, "value", ""),
        "lifecycle_settings.csv, row 5, value: the cell is empty",
    ),
    "rank of an SQL that no stage has": (
        cell("lifecycle_settings", {"setting": "sql_definition_rank"}, "value", "7"),
        "value: 7 is out of range; write 2 or 3 or 4",
    ),
    # Numbers that nobody means.
    "penalty as behaviour": (
        cell("signal_points", GUIDE_DEMO, "points", "-30"),
        "warning  signal_points.csv, row 9, points: -30 points as behaviour; make it a penalty",
    ),
    "ten times the points": (
        cell("signal_points", GUIDE_DEMO, "points", "300"),
        "warning  signal_points.csv, row 9, points: 300 is far from what rules have",
    ),
    "ten times the multiplier": (
        cell("recency_curve", {"scoring_model": "guide", "from_day": "7"}, "multiplier", "12"),
        "warning  recency_curve.csv, row 3, multiplier: 12 is far from what rules have (0 to 3)",
    ),
    "curve that rises": (
        cell("recency_curve", {"scoring_model": "guide", "from_day": "7"}, "multiplier", "2"),
        "recency_curve.csv, row 3, multiplier: 2 from day 7 on, more than before",
    ),
    "curve that begins at day 1": (
        cell("recency_curve", {"scoring_model": "guide", "from_day": "0"}, "from_day", "1"),
        "recency_curve.csv: the curve of guide has no row with from_day 0",
    ),
    "negative multiplier": (
        cell("recency_curve", {"scoring_model": "guide", "from_day": "7"}, "multiplier", "-1"),
        "multiplier: -1 is out of range; write a number from 0 to 100",
    ),
    "dormancy of no day": (
        cell("scoring_models", {"scoring_model": "guide"}, "dormancy_days", "0"),
        "dormancy_days: 0 is out of range; write a number from 1 to 36500",
    ),
    "validity of less than no day": (
        cell("signal_points", GUIDE_DEMO, "valid_days", "-5"),
        "valid_days: -5 is out of range; write a number from 1 to 36500",
    ),
    "negative cap": (
        cell("scoring_models", {"scoring_model": "guide"}, "fit_cap", "-40"),
        "fit_cap: -40 is out of range; write a number from 0 to 1000000",
    ),
    "negative cooldown": (
        cell("disposition_reasons", {"reason_code": "no_budget"}, "re_engage_days", "-90"),
        "re_engage_days: -90 is out of range; write a number from 1 to 36500",
    ),
    "lowest score of a million": (
        cell("scoring_models", {"scoring_model": "guide"}, "min_score", "1000000"),
        "no score falls below 1000000, so nobody is ever cold; write less than 31",
    ),
    "largest number of days": (
        cell("stage_timers", TIMER, "after_days", "2147483647"),
        "stage_timers.csv, row 2, after_days: 2147483647 is out of range; "
        "write a number from 1 to 36500",
    ),
    "points of 1e9": (
        cell("signal_points", GUIDE_DEMO, "points", "1000000000"),
        "points: 1000000000 is out of range; write a number from -10000 to 10000",
    ),
    "points as a spreadsheet shows them": (
        cell("signal_points", GUIDE_DEMO, "points", "1E+09"),
        "points: '1E+09' is not a whole number",
    ),
    "SLA of 1e9 minutes": (
        cell("sla_policies", {"rule_order": "3"}, "response_target_minutes", "1000000000"),
        "response_target_minutes: 1000000000 is out of range; write a number from 1 to 52560000",
    ),
    # Rules that contradict each other or never count.
    "level against order": (
        all_of(
            cell(
                "score_bands",
                {"scoring_model": "como", "score_band": "warm"},
                "score_level",
                "high",
            ),
            cell(
                "score_bands",
                {"scoring_model": "como", "score_band": "hot"},
                "score_level",
                "medium",
            ),
        ),
        "score_level: level medium stands above high here and below it in row 4",
    ),
    "level against order in one model": (
        cell(
            "score_bands",
            {"scoring_model": "guide", "score_band": "very_hot"},
            "score_level",
            "low",
        ),
        "score_bands.csv, row 5, score_level: level low stands above medium here",
    ),
    "MQL bar above SQL bar": (
        cell("qualification_profiles", STANDARD, "mql_min_score", "90"),
        "error    qualification_profiles.csv, row 2, mql_min_score: 90 points make an MQL and 71",
    ),
    "SQL bar below MQL bar": (
        cell("qualification_profiles", STANDARD, "sql_min_score", "20"),
        "31 points make an MQL and 20 an SQL, so nobody is an MQL before",
    ),
    "bar that nobody reaches": (
        cell("qualification_profiles", STANDARD, "sql_min_score", "710"),
        "warning  qualification_profiles.csv, row 2, sql_min_score: 710 points, and guide gives",
    ),
    "inverted between": (
        cell("fit_rules", GUIDE_SIZE, "match_values", "1000|50"),
        "fit_rules.csv, row 3, match_values: '1000|50' has its larger number first, "
        "so it matches nobody; write 50|1000",
    ),
    "stage that no transition reaches": (
        without("stage_transitions", lambda r: r["to_stage"] != "sql_contacted"),
        "stages.csv, row 8, stage: no transition leads to sql_contacted from where leads begin",
    ),
    "no transitions at all": (
        without("stage_transitions", lambda r: False),
        "stage_transitions.csv: no row is in force; nothing works without one",
    ),
    "signal that no event makes": (
        without("signal_map", lambda r: r["signal"] != "job_posting"),
        "signal: no event makes job_posting, so this row never counts",
    ),
    "SLA rule for everything moved to the top": (
        cell("sla_policies", {"sla_policy": "inbound_default"}, "rule_order", "0"),
        "sla_policies.csv, row 4, rule_order: a policy for every hand-off stands first",
    ),
    "SLA rule that another hides": (
        row(
            "sla_policies",
            rule_order="9",
            sla_policy="late",
            handoff_signals="demo_request",
            response_target_minutes="15",
        ),
        "sla_policies.csv, row 7: row 2 comes first and takes all that this row is for",
    ),
    "routing rule that shadows a later one": (
        all_of(
            cell("routing_rules", {"rule_order": "1"}, "company_segments", ""),
        ),
        "routing_rules.csv, row 3: row 2 comes first and takes all that this row is for",
    ),
    "routing rule for everything moved to the top": (
        cell("routing_rules", {"rule_order": "5"}, "rule_order", "0"),
        "routing_rules.csv, row 2: row 6 comes first and takes all that this row is for",
    ),
    "action that another hides": (
        cell("next_actions", {"rule_order": "19"}, "rule_order", "0"),
        "next_actions.csv, row 12: row 20 comes first and takes all that this row is for",
    ),
    "assignment for everything moved to the top": (
        cell("model_assignment", {"profile": "standard", "track": "main"}, "rule_order", "0"),
        "model_assignment.csv, row 2: row 3 comes first and takes all that this row is for",
    ),
    "event for everything moved to the top": (
        cell("signal_map", {"source": "web_events", "rule_order": "10"}, "rule_order", "0"),
        "signal_map.csv, row 2: row 11 comes first and takes all that this row is for",
    ),
    "fit rule that another hides": (
        cell(
            "fit_rules", {"scoring_model": "leadsuite", "match_type": "is_known"}, "rule_order", "0"
        ),
        "match_values: row 28 comes first and takes all that this row is for",
    ),
    "timer against max_days": (
        cell("stage_timers", TIMER, "after_days", "30"),
        "after_days: 30 days, and max_days of mql in stages.csv says 90; write the same in both",
    ),
    "timer that leads nowhere": (
        cell("stage_timers", TIMER, "timer_event", "pql_expired"),
        "stage_timers.csv, row 2, timer_event: pql_expired leads nowhere from mql",
    ),
    "timer cycle": (
        row("stage_timers", stage="nurture", timer_event="mql_trigger", after_days="1"),
        "error    stage_timers.csv, row 2, stage: the timers run in a circle: "
        "mql to nurture to mql, in 91 days",
    ),
    "timer cycle of one profile": (
        row(
            "stage_timers",
            profile="b2c",
            stage="nurture",
            timer_event="mql_trigger",
            after_days="1",
        ),
        "the timers run in a circle: mql to nurture to mql, in 15 days",
    ),
    "timer cycle of those who regressed": (
        all_of(
            row(
                "stage_transitions",
                from_stage="long_term_nurture",
                event="mql_expired",
                to_stage="mql",
                is_regression="false",
            ),
            row(
                "stage_timers", stage="long_term_nurture", timer_event="mql_expired", after_days="9"
            ),
        ),
        "the timers run in a circle: long_term_nurture to mql to long_term_nurture, in 99 days",
    ),
    "timer without a cooldown, back through an open gate": (
        cell("lifecycle_events", {"event": "mql_expired"}, "sets_cooldown", "false"),
        "the timers run in a circle: mql to mql, in 90 days",
    ),
    "gates that lead back": (
        row(
            "stage_transitions",
            from_stage="sql_proposed",
            event="mql_gate",
            to_stage="mql",
            is_regression="false",
        ),
        "open gates run in a circle: mql to sql_proposed to mql",
    ),
    "country UK": (
        cell("fit_rules", GUIDE_PLACE, "match_values", "US|UK"),
        "fit_rules.csv, row 5, match_values: 'UK' is not in countries.csv; did you mean GB?",
    ),
    "country UK in a territory": (
        cell("routing_rules", {"rule_order": "3"}, "countries", "UK|DE"),
        "routing_rules.csv, row 4, countries: 'UK' is not in countries.csv; did you mean GB?",
    ),
    "ratio of 13": (
        cell("benchmarks", {"benchmark_id": "guide_mql_to_sql"}, "low", "13"),
        "benchmarks.csv, row 2, low: 13 as a ratio, which is from 0 to 1; write 0.13",
    ),
    "channel of a benchmark that nobody has": (
        cell("channels", {"channel": "referrals"}, "channel", "referral"),
        "benchmarks.csv, row 10, member: no channel is called 'referrals'; did you mean referral?",
    ),
    "reason codes that differ in case": (
        row("disposition_reasons", reason_code="NO_RESPONSE", kind="regression"),
        "error    disposition_reasons.csv, row 23, reason_code: 'NO_RESPONSE' and 'no_response' in "
        "row 10 differ only in case, which count as one; keep one of them",
    ),
    "stages that differ in case": (
        row("stages", stage="MQL", funnel_stage="mql", funnel_rank="1"),
        "'MQL' and 'mql' in row 5 differ only in case",
    ),
    "single dash in match_values": (
        cell(
            "fit_rules",
            {"scoring_model": "guide", "criterion": "job_title"},
            "match_values",
            "cmo|-",
        ),
        "match_values: '-' has no letter or digit and would match everybody",
    ),
    "doubled bar in match_values": (
        cell("fit_rules", GUIDE_PLACE, "match_values", "US||CA"),
        "fit_rules.csv, row 5, match_values: an item of the list is empty; delete it with its bar",
    ),
    "trailing bar in match_values": (
        cell("fit_rules", GUIDE_PLACE, "match_values", "US|CA|"),
        "match_values: an item of the list is empty; delete it with its bar",
    ),
    "grade A for seven criteria": (
        cell("grade_scale", {"grade": "A"}, "min_criteria_matched", "7"),
        "grade_scale.csv, row 2, min_criteria_matched: 7 criteria, and no active model has more "
        "than 4; nobody would get this grade",
    ),
    "grades against their order": (
        all_of(
            cell("grade_scale", {"grade": "B"}, "min_criteria_matched", "1"),
            cell("grade_scale", {"grade": "D"}, "min_criteria_matched", "3"),
        ),
        "C asks for more than the better grade B",
    ),
    "matrix that closes with more points": (
        cell(
            "qualification_matrix", {"grade": "B", "score_level": "high"}, "opens_mql_gate", "false"
        ),
        "opens_mql_gate: high does not open it, and medium in row 6 does",
    ),
}
"""What people do, and a part of the message that they get."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_its_message(project: Path, mistake: str) -> None:
    edit, message = MISTAKES[mistake]
    edit(project)
    assert message in told(project)


READ = {
    "saved by Excel with BOM and CRLF": text(
        "signal_points", lambda content: content.replace("\n", "\r\n"), "utf-8-sig"
    ),
    "TRUE and FALSE in capitals": text(
        "signals", lambda content: content.replace("true", "TRUE").replace("false", "FALSE")
    ),
    "quotation marks around everything": text(
        "stage_timers",
        lambda content: "\n".join(
            ",".join(f'"{c}"' for c in cells) for cells in csv.reader(content.splitlines())
        ),
    ),
    "a phrase in another script": cell(
        "fit_rules", {"criterion": "job_title", "rule_order": "1"}, "match_values", "маркетинг|营销"
    ),
    "dated change": all_of(
        cell("signal_points", GUIDE_DEMO, "valid_to", "2026-07-01"),
        row(
            "signal_points",
            **GUIDE_DEMO,
            component="behaviour",
            points="40",
            dedupe_by="event",
            valid_from="2026-07-01",
        ),
    ),
}


@pytest.mark.parametrize("edit", READ.values(), ids=READ)
def test_what_is_right_is_read_silently(project: Path, edit: Edit) -> None:
    edit(project)
    assert told(project) == ""


def test_the_shipped_policy_is_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(CHECKOUT))
    assert main(["policy", "check", "--strict"]) == OK
    assert capsys.readouterr().out.startswith("ok  ")


@pytest.mark.parametrize("use_policy", [use_golden_policy, use_dated_policy])
def test_golden_policies_have_no_error(project: Path, use_policy: Edit) -> None:
    use_policy(project)
    assert "error" not in told(project)


def test_the_policy_of_the_host_project_has_no_error(tmp_path: Path) -> None:
    own = CHECKOUT / "integration_tests" / "seeds" / "bot_user_agents.csv"
    shutil.copy(own, tmp_path)
    assert told(CHECKOUT, tmp_path) == ""


@pytest.mark.parametrize("seed", range(5))
def test_policies_of_random_worlds_have_no_error(tmp_path: Path, seed: int) -> None:
    write_dated_policy(tmp_path, CHECKOUT / "seeds" / "policy", seed, AS_OF)
    assert "error" not in told(CHECKOUT, tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_no_edit_ends_in_a_traceback(project: Path, seed: int) -> None:
    rng = Random(seed)
    cells = ["", " ", "-1", "0", "1e9", "x", "|", "a|b", "é", "NULL", '"', "2026-13-01", "9" * 400]
    for _ in range(6):
        path = rng.choice(policy_paths(project))
        before = path.read_bytes()
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        edited = rng.choice(rows)
        edited[rng.randrange(len(edited))] = rng.choice(cells)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        told(project)
        data = bytearray(before)
        data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(bytes(data))
        told(project)
        path.write_bytes(before)


def test_foreign_files_are_written_as_dbt_reads_them(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path_of(project, "stage_timers").read_text("utf-8")
    text("stage_timers", shuffled_columns(";"), "utf-16")(project)
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(project))
    assert main(["policy", "check"]) == FAILED
    assert "leadq policy check --rewrite" in capsys.readouterr().out
    assert main(["policy", "check", "--rewrite"]) == OK
    assert path_of(project, "stage_timers").read_text("utf-8") == before


def test_a_file_that_cannot_be_read_whole_is_not_rewritten(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text("stage_timers", lambda content: shuffled_columns(";")(content) + "\nmql;x\n")(project)
    before = path_of(project, "stage_timers").read_bytes()
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(project))
    assert main(["policy", "check", "--rewrite"]) == FAILED
    assert path_of(project, "stage_timers").read_bytes() == before


def test_warnings_fail_only_if_they_are_to(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cell("signal_points", GUIDE_DEMO, "points", "300")(project)
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(project))
    assert main(["policy", "check"]) == OK
    assert main(["policy", "check", "--strict"]) == FAILED
    assert "0 errors and 1 warning in" in capsys.readouterr().out


def test_it_starts_without_dbt_and_warehouse() -> None:
    code = (
        "import sys; from lead_qualification.cli import main; main(['policy', 'check']);"
        "print([name for name in ('dbt', 'duckdb', 'pandas', 'numpy') if name in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert finished.stdout.splitlines()[-1] == "[]"


def test_schema_names_the_key_of_each_table() -> None:
    assert {name: table.key for name, table in SCHEMA.tables.items()} == KEYS
    for table in SCHEMA.tables.values():
        assert set(table.key) <= set(table.columns)
        assert all(column.example for column in table.columns.values())


def test_schema_and_linter_agree() -> None:
    """The quantity of each number, the settings and the events that the project needs."""
    macros = (CHECKOUT / "macros" / "ranges.sql").read_text("utf-8")
    for name, table in literal(macros, "policy_quantities").items():
        ranges = {column: SCHEMA.tables[name].columns[column].range for column in table["columns"]}
        assert ranges == table["columns"], name
    intake = CHECKOUT / "models" / "intermediate" / "intake"
    linter = "".join(path.read_text("utf-8") for path in intake.glob("int_policy_*.sql"))
    for name, column in (("lifecycle_events", "event"), ("lifecycle_settings", "setting")):
        lists = re.findall(rf"policy_missing\('{name}', '{column}', \[(.*?)\]", linter, re.DOTALL)
        needed = set(re.findall(r"\w+", " ".join(lists)))
        assert set(SCHEMA.tables[name].columns[column].each) == needed


def test_a_type_that_dbt_does_not_have_is_refused(project: Path) -> None:
    path = project / "seeds" / "policy" / "policy.yml"
    path.write_text(
        path.read_text("utf-8").replace("points: integer", "points: varchar", 1), "utf-8"
    )
    with pytest.raises(ConfigurationError, match=r"fit_rules.points: data_type and column_types"):
        read_schema(project)


def test_the_page_of_columns_is_that_of_the_schema() -> None:
    assert (CHECKOUT / PAGE).read_text("utf-8") == page(SCHEMA)
