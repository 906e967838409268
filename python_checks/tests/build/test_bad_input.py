"""What cannot be built stops the build and says where to look; what may be missing, may be."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import BuildError, add_policy_row, edit_policy
from python_checks.compare import normal
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import Builds
from python_checks.tests.tables import public_tables
from python_checks.worlds import COLUMNS, WORLDS_AS_OF

FAIL_FAST = ("--fail-fast",)
SAMPLED_ROWS = 30_000
NEEDED = ("leads", "accounts", "web_events")


def scenario() -> Scenario:
    """One lead with ten page views."""
    told = Scenario()
    told.lead("visitor")
    for day in range(10, 20):
        told.visit("visitor", f"2026-09-{day} 09:00:00")
    return told


def without_a_column(folder: Path) -> None:
    """Page views that do not say when they happened."""
    scenario().write(folder)
    path = folder / "web_events.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [column for column in rows[0] if column != "occurred_at"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def without_leads(folder: Path) -> None:
    """Everything but the leads."""
    scenario().write(folder, leave_out=["leads"])


def with_a_ragged_row(folder: Path) -> None:
    """A row with fewer cells than the header, far down in the file."""
    told = scenario()
    for number in range(SAMPLED_ROWS):
        told.visit("visitor", "2026-09-20 09:00:00", session_id=f"s{number}")
    told.write(folder)
    with (folder / "web_events.csv").open("a", encoding="utf-8") as file:
        file.write("ragged,,visitor\n")


def with_a_broken_file(folder: Path) -> None:
    """A file that is not text."""
    scenario().write(folder)
    (folder / "web_events.csv").write_bytes(bytes(range(256)) * 10)


def with_too_many_unusable_rows(folder: Path) -> None:
    """3 of 13 page views cannot be used, which is more than 20 %; 1 of 5 downloads is not."""
    told = scenario()
    for time in ("", "soon", "later"):
        told.visit("visitor", time)
    for activity_type in ("content_download",) * 4 + ("",):
        told.activity("visitor", "2026-09-20 09:00:00", activity_type)
    told.write(folder)


def with_a_long_chain(folder: Path) -> None:
    """21 hops, one more than may be."""
    told = scenario()
    for hop in range(22):
        merged_into = f"hop{hop + 1:02}" if hop < 21 else ""
        told.lead(f"hop{hop:02}", merged_into_lead_id=merged_into)
    told.write(folder)


def contradict(project: Path) -> None:
    """One fault of each kind in the policy."""
    unknown_signal = {"scoring_model": "guide", "signal": "telepathy", "component": "behaviour"}
    add_policy_row(project, "signal_points", unknown_signal | {"points": "5", "dedupe_by": "day"})
    lowest_band = {"scoring_model": "guide", "score_band": "cold"}
    edit_policy(project, "score_bands", lowest_band, {"min_score": "5"})
    middle_band = {"scoring_model": "como", "score_band": "warm"}
    edit_policy(project, "score_bands", middle_band, {"min_score": "100"})
    cell = {"grade": "C", "score_level": "medium"}
    edit_policy(project, "qualification_matrix", cell, {"score_level": "high"})
    rule = {"scoring_model": "guide", "criterion": "industry", "rule_order": "1"}
    more = {"attribute": "industry", "match_type": "in", "match_values": "Mining", "points": "1"}
    add_policy_row(project, "fit_rules", rule | more | {"counts_for_grade": "true"})
    transition = {"from_stage": "lead", "is_regression": "false"}
    unknown_event = {"event": "stars_align", "to_stage": "mql"}
    add_policy_row(project, "stage_transitions", transition | unknown_event)
    unknown_stage = {"event": "sales_contacted", "to_stage": "limbo"}
    add_policy_row(project, "stage_transitions", transition | unknown_stage)
    contradict_the_agreement(project)
    confuse_model_quality(project)
    confuse_derived_signals(project)
    confuse_roles(project)
    spoil_lists(project)
    exaggerate(project)
    require_nonsense(project)
    confuse_attributes(project)
    run_in_circles(project)
    confuse_assignment(project)
    confuse_actions(project)


def confuse_assignment(project: Path) -> None:
    """One fault of each kind in what gives a lead its model and profile."""
    end = {"track": "main", "rule_order": "2"}
    edit_policy(project, "model_assignment", end, {"channel": "paid"})
    rule = {"track": "second", "scoring_model": "guide", "profile": "standard"}
    for order, change in enumerate(
        (
            {"track": "third"},
            {"profile": ""},
            {"motion": "inbound|sideways"},
            {"company_segment": "enterprise|unknown"},
            {"channel": "smoke_signals"},
            {"has_product_use": "yes"},
            {"country": "DE||AT"},
        ),
        start=10,
    ):
        add_policy_row(project, "model_assignment", rule | {"rule_order": str(order)} | change)
    cell = {"profile": "nobody", "grade": "A", "score_level": "high", "opens_mql_gate": "true"}
    add_policy_row(project, "qualification_matrix", cell | {"opens_sql_gate": "true"})


def confuse_actions(project: Path) -> None:
    """One fault of each kind in what to do with a lead."""
    end = {"rule_order": "35"}
    edit_policy(project, "next_actions", end, {"due_from": "yesterday"})
    rule = {"stage": "mql", "action": "wave", "owner": "marketing", "is_outreach": "false"}
    rule |= {"description": "Wave"}
    for order, change in enumerate(
        (
            {"stage": "mql|limbo"},
            {"stage": "", "profile": "nobody"},
            {"stage": "", "grade": "A|E"},
            {"stage": "", "score_level": "tepid"},
            {"stage": "", "has_signal": "telepathy"},
            {"stage_owner": "marketing|finance"},
            {"sla_status": "late"},
            {"is_consenting": "yes"},
            {"grade": "A||B"},
            {"action": "Wave Twice"},
            {"owner": "finance"},
            {"is_outreach": ""},
            {"is_outreach": "true", "owner": "nobody"},
            {"due_hours": "2"},
            {"due_from": "since", "due_hours": "-2"},
            {"description": ""},
            {},
        ),
        start=40,
    ):
        add_policy_row(project, "next_actions", rule | {"rule_order": str(order)} | change)
    add_policy_row(project, "next_actions", rule | {"rule_order": "56"})


def confuse_attributes(project: Path) -> None:
    """One fault of each kind in attributes, and in fit rules that look at one."""
    attribute = {"object": "lead", "type": "text", "is_dimension": "false", "is_feature": "false"}
    for change in (
        {"attribute": "lead_quality"},
        {"attribute": "seats", "type": "integer"},
        {"attribute": "seats", "type": "integer", "object": "account"},
        {"attribute": "Lead Quality"},
        {"attribute": "job_title"},
        {"attribute": "grade"},
        {"attribute": "product", "object": "deal"},
        {"attribute": "plan", "type": "number"},
        {"attribute": "is_partner", "is_feature": ""},
        {"attribute": "budget", "type": "decimal", "is_dimension": "true"},
        {"attribute": "renewal_on", "type": "date", "is_feature": "true"},
    ):
        add_policy_row(project, "attributes", attribute | change)
    rule = {"scoring_model": "guide", "rule_order": "1", "points": "1", "counts_for_grade": "true"}
    for criterion, attribute_name, match_type, values in (
        ("mood", "mood", "is_known", ""),
        ("quality", "lead_quality", "between", "1|5"),
        ("seats", "seats", "in", "5|many"),
        ("budget", "budget", "in", "1000"),
        ("renewal", "renewal_on", "in", "2026-12-24|Christmas"),
        ("other renewal", "renewal_on", "in", "2026-12-24| 2026-12-31"),
    ):
        matches = {"match_type": match_type, "match_values": values}
        looks_at = {"criterion": criterion, "attribute": attribute_name}
        add_policy_row(project, "fit_rules", rule | looks_at | matches)


def spoil_lists(project: Path) -> None:
    """One fault of each kind in lists."""
    placeholder = {"value": " N/A ", "applies_to": "text"}
    add_policy_row(project, "placeholders", placeholder)
    add_policy_row(project, "placeholders", {"value": "void", "applies_to": "text|colour"})
    add_policy_row(project, "placeholders", {"value": "vacant"})
    add_policy_row(project, "shared_mailboxes", {"local_part": "INFO"})
    add_policy_row(project, "shared_mailboxes", {"local_part": "zentrale@acme.com"})
    add_policy_row(project, "countries", {"name": "south  KOREA", "country": "KR"})
    add_policy_row(project, "countries", {"name": "Utopia", "country": "UTO"})
    add_policy_row(project, "email_domains", {"email_domain": "@mail.example", "kind": "personal"})
    add_policy_row(project, "bot_user_agents", {"pattern": "CURL", "is_word": "true"})
    add_policy_row(project, "bot_user_agents", {"pattern": "robocrop", "unless": "a||b"})
    rule = {"scoring_model": "guide", "criterion": "job_title"}
    words = {"attribute": "job_title", "match_type": "has_word", "counts_for_grade": "true"}
    more = {"rule_order": "2", "match_values": "growth|!!", "points": "1"}
    add_policy_row(project, "fit_rules", rule | words | more)
    values = {"rule_order": "3", "match_type": "in", "match_values": "a||b", "points": "1"}
    add_policy_row(project, "fit_rules", rule | words | values)
    add_policy_row(project, "fit_rules", rule | words | {"rule_order": "4", "points": "1"})
    add_policy_row(project, "buying_roles", {"rule_order": "90", "phrase": "&", "buying_role": "x"})
    edit_policy(project, "routing_rules", {"rule_order": "1"}, {"countries": "US|CA|"})


def exaggerate(project: Path) -> None:
    """A number beyond the range of its quantity, in each way that a sum could overflow."""
    points = {"scoring_model": "guide", "signal": "email_click"}
    edit_policy(project, "signal_points", points, {"points": "10001"})
    step = {"scoring_model": "como", "from_day": "0"}
    edit_policy(project, "recency_curve", step, {"multiplier": "100.5"})
    edit_policy(
        project, "framework_selection", {"rule_order": "1"}, {"min_amount": "1000000000000000"}
    )
    edit_policy(project, "stage_timers", {"stage": "pql"}, {"after_days": "36501"})
    setting = {"setting": "mql_engaged_days"}
    edit_policy(project, "lifecycle_settings", setting, {"value": "-1"})


def require_nonsense(project: Path) -> None:
    """One fault of each kind in what must hold before, and in timers and triggers of profiles."""
    for values in (
        {"profile": "nobody", "check_name": "consent", "events": "sql_gate"},
        {"profile": "standard", "check_name": "mood", "events": "sql_gate"},
        {"profile": "standard", "check_name": "consent", "events": "sql_gate|party"},
        {"profile": "startup", "check_name": "high_intent", "events": "sql_gate"},
        {"profile": "startup", "check_name": "grade", "events": "sql_gate", "min_value": "Z"},
        {"profile": "startup", "check_name": "consent", "events": "sql_gate", "min_value": "1"},
        {"profile": "enterprise", "check_name": "framework_confirmed", "events": "mql_gate"},
    ):
        add_policy_row(project, "handoff_requirements", values)
    trigger = {"profile": "plg", "event": "high_intent_action", "signal": "demo_request"}
    edit_policy(project, "profile_triggers", trigger, {"min_grade": "Z"})
    timer = {"profile": "nobody", "stage": "mql", "timer_event": "mql_expired"}
    add_policy_row(project, "stage_timers", timer | {"after_days": "5", "reason_code": "mql_aged"})
    setting = {"setting": "assignment_hands_over"}
    edit_policy(project, "lifecycle_settings", setting, {"value": "2"})


def run_in_circles(project: Path) -> None:
    """Timers that would never rest, and two codes that a look-up takes for one."""
    parked = {"from_stage": "long_term_nurture", "event": "mql_expired", "to_stage": "mql"}
    add_policy_row(project, "stage_transitions", parked | {"is_regression": "false"})
    timer = {"stage": "long_term_nurture", "timer_event": "mql_expired", "after_days": "1"}
    add_policy_row(project, "stage_timers", timer | {"reason_code": "mql_aged"})
    reason = {"reason_code": "NO_RESPONSE", "kind": "regression", "label": "Silence"}
    add_policy_row(project, "disposition_reasons", reason)


def confuse_roles(project: Path) -> None:
    """One fault of each kind in roles and flags."""
    edit_policy(project, "stages", {"stage": "suppressed"}, {"role": ""})
    edit_policy(project, "stages", {"stage": "sql_contacted"}, {"role": "disqualified"})
    edit_policy(project, "stages", {"stage": "sql_working"}, {"role": "hero"})
    edit_policy(project, "stages", {"stage": "customer"}, {"funnel_rank": "5"})
    edit_policy(project, "signals", {"signal": "resubscribe"}, {"role": ""})
    edit_policy(project, "disposition_reasons", {"reason_code": "closed_lost"}, {"role": "lost"})
    edit_policy(project, "grade_scale", {"grade": "F"}, {"is_blocking": "false"})
    edit_policy(project, "lifecycle_events", {"event": "sql_gate"}, {"is_gate": "false"})
    edit_policy(project, "lifecycle_events", {"event": "recycled"}, {"disposition": "composted"})
    cell = {"grade": "A", "score_level": "high"}
    edit_policy(project, "qualification_matrix", cell, {"opens_mql_gate": "false"})
    band = {"scoring_model": "ooligo", "score_band": "cold"}
    edit_policy(project, "score_bands", band, {"is_qualifying": ""})
    edit_policy(project, "response_buckets", {"from_minutes": "0"}, {"from_minutes": "1"})
    bucket = {"response_bucket": "none", "from_minutes": "2880", "label": "never"}
    add_policy_row(project, "response_buckets", bucket)


def confuse_model_quality(project: Path) -> None:
    """One fault of each kind in the settings of model quality."""
    edit_policy(project, "lifecycle_settings", {"setting": "negligible_lift"}, {"value": "0.5"})
    window = {"setting": "conversion_window_days"}
    edit_policy(project, "lifecycle_settings", window, {"value": "1.5"})


def confuse_derived_signals(project: Path) -> None:
    """One fault of each kind in derived_signals.csv and the patterns of signal_map.csv."""
    repeat = {"kind": "repeat", "from_signals": "email_open"}
    repeat |= {"min_count": "2", "distinct_of": "day", "within_days": "7"}
    sequence = {"kind": "sequence", "from_signals": "blog_view"}
    sequence |= {"then_signal": "email_open", "within_hours": "2"}
    silence = {"kind": "silence", "from_signals": "blog_view", "within_days": "7"}
    for signal, row in {
        "twin": repeat,
        "telepathy": repeat,
        "dance": repeat | {"kind": "dance"},
        "from_nowhere": repeat | {"from_signals": ""},
        "from_gap": repeat | {"from_signals": "email_open||blog_view"},
        "from_derived": repeat | {"from_signals": "repeat_opens"},
        "then_derived": sequence | {"then_signal": "repeat_opens"},
        "chat_message": repeat,
        "of_colours": repeat | {"distinct_of": "colour"},
        "velocity_of_light": repeat,
        "of_one": repeat | {"min_count": "1"},
        "no_days": repeat | {"within_days": "0"},
        "no_hours": sequence | {"within_hours": "0"},
        "loud_silence": silence,
        "half": repeat | {"min_count": ""},
        "too_much": silence | {"then_signal": "email_open"},
    }.items():
        add_policy_row(project, "derived_signals", row | {"signal": signal})
        if signal not in ("telepathy", "chat_message"):
            flags = dict.fromkeys(("is_engagement", "is_meaningful", "is_high_intent"), "false")
            if signal == "loud_silence":
                flags["is_engagement"] = "true"
            kind = {"signal": signal, "origin": "first_party"} | flags
            kind["role"] = "complaint" if signal == "half" else ""
            add_policy_row(project, "signals", kind)
    add_policy_row(project, "derived_signals", repeat | {"signal": "twin"})
    row = {"source": "intent_signals", "event_name": "psychic", "signal": "topic_spike"}
    for order, column in enumerate(("asset_pattern", "link_pattern", "min_value"), start=90):
        given = {"rule_order": str(order), column: "1"}
        add_policy_row(project, "signal_map", row | given)


def contradict_the_agreement(project: Path) -> None:
    """One fault of each kind in what marketing and sales agreed on."""
    edit_policy(project, "sla_policies", {"rule_order": "2"}, {"handoff_signals": "psychic_call"})
    edit_policy(project, "sla_policies", {"rule_order": "3"}, {"handoff_signals": "blog_view"})
    edit_policy(project, "sla_policies", {"rule_order": "4"}, {"to_owner": "marketing"})
    edit_policy(project, "sla_policies", {"rule_order": "5"}, {"profile": "psychic"})
    edit_policy(project, "stage_owners", {"stage": "suppressed"}, {"profile": "psychic"})
    edit_policy(project, "stage_owners", {"stage": "customer"}, {"owner": "finance"})
    add_policy_row(project, "stage_owners", {"stage": "lead", "owner": "sdr"})
    add_policy_row(project, "stage_owners", {"stage": "limbo", "owner": "sdr"})
    edit_policy(project, "routing_rules", {"rule_order": "5"}, {"countries": "NO"})
    edit_policy(project, "routing_rules", {"rule_order": "4"}, {"calendar": "lunar"})
    hours = {"time_zone": "Europe/Berlin", "opens": "09:00", "closes": "17:00"}
    for change in (
        {"calendar": "mars", "weekday": "1", "time_zone": "Mars/Olympus"},
        {"calendar": "europe", "weekday": "6", "opens": "9:00"},
        {"calendar": "europe", "weekday": "2", "opens": "16:00", "closes": "18:00"},
        {"calendar": "americas", "weekday": "7"},
    ):
        add_policy_row(project, "business_hours", hours | change)
    add_policy_row(project, "holidays", {"calendar": "lunar", "holiday": "2026-02-17"})
    add_policy_row(project, "mql_targets", {"target_month": "2026-07-15", "target_mqls": "60"})


INPUTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "missing column": (without_a_column, ["web_events", "no column occurred_at"]),
    "missing leads": (without_leads, ["Raw table leads is missing"]),
    "ragged row": (
        with_a_ragged_row,
        [
            f"web_events.csv, line {SAMPLED_ROWS + 12}: a row with fewer cells than the header",
            f"which has {len(COLUMNS['web_events'])}",
        ],
    ),
    "broken file": (with_a_broken_file, ["web_events.csv, line 3: not text"]),
    "unusable rows": (
        with_too_many_unusable_rows,
        [
            "quarantine_stop_rate",
            "web_events: 3 of 13 rows cannot be used, most often: unreadable occurred_at "
            "(2, such as later). Read are times such as 2026-03-01, 2026-03-01 10:00:00",
        ],
    ),
    "long chain": (with_a_long_chain, ["hop00", "hop21", "21 hops"]),
}
FAULTS = [
    ("signal_points", "scoring_model=guide signal=telepathy"),
    ("score_bands", "scoring_model=guide: gap"),
    ("score_bands", "scoring_model=como min_score=100"),
    ("qualification_matrix", "grade=C score_level=medium: missing"),
    ("qualification_matrix", "grade=C score_level=high"),
    ("fit_rules", "scoring_model=guide criterion=industry rule_order=1"),
    ("stage_transitions", "from_stage=lead event=stars_align"),
    ("stage_transitions", "from_stage=lead event=sales_contacted"),
    ("sla_policies", "rule_order=2 sla_policy=reply_with_intent: unknown psychic_call"),
    ("sla_policies", "(no such row): missing: a policy with empty handoff_signals"),
    ("sla_policies", "rule_order=4 sla_policy=content_driven: to_owner is marketing"),
    ("sla_policies", "rule_order=5 sla_policy=startup_demo: unknown profile psychic"),
    ("stage_owners", "profile=psychic stage=suppressed: unknown profile psychic"),
    ("stage_owners", "stage=suppressed: missing; each stage needs an owner with empty profile"),
    ("stage_owners", "profile=(empty) stage=customer: owner is finance; it is one of nobody"),
    ("stage_owners", "profile=(empty) stage=lead: duplicate rule: 2 rows"),
    ("stage_owners", "profile=(empty) stage=limbo: unknown stage limbo"),
    ("routing_rules", "(no such row): missing: a rule with empty countries"),
    ("routing_rules", "rule_order=4: unknown calendar lunar"),
    ("business_hours", "calendar=mars weekday=1 opens=09:00: time_zone is Mars/Olympus"),
    ("business_hours", "calendar=europe weekday=6 opens=9:00"),
    ("business_hours", "calendar=europe weekday=2 opens=16:00: opens before 17:00"),
    ("business_hours", "calendar=americas: two time zones"),
    ("holidays", "calendar=lunar holiday=2026-02-17"),
    ("mql_targets", "target_month=2026-07-15"),
    ("derived_signals", "signal=twin: duplicate rule: 2 rows"),
    ("derived_signals", "signal=telepathy: unknown signal telepathy"),
    ("derived_signals", "signal=dance: kind is dance; it is one of repeat, sequence, silence"),
    ("derived_signals", "signal=from_nowhere: from_signals is empty"),
    ("derived_signals", "signal=from_gap: from_signals has an item that is empty"),
    ("derived_signals", "signal=from_derived: unknown repeat_opens in from_signals"),
    ("derived_signals", "signal=then_derived: unknown then_signal repeat_opens"),
    ("derived_signals", "signal=chat_message: a row of signal_map.csv makes this signal"),
    ("derived_signals", "signal=chat_message: its events count as meaningful already"),
    ("derived_signals", "signal=of_colours: distinct_of is colour"),
    ("derived_signals", "signal=velocity_of_light: names that begin with velocity_ are taken"),
    ("derived_signals", "signal=of_one: min_count must be 2 or more"),
    ("derived_signals", "signal=no_days: within_days must be 1 or more"),
    ("derived_signals", "signal=no_hours: within_hours must be 1 or more"),
    ("derived_signals", "signal=loud_silence: nobody engages by silence"),
    ("derived_signals", "signal=half: a repeat needs min_count"),
    ("derived_signals", "signal=half: a derived signal says nothing about writing to a person"),
    ("derived_signals", "signal=too_much: a silence has no then_signal; leave it empty"),
    ("signal_map", "source=intent_signals rule_order=90: asset_pattern is of marketing_activities"),
    ("signal_map", "source=intent_signals rule_order=91: link_pattern is of email_events"),
    ("signal_map", "source=intent_signals rule_order=92: min_value is of marketing_activities"),
    ("stages", "role=suppressed: missing; give this role to the row that plays it"),
    ("stages", "role=disqualified: duplicate role: 2 rows have it"),
    ("stages", "stage=sql_working: unknown role hero; it is one of start"),
    ("stages", "stage=customer: funnel_rank must be above that of the stage with the role opp"),
    ("signals", "role=opt_in: missing"),
    ("disposition_reasons", "reason_code=closed_lost: unknown role lost"),
    ("disposition_reasons", "role=closed_lost: missing"),
    ("grade_scale", "(no such row): missing: no grade is_blocking"),
    ("lifecycle_events", "event=sql_gate: is_gate is true for sql_gate and mql_gate"),
    ("lifecycle_events", "event=recycled: disposition is composted"),
    ("qualification_matrix", "grade=A score_level=high: a cell that opens the SQL gate"),
    ("score_bands", "scoring_model=ooligo score_band=cold: is_qualifying must be true or false"),
    ("response_buckets", "(no such row): missing: a bucket with from_minutes 0"),
    ("response_buckets", "response_bucket=none: response_bucket (not all or none"),
    ("lifecycle_settings", "setting=negligible_lift: negligible_lift must be 1 or more"),
    ("lifecycle_settings", "setting=conversion_window_days: conversion_window_days must be"),
    ("placeholders", "value=n/a: duplicate rule: 2 rows"),
    ("placeholders", "value=void: applies_to has colour; each item is one of text, address"),
    ("placeholders", "value=vacant applies_to=(empty): applies_to is empty"),
    ("shared_mailboxes", "local_part=info: duplicate rule: 2 rows"),
    ("shared_mailboxes", "local_part=zentrale@acme.com: local_part is what stands before the @"),
    ("countries", "name=south korea: duplicate rule: 2 rows"),
    ("countries", "name=Utopia: country is UTO; it is a code of two letters"),
    ("email_domains", "email_domain=@mail.example: email_domain is what stands after the @"),
    ("bot_user_agents", "pattern=curl: duplicate rule: 2 rows"),
    ("bot_user_agents", "pattern=robocrop: is_word must be true or false"),
    ("bot_user_agents", "pattern=robocrop: unless has an item that is empty"),
    ("fit_rules", "criterion=job_title rule_order=2: match_values has an item without a letter"),
    ("fit_rules", "criterion=job_title rule_order=3: match_values has an item that is empty"),
    ("fit_rules", "criterion=job_title rule_order=4: match_values is empty"),
    ("buying_roles", "rule_order=90 phrase=&: phrase has an item without a letter or digit"),
    ("routing_rules", "rule_order=1: countries has an item that is empty"),
    ("signal_points", "signal=email_click: points must be from -10000 to 10000"),
    ("recency_curve", "scoring_model=como from_day=0: multiplier must be from 0 to 100"),
    ("framework_selection", "rule_order=1: min_amount must be from 0 to 999999999999999.99"),
    ("stage_timers", "stage=pql timer_event=pql_expired: after_days must be from 0 to 36500"),
    ("lifecycle_settings", "setting=mql_engaged_days: mql_engaged_days must be from 0 to 36500"),
    ("handoff_requirements", "profile=nobody check_name=consent: unknown profile nobody"),
    ("handoff_requirements", "profile=standard check_name=mood: check_name is mood"),
    ("handoff_requirements", "profile=standard check_name=consent: events has party"),
    ("handoff_requirements", "profile=startup check_name=high_intent: min_value must be a number"),
    ("handoff_requirements", "profile=startup check_name=grade: min_value must be a grade; it is"),
    ("handoff_requirements", "profile=startup check_name=consent: min_value says nothing for"),
    ("handoff_requirements", "profile=enterprise check_name=framework_confirmed: duplicate rule"),
    ("profile_triggers", "event=high_intent_action signal=demo_request: unknown min_grade Z"),
    ("stage_timers", "stage=mql timer_event=mql_expired: unknown profile nobody"),
    ("lifecycle_settings", "setting=assignment_hands_over: assignment_hands_over must be 0 or 1"),
    (
        "stage_timers",
        "timer_event=mql_expired: the timers run in a circle: long_term_nurture to m",
    ),
    ("disposition_reasons", "reason_code=NO_RESPONSE: NO_RESPONSE and no_response differ only in"),
    ("attributes", "attribute=seats: duplicate rule: 2 rows"),
    ("attributes", "attribute=Lead Quality object=lead: attribute is a name in lower-case"),
    ("attributes", "attribute=job_title: job_title is the name of something built in"),
    ("attributes", "attribute=grade: grade is the name of something built in"),
    ("attributes", "attribute=product: object is deal; it is one of lead, account"),
    ("attributes", "attribute=plan: type is number; it is one of text, integer, decimal"),
    ("attributes", "attribute=is_partner: is_dimension and is_feature must be true or false"),
    ("attributes", "attribute=budget: a decimal has too many values"),
    ("attributes", "attribute=renewal_on: a date has too many values"),
    ("fit_rules", "criterion=mood rule_order=1: attribute is mood; it is one of industry"),
    ("fit_rules", "criterion=quality rule_order=1: match_type is between; for text it is one of"),
    ("fit_rules", "criterion=seats rule_order=1: match_values has a value that is not of the type"),
    ("fit_rules", "criterion=budget rule_order=1: match_type is in; for decimal it is one of"),
    ("fit_rules", "criterion=renewal rule_order=1: match_values has a value that is not of the"),
    ("model_assignment", "motion=inbound: missing: some leads of this motion get no scoring model"),
    ("model_assignment", "track=third rule_order=10: track is third; it is one of main, second"),
    ("model_assignment", "track=second rule_order=11: scoring_model and profile must be given"),
    ("model_assignment", "track=second rule_order=12: motion is inbound|sideways"),
    ("model_assignment", "track=second rule_order=13: company_segment is enterprise"),
    ("model_assignment", "track=second rule_order=14: unknown smoke_signals in channel"),
    ("model_assignment", "track=second rule_order=15: has_product_use is yes"),
    ("model_assignment", "track=second rule_order=16: country has an item that is empty"),
    ("qualification_matrix", "profile=nobody grade=A score_level=high: unknown profile nobody"),
    ("next_actions", "rule_order=35: due_from is yesterday; it is one of since, sla_due_at"),
    ("next_actions", "rule_order=35: it has no conditions and takes every lead"),
    ("next_actions", "rule_order=40: unknown limbo in stage"),
    ("next_actions", "rule_order=41: unknown nobody in profile"),
    ("next_actions", "rule_order=42: unknown E in grade"),
    ("next_actions", "rule_order=43: unknown tepid in score_level"),
    ("next_actions", "rule_order=44: unknown telepathy in has_signal"),
    ("next_actions", "rule_order=45: stage_owner is marketing|finance; each item is one of"),
    ("next_actions", "rule_order=46: sla_status is late; each item is one of open, at_risk"),
    ("next_actions", "rule_order=47: is_consenting is yes; each item is one of true, false"),
    ("next_actions", "rule_order=48: grade has an item that is empty"),
    ("next_actions", "rule_order=49: action is Wave Twice; it is a code in lower-case letters"),
    ("next_actions", "rule_order=50: owner is finance; it is one of nobody, marketing"),
    ("next_actions", "rule_order=51: is_outreach must be true or false"),
    ("next_actions", "rule_order=52: nobody would write or call"),
    ("next_actions", "rule_order=53: due_hours count from nothing"),
    ("next_actions", "rule_order=54: due_hours must be from 0 to"),
    ("next_actions", "rule_order=55: description is empty"),
    ("next_actions", "rule_order=56: duplicate rule: 2 rows with this key"),
    ("next_actions", "rule_order=56: the last rule has conditions"),
]


@pytest.fixture(scope="module", autouse=True)
def submitted(
    tmp_path_factory: pytest.TempPathFactory,
    builds: Builds,
    worlds_future: Future[Warehouse],
) -> dict[str, Future[Warehouse]]:
    """The builds of all the inputs, begun after those that tests further down need."""
    futures = {}
    for name, (write, _) in INPUTS.items():
        folder = tmp_path_factory.mktemp("bad")
        write(folder)
        futures[name] = builds.submit(folder, WORLDS_AS_OF, arguments=FAIL_FAST)
    return futures


@pytest.mark.parametrize("name", INPUTS)
def test_input_stops_the_build(submitted: dict[str, Future[Warehouse]], name: str) -> None:
    """The message names the table and what is wrong with it."""
    error = submitted[name].exception()
    assert isinstance(error, BuildError)
    for words in INPUTS[name][1]:
        assert words in str(error)


def test_share_at_the_bound_does_not_stop_the_build(
    submitted: dict[str, Future[Warehouse]],
) -> None:
    """20 % of the activities is not above 20 %: that warns."""
    message = str(submitted["unusable rows"].exception())
    warning = "marketing_activities: 1 of 5 rows cannot be used"
    assert "quarantine_warn_rate" in message
    assert warning in message
    assert warning not in message[message.index("quarantine_stop_rate") :]


@pytest.fixture(scope="module")
def policy_message(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> str:
    """What a build says of a policy that contradicts itself."""
    raw = scenario().write(tmp_path_factory.mktemp("good"))
    select = ("--select", "+int_policy_violations")
    built = builds.submit(raw, WORLDS_AS_OF, edit=contradict, arguments=select)
    error = built.exception()
    assert isinstance(error, BuildError)
    return str(error)


@pytest.mark.parametrize(("table", "row"), FAULTS)
def test_policy_fault_stops_the_build(policy_message: str, table: str, row: str) -> None:
    """The message names the file and the row of each fault."""
    assert re.search(rf"seeds/policy/{table}\.csv, row .*{re.escape(row)}", policy_message)


def test_sound_rows_are_not_blamed(policy_message: str) -> None:
    """There are as many complaints as faults."""
    complaints = {line for line in policy_message.splitlines() if "- seeds/policy/" in line}
    assert len({line.strip() for line in complaints}) == len(FAULTS)


@pytest.fixture(scope="module")
def bare_future(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> Future[Warehouse]:
    """A build from leads alone: most tables are absent, accounts and web events switched off."""
    absent = [table for table in COLUMNS if table not in NEEDED]
    raw = scenario().write(tmp_path_factory.mktemp("bare"), leave_out=absent)
    switches = {"has_accounts": False, "has_web_events": False}
    return builds.submit(raw, WORLDS_AS_OF, variables=switches)


@pytest.fixture(scope="module")
def bare(bare_future: Future[Warehouse]) -> Warehouse:
    """The same when it is finished."""
    return bare_future.result()


def columns_of(warehouse: Warehouse, schema: str) -> list[dict[str, object]]:
    """Every column of a schema with its type."""
    return warehouse.read(
        "select table_name, column_name, data_type from information_schema.columns "
        f"where table_schema = '{schema}' order by table_name, column_name"
    ).to_dict("records")


@pytest.mark.nightly
@pytest.mark.parametrize("schema", ["main_staging", "main_marts"])
def test_absent_tables_are_empty_and_typed(
    bare: Warehouse, worlds_build: Warehouse, schema: str
) -> None:
    """Nothing is missing of any table, and every column has the type that it has with data."""
    assert columns_of(bare, schema) == columns_of(worlds_build, schema)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "table",
    [
        "stg_web__web_events",
        "stg_crm__accounts",
        "stg_crm__opportunities",
        "stg_intent__intent_signals",
        "stg_email__email_events",
        "stg_product__product_events",
        "stg_sales__sales_activities",
    ],
)
def test_absent_table_has_no_row(bare: Warehouse, table: str) -> None:
    """Switched off or absent is the same."""
    assert bare.read(f"select * from main_staging.{table}").empty


@pytest.mark.nightly
def test_leads_are_scored_without_the_rest(bare: Warehouse) -> None:
    """A title is worth 15 points, never engaged halves them; the account's switch works too."""
    (score,) = bare.table("lead_scores").to_dict("records")
    assert (normal(score["score"]), score["grade"]) == (7.5, "D")
    (stage,) = bare.table("lead_stages").to_dict("records")
    assert (stage["stage"], normal(stage["account_id"])) == ("lead", None)
    assert "channel_conversion" in public_tables(bare)
