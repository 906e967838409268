"""A second, independent calculation of the public tables, straight from the specification.

It is slow and plain on purpose: one lead at a time, every score evaluated by its definition,
every lifecycle run step by step. The tables that dbt builds are compared with it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from python_checks.reference.account_funnel import account_funnel_rows, target_accounts
from python_checks.reference.account_stages import account_stage_history
from python_checks.reference.accounts import account_engagement
from python_checks.reference.assignment import assign
from python_checks.reference.attributes import (
    Attributes,
    RecordHistory,
    attribute_history_rows,
    record_histories,
)
from python_checks.reference.attribution import attribution_rows
from python_checks.reference.calibration import score_calibration, threshold_recommendation
from python_checks.reference.checks import handoff_checklist_rows, mql_quality_rows
from python_checks.reference.crm_sync import crm_account_sync, crm_lead_sync, crm_sync_ledger
from python_checks.reference.customers import (
    conversion_to_paid,
    nurture_comparison,
    sales_cycle,
)
from python_checks.reference.delivery import email_delivery
from python_checks.reference.engagement import engagement_rate
from python_checks.reference.evaluation import evaluation_rows, points_of
from python_checks.reference.feedback import (
    approaches_of,
    re_engagement_queue,
    regressions,
    rejection_drivers,
    rejections,
    stage_ageing,
)
from python_checks.reference.forecast import forecast, forecast_back_test, forecasts_of
from python_checks.reference.funnel import (
    Evidence,
    benchmark_comparison,
    channel_conversion,
    funnel_conversion,
    funnel_weekly,
)
from python_checks.reference.handoffs import handoff_rows
from python_checks.reference.identity import Identity, Lead, identify_leads
from python_checks.reference.lifecycle import milestones_of, run_machine
from python_checks.reference.lift import pattern_lift, signal_lift
from python_checks.reference.marts import (
    LeadResult,
    funnel_lead,
    ignored_rows,
    score_history_rows,
    score_rows,
    stage_history_rows,
    stage_row,
)
from python_checks.reference.model_quality import (
    model_comparison,
    model_monitor,
    score_distribution,
)
from python_checks.reference.next_actions import next_best_action
from python_checks.reference.next_band import next_band
from python_checks.reference.options import Options, options_of
from python_checks.reference.outcomes import (
    USED,
    check_books,
    decide_outcomes,
    excluded_events,
    finish,
    leave_out,
    raw_row_ledger,
    tables_at,
)
from python_checks.reference.prediction_features import prediction_features
from python_checks.reference.qualification import lead_qualification
from python_checks.reference.quarantine import quarantined_records
from python_checks.reference.raw import (
    ATTRIBUTE_CHANGES,
    Record,
    columns_of,
    read_raw,
    rows_of_files,
)
from python_checks.reference.roi import channel_roi
from python_checks.reference.rules import Rules, load_rules, policy_version_rows
from python_checks.reference.sales_contacts import sales_contacts
from python_checks.reference.score_changes import score_changes_explained
from python_checks.reference.scoring import timelines
from python_checks.reference.signals import (
    attach_facts,
    complete_leads,
    emails_by_people,
    emails_of_leads,
)
from python_checks.reference.sla_reports import marketing_sla, sla_performance
from python_checks.reference.stages_over_time import stage_durations, stage_flow, stays_of
from python_checks.reference.unmapped import unmapped_values
from python_checks.reference.velocity import lead_velocity

__all__ = ["compute"]


def compute(
    raw: Path, policy: Path, as_of: datetime, variables: dict[str, Any] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The rows of the public tables as of one time.

    ``raw`` and ``policy`` are folders of CSV files, ``as_of`` is naive UTC. ``variables`` may
    hold vars of the project, as ``options`` has them. Times in the rows are naive UTC, points
    integers, scores, multipliers and rates decimals, nulls ``None``.
    """
    options = options_of(variables)
    expected_amount, zone = options.expected_amount, options.reporting_time_zone
    rules = load_rules(Path(policy), as_of, options.policy_in_force)
    current = rules.current
    lead_columns, account_columns = (columns_of(Path(raw), t) for t in ("leads", "accounts"))
    arrived = read_raw(Path(raw), current, options, as_of)
    identity = identify_leads(arrived.tables, current, as_of)
    decide_outcomes(arrived, identity, current, options, as_of)
    attach_facts(arrived, identity, current)
    leave_out(arrived, identity, complete_leads(identity, current, options, as_of))
    tables = tables_at(arrived)
    finish(arrived)
    ledger = raw_row_ledger(arrived)
    check_books(ledger, rows_of_files(Path(raw)))
    changes = [row.record for row in arrived.rows[ATTRIBUTE_CHANGES] if row.outcome == USED]
    accounts = record_histories(
        tables["accounts"], "account_id", account_columns, changes, "account"
    )
    custom = tuple((row.kind, row.attribute) for row in current.attributes)
    remember(identity, accounts, lead_columns, changes, custom, as_of)
    tables["accounts"] = [history.record_at(as_of) for history in accounts.values()]
    results = [_result(lead, rules, as_of) for lead in identity.leads.values()]
    funnel = [funnel_lead(result, current, as_of) for result in results]
    handoffs = handoff_rows(results, tables, rules, as_of)
    scores = [row for result in results for row in score_rows(result, current, as_of)]
    primary_scores = {row["lead_id"]: row for row in scores if row["is_primary"]}
    funnel_lead_of = {r.lead.lead_id: one for r, one in zip(results, funnel, strict=True)}
    handed_off = [(funnel_lead_of[row["lead_id"]], row) for row in handoffs]
    account_stages = account_stage_history(tables, accounts, identity, results, rules, as_of)
    stage_of = {row["account_id"]: row["stage"] for row in account_stages if not row["exited_at"]}
    engagement = account_engagement(tables, identity, results, current, as_of, stage_of)
    emails = emails_of_leads(arrived)
    wanted = target_accounts(tables["accounts"], account_stages)
    stays = stays_of(results, rules)
    milestones = [result.milestones for result in results]
    drivers = rejection_drivers(results, handoffs, rules, as_of)
    points = points_of(results, rules, as_of)
    approaches = approaches_of(results, emails)
    frameworks = lead_qualification(results, handoffs, current, as_of, expected_amount)
    actions = next_best_action(
        results, primary_scores, handoffs, approaches, frameworks, current, as_of
    )
    lead_sync = crm_lead_sync(
        results, primary_scores, handoffs, actions, current, as_of, lead_columns, zone
    )
    forecasts = forecasts_of(results, current, as_of, zone)
    deals = [deal for result in results for deal in result.lead.opportunities]
    return {
        "lead_score_history": [row for r in results for row in score_history_rows(r, as_of)],
        "lead_scores": scores,
        "lead_stage_history": [row for r in results for row in stage_history_rows(r, rules)],
        "lead_stages": [stage_row(r, rules, as_of) for r in results],
        "ignored_lifecycle_events": [row for r in results for row in ignored_rows(r)],
        "channel_conversion": channel_conversion(funnel),
        "funnel_conversion": funnel_conversion(funnel, current, as_of, zone),
        "benchmark_comparison": benchmark_comparison(
            funnel,
            current,
            as_of,
            handed_off,
            wanted,
            evidence_of(results, tables, options),
            options.primary_benchmark,
        ),
        "handoffs": handoffs,
        "handoff_checklist": handoff_checklist_rows(results, handoffs, rules),
        "mql_quality": mql_quality_rows(results, current, as_of),
        "lead_qualification": frameworks,
        "rejections": rejections(handoffs, current, as_of, zone),
        "rejection_drivers": drivers,
        "regressions": regressions(results, as_of),
        "re_engagement_queue": re_engagement_queue(
            results, primary_scores, current, as_of, approaches, zone
        ),
        "next_best_action": actions,
        "next_band": next_band(results, current, as_of),
        "score_changes_explained": score_changes_explained(
            results, rules, as_of, options.explained_days
        ),
        "stage_ageing": stage_ageing(results, current, as_of),
        "marketing_sla": marketing_sla(milestones, current, as_of, deals, zone),
        "sla_performance": sla_performance(handoffs, current, as_of, zone),
        "account_engagement": engagement,
        "account_stage_history": account_stages,
        "funnel_weekly": funnel_weekly(funnel, current, as_of, zone),
        "lead_velocity": lead_velocity(funnel, as_of, zone),
        "stage_durations": stage_durations(stays, current, as_of),
        "stage_flow": stage_flow(stays, current, as_of, zone),
        "engagement_rate": engagement_rate(emails, current, as_of, zone),
        "email_delivery": email_delivery(emails_by_people(arrived), current, as_of, zone),
        "conversion_to_paid": conversion_to_paid(funnel, current, as_of),
        "sales_cycle": sales_cycle(results, current, as_of),
        "nurture_comparison": nurture_comparison(results, current, as_of),
        "forecast": forecast(forecasts, as_of),
        "forecast_back_test": forecast_back_test(forecasts, as_of, zone),
        "channel_roi": channel_roi(results, funnel, tables, current, as_of, zone),
        "attribution": attribution_rows(results, as_of),
        "account_funnel": account_funnel_rows(wanted, as_of, zone),
        "evaluation_points": evaluation_rows(points, as_of),
        "score_calibration": score_calibration(points, current, as_of),
        "threshold_recommendation": threshold_recommendation(
            points, current, as_of, sales_contacts(results, current, as_of)
        ),
        "signal_lift": signal_lift(points, drivers, current, as_of),
        "pattern_lift": pattern_lift(points, current, as_of),
        "model_comparison": model_comparison(points, current, as_of),
        "score_distribution": score_distribution(points, current, as_of, zone),
        "model_monitor": model_monitor(points, current, as_of, zone),
        "prediction_features": prediction_features(
            points,
            rules,
            as_of,
            identity.leads.values(),
            allow_undated_attributes=options.allow_undated_attributes,
        ),
        "crm_lead_sync": lead_sync,
        "crm_sync_ledger": crm_sync_ledger(results, lead_sync, as_of),
        "crm_account_sync": crm_account_sync(
            tables["accounts"], engagement, current, as_of, account_columns
        ),
        "lead_attribute_history": [
            row
            for r in results
            for row in attribute_history_rows(
                r.lead.lead_id, r.lead.first_seen_at, r.lead.attributes
            )
        ],
        "policy_versions": policy_version_rows(rules, milestones),
        "quarantined_records": quarantined_records(arrived, identity, options),
        "unmapped_values": unmapped_values(arrived, current, as_of),
        "raw_row_ledger": ledger,
        "excluded_events": excluded_events(ledger),
    }


def evidence_of(
    results: list[LeadResult], tables: dict[str, list[Record]], options: Options
) -> Evidence:
    """Which sources say nothing, and whether sales ever sent a lead back."""
    empty = {source for source, rows in tables.items() if not rows}
    statuses = {change["status"] for r in results for change in r.lead.status_changes}
    return Evidence(
        empty_sources=frozenset(empty | options.switched_off),
        has_rejections=not statuses.isdisjoint({"rejected", "recycled", "regressed"}),
    )


def remember(
    identity: Identity,
    accounts: dict[str, RecordHistory],
    lead_columns: set[str],
    changes: list[Record],
    custom: tuple[tuple[str, str], ...],
    as_of: datetime,
) -> None:
    """Give every lead its attributes over time; record and account are those of the clock."""
    records = [lead.record for lead in identity.leads.values()]
    own = record_histories(records, "lead_id", lead_columns, changes, "lead")
    for lead in identity.leads.values():
        account = None if lead.account is None else accounts[lead.account["account_id"]]
        lead.attributes = Attributes(own[lead.lead_id], account, as_of, custom)
        lead.record = own[lead.lead_id].record_at(as_of)
        lead.account = None if account is None else account.record_at(as_of)
    introduce(list(identity.leads.values()))


def introduce(leads: list[Lead]) -> None:
    """Give every lead the leads of its account; one without an account has but itself."""
    of_account: dict[str, list[Lead]] = {}
    for lead in leads:
        if lead.account is not None:
            of_account.setdefault(lead.account["account_id"], []).append(lead)
    for lead in leads:
        account_id = lead.account_value("account_id")
        lead.colleagues = [lead] if account_id is None else of_account[account_id]


def _result(lead: Lead, rules: Rules, as_of: datetime) -> LeadResult:
    """Assign one lead, score it in all its models, then run its lifecycle by its pairs."""
    lead.assignment = assign(lead, rules)
    lead.scoring_model, lead.profile = lead.assignment.at(as_of).main
    scores = timelines(lead, rules)
    machine = run_machine(lead, scores, rules, as_of)
    return LeadResult(lead, scores, machine, milestones_of(machine.history, rules.current))
