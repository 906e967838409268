"""Which models are computed for a part of the leads only, and which of their rows are replaced.

A model may stand here if each of its rows follows from the records of one lead (with what decides
whose those records are), the policy, and the clock only at the instants that ``affected`` looks
at, or in the columns of ``CLOCKS``. Every other model is recomputed from the whole tables. A
model that the ones here read is computed for these leads too, without being told.
"""

from __future__ import annotations

RECORDS = {
    "int_erased_leads": "lead_id",
    "int_lead_merges": "lead_id",
    "int_lead_records": "record_id",
    "int_lead_channels": "lead_id",
}
"""A row is a lead record; the column that names it."""

FACTS = {
    "int_resolved_events": ("source", "record_id"),
    "int_crm_facts": ("source", "record_id"),
}
"""A row is an event or a fact of the CRM; the columns that name it."""

SCANNED = "int_scanner_events"
ADDRESSES = "int_lead_addresses"
VISITORS = "int_anonymous_visitors"

VALUES = {
    "int_bot_user_agents": ("user_agent",),
    "int_signal_map_matches": ("source", "program", "event_name", "page_path"),
    "int_fit_rule_matches": ("scoring_model", "criterion", "rule_order", "attribute_value"),
}
"""A row says what the policy makes of a value; values that nobody has any more may stay."""

LEADS = (
    "int_leads",
    "int_lead_signals",
    "int_campaign_touches",
    "int_lead_first_seen",
    "int_lead_profiles",
    "int_lead_models",
    "int_lead_fit_criteria",
    "int_lead_fit",
    "int_engagements",
    "int_engagement_episodes",
    "int_scored_signals",
    "int_score_contributions",
    "int_score_steps",
    "int_current_scores",
    "lead_score_contributions",
    "int_top_contributions",
    "int_gate_events",
    "int_framework_answers",
    "int_framework_events",
    "int_opportunities",
    "int_opportunity_events",
    "int_person_events",
    "int_signal_events",
    "int_lifecycle_events",
    "int_stage_machine",
    "lead_stage_history",
    "int_lead_milestones",
    "int_current_states",
    "int_cooldowns",
    "int_recommended_frameworks",
    "int_buying_roles",
    "int_handoffs",
    "int_handoff_triggers",
    "int_handoff_signals",
    "int_handoff_scores",
    "int_handoff_states",
    "int_handoff_context",
    "lead_scores",
    "lead_stages",
    "lead_qualification",
    "regressions",
    "int_funnel_leads",
    "evaluation_points",
    "int_evaluation_scores",
    "int_evaluation_patterns",
    "int_evaluation_signals",
    "int_evaluation_velocity",
    "prediction_features",
)
"""A row belongs to the lead that its column lead_id names."""

AS_OF = "{as_of}"
DAYS_UNTIL_AS_OF = "cast(floor(extract(epoch from ({as_of} - %s)) / 86400) as integer)"

CLOCKS = {
    "int_handoffs": {"known_until": "coalesce(ended_at, {as_of})"},
    "lead_scores": {
        "as_of": AS_OF,
        "days_since_engagement": DAYS_UNTIL_AS_OF % "last_engagement_at",
    },
    "lead_stages": {"as_of": AS_OF, "days_in_stage": DAYS_UNTIL_AS_OF % "stage_entered_at"},
    "lead_qualification": {"as_of": AS_OF},
    "regressions": {"as_of": AS_OF},
    "evaluation_points": {"as_of": AS_OF},
    "prediction_features": {"as_of": AS_OF},
}
"""Columns of the tables by lead that move with the clock in every row, and what they become."""

MODELS = frozenset({*RECORDS, *FACTS, SCANNED, ADDRESSES, VISITORS, *VALUES, *LEADS})
