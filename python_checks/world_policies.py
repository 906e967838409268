"""Random dated policies: rules that begin, end, and give way to others, for property tests.

``write_dated_policy`` writes a policy folder of one to five versions. Command:
``python -m python_checks.world_policies --seed 1 --source seeds/policy --out DIR``.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from python_checks.reference.policy import read_columns, read_rows
from python_checks.reference.rules import DATED_TABLES, VALID_FROM, VALID_TO

Row = dict[str, str | None]
Test = Callable[[Row], bool]

ATTRIBUTES = "attributes.csv"
MOST_VERSIONS = 5
EDITS_AT_A_BOUNDARY = (3, 5, 8, 12)
SCORED_MODELS = ("guide", "guide", "cold_email", "leadsuite", "como")
SWITCHED_MODELS = ("leadsuite", "como", "ooligo")
ASSIGNMENTS = (
    ("guide", "standard"),
    ("guide", "standard"),
    ("guide", "startup"),
    ("guide", "mid_market"),
    ("guide", "plg"),
    ("cold_email", "cold_outbound"),
)
"""Primary models that are active in every version, with a profile on their scale."""
TRIGGER_SIGNALS = (
    "newsletter_signup",
    "content_download",
    "pricing_page_visit",
    "demo_request",
    "webinar_attendance",
    "email_click",
    "cold_email_reply",
)
NEW_TRANSITIONS = (
    ("long_term_nurture", "sql_gate", "sql_proposed"),
    ("long_term_nurture", "mql_gate", "mql"),
    ("suppressed", "sales_connected", "sql_working"),
    ("sql_working", "high_intent_action", "sql_accepted"),
    ("pql", "mql_gate", "mql"),
    ("long_term_nurture", "qualification_passed", "sql_qualified"),
)
"""Transitions that the usual policy does not have and that make no circle in one instant."""
ENDING_EVENTS = (
    "mql_gate",
    "sql_gate",
    "mql_trigger",
    "pql_milestone",
    "high_intent_action",
    "sales_contacted",
    "sales_connected",
    "sales_accepted",
    "qualification_passed",
    "regressed",
    "recycled",
)
EXPIRIES = ("mql_expired", "sql_unworked")
BAND_STEPS = (Decimal(-6), Decimal("-2.5"), Decimal(2), Decimal(5))
FRAMEWORKS = ("BANT", "MEDDIC", "CHAMP", "GPCT")
SETTINGS = {
    "max_regressions": ("1", "2", "3"),
    "regression_penalty_points": ("-40", "-25", "-20", "-5"),
    "default_re_engage_days": ("10", "30", "60", "90"),
    "handoff_engaged_days": ("7", "30", "45"),
    "mql_engaged_days": ("30", "60"),
    "sql_definition_rank": ("2", "3", "4"),
    "minimum_sample": ("5", "30"),
}


CUSTOM_ATTRIBUTES = {
    "human_grade": ("lead", "text"),
    "payback": ("lead", "decimal"),
    "seats": ("account", "integer"),
    "is_reseller": ("account", "boolean"),
    "renews_on": ("account", "date"),
}
"""Object and type of the attributes of the worlds that no record has a column for."""
MANY_VALUES = ("decimal", "date")
CUSTOM_RULES = {
    "human_grade": ("in", "good|very good", "8"),
    "payback": ("between", "12|99", "6"),
    "seats": ("between", "5|50", "5"),
    "is_reseller": ("is_true", None, "-12"),
    "renews_on": ("is_known", None, "4"),
}
"""Match type, match values and points of a fit rule about each of them."""


class Edits:
    """The rows of the dated tables, edited at one boundary after the other.

    Attributes:
        tables: The rows by table.
        rng: Random numbers.
        at: The boundary, as an instant.
    """

    def __init__(self, tables: dict[str, list[Row]], rng: Random) -> None:
        """Begin with rows that are always in force."""
        self.tables = tables
        self.rng = rng
        self.at = datetime.min

    def bound(self) -> str:
        """The boundary in one of its spellings."""
        as_time = f"{self.at:%Y-%m-%d %H:%M:%S}"
        spellings = [as_time, f"{self.at:%Y-%m-%dT%H:%M:%S}Z"]
        spellings.append(f"{self.at + timedelta(hours=2):%Y-%m-%d %H:%M:%S}+02:00")
        if self.at == self.at.replace(hour=0, minute=0, second=0):
            spellings += [f"{self.at:%Y-%m-%d}"] * 3
        return self.rng.choice(spellings)

    def open_rows(self, table: str, test: Test = lambda row: True) -> list[Row]:
        """The rows of a table that do not end and pass a test."""
        return [row for row in self.tables[table] if row[VALID_TO] is None and test(row)]

    def pick(self, table: str, test: Test = lambda row: True) -> Row | None:
        """One of them."""
        found = self.open_rows(table, test)
        return self.rng.choice(found) if found else None

    def begin(self, table: str, row: Row) -> Row:
        """A row that is in force from the boundary on."""
        new = row | {VALID_FROM: self.bound(), VALID_TO: None, "begins": self.at}
        self.tables[table].append(new)
        return new

    def end(self, table: str, row: Row | None) -> None:
        """A row that is in force until the boundary; one that begins there is gone."""
        if row is None:
            return
        if row.get("begins") == self.at:
            self.tables[table].remove(row)
        else:
            row[VALID_TO] = self.bound()

    def change(self, table: str, row: Row | None, **values: str | None) -> None:
        """From the boundary on a row says something else."""
        if row is None:
            return
        if row.get("begins") == self.at:
            row |= values
            return
        self.end(table, row)
        self.begin(table, row | values)


def of_model(*models: str) -> Test:
    """Whether a row is one of some models."""
    return lambda row: row["scoring_model"] in models


def moved(rng: Random, number: str, by: tuple[int, ...]) -> str:
    """A number of points that is another one and has the same sign."""
    now = int(number)
    near = [now + step for step in by if (now + step) * now > 0]
    return str(rng.choice(near or [now * 2]))


def points(edits: Edits) -> None:
    """A signal is worth more or less, is not worth anything any more, or is from now on."""
    rng = edits.rng
    row = edits.pick("signal_points", of_model(rng.choice(SCORED_MODELS)))
    if row is None:
        return
    draw = rng.random()
    if draw < 0.5:
        edits.change("signal_points", row, points=moved(rng, row["points"], (-3, 4, 7)))
    elif draw < 0.65:
        edits.end("signal_points", row)
    elif draw < 0.8:
        edits.change("signal_points", row, dedupe_by=rng.choice(["event", "day", "asset"]))
    elif draw < 0.9:
        edits.change("signal_points", row, valid_days=rng.choice(["7", "30", "60", None]))
    else:
        _new_points(edits, row)


def _new_points(edits: Edits, like: Row) -> None:
    """A signal gets points in a model that gave it none."""
    model, signal = like["scoring_model"], edits.rng.choice(TRIGGER_SIGNALS)
    if not edits.open_rows(
        "signal_points", lambda r: r["scoring_model"] == model and r["signal"] == signal
    ):
        edits.begin("signal_points", like | {"signal": signal, "cleared_by": None})


def fit(edits: Edits) -> None:
    """A criterion is worth something else, asks for something else, or is gone."""
    rng = edits.rng
    row = edits.pick("fit_rules", of_model("guide", "guide", "cold_email", "leadsuite"))
    if row is None:
        return
    if row["match_type"] == "between":
        low, _, high = (row["match_values"] or "").partition("|")
        values = rng.choice([f"{low}|2000", f"{low}|999", f"30|{high}", f"0|{high}"])
        edits.change("fit_rules", row, match_values=values)
    elif row["attribute"] == "industry" and row["match_type"] == "in":
        edits.change("fit_rules", row, match_values=rng.choice(["Software|Mining", "Retail"]))
    elif rng.random() < 0.8:
        edits.change("fit_rules", row, points=moved(rng, row["points"], (-5, 5)))
    else:
        edits.end("fit_rules", row)


def curve(edits: Edits) -> None:
    """Silence counts for more or less."""
    row = edits.pick("recency_curve", lambda r: r["scoring_model"] == "guide")
    multiplier = edits.rng.choice(["0.9", "1.1", "0.6", "1.3"])
    edits.change("recency_curve", row, multiplier=multiplier)


def bands(edits: Edits) -> None:
    """A band begins a little earlier or later; neighbours keep their order."""
    row = edits.pick("score_bands", lambda r: r["min_score"] != "0")
    if row is None:
        return
    now, new = (Decimal(row["min_score"]) + step for step in (0, edits.rng.choice(BAND_STEPS)))
    others = [
        Decimal(other["min_score"])
        for other in edits.open_rows("score_bands", of_model(row["scoring_model"]))
        if other is not row
    ]
    if not any(min(now, new) <= other <= max(now, new) for other in others):
        edits.change("score_bands", row, min_score=str(new))


def models(edits: Edits) -> None:
    """A model is switched on or off, or has other caps or another patience."""
    rng = edits.rng
    if rng.random() < 0.6:
        name = rng.choice(SWITCHED_MODELS)
        row = edits.pick("scoring_models", lambda r: r["scoring_model"] == name)
        is_active = "false" if row and row["is_active"] == "true" else "true"
        edits.change("scoring_models", row, is_active=is_active)
        return
    row = edits.pick("scoring_models", of_model("guide", "cold_email"))
    values = rng.choice([{"intent_cap": "30"}, {"behaviour_cap": "35"}, {"dormancy_days": "60"}])
    if row is not None and row["scoring_model"] == "cold_email":
        values = rng.choice([{"behaviour_cap": "50"}, {"dormancy_days": "120"}])
    edits.change("scoring_models", row, **values)


def grades(edits: Edits) -> None:
    """Another grade passes the checks, or blocks."""
    row = edits.pick("grade_scale", lambda r: r["grade"] in ("C", "D"))
    if row is not None:
        column = "is_good" if row["grade"] == "C" else "is_blocking"
        edits.change("grade_scale", row, **{column: "false" if row[column] == "true" else "true"})


def matrix(edits: Edits) -> None:
    """A cell of the matrix recommends another stage."""
    row = edits.pick("qualification_matrix", lambda r: r["grade"] in "BCD" and len(r["grade"]) == 1)
    stage = edits.rng.choice(["nurture", "mql", "mql", "sql"])
    edits.change(
        "qualification_matrix",
        row,
        stage=stage,
        opens_mql_gate=str(stage in ("mql", "sql")).lower(),
        opens_sql_gate=str(stage == "sql").lower(),
    )


def profiles(edits: Edits) -> None:
    """A threshold moves, a framework begins or ceases to count."""
    rng = edits.rng
    wanted = rng.choice(["standard", "standard", "standard", "cold_outbound", "startup"])
    row = edits.pick("qualification_profiles", lambda r: r["profile"] == wanted)
    chosen = rng.sample(FRAMEWORKS, rng.randrange(1, 4))
    lower = rng.choice(["25", "28.5", "36"]) if wanted != "cold_outbound" else "12"
    values = rng.choice(
        [
            {"mql_min_score": lower},
            {"sql_min_score": rng.choice(["66", "75", "85"])},
            {"mql_min_grade": rng.choice(["B", "C", "D", "F"])},
            {"mql_min_meaningful_signals": rng.choice(["0", "1", "2"])},
            {"sql_by_score": rng.choice(["true", "false"])},
            {"qualifying_frameworks": "|".join(chosen)},
            {"qualifying_frameworks": "|".join(chosen)},
        ]
    )
    edits.change("qualification_profiles", row, **values)


def triggers(edits: Edits) -> None:
    """A signal becomes a trigger or ceases to be one."""
    rng = edits.rng
    if rng.random() < 0.4:
        edits.end(
            "profile_triggers",
            edits.pick("profile_triggers", lambda r: r["profile"] in ("standard", "cold_outbound")),
        )
        return
    signal, event = rng.choice(TRIGGER_SIGNALS), rng.choice(["mql_trigger", "high_intent_action"])
    row = {"profile": rng.choice(["standard", "startup"]), "event": event, "signal": signal}
    if not edits.open_rows("profile_triggers", lambda r: all(r[c] == v for c, v in row.items())):
        edits.begin("profile_triggers", row)


def assignment(edits: Edits) -> None:
    """Leads of a motion get another model and profile."""
    motion = edits.rng.choice(["outbound", "outbound", "inbound"])
    row = edits.pick("model_assignment", lambda r: (r["motion"] or "inbound") == motion)
    model, profile = edits.rng.choice(ASSIGNMENTS)
    edits.change("model_assignment", row, scoring_model=model, profile=profile)


def transitions(edits: Edits) -> None:
    """A transition begins, ends, or leads elsewhere."""
    rng = edits.rng
    draw = rng.random()
    if draw < 0.4:
        from_stage, event, to_stage = rng.choice(NEW_TRANSITIONS)
        row = {"from_stage": from_stage, "event": event, "to_stage": to_stage}
        key = ("from_stage", "event")
        if not edits.open_rows("stage_transitions", lambda r: all(r[c] == row[c] for c in key)):
            edits.begin("stage_transitions", row | {"is_regression": "false"})
    elif draw < 0.75:
        row = edits.pick("stage_transitions", lambda r: r["event"] in ENDING_EVENTS)
        edits.end("stage_transitions", row)
    else:
        row = edits.pick("stage_transitions", lambda r: r["is_regression"] == "true")
        if rng.random() < 0.4:
            row = edits.pick("stage_transitions", lambda r: r["event"] in EXPIRIES)
        stages = ["nurture", "long_term_nurture"] if row and row["event"] in EXPIRIES else ["mql"]
        edits.change("stage_transitions", row, to_stage=rng.choice([*stages, "nurture"]))


def timers(edits: Edits) -> None:
    """A timer runs longer or shorter, has another reason, begins or ends."""
    rng = edits.rng
    row = edits.pick("stage_timers")
    if row is None:
        return
    draw = rng.random()
    if draw < 0.6:
        edits.change("stage_timers", row, after_days=rng.choice(["7", "14", "30", "45", "120"]))
    elif draw < 0.75:
        edits.change("stage_timers", row, reason_code=rng.choice(["stalled", "no_response"]))
    elif draw < 0.85:
        edits.end("stage_timers", row)
    elif not edits.open_rows("stage_timers", lambda r: r["stage"] == "nurture"):
        begun = {"stage": "nurture", "timer_event": "mql_expired", "after_days": "45"}
        edits.begin("stage_timers", row | begun)
        way = {"from_stage": "nurture", "event": "mql_expired", "to_stage": "long_term_nurture"}
        if not edits.open_rows(
            "stage_transitions",
            lambda r: r["from_stage"] == "nurture" and r["event"] == "mql_expired",
        ):
            edits.begin("stage_transitions", way | {"is_regression": "false"})


def settings(edits: Edits) -> None:
    """A number of the lifecycle changes."""
    name = edits.rng.choice([*SETTINGS, "max_regressions", "regression_penalty_points"])
    row = edits.pick("lifecycle_settings", lambda r: r["setting"] == name)
    edits.change("lifecycle_settings", row, value=edits.rng.choice(SETTINGS[name]))


def reasons(edits: Edits) -> None:
    """A reason rests for longer or shorter, or has another track."""
    rng = edits.rng
    row = edits.pick("disposition_reasons", lambda r: r["re_engage_days"] is not None)
    values = rng.choice(
        [{"re_engage_days": rng.choice(["15", "30", "60", "120"])}] * 2
        + [{"nurture_track": rng.choice(["education", "budget"])}]
    )
    edits.change("disposition_reasons", row, **values)


def sla(edits: Edits) -> None:
    """Sales has more or less time, or a promise has another name or other signals."""
    rng = edits.rng
    row = edits.pick("sla_policies")
    if row is None:
        return
    values = rng.choice(
        [
            {"response_target_minutes": rng.choice(["15", "60", "240"])},
            {"sla_policy": f"{row['sla_policy']}_fast"},
            {"min_attempts": "3"},
            {"attempts_window_days": "5"},
        ]
    )
    edits.change("sla_policies", row, **values)


def routing(edits: Edits) -> None:
    """A rule sends leads elsewhere, or is gone."""
    rng = edits.rng
    row = edits.pick("routing_rules", lambda r: r["countries"] is not None)
    if row is not None and rng.random() < 0.25:
        edits.end("routing_rules", row)
    else:
        edits.change("routing_rules", row, territory=rng.choice(["EUROPE", "EMEA", "AMER", "APAC"]))


KINDS: tuple[Callable[[Edits], None], ...] = (
    points,
    points,
    points,
    fit,
    fit,
    curve,
    bands,
    models,
    models,
    grades,
    matrix,
    profiles,
    profiles,
    triggers,
    assignment,
    transitions,
    transitions,
    timers,
    timers,
    settings,
    reasons,
    sla,
    routing,
)


def boundaries_of(rng: Random, as_of: datetime, versions: int) -> list[datetime]:
    """So many boundaries less one, in order: firsts of months, at times the clock or beyond."""
    months = [datetime(2026, month, 1) for month in range(2, 10)]
    odd = [datetime(2026, month, 14, 9) for month in range(2, 9)]
    edges = [as_of, as_of + timedelta(days=20), as_of + timedelta(seconds=1)]
    found: set[datetime] = set()
    while len(found) < versions - 1:
        found.add(rng.choice(rng.choice([months, months, months, odd, edges])))
    return sorted(found)


def write_dated_policy(
    folder: Path, source: Path, seed: int, as_of: datetime, versions: int | None = None
) -> Path:
    """Write a policy folder of one to five versions; the same seed gives the same files.

    Args:
        folder: Where to write; made if it is not there.
        source: A policy folder; rows of it that end are left as they are.
        seed: Of the random numbers.
        as_of: The clock.
        versions: How many; none: the seed decides.
    """
    if (source / ATTRIBUTES).exists():
        source = _with_custom_attributes(folder, source, seed)
    rng = Random(f"policy {seed}")
    number = versions or rng.randrange(1, MOST_VERSIONS + 1)
    chosen = [
        (at, rng.choice(KINDS))
        for at in boundaries_of(rng, as_of, number)
        for _ in range(rng.choice(EDITS_AT_A_BOUNDARY))
    ]
    return write_edited_policy(folder, source, chosen, rng)


def _with_custom_attributes(folder: Path, source: Path, seed: int) -> Path:
    """Write a policy that lists one or two custom attributes, each with a fit rule of the guide."""
    rng = Random(f"custom attributes {seed}")
    if folder != source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    names = rng.sample(list(CUSTOM_ATTRIBUTES), rng.choice([1, 2]))
    listed = [
        {
            "attribute": name,
            "object": CUSTOM_ATTRIBUTES[name][0],
            "type": CUSTOM_ATTRIBUTES[name][1],
            "is_dimension": _of_few_values(rng, name),
            "is_feature": _of_few_values(rng, name),
            "description": "Of no record",
        }
        for name in names
    ]
    write_rows(folder / ATTRIBUTES, list(listed[0]), listed)
    rules = read_rows(folder / "fit_rules.csv")
    columns = list(rules[0])
    for name in names:
        match_type, match_values, points = CUSTOM_RULES[name]
        rules.append(
            {
                "scoring_model": "guide",
                "criterion": name,
                "rule_order": "1",
                "attribute": name,
                "match_type": match_type,
                "match_values": match_values,
                "points": points,
                "counts_for_grade": rng.choice(["true", "false"]),
            }
        )
    write_rows(folder / "fit_rules.csv", columns, rules)
    return folder


def _of_few_values(rng: Random, name: str) -> str:
    """Whether reports are cut by an attribute: by none that has very many values."""
    return "false" if CUSTOM_ATTRIBUTES[name][1] in MANY_VALUES else rng.choice(["true", "false"])


def write_rows(path: Path, columns: list[str], rows: list[Row]) -> None:
    """Write a policy table; what a row does not say is empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(
            file, columns, restval="", extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def write_edited_policy(
    folder: Path,
    source: Path,
    edits: list[tuple[datetime, Callable[[Edits], None]]],
    rng: Random | None = None,
) -> Path:
    """Write a policy folder that is another one, edited at instants, which are in order."""
    if folder != source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    bounds: Row = {VALID_FROM: None, VALID_TO: None}
    paths = {name: source / f"{name}.csv" for name in DATED_TABLES}
    paths = {name: path for name, path in paths.items() if path.exists()}
    tables = {name: [bounds | row for row in read_rows(path)] for name, path in paths.items()}
    columns = {
        name: [*(c for c in read_columns(path) if c not in bounds), *bounds]
        for name, path in paths.items()
    }
    edited = Edits(tables, rng or Random(0))
    for at, edit in edits:
        edited.at = at
        edit(edited)
    for name, rows in tables.items():
        write_rows(folder / f"{name}.csv", columns[name], rows)
    return folder


def main() -> None:
    """Write a dated policy from the command line."""
    parser = argparse.ArgumentParser(prog="python -m python_checks.world_policies")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    parser.add_argument("--versions", type=int, help="how many; default: the seed decides")
    parser.add_argument("--source", type=Path, default=Path("seeds/policy"), help="policy to edit")
    parser.add_argument("--as-of", type=datetime.fromisoformat, default=datetime(2026, 9, 30))
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    write_dated_policy(
        arguments.out, arguments.source, arguments.seed, arguments.as_of, arguments.versions
    )


if __name__ == "__main__":
    main()
