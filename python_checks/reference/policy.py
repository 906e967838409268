"""The rules: what do the policy CSVs say?

Every table becomes a list of dictionaries (empty text = ``None``); the tables that the
calculation asks again and again become small typed records.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from python_checks.reference.cells import country_name

Row = dict[str, str | None]
PolicyTables = dict[str, list[Row]]

DEFAULT_CALENDAR = "default"
MARKETING, SDR, SALES, NOBODY = "marketing", "sdr", "sales", "nobody"
"""The owners of a stay."""
CONDITIONS_OF_ACTIONS = (
    "stage",
    "stage_owner",
    "profile",
    "grade",
    "score_level",
    "is_in_cooldown",
    "is_consenting",
    "is_contactable",
    "sla_status",
    "has_open_opportunity",
    "framework_passed",
    "re_engage_due",
    "has_signal",
)
"""What a row of next_actions.csv may ask of a lead; an empty cell asks nothing."""
DEFAULT_SETTINGS = {
    "sla_at_risk_share": Decimal("0.75"),
    "handoff_engaged_days": Decimal(30),
    "mql_engaged_days": Decimal(60),
    "mql_meaningful_signals": Decimal(2),
    "rejection_watch_rate": Decimal("0.20"),
    "rejection_recalibrate_rate": Decimal("0.30"),
    "re_engage_days_ahead": Decimal(30),
    "account_window_days": Decimal(90),
    "negligible_lift": Decimal("1.2"),
    "assignment_hands_over": Decimal(0),
    "remembered_trigger_days": Decimal(90),
}
"""Settings that a lifecycle_settings.csv may lack."""


@dataclass(frozen=True)
class SignalKind:
    """One row of signals.csv."""

    signal: str
    origin: str
    is_engagement: bool
    is_meaningful: bool
    is_high_intent: bool
    touch_kind: str | None = None
    role: str | None = None
    is_inbound_interest: bool = False


@dataclass(frozen=True)
class PointRule:
    """One row of signal_points.csv."""

    scoring_model: str
    signal: str
    component: str
    points: int
    dedupe_by: str
    valid_days: int | None
    cleared_by: str | None


@dataclass(frozen=True)
class FitRule:
    """One row of fit_rules.csv; values are the parts of ``match_values``, lower-cased."""

    criterion: str
    rule_order: int
    attribute: str
    match_type: str
    values: list[str]
    points: int
    counts_for_grade: bool


@dataclass(frozen=True)
class CustomAttribute:
    """One row of attributes.csv: what a lead or account has that its record has no column for."""

    attribute: str
    kind: str
    data_type: str
    is_dimension: bool
    is_feature: bool


@dataclass(frozen=True)
class ScoringModel:
    """One row of scoring_models.csv; a cap or ``dormancy_days`` of ``None`` means none."""

    scoring_model: str
    fit_cap: int | None
    behaviour_cap: int | None
    intent_cap: int | None
    dormancy_days: int | None
    min_score: Decimal
    is_active: bool


@dataclass(frozen=True)
class CurveStep:
    """One row of recency_curve.csv."""

    from_day: int
    multiplier: Decimal
    penalty_points: Decimal


@dataclass(frozen=True)
class Band:
    """One row of score_bands.csv."""

    score_band: str
    score_level: str
    min_score: Decimal
    is_qualifying: bool


@dataclass(frozen=True)
class Profile:
    """One row of qualification_profiles.csv."""

    profile: str
    uses_matrix: bool
    mql_min_score: Decimal
    mql_min_grade: str
    mql_min_meaningful_signals: int
    mql_min_intent_signals: int
    sql_min_score: Decimal
    sql_min_high_intent_signals: int
    sql_by_score: bool
    qualifying_frameworks: list[str]


@dataclass(frozen=True)
class Stage:
    """One row of stages.csv."""

    stage: str
    funnel_stage: str
    funnel_rank: int
    requires_opt_in: bool
    open_to_disqualified: bool
    role: str | None = None
    typical_days_low: int | None = None
    typical_days_high: int | None = None
    max_days: int | None = None


@dataclass(frozen=True)
class EventRule:
    """One row of lifecycle_events.csv."""

    event: str
    event_rank: int
    blocked_by_cooldown: bool
    sets_cooldown: bool
    begun_by_sales: bool
    disposition: str | None


@dataclass(frozen=True)
class Transition:
    """One row of stage_transitions.csv."""

    to_stage: str
    is_regression: bool


@dataclass(frozen=True)
class Timer:
    """One row of stage_timers.csv."""

    timer_event: str
    after_days: int
    reason_code: str | None


@dataclass(frozen=True)
class RoutingRule:
    """One row of routing_rules.csv; an empty list fits every lead, its texts are lower-cased."""

    countries: list[str]
    company_segments: list[str]
    territory: str
    calendar: str


@dataclass(frozen=True)
class Opening:
    """One row of business_hours.csv; 1 is Monday, times are minutes after local midnight."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Calendar:
    """The opening hours of one calendar and the local days on which it is closed."""

    time_zone: str
    openings: list[Opening]
    holidays: set[date]


@dataclass(frozen=True)
class SlaPolicy:
    """One row of sla_policies.csv; what it does not name (no signals, ``None``) is any."""

    sla_policy: str
    profile: str | None
    to_owner: str | None
    handoff_signals: list[str]
    response_target_minutes: int
    clock: str
    status_update_hours: int
    min_attempts: int
    attempts_window_days: int


@dataclass(frozen=True)
class FrameworkChoice:
    """One row of framework_selection.csv; an amount of ``None`` is open."""

    framework: str
    min_amount: Decimal | None
    max_amount: Decimal | None
    target_account_only: bool


@dataclass(frozen=True)
class MqlTarget:
    """One row of mql_targets.csv."""

    target_mqls: int
    min_mql_to_opportunity_rate: Decimal
    sql_target: int | None = None
    pipeline_target: Decimal | None = None


@dataclass(frozen=True)
class Requirement:
    """One row of handoff_requirements.csv; a profile of ``None`` is any."""

    profile: str | None
    check_name: str
    events: list[str]
    min_value: str | None


@dataclass(frozen=True)
class NextAction:
    """One row of next_actions.csv; conditions are the values in lower case that meet each."""

    rule_order: int
    description: str
    conditions: dict[str, frozenset[str]]
    action: str
    owner: str
    is_outreach: bool
    due_from: str | None
    due_hours: int
    nurture_track: str | None


@dataclass(frozen=True)
class DerivedSignal:
    """One row of derived_signals.csv: a signal that the signals of a lead make."""

    signal: str
    kind: str
    from_signals: list[str]
    min_count: int | None
    distinct_of: str | None
    within: timedelta
    then_signal: str | None


@dataclass(frozen=True)
class BotPattern:
    """One row of bot_user_agents.csv, in lower case."""

    pattern: str
    is_word: bool
    unless: list[str]

    def is_in(self, user_agent: str) -> bool:
        """Whether a user agent in lower case has the pattern and none of the exceptions."""
        if any(word in user_agent for word in self.unless):
            return False
        if not self.is_word:
            return self.pattern in user_agent
        return re.search(rf"(?<![^\W_]){re.escape(self.pattern)}(?![^\W_])", user_agent) is not None


@dataclass(frozen=True)
class Policy:
    """All rules, in the shape in which the calculation asks for them."""

    signals: dict[str, SignalKind]
    signal_map: dict[str, list[Row]]
    bot_patterns: list[BotPattern]
    placeholders: dict[str, set[str]]
    shared_mailboxes: set[str]
    countries: dict[str, str]
    scoring_models: dict[str, ScoringModel]
    point_rules: dict[str, dict[str, PointRule]]
    fit_rules: dict[str, list[FitRule]]
    recency_curve: dict[str, list[CurveStep]]
    score_bands: dict[str, list[Band]]
    grade_scale: list[Row]
    qualification_matrix: dict[tuple[str | None, str, str], Row]
    profiles: dict[str, Profile]
    profile_triggers: dict[str, list[tuple[str, str]]]
    model_assignment: list[Row]
    stages: dict[str, Stage]
    stage_owners: dict[tuple[str | None, str], str]
    lifecycle_events: dict[str, EventRule]
    stage_transitions: dict[tuple[str, str], Transition]
    stage_timers: dict[tuple[str | None, str], Timer]
    reasons: set[str]
    reason_of_role: dict[str, str]
    re_engage_days: dict[str, int]
    nurture_tracks: dict[str, str]
    settings: dict[str, Decimal]
    frameworks: dict[str, list[str]]
    framework_selection: list[FrameworkChoice]
    routing_rules: list[RoutingRule]
    calendars: dict[str, Calendar]
    sla_policies: list[SlaPolicy]
    response_buckets: list[tuple[int, str]]
    mql_targets: dict[date, MqlTarget]
    buying_roles: list[tuple[str, str]]
    channels: dict[str, Row]
    email_domains: dict[str, str]
    benchmarks: list[Row]
    attributes: list[CustomAttribute] = field(default_factory=list)
    derived_signals: list[DerivedSignal] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    next_actions: list[NextAction] = field(default_factory=list)
    trigger_min_grades: dict[tuple[str, str, str], str] = field(default_factory=dict)
    budget_criteria: set[tuple[str, str]] = field(default_factory=set)

    def requirements_of(self, profile: str, event: str) -> list[Requirement]:
        """What must hold before an event of a profile: its own row of a check goes first."""
        own = {row.check_name for row in self.requirements if row.profile == profile}
        return [
            row
            for row in self.requirements
            if (row.profile == profile or (row.profile is None and row.check_name not in own))
            and event in row.events
        ]

    def timer_of(self, stage: str, profile: str) -> Timer | None:
        """The timer of a stage: that of the profile, else the one of any; ``None`` without."""
        general = self.stage_timers.get((None, stage))
        return self.stage_timers.get((profile, stage), general)

    def grade_rank(self, grade: str) -> int:
        """The rank of a grade, 1 being the best."""
        return int(self._grade(grade)["grade_rank"])

    def is_good(self, grade: str) -> bool:
        """Whether a grade passes the checks of hand-offs and MQLs."""
        return yes(self._grade(grade)["is_good"])

    def is_blocking(self, grade: str) -> bool:
        """Whether a grade blocks a lead whose profile uses the matrix."""
        return yes(self._grade(grade)["is_blocking"])

    def nurture_track(self, reason: str | None) -> str | None:
        """The track of a reason; ``None`` without a reason or for one that nobody knows."""
        return None if reason is None else self.nurture_tracks.get(reason.lower())

    def stage_of(self, role: str) -> Stage:
        """The stage with a role; the lowest of several."""
        found = [stage for stage in self.stages.values() if stage.role == role]
        if not found:
            raise ValueError(f"stages.csv has no stage with the role {role!r}")
        return min(found, key=lambda stage: stage.funnel_rank)

    def rank_of(self, role: str) -> int:
        """How far down the funnel the stage with a role is."""
        return self.stage_of(role).funnel_rank

    def owner_of(self, stage: str, profile: str) -> str:
        """Who owns a stay in a stage: by the profile's row, else by that of any profile."""
        for own in (profile, None):
            if (own, stage) in self.stage_owners:
                return self.stage_owners[(own, stage)]
        raise ValueError(f"stage_owners.csv has no owner of {stage!r} for profile {profile!r}")

    def advice_of(self, profile: str | None, grade: str, score_level: str) -> Row:
        """The cell of the matrix: the profile's row, else that of any profile."""
        own = self.qualification_matrix.get((profile, grade, score_level))
        return own or self.qualification_matrix[(None, grade, score_level)]

    def _grade(self, grade: str) -> Row:
        for row in self.grade_scale:
            if row["grade"] == grade:
                return row
        raise ValueError(f"grade_scale.csv has no grade {grade!r}")


def load_policy(folder: Path) -> Policy:
    """Read every policy table that the reference uses from ``folder``; dates do not count."""
    return policy_of(read_policy_tables(folder))


def read_policy_tables(folder: Path) -> PolicyTables:
    """The rows of all policy tables by name."""
    return {path.stem: read_rows(path) for path in sorted(folder.glob("*.csv"))}


def policy_of(tables: PolicyTables) -> Policy:
    """The rules that the rows of the policy tables say, all of them being in force."""

    def table(name: str) -> list[Row]:
        return tables[name]

    def in_order(name: str) -> list[Row]:
        return sorted(table(name), key=lambda row: int(row["rule_order"]))

    return Policy(
        signals={row["signal"]: _signal(row) for row in table("signals")},
        signal_map=_signal_map(table("signal_map")),
        bot_patterns=[_bot_pattern(row) for row in table("bot_user_agents")],
        placeholders=_placeholders(table("placeholders")),
        shared_mailboxes={row["local_part"].lower() for row in table("shared_mailboxes")},
        countries=_countries(table("countries")),
        scoring_models={row["scoring_model"]: _model(row) for row in table("scoring_models")},
        point_rules=_point_rules(table("signal_points")),
        fit_rules=_fit_rules(table("fit_rules")),
        recency_curve=_recency_curve(table("recency_curve")),
        score_bands=_score_bands(table("score_bands")),
        grade_scale=sorted(table("grade_scale"), key=lambda row: int(row["grade_rank"])),
        qualification_matrix={
            (row.get("profile"), row["grade"], row["score_level"]): row
            for row in table("qualification_matrix")
        },
        profiles={row["profile"]: _profile(row) for row in table("qualification_profiles")},
        profile_triggers=_profile_triggers(table("profile_triggers")),
        model_assignment=in_order("model_assignment"),
        stages={row["stage"]: _stage(row) for row in table("stages")},
        stage_owners={
            (row["profile"], row["stage"]): row["owner"].lower() for row in _stage_owners(tables)
        },
        lifecycle_events={row["event"]: _event(row) for row in table("lifecycle_events")},
        stage_transitions={
            (row["from_stage"], row["event"]): Transition(
                row["to_stage"], yes(row["is_regression"])
            )
            for row in table("stage_transitions")
        },
        stage_timers={
            (row.get("profile"), row["stage"]): Timer(
                row["timer_event"], int(row["after_days"]), row["reason_code"]
            )
            for row in table("stage_timers")
        },
        reasons={row["reason_code"].lower() for row in table("disposition_reasons")},
        reason_of_role={
            row["role"]: row["reason_code"].lower()
            for row in table("disposition_reasons")
            if row["role"] is not None
        },
        re_engage_days={
            row["reason_code"].lower(): int(row["re_engage_days"])
            for row in table("disposition_reasons")
            if row["re_engage_days"] is not None
        },
        nurture_tracks={
            row["reason_code"].lower(): row["nurture_track"]
            for row in table("disposition_reasons")
            if row["nurture_track"] is not None
        },
        settings=DEFAULT_SETTINGS
        | {row["setting"]: Decimal(row["value"]) for row in table("lifecycle_settings")},
        frameworks=_frameworks(table("frameworks")),
        framework_selection=[_framework_choice(row) for row in in_order("framework_selection")],
        routing_rules=[_routing_rule(row) for row in in_order("routing_rules")],
        calendars=_calendars(table("business_hours"), table("holidays")),
        sla_policies=[_sla_policy(row) for row in in_order("sla_policies")],
        response_buckets=sorted(
            (int(row["from_minutes"]), row["response_bucket"]) for row in table("response_buckets")
        ),
        mql_targets={
            date.fromisoformat(row["target_month"]): MqlTarget(
                int(row["target_mqls"]),
                Decimal(row["min_mql_to_opportunity_rate"]),
                _whole(row.get("sql_target")),
                _amount(row.get("pipeline_target")),
            )
            for row in table("mql_targets")
        },
        buying_roles=[(row["phrase"], row["buying_role"]) for row in in_order("buying_roles")],
        channels={spaced(row["lead_source"]): row for row in table("channels")},
        email_domains={row["email_domain"].lower(): row["kind"] for row in table("email_domains")},
        benchmarks=table("benchmarks"),
        attributes=[_custom_attribute(row) for row in tables.get("attributes", [])],
        derived_signals=[_derived_signal(row) for row in tables.get("derived_signals", [])],
        requirements=[_requirement(row) for row in tables.get("handoff_requirements", [])],
        next_actions=[
            _next_action(row)
            for row in sorted(
                tables.get("next_actions", []), key=lambda row: int(row["rule_order"])
            )
        ],
        trigger_min_grades={
            (row["profile"], row["event"], row["signal"]): row["min_grade"]
            for row in table("profile_triggers")
            if row.get("min_grade") is not None
        },
        budget_criteria={
            (row["framework"].lower(), row["criterion"].lower())
            for row in table("frameworks")
            if yes(row.get("is_budget"))
        },
    )


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file with every value trimmed and empty text as ``None``."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [
            {name: (value or "").strip() or None for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


def read_columns(path: Path) -> list[str]:
    """The columns of a CSV file, in order."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return next(csv.reader(file))


def spaced(text: str) -> str:
    """A lead source as it is compared: lower case, ``_`` and ``-`` as single spaces."""
    return " ".join(text.lower().replace("_", " ").replace("-", " ").split())


def yes(text: str | None) -> bool:
    """Whether a policy boolean says true."""
    return (text or "").lower() == "true"


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


def _parts(text: str | None) -> list[str]:
    return [] if text is None else [part.strip() for part in text.split("|")]


def _signal(row: Row) -> SignalKind:
    return SignalKind(
        signal=row["signal"],
        origin=row["origin"],
        is_engagement=yes(row["is_engagement"]),
        is_meaningful=yes(row["is_meaningful"]),
        is_high_intent=yes(row["is_high_intent"]),
        touch_kind=row.get("touch_kind"),
        role=row["role"],
        is_inbound_interest=yes(row.get("is_inbound_interest")),
    )


def _custom_attribute(row: Row) -> CustomAttribute:
    return CustomAttribute(
        attribute=row["attribute"].lower(),
        kind=row["object"].lower(),
        data_type=row["type"].lower(),
        is_dimension=yes(row["is_dimension"]),
        is_feature=yes(row["is_feature"]),
    )


def _bot_pattern(row: Row) -> BotPattern:
    return BotPattern(
        pattern=row["pattern"].lower(),
        is_word=yes(row["is_word"]),
        unless=[word.lower() for word in _parts(row["unless"])],
    )


def _placeholders(rows: list[Row]) -> dict[str, set[str]]:
    """The texts that stand for nothing, by what they stand in."""
    words: dict[str, set[str]] = {kind: set() for kind in ("text", "address", "identifier")}
    for row in rows:
        for kind in _parts(row["applies_to"]):
            words[kind].add(row["value"].lower())
    return words


def _countries(rows: list[Row]) -> dict[str, str]:
    """The alpha-2 code of each name, alias and code, as countries are compared."""
    codes = {row["country"].lower(): row["country"] for row in rows}
    return codes | {country_name(row["name"]): row["country"] for row in rows}


def _signal_map(rows: list[Row]) -> dict[str, list[Row]]:
    by_source: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: int(row["rule_order"])):
        by_source.setdefault(row["source"], []).append(row)
    return by_source


def _model(row: Row) -> ScoringModel:
    return ScoringModel(
        scoring_model=row["scoring_model"],
        fit_cap=_whole(row["fit_cap"]),
        behaviour_cap=_whole(row["behaviour_cap"]),
        intent_cap=_whole(row["intent_cap"]),
        dormancy_days=_whole(row["dormancy_days"]),
        min_score=Decimal(row["min_score"]),
        is_active=yes(row["is_active"]),
    )


def _point_rules(rows: list[Row]) -> dict[str, dict[str, PointRule]]:
    by_model: dict[str, dict[str, PointRule]] = {}
    for row in rows:
        by_model.setdefault(row["scoring_model"], {})[row["signal"]] = PointRule(
            scoring_model=row["scoring_model"],
            signal=row["signal"],
            component=row["component"],
            points=int(row["points"]),
            dedupe_by=row["dedupe_by"],
            valid_days=_whole(row["valid_days"]),
            cleared_by=row["cleared_by"],
        )
    return by_model


def _fit_rules(rows: list[Row]) -> dict[str, list[FitRule]]:
    by_model: dict[str, list[FitRule]] = {}
    for row in sorted(rows, key=lambda row: int(row["rule_order"])):
        by_model.setdefault(row["scoring_model"], []).append(
            FitRule(
                criterion=row["criterion"],
                rule_order=int(row["rule_order"]),
                attribute=row["attribute"],
                match_type=row["match_type"],
                values=[value.lower() for value in _parts(row["match_values"])],
                points=int(row["points"]),
                counts_for_grade=yes(row["counts_for_grade"]),
            )
        )
    return by_model


def _recency_curve(rows: list[Row]) -> dict[str, list[CurveStep]]:
    by_model: dict[str, list[CurveStep]] = {}
    for row in sorted(rows, key=lambda row: int(row["from_day"])):
        by_model.setdefault(row["scoring_model"], []).append(
            CurveStep(
                int(row["from_day"]), Decimal(row["multiplier"]), Decimal(row["penalty_points"])
            )
        )
    return by_model


def _score_bands(rows: list[Row]) -> dict[str, list[Band]]:
    by_model: dict[str, list[Band]] = {}
    for row in sorted(rows, key=lambda row: Decimal(row["min_score"])):
        by_model.setdefault(row["scoring_model"], []).append(
            Band(
                row["score_band"],
                row["score_level"],
                Decimal(row["min_score"]),
                yes(row["is_qualifying"]),
            )
        )
    return by_model


def _profile(row: Row) -> Profile:
    return Profile(
        profile=row["profile"],
        uses_matrix=yes(row["uses_matrix"]),
        mql_min_score=Decimal(row["mql_min_score"]),
        mql_min_grade=row["mql_min_grade"],
        mql_min_meaningful_signals=int(row["mql_min_meaningful_signals"]),
        mql_min_intent_signals=int(row["mql_min_intent_signals"]),
        sql_min_score=Decimal(row["sql_min_score"]),
        sql_min_high_intent_signals=int(row["sql_min_high_intent_signals"]),
        sql_by_score=yes(row["sql_by_score"]),
        qualifying_frameworks=_parts(row["qualifying_frameworks"]),
    )


def _profile_triggers(rows: list[Row]) -> dict[str, list[tuple[str, str]]]:
    by_profile: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        by_profile.setdefault(row["profile"], []).append((row["event"], row["signal"]))
    return by_profile


def _stage(row: Row) -> Stage:
    return Stage(
        stage=row["stage"],
        funnel_stage=row["funnel_stage"],
        funnel_rank=int(row["funnel_rank"]),
        requires_opt_in=yes(row["requires_opt_in"]),
        open_to_disqualified=yes(row["open_to_disqualified"]),
        role=row["role"],
        typical_days_low=_whole(row["typical_days_low"]),
        typical_days_high=_whole(row["typical_days_high"]),
        max_days=_whole(row["max_days"]),
    )


def _stage_owners(tables: PolicyTables) -> list[Row]:
    """The rows of stage_owners.csv; a folder without it says the owner in stages.csv."""
    if tables.get("stage_owners"):
        return tables["stage_owners"]
    return [
        {
            "profile": None,
            "stage": row["stage"],
            "owner": NOBODY if row["role"] == "disqualified" else row["owner"],
        }
        for row in tables["stages"]
    ]


def _event(row: Row) -> EventRule:
    return EventRule(
        event=row["event"],
        event_rank=int(row["event_rank"]),
        blocked_by_cooldown=yes(row["blocked_by_cooldown"]),
        sets_cooldown=yes(row["sets_cooldown"]),
        begun_by_sales=yes(row["begun_by_sales"]),
        disposition=row["disposition"],
    )


def _frameworks(rows: list[Row]) -> dict[str, list[str]]:
    criteria: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: int(row["position"])):
        criteria.setdefault(row["framework"], []).append(row["criterion"])
    return criteria


def _framework_choice(row: Row) -> FrameworkChoice:
    return FrameworkChoice(
        framework=row["framework"],
        min_amount=_amount(row["min_amount"]),
        max_amount=_amount(row["max_amount"]),
        target_account_only=yes(row["target_account_only"]),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _requirement(row: Row) -> Requirement:
    return Requirement(
        profile=row.get("profile"),
        check_name=row["check_name"],
        events=_parts(row["events"]),
        min_value=row.get("min_value"),
    )


def _next_action(row: Row) -> NextAction:
    wanted = {name: _parts(row.get(name)) for name in CONDITIONS_OF_ACTIONS}
    return NextAction(
        rule_order=int(row["rule_order"]),
        description=row.get("description") or row["rule_order"],
        conditions={
            name: frozenset(value.lower() for value in values)
            for name, values in wanted.items()
            if values
        },
        action=row["action"],
        owner=row["owner"].lower(),
        is_outreach=yes(row["is_outreach"]),
        due_from=row["due_from"],
        due_hours=int(row["due_hours"] or 0),
        nurture_track=row.get("nurture_track"),
    )


def _derived_signal(row: Row) -> DerivedSignal:
    days, hours = _whole(row.get("within_days")), _whole(row.get("within_hours"))
    return DerivedSignal(
        signal=row["signal"],
        kind=row["kind"],
        from_signals=_parts(row["from_signals"]),
        min_count=_whole(row.get("min_count")),
        distinct_of=row.get("distinct_of"),
        within=timedelta(hours=hours or 0) if row["kind"] == "sequence" else timedelta(days or 0),
        then_signal=row.get("then_signal"),
    )


def _routing_rule(row: Row) -> RoutingRule:
    return RoutingRule(
        countries=[country.lower() for country in _parts(row["countries"])],
        company_segments=[segment.lower() for segment in _parts(row["company_segments"])],
        territory=row["territory"],
        calendar=row.get("calendar") or DEFAULT_CALENDAR,
    )


def _calendars(hours: list[Row], holidays: list[Row]) -> dict[str, Calendar]:
    calendars: dict[str, Calendar] = {}
    for row in hours:
        calendar = calendars.setdefault(row["calendar"], Calendar(row["time_zone"], [], set()))
        calendar.openings.append(
            Opening(int(row["weekday"]), _minutes(row["opens"]), _minutes(row["closes"]))
        )
    for row in holidays:
        if row["calendar"] in calendars:
            calendars[row["calendar"]].holidays.add(date.fromisoformat(row["holiday"]))
    return calendars


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _sla_policy(row: Row) -> SlaPolicy:
    return SlaPolicy(
        sla_policy=row["sla_policy"],
        profile=row.get("profile"),
        to_owner=row.get("to_owner"),
        handoff_signals=_parts(row["handoff_signals"]),
        response_target_minutes=int(row["response_target_minutes"]),
        clock=row["clock"],
        status_update_hours=int(row["status_update_hours"]),
        min_attempts=int(row["min_attempts"]),
        attempts_window_days=int(row["attempts_window_days"]),
    )
