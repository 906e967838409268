"""Lead: one lead, its score over time, its stages, its hand-offs and where each point is from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pandas
import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.access import may_be_shown, shows_contacts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.variables import CRM_LEAD
from lead_qualification.dashboard.wording import TIMES, count, decimal, plain
from lead_qualification.labels import within
from lead_qualification.policy.dates import in_force_sql
from lead_qualification.tables import Table

TITLE = "Lead"
FOUND = 50
SHORTEST = 2
NO_CHOICE = "choose one"
LISTED_OF_PERSON = ("first_name", "last_name", "job_title", "company_name")
SHOWN_OF_PERSON = (*LISTED_OF_PERSON, "country", "email", "phone")
PEOPLE = """
select
    lead_stages.lead_id,
    {person},
    lead_stages.stage,
    scores.adjusted_score,
    scores.grade
from {marts}.lead_stages
left join {intermediate}.int_leads as people on lead_stages.lead_id = people.lead_id
left join {marts}.lead_scores as scores
    on lead_stages.lead_id = scores.lead_id and scores.is_primary
"""
SEARCH = (
    """
with fitting as (
    select lead_id
    from {intermediate}.int_leads
    where lead_id = $words
        or trim(lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '')))
            like $pattern escape '!'
        or lower(company_name) like $company escape '!'
    union
    select lead_stages.lead_id
    from {marts}.lead_stages
    left join {marts}.account_engagement as accounts
        on lead_stages.account_id = accounts.account_id
    where lead_stages.account_id = $words or lower(accounts.name) like $company escape '!'
    union
    select lead_id
    from {marts}.handoffs
    where is_open and coalesce(assigned_rep_id, recommended_rep_id) in ({reps})
    union
    select merged_lead_id
    from {intermediate}.int_lead_merges
    where lead_id = $words or email = lower($words)
)
"""
    + PEOPLE
    + """
where lead_stages.lead_id in (select lead_id from fitting)
order by
    case when lead_stages.lead_id = $words then 0 else 1 end,
    scores.adjusted_score desc,
    lead_stages.lead_id
"""
    + f"limit {FOUND}"
)
HOT = (
    PEOPLE
    + """
where lead_stages.stage_owner in ('sdr', 'sales')
    and lead_stages.stage in (
        select stage from {policy}.stages
        where funnel_rank < (
            select min(funnel_rank) from {policy}.stages where role = 'opportunity'
        )
    )
order by scores.adjusted_score desc, lead_stages.lead_id
limit 20
"""
)
STAGE = "select * from {marts}.lead_stages where lead_id = $lead"
ACTION = "select * from {marts}.next_best_action where lead_id = $lead"
NEXT_BAND = "select * from {marts}.next_band where lead_id = $lead"
CHANGES = """
select valid_from, score_from, score_to, change, began, ended, decayed, explanation
from {marts}.score_changes_explained
where lead_id = $lead
order by valid_from desc
"""
PERSON = "select {person} from {intermediate}.int_leads as people where lead_id = $lead"
SCORES = """
select * from {marts}.lead_scores where lead_id = $lead order by is_primary desc, scoring_model
"""
HISTORY = """
select * from {marts}.lead_score_history
where lead_id = $lead and scoring_model = $model
order by valid_from
"""
BANDS = f"""
select * from {{policy}}.score_bands
where scoring_model = $model and {in_force_sql("lead_scores")}
order by min_score
"""
MODEL = f"""
select * from {{policy}}.scoring_models
where scoring_model = $model and {in_force_sql("lead_scores")}
"""
STAYS = "select * from {marts}.lead_stage_history where lead_id = $lead order by stage_number"
STAGES = "select stage, label, funnel_rank from {policy}.stages order by funnel_rank, stage"
HANDOFFS = "select * from {marts}.handoffs where lead_id = $lead order by handoff_number"
LEDGER = """
select * from {marts}.lead_score_contributions
where lead_id = $lead and scoring_model = $model
order by component, points desc, occurred_at, record_id
"""
SUMS = """
select component, sum(points) as points, count(*) as contributions
from {marts}.lead_score_contributions
where lead_id = $lead and scoring_model = $model
group by component
order by component
"""
CHECKS = """
select * from {marts}.handoff_checklist
where lead_id = $lead and handoff_number = $number
order by check_number
"""
MQL_CHECKS = "select * from {marts}.mql_quality where lead_id = $lead order by check_number"
QUESTIONS = """
select * from {marts}.lead_qualification
where lead_id = $lead
order by is_recommended desc, framework
"""
HANDOFF_FIELDS = (
    "lead_id",
    "handoff_number",
    "handed_off_at",
    "from_stage",
    "to_stage",
    "from_owner",
    "to_owner",
    "trigger_event",
    "trigger_signal",
    "score",
    "grade",
    "assigned_rep_id",
    "recommended_rep_id",
    "sla_policy",
    "sla_due_at",
    "first_response_at",
    "sla_status",
    "disposition",
    "reason_code",
    "checks_passed",
    "checks_failed",
    "checks_unknown",
    "as_of",
)


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Who is this, what is the score made of, and what happened so far?")
    search = parts.words(
        "Search by e-mail, name, company, account, rep or id",
        "search",
        f"The whole e-mail address, {'part of a' if shows_contacts() else 'the whole'} name, part "
        "of the name of a company, the id of a lead, of a record that was merged into it or of an "
        f"account, or the id {'or name ' if shows_contacts() else ''}of the rep of its hand-off.",
    )
    if not search:
        parts.section("With sales, the highest scores", "Type above to find anybody else.")
        parts.listing(parts.read(with_person(HOT)), "lead_scores", "leads")
        return
    if len(search) < SHORTEST:
        parts.nothing("That is too short.", f"Type at least {SHORTEST} characters.")
        return
    found = parts.read(searching(), **sought(search))
    if not found.rows:
        parts.nothing(
            "No lead has this e-mail address, name, company, account, rep or id.",
            "Check the spelling; a lead whose data was erased is found by its id only.",
        )
        return
    lead = found.rows[0][0]
    if len(found) > 1:
        few = f"The first {FOUND} leads" if len(found) == FOUND else f"{len(found)} leads"
        parts.section(f"{few} that fit")
        parts.listing(found, "lead_scores", "leads")
        lead = parts.choice("Lead", "lead", [NO_CHOICE, *found.values("lead_id")], NO_CHOICE)
        if lead == NO_CHOICE:
            return
    _lead(lead)


def with_person(sql: str, columns: Sequence[str] = LISTED_OF_PERSON) -> str:
    """Return a query with those columns of the person that may be shown."""
    names = may_be_shown("leads", columns)
    return sql.replace("{person}", ", ".join(f"people.{name}" for name in names))


def searching() -> str:
    """Return the query of the search; reps are found by name where names may be shown."""
    reps = "$words"
    if may_be_shown("sales_reps", ["name"]):
        named = "select rep_id from {staging}.stg_sales__sales_reps where lower(name) like $pattern"
        reps = f"select $words union {named} escape '!'"
    return with_person(SEARCH.replace("{reps}", reps))


def sought(search: str) -> dict[str, str]:
    """Return the parameters of the search for words."""
    company = f"%{parts.escaped(search.lower())}%"
    return {"words": search, "pattern": pattern(search), "company": company}


def pattern(search: str) -> str:
    """Return what a name must be like to fit the words, whatever characters they are of.

    Where names are hidden, the whole name is asked for: parts would tell it letter by letter.
    """
    plain_words = parts.escaped(search.lower())
    return f"%{plain_words}%" if shows_contacts() else plain_words


def _lead(lead: str) -> None:
    """Everything about one lead."""
    scores = parts.read(SCORES, lead=lead)
    stage = parts.read(STAGE, lead=lead).records[0]
    people = parts.read(with_person(PERSON, SHOWN_OF_PERSON), lead=lead).records
    _who(lead, stage, people[0] if people else {})
    if not scores.rows:
        parts.nothing("No scoring model scores this lead.", "Look at model_assignment.csv.")
        return
    models = scores.values("scoring_model")
    model = parts.choice(
        "Scoring model",
        "model",
        models,
        models[0],
        definition_of("lead_scores").of("scoring_model"),
        "scoring_model",
    )
    score = next(row for row in scores.records if row["scoring_model"] == model)
    handoffs = parts.read(HANDOFFS, lead=lead)
    _now(score, stage, parts.read(ACTION, lead=lead).records[0])
    _next_band(lead)
    _over_time(lead, model, score, handoffs)
    _changes(lead)
    _ledger(lead, model, score)
    _handoffs(handoffs)
    _checks(lead, handoffs)
    _questions(lead)


def _who(lead: str, stage: dict[str, Any], person: dict[str, Any]) -> None:
    """Name and company, as far as they may be shown, and where the lead is from."""
    name = " ".join(filter(None, (person.get("first_name"), person.get("last_name"))))
    parts.section(f"{name or person.get('company_name') or 'No name'}, {lead}")
    if address := os.environ.get(CRM_LEAD):
        parts.outer_link("Open in the CRM", address.replace("{lead_id}", quote(lead, safe="")))
    if stage["account_id"] is not None:
        parts.link("Show the account", parts.ACCOUNT_PAGE + quote(stage["account_id"], safe=""))
    pairs = [
        ("Company", person.get("company_name")),
        ("Company segment", parts.told("company_segment", stage["company_segment"])),
        ("Country", person.get("country")),
        ("Account", stage["account_id"]),
        ("Channel", parts.told("channel", stage["channel"])),
        ("Motion", parts.told("motion", stage["motion"])),
        ("Campaign", stage["campaign_id"]),
        ("First seen at", stage["first_seen_at"]),
    ]
    contact = {"Job title": "job_title", "E-mail": "email", "Phone": "phone"}
    pairs += [(what, person[name]) for what, name in contact.items() if name in person]
    for start in range(0, len(pairs), 3):
        for column, (what, value) in zip(
            streamlit.columns(3), pairs[start : start + 3], strict=False
        ):
            with column:
                streamlit.text(f"{what}: {plain(value)}")


def _now(score: dict[str, Any], stage: dict[str, Any], action: dict[str, Any]) -> None:
    """Score, grade, stage and what to do."""
    upcoming = score["next_change_at"]
    parts.numbers(
        "lead_scores",
        [
            parts.Number(
                "score",
                decimal(score["score"], 4),
                ""
                if score["adjusted_score"] == score["score"]
                else f"shown as {decimal(score['adjusted_score'])} during the cooldown",
                "Score",
            ),
            parts.Number("score_band", parts.told("score_band", score["score_band"])),
            parts.Number("grade", plain(score["grade"])),
            parts.Number(
                "next_score",
                decimal(score["next_score"]),
                "nothing is scheduled" if upcoming is None else f"on {plain(upcoming)}",
            ),
        ],
    )
    parts.numbers(
        "lead_stages",
        [
            parts.Number("stage", parts.told("stage", stage["stage"])),
            parts.Number("days_in_stage", count(stage["days_in_stage"])),
            parts.Number("entry_path", parts.told("entry_path", stage["entry_path"])),
        ],
    )
    owner = parts.told("owner", action["owner"])
    told = f"{within(parts.told('action', action['action']))} ({owner})"
    if action["due_at"] is not None:
        told += f", due {plain(action['due_at'])}"
    if action["blocked_by"] is not None:
        told += f"; held back: {within(parts.told('blocked_by', action['blocked_by']))}"
    parts.statement(
        f"Next: {told}. {plain(action['reason'])}",
        definition_of("next_best_action").description,
    )
    of_matrix = within(parts.told("recommended_action", score["recommended_action"]))
    parts.statement(
        f"The matrix alone: {of_matrix}; stage {parts.told('stage', score['recommended_stage'])}",
        definition_of("lead_scores").of("recommended_action"),
    )


def _next_band(lead: str) -> None:
    """The smallest signal that would lift the main score into a higher band."""
    for row in parts.read(NEXT_BAND, lead=lead).records:
        told = "no single signal lifts the score into a higher band"
        if row["signal"] is not None:
            told = (
                f"{parts.told('signal', row['signal'])}: {decimal(row['score'])} to "
                f"{decimal(row['score_after'])} ({parts.told('band_after', row['band_after'])})"
            )
        parts.statement(f"To the next band: {told}", definition_of("next_band").description)


def _changes(lead: str) -> None:
    """Why the main score moved, the latest step first."""
    parts.section(
        "Why the score moved", meaning=definition_of("score_changes_explained").description
    )
    found = parts.read(CHANGES, lead=lead)
    if found.rows:
        parts.listing(found, "score_changes_explained", "changes")
    else:
        parts.nothing("No step of the main score lately.", "Its history is above.")


def _over_time(lead: str, model: str, score: dict[str, Any], handoffs: Table) -> None:
    """The score and the stages on one scale of time."""
    parts.section(
        "Score over time",
        "Steps are exact. Shaded: the bands of the policy. Dashed: the decay that is scheduled if "
        "nothing happens. Triangles: hand-offs. Upright line: as of; dotted: the rules changed.",
    )
    history = parts.read(HISTORY, lead=lead, model=model)
    stays = parts.read(STAYS, lead=lead)
    now = pandas.Timestamp(score["as_of"])
    first = min(history.values("valid_from"))
    last = max([*history.values("valid_from"), score["as_of"]]) + timedelta(days=14)
    domain = (pandas.Timestamp(first), pandas.Timestamp(last))
    bands = parts.read(BANDS, model=model)
    top = 1.08 * max(
        [*map(float, history.values("score")), *map(float, bands.values("min_score")), 1.0]
    )
    bottom = min([*map(float, history.values("score")), 0.0])
    parts.picture(
        parts.with_policy_versions(
            charts.score_timeline(
                _steps(history, now, last),
                _band_edges(bands, top),
                handoffs.frame,
                now,
                (bottom, top),
            ),
            history,
            "valid_from",
            last,
        ),
        history,
        "lead_score_history",
        "score_history",
        alt="The score as steps over its bands, with what is scheduled as a dashed line.",
        defines=("is_projected", "score_band"),
    )
    parts.subtitle("Stages")
    stages = {row["stage"]: row for row in parts.read(STAGES).records}
    frame = stays.frame.assign(
        until=[value or score["as_of"] for value in stays.values("exited_at")]
    )
    seen = set(frame["stage"])
    parts.picture(
        charts.ribbon(frame, [name for name in stages if name in seen], domain),
        stays,
        "lead_stage_history",
        "stages",
        alt="When the lead was in which stage, coloured by who had it.",
        defines=("entered_by", "reason_code"),
    )


def _steps(history: Table, now: pandas.Timestamp, last: Any) -> pandas.DataFrame:
    """The corners of the line, what was and what is scheduled, each up to where it ends."""
    rows: list[dict[str, Any]] = []
    for row in history.records:
        corner = {
            "score": float(row["score"]),
            "score_band": plain(row["score_band"]),
            "grade": plain(row["grade"]),
            "recency_multiplier": float(row["recency_multiplier"]),
        }
        if row["is_projected"]:
            rows.append({**corner, "from": row["valid_from"], "part": "scheduled"})
            continue
        rows.append({**corner, "from": row["valid_from"], "part": "until now"})
        if row["valid_to"] is None or row["valid_to"] > now:
            rows.append({**corner, "from": now, "part": "until now"})
            rows.append({**corner, "from": now, "part": "scheduled"})
    if rows:
        rows.append({**rows[-1], "from": last, "part": "scheduled"})
    return pandas.DataFrame(rows)


def _band_edges(bands: Table, top: float) -> pandas.DataFrame:
    """The bands from their lowest score to the next one's."""
    rows = bands.records
    upper = [float(row["min_score"]) for row in rows[1:]] + [top]
    return pandas.DataFrame(
        [
            {
                "score_band": plain(row["score_band"]),
                "from": float(row["min_score"]),
                "to": to,
                "rank": rank,
            }
            for rank, (row, to) in enumerate(zip(rows, upper, strict=True))
        ],
        columns=["score_band", "from", "to", "rank"],
    )


def _ledger(lead: str, model: str, score: dict[str, Any]) -> None:
    """Each point with its reason, and how they make the score."""
    parts.section("Ledger", meaning=definition_of("lead_score_contributions").description)
    limits = parts.read(MODEL, model=model).records[0]
    sums = {row["component"]: row for row in parts.read(SUMS, lead=lead, model=model).records}
    parts.numbers(
        "lead_scores",
        [
            parts.Number(
                f"{component}_points",
                decimal(score[f"{component}_points"], 0),
                _from_ledger(sums.get(component), limits[f"{component}_cap"]),
            )
            for component in ("fit", "behaviour", "intent")
        ]
        + [
            parts.Number("recency_multiplier", f"{TIMES} {decimal(score['recency_multiplier'])}"),
            parts.Number(
                "penalty_points",
                decimal(score["penalty_points"], 0),
                _from_ledger(sums.get("penalty"), None),
            ),
            parts.Number("score", decimal(score["score"], 4), title="Score"),
        ],
    )
    parts.statement(formula(score, limits["min_score"]))
    parts.listing(parts.read(LEDGER, lead=lead, model=model), "lead_score_contributions", "ledger")


def formula(score: dict[str, Any], lowest: Any) -> str:
    """Return how the components make the score, with the numbers."""
    total = (
        f"({decimal(score['fit_points'], 0)} + {decimal(score['behaviour_points'], 0)} "
        f"+ {decimal(score['intent_points'], 0)}) {TIMES} {decimal(score['recency_multiplier'])} "
        f"+ {decimal(score['penalty_points'], 0)}"
    )
    return f"{total}, at least {decimal(lowest, 0)} = {decimal(score['score'], 4)}"


def _from_ledger(found: dict[str, Any] | None, cap: Any) -> str:
    """What the ledger says about a component."""
    if found is None:
        return "nothing in the ledger"
    text = f"ledger: {decimal(found['points'], 0)} from {count(found['contributions'])}"
    return text if cap is None else f"{text}, at most {count(cap)}"


def _handoffs(found: Table) -> None:
    """What was handed over."""
    parts.section("Hand-offs")
    if not found.rows:
        parts.nothing("This lead was never handed to sales.", "Its stage says what it waits for.")
        return
    rows = tuple(tuple(row[name] for name in HANDOFF_FIELDS) for row in found.records)
    parts.listing(Table(HANDOFF_FIELDS, rows), "handoffs", "handoffs")


def _checks(lead: str, handoffs: Table) -> None:
    """The ten checks of the latest hand-off, or those of the MQL."""
    parts.section("Checks")
    if handoffs.rows:
        number = max(handoffs.values("handoff_number"))
        source, found = "handoff_checklist", parts.read(CHECKS, lead=lead, number=number)
        parts.explanation(f"Hand-off {count(number)}.", definition_of(source).description)
    else:
        source, found = "mql_quality", parts.read(MQL_CHECKS, lead=lead)
        parts.explanation("Of the MQL.", definition_of(source).description)
    if not found.rows:
        parts.nothing("This lead is neither an MQL nor handed over.", "There is nothing to check.")
        return
    marks = {"passed": "✓", "failed": "✗", "unknown": "?"}
    lines = [
        f"{marks.get(row['result'], '')} {parts.told('result', row['result'])}: "
        f"{parts.told('check_name', row['check_name'])}: {parts.told('detail', row['detail'])}"
        for row in found.records
    ]
    streamlit.text("\n".join(lines))
    with streamlit.expander("Numbers"):
        parts.listing(found, source, "checks")


def _questions(lead: str) -> None:
    """What a rep still has to ask."""
    found = parts.read(QUESTIONS, lead=lead)
    if found.rows:
        parts.section("What to ask", meaning=definition_of("lead_qualification").description)
        parts.listing(found, "lead_qualification", "questions")
