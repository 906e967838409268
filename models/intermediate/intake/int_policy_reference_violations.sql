{{ config(materialized='ephemeral', tags=['gate']) }}

-- Names in policy tables that the table they refer to does not have, and values outside a list. Long because it
-- is a list of checks.
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
    policy_unknown('signal_points', ['scoring_model', 'signal'], 'scoring_model', 'scoring_models'),
    policy_unknown('signal_points', ['scoring_model', 'signal'], 'signal', 'signals'),
    policy_unknown('signal_points', ['scoring_model', 'signal'], 'cleared_by', 'signals', 'signal'),
    policy_not_one_of('signal_points', ['scoring_model', 'signal'], 'component', ['behaviour', 'intent', 'penalty']),
    policy_not_one_of('signal_points', ['scoring_model', 'signal'], 'dedupe_by', ['event', 'session', 'day', 'asset']),
    policy_unknown('signal_map', ['source', 'rule_order'], 'signal', 'signals'),
    policy_not_one_of('signal_map', ['source', 'rule_order'], 'source', [
        'web_events', 'email_events', 'marketing_activities', 'product_events', 'intent_signals', 'leads'
    ]),
    policy_not_one_of('signals', ['signal'], 'origin', [
        'first_party', 'second_party', 'third_party', 'product', 'deliverability', 'enrichment'
    ]),
    policy_unknown('fit_rules', ['scoring_model', 'criterion', 'rule_order'], 'scoring_model', 'scoring_models'),
    policy_rows_where(
        'fit_rules', ['scoring_model', 'criterion', 'rule_order'],
        'attribute is null or attribute not in (' ~ text_literals(fit_attributes()) ~ ') and attribute not in (select attribute from '
        ~ policy('attributes') ~ ' as custom_attributes where attribute is not null)',
        "'attribute is ' || coalesce(attribute, '(empty)') || '; it is one of " ~ fit_attributes() | join(', ')
        ~ ', or add it to ' ~ policy_file('attributes') ~ "'"
    ),
    policy_not_one_of('fit_rules', ['scoring_model', 'criterion', 'rule_order'], 'match_type', [
        'in', 'between', 'has_word', 'is_known', 'is_true'
    ]),
    policy_unknown('recency_curve', ['scoring_model', 'from_day'], 'scoring_model', 'scoring_models'),
    policy_unknown('score_bands', ['scoring_model', 'score_band'], 'scoring_model', 'scoring_models'),
    policy_unknown('qualification_matrix', ['profile', 'grade', 'score_level'], 'profile', 'qualification_profiles'),
    policy_unknown('qualification_matrix', ['grade', 'score_level'], 'grade', 'grade_scale'),
    policy_unknown('qualification_matrix', ['grade', 'score_level'], 'score_level', 'score_bands'),
    policy_unknown('model_assignment', ['track', 'rule_order'], 'scoring_model', 'scoring_models'),
    policy_unknown('model_assignment', ['track', 'rule_order'], 'profile', 'qualification_profiles'),
    policy_rows_where(
        'model_assignment', ['track', 'rule_order'], track_of('checked') ~ ' not in (' ~ text_literals(tracks()) ~ ')',
        "'track is ' || track || '; it is one of " ~ tracks() | join(', ') ~ "'"
    ),
    policy_rows_where(
        'model_assignment', ['track', 'rule_order'], 'scoring_model is null or profile is null',
        "'scoring_model and profile must be given'"
    ),
    policy_list_not_of('model_assignment', ['track', 'rule_order'], 'motion', motions()),
    policy_list_not_of('model_assignment', ['track', 'rule_order'], 'company_segment', company_segments()),
    policy_unknown_items('model_assignment', ['track', 'rule_order'], 'channel', 'channels', 'channel'),
    policy_unknown('qualification_profiles', ['profile'], 'mql_min_grade', 'grade_scale', 'grade'),
    policy_unknown('profile_triggers', ['profile', 'event', 'signal'], 'profile', 'qualification_profiles'),
    policy_unknown('profile_triggers', ['profile', 'event', 'signal'], 'signal', 'signals'),
    policy_unknown('profile_triggers', ['profile', 'event', 'signal'], 'min_grade', 'grade_scale', 'grade'),
    policy_unknown('handoff_requirements', ['profile', 'check_name'], 'profile', 'qualification_profiles'),
    policy_not_one_of(
        'handoff_requirements', ['profile', 'check_name'], 'check_name',
        requirement_checks().number + requirement_checks().grade + requirement_checks().nothing
    ),
    policy_empty('handoff_requirements', ['profile', 'check_name'], 'events'),
    policy_items_not_one_of('handoff_requirements', ['profile', 'check_name'], 'events', events_with_requirements()),
    policy_empty_items('handoff_requirements', ['profile', 'check_name'], 'events'),
    policy_rows_where(
        'handoff_requirements', ['profile', 'check_name'],
        'check_name in (' ~ text_literals(requirement_checks().number)
        ~ ") and (min_value is not null or check_name <> 'score_threshold') and not coalesce("
        ~ regexp_like('min_value', '^-?[0-9]{1,6}([.][0-9]{1,4})?$') ~ ', false)',
        "'min_value must be a number; it is ' || coalesce(min_value, '(empty)')"
    ),
    policy_rows_where(
        'handoff_requirements', ['profile', 'check_name'],
        "check_name in (" ~ text_literals(requirement_checks().grade) ~ ") and coalesce(min_value, '') not in (select grade from "
        ~ checked_policy('grade_scale') ~ ' as known)',
        "'min_value must be a grade; it is ' || coalesce(min_value, '(empty)')"
    ),
    policy_rows_where(
        'handoff_requirements', ['profile', 'check_name'],
        'check_name in (' ~ text_literals(requirement_checks().nothing) ~ ') and min_value is not null',
        "'min_value says nothing for this check; leave it empty'"
    ),
    policy_not_one_of('profile_triggers', ['profile', 'event', 'signal'], 'event', [
        'mql_trigger', 'high_intent_action', 'pql_milestone'
    ]),
    policy_unknown('stage_transitions', ['from_stage', 'event'], 'from_stage', 'stages', 'stage'),
    policy_unknown('stage_transitions', ['from_stage', 'event'], 'to_stage', 'stages', 'stage'),
    policy_unknown('stage_transitions', ['from_stage', 'event'], 'event', 'lifecycle_events'),
    policy_unknown('stage_timers', ['stage', 'timer_event'], 'profile', 'qualification_profiles'),
    policy_unknown('stage_timers', ['stage', 'timer_event'], 'stage', 'stages'),
    policy_unknown('stage_timers', ['stage', 'timer_event'], 'timer_event', 'lifecycle_events', 'event'),
    policy_unknown('stage_timers', ['stage', 'timer_event'], 'reason_code', 'disposition_reasons'),
    policy_unknown('stage_owners', ['profile', 'stage'], 'profile', 'qualification_profiles'),
    policy_unknown('stage_owners', ['profile', 'stage'], 'stage', 'stages'),
    policy_not_one_of('stage_owners', ['profile', 'stage'], 'owner', owner_ranks() | list),
    policy_not_one_of('channels', ['lead_source'], 'motion', motions()),
    policy_rows_where(
        'signals', ['signal'],
        "touch_kind not in ('email_open', 'email_click', 'page_visit', 'content_download')",
        "'touch_kind is ' || touch_kind || '; it is email_open, email_click, page_visit, content_download or empty'"
    ),
    policy_unknown('routing_rules', ['rule_order'], 'calendar', 'business_hours'),
    policy_unknown_items('sla_policies', ['rule_order', 'sla_policy'], 'handoff_signals', 'signals', 'signal'),
    policy_unknown('sla_policies', ['rule_order', 'sla_policy'], 'profile', 'qualification_profiles'),
    policy_rows_where(
        'sla_policies', ['rule_order', 'sla_policy'], "to_owner not in ('sdr', 'sales')",
        "'to_owner is ' || to_owner || '; a hand-off goes to sdr or sales, or leave it empty'"
    ),
    policy_not_one_of('sla_policies', ['rule_order', 'sla_policy'], 'clock', ['elapsed', 'business']),
    policy_unknown('holidays', ['calendar', 'holiday'], 'calendar', 'business_hours'),
    policy_unknown('framework_selection', ['rule_order'], 'framework', 'frameworks')
] + policy_lists_not_of('model_assignment', ['track', 'rule_order'], yes_or_no_conditions(), ['true', 'false']) %}
    {{ checks | join(next_check()) }}
    {% endcall %}

)

select * from violations
