"""What points, fit rules, curves, bands and grades say together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise, permutations

from lead_qualification.policy_check.findings import Finding, quoted
from lead_qualification.policy_check.relations import unknown
from lead_qualification.policy_check.rows import Policy, Row
from lead_qualification.policy_check.shadows import covers, in_order, never_counts, shadowed

WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def by(rows: Iterable[Row], *columns: str) -> dict[tuple[object, ...], list[Row]]:
    """Return rows by what columns of them have."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def signals_nobody_makes(policy: Policy) -> Iterator[Finding]:
    """Points and triggers of signals that no event makes."""
    made = policy.values("signal_map", "signal") | policy.values("derived_signals", "signal")
    for row in (*policy["signal_points"], *policy["profile_triggers"]):
        if row["signal"] is not None and row["signal"] not in made:
            what = f"no event makes {row['signal']}, so this row never counts"
            yield row.warning("signal", what, "map an event to it in signal_map.csv")


def wrong_signs(policy: Policy) -> Iterator[Finding]:
    """Points that go against their component."""
    for row in policy["signal_points"]:
        points, is_penalty = row["points"], row["component"] == "penalty"
        if points and row["component"] and is_penalty != (points < 0):
            what = f"{points} points as {row['component']}"
            remedy = "a penalty has points below 0" if is_penalty else "make it a penalty"
            yield row.warning("points", what, remedy)


def fit_rules(policy: Policy) -> Iterator[Finding]:
    """Fit rules that match nobody, or that an earlier rule of the criterion hides."""
    countries = policy.values("countries", "country")
    for row in policy["fit_rules"]:
        values, match_type = row["match_values"], row["match_type"]
        if match_type in ("in", "has_word") and values is None:
            yield row.error("match_values", "it lists nothing", "list what matches, with bars")
        if match_type == "between":
            yield from not_between(row)
        for item in values or ():
            if match_type == "has_word" and not any(map(str.isalnum, item)):
                what = f"{quoted(item)} has no letter or digit and would match everybody"
                yield row.error("match_values", what, "delete it with its bar")
            is_country = match_type == "in" and row["attribute"] == "country"
            if is_country and item.upper() not in countries:
                told = unknown(policy, item.upper(), countries, "countries.csv")
                yield row.error("match_values", *told)
    for rows in by(policy["fit_rules"], "scoring_model", "criterion").values():
        for place, later in enumerate(ordered := in_order(rows)):
            for earlier in ordered[:place]:
                if hides(earlier, later):
                    yield never_counts(earlier, later, "match_values")
                    break


def not_between(row: Row) -> Iterator[Finding]:
    """A range that is none, or has its larger number first."""
    values = row["match_values"] or ()
    if len(values) != 2 or not all(map(WHOLE.fullmatch, values)):
        what = f"{quoted('|'.join(values))} is not a range"
        yield row.error("match_values", what, "write two whole numbers as 50|1000")
    elif int(values[0]) > int(values[1]):
        what = f"{quoted('|'.join(values))} has its larger number first, so it matches nobody"
        yield row.error("match_values", what, f"write {values[1]}|{values[0]}")


def hides(earlier: Row, later: Row) -> bool:
    """Return whether a fit rule matches all that a later one of its criterion does."""
    if earlier["attribute"] != later["attribute"]:
        return False
    if earlier["match_type"] == "is_known":
        return True
    if earlier["match_type"] != later["match_type"]:
        return False
    old, new = earlier["match_values"], later["match_values"]
    if earlier["match_type"] == "between":
        if not all(v and len(v) == 2 and all(map(WHOLE.fullmatch, v)) for v in (old, new)):
            return False
        return int(old[0]) <= int(new[0]) and int(new[1]) <= int(old[1])
    return covers(old, new)


def curves(policy: Policy) -> Iterator[Finding]:
    """Curves that do not begin on day 0, or by which silence is worth something."""
    models = {row["scoring_model"] for row in policy["scoring_models"]}
    steps = by(policy["recency_curve"], "scoring_model")
    for model in sorted(models - {None}):
        rows = in_order(steps.get((model,), ()), "from_day")
        if not rows or rows[0]["from_day"] > 0:
            what = f"the curve of {model} has no row with from_day 0"
            yield policy.file_error("recency_curve", what, "let its first row begin there")
        for before, row in pairwise(rows):
            for column in ("multiplier", "penalty_points"):
                if None not in (before[column], row[column]) and row[column] > before[column]:
                    what = f"{row[column]} from day {row['from_day']} on, more than before"
                    yield row.warning(column, what, "points usually fall with silence")


def bands(policy: Policy) -> Iterator[Finding]:
    """Bands with a gap below, levels out of order, and floors above the bands."""
    groups = by(policy["score_bands"], "scoring_model")
    above: dict[tuple[str, str], Row] = {}
    for rows in groups.values():
        for lower, higher in permutations(in_order(rows, "min_score"), 2):
            if lower["min_score"] < higher["min_score"]:
                above.setdefault((lower["score_level"], higher["score_level"]), higher)
    for (lower, higher), row in above.items():
        other = above.get((higher, lower))
        if lower != higher and other and lower and higher and row.number > other.number:
            what = f"level {higher} stands above {lower} here and below it in row {other.number}"
            yield row.error("score_level", what, "levels have one order in all models")
    for model in policy["scoring_models"]:
        rows = in_order(groups.get((model["scoring_model"],), ()), "min_score")
        floor = model["min_score"]
        if floor is None:
            continue
        if not rows or rows[0]["min_score"] > floor:
            what = f"{model['scoring_model']} has no band for scores from {floor:f}"
            yield policy.file_error("score_bands", what, "begin its lowest band there")
        elif len(rows) > 1 and floor >= rows[1]["min_score"]:
            what = f"no score falls below {floor:f}, so nobody is ever {rows[0]['score_band']}"
            yield model.error("min_score", what, f"write less than {rows[1]['min_score']:f}")
        for before, row in pairwise(rows):
            if before["min_score"] == row["min_score"]:
                what = f"row {before.number} begins at {row['min_score']:f} too"
                yield row.error("min_score", what, "begin one of them elsewhere")
            elif before["is_qualifying"] and row["is_qualifying"] is False:
                what = f"{row['score_band']} does not qualify, and {before['score_band']} does"
                yield row.warning("is_qualifying", what, "more points usually say more")


def grades(policy: Policy) -> Iterator[Finding]:
    """Grades that nobody gets, out of order, or without a lowest one."""
    active = {row["scoring_model"] for row in policy["scoring_models"] if row["is_active"]}
    counted = {
        (row["scoring_model"], row["criterion"])
        for row in policy["fit_rules"]
        if row["counts_for_grade"] and row["scoring_model"] in active
    }
    most = max(Counter(model for model, _ in counted).values(), default=0)
    rows = in_order(policy["grade_scale"], "grade_rank")
    for row in rows:
        wanted = row["min_criteria_matched"]
        if wanted is not None and wanted > most:
            what = f"{wanted} criteria, and no active model has more than {most}"
            yield row.error("min_criteria_matched", what, "nobody would get this grade")
    if rows and rows[-1]["min_criteria_matched"] not in (0, None):
        what = "a lead that matches nothing has no grade"
        yield rows[-1].error("min_criteria_matched", what, "write 0")
    for before, row in pairwise(rows):
        old, new = before["min_criteria_matched"], row["min_criteria_matched"]
        if old is not None and new is not None and new > old:
            what = f"{row['grade']} asks for more than the better grade {before['grade']}"
            yield row.error("min_criteria_matched", what, f"write less than {old}")


def matrix(policy: Policy) -> Iterator[Finding]:
    """Cells of the matrix that close a gate which a lower level opens."""
    levels = {
        (lower["score_level"], higher["score_level"])
        for rows in by(policy["score_bands"], "scoring_model").values()
        for lower, higher in pairwise(in_order(rows, "min_score"))
    }
    for rows in by(policy["qualification_matrix"], "profile", "grade").values():
        cells = {row["score_level"]: row for row in rows}
        for lower, higher in levels:
            low, high = cells.get(lower), cells.get(higher)
            for gate in ("opens_mql_gate", "opens_sql_gate"):
                if low and high and low[gate] and high[gate] is False:
                    what = f"{higher} does not open it, and {lower} in row {low.number} does"
                    yield high.warning(gate, what, "more points usually say more")


def mapped_events(policy: Policy) -> Iterator[Finding]:
    """Rows of signal_map.csv that an earlier one hides."""
    for rows in by(policy["signal_map"], "source", "event_name").values():
        for place, later in enumerate(ordered := in_order(rows)):
            for earlier in ordered[:place]:
                if maps_all(earlier, later):
                    yield never_counts(earlier, later)
                    break


def maps_all(earlier: Row, later: Row) -> bool:
    """Return whether a row of signal_map takes every event that a later one does."""
    least, other = earlier["min_value"], later["min_value"]
    is_reached = least is None or (other is not None and least <= other)
    return (
        is_reached
        and covers(earlier["program"], later["program"])
        and all(
            is_wider(earlier[column], later[column])
            for column in ("path_pattern", "asset_pattern", "link_pattern")
        )
    )


def is_wider(wide: str | None, narrow: str | None) -> bool:
    """Return whether a LIKE pattern surely matches all that another does."""
    if wide is None or narrow is None:
        return wide is None
    start = wide.lower().removesuffix("%")
    is_prefix = wide.endswith("%") and not set("%_") & set(start)
    return wide.lower() == narrow.lower() or (is_prefix and narrow.lower().startswith(start))


def assignments(policy: Policy) -> Iterator[Finding]:
    """Assignments that an earlier one of their track hides, of a model that is not computed."""
    conditions = tuple(
        name
        for name, column in policy.schema.tables["model_assignment"].columns.items()
        if column.list
    )
    active = {row["scoring_model"]: row["is_active"] for row in policy["scoring_models"]}
    for track in ("main", "second"):
        rows = (r for r in policy["model_assignment"] if (r["track"] or "main").lower() == track)
        for earlier, later in shadowed(in_order(rows), conditions):
            yield never_counts(earlier, later)
    for row in policy["model_assignment"]:
        if active.get(row["scoring_model"]) is False:
            what = f"{row['scoring_model']} is not active"
            yield row.error("scoring_model", what, "set is_active in scoring_models.csv to true")


RULES = (
    signals_nobody_makes,
    wrong_signs,
    fit_rules,
    curves,
    bands,
    grades,
    matrix,
    mapped_events,
    assignments,
)
