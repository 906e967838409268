{#-
    How large each quantity may be: the same in staging, which takes what is beyond as unreadable,
    in the linter, and in the types of the marts, which have room for every sum of them.
        amount: money in any currency; cost: the same, and negative for a credit
        count: employees, signals, attempts; days, hours, minutes: spans of time, at most 100 years
        points: of a rule; score: a sum of points; factor: what a sum is multiplied by
        share: of a whole; rank: a place in an order
-#}
{% macro ranges() %}
    {{ return({
        'amount': ['0', '999999999999999.99'],
        'cost': ['-999999999999999.99', '999999999999999.99'],
        'count': ['0', '999999999'],
        'days': ['0', '36500'],
        'hours': ['0', '876000'],
        'minutes': ['0', '52560000'],
        'points': ['-10000', '10000'],
        'score': ['-1000000', '1000000'],
        'factor': ['0', '100'],
        'share': ['0', '1'],
        'rank': ['-1000', '1000000'],
    }) }}
{% endmacro %}


{#- The largest value of a quantity. -#}
{% macro largest(quantity) %}
    {{ return(lead_qualification.ranges()[quantity][1]) }}
{% endmacro %}


{#- The largest sum of points that counts: three of them are a score, of nine digits. -#}
{% macro largest_sum_of_points() %}
    {{ return(300000000) }}
{% endmacro %}


{#- How many digits it has before the point. -#}
{% macro whole_digits(quantity) %}
    {{ return(lead_qualification.largest(quantity).split('.')[0] | length) }}
{% endmacro %}


{#- The condition that a value is beyond the range of its quantity; null where it is empty. -#}
{% macro is_out_of_range(expression, quantity) -%}
    {%- set bounds = lead_qualification.ranges()[quantity] -%}
    {{ expression }} not between {{ bounds[0] }} and {{ bounds[1] }}
{%- endmacro %}


{#- The quantity of each number of the policy: table -> its key, and column -> quantity. -#}
{% macro policy_quantities() %}
    {{ return({
        'business_hours': {'key': ['calendar', 'weekday', 'opens'], 'columns': {'weekday': 'rank'}},
        'data_health_limits': {'key': ['check_name', 'source'], 'columns': {'warn_above': 'share', 'stop_above': 'share'}},
        'derived_signals': {'key': ['signal'], 'columns': {
            'min_count': 'count', 'within_days': 'days', 'within_hours': 'hours'}},
        'disposition_reasons': {'key': ['reason_code'], 'columns': {'re_engage_days': 'days'}},
        'fit_rules': {'key': ['scoring_model', 'criterion', 'rule_order'], 'columns': {'points': 'points', 'rule_order': 'rank'}},
        'framework_selection': {'key': ['rule_order'], 'columns': {'min_amount': 'amount', 'max_amount': 'amount'}},
        'grade_scale': {'key': ['grade'], 'columns': {'grade_rank': 'rank', 'min_criteria_matched': 'rank'}},
        'lifecycle_events': {'key': ['event'], 'columns': {'event_rank': 'rank'}},
        'mql_targets': {'key': ['target_month'], 'columns': {'target_mqls': 'count', 'min_mql_to_opportunity_rate': 'share', 'sql_target': 'count', 'pipeline_target': 'amount'}},
        'notifications': {'key': ['notification'], 'columns': {'minutes': 'minutes', 'max_age_hours': 'hours'}},
        'next_actions': {'key': ['rule_order'], 'columns': {'rule_order': 'rank', 'due_hours': 'hours'}},
        'qualification_profiles': {'key': ['profile'], 'columns': {
            'mql_min_score': 'score', 'sql_min_score': 'score', 'mql_min_meaningful_signals': 'count',
            'mql_min_intent_signals': 'count', 'sql_min_high_intent_signals': 'count'}},
        'recency_curve': {'key': ['scoring_model', 'from_day'], 'columns': {
            'from_day': 'days', 'multiplier': 'factor', 'penalty_points': 'points'}},
        'response_buckets': {'key': ['response_bucket'], 'columns': {'from_minutes': 'minutes'}},
        'score_bands': {'key': ['scoring_model', 'score_band'], 'columns': {'min_score': 'score'}},
        'scoring_models': {'key': ['scoring_model'], 'columns': {
            'fit_cap': 'score', 'behaviour_cap': 'score', 'intent_cap': 'score', 'min_score': 'score', 'dormancy_days': 'days'}},
        'signal_map': {'key': ['source', 'rule_order'], 'columns': {'min_value': 'amount'}},
        'signal_points': {'key': ['scoring_model', 'signal'], 'columns': {'points': 'points', 'valid_days': 'days'}},
        'sla_policies': {'key': ['rule_order', 'sla_policy'], 'columns': {
            'response_target_minutes': 'minutes', 'status_update_hours': 'hours', 'min_attempts': 'count',
            'attempts_window_days': 'days'}},
        'stage_timers': {'key': ['stage', 'timer_event'], 'columns': {'after_days': 'days'}},
        'stages': {'key': ['stage'], 'columns': {
            'funnel_rank': 'rank', 'max_days': 'days', 'typical_days_low': 'days', 'typical_days_high': 'days'}},
    }) }}
{% endmacro %}


{#- The quantity of each setting of lifecycle_settings.csv. -#}
{% macro quantities_of_settings() %}
    {{ return({
        'days': [
            'default_re_engage_days', 'cohort_maturity_days', 'handoff_engaged_days', 'mql_engaged_days',
            're_engage_days_ahead', 'account_window_days', 'conversion_window_days', 'remembered_trigger_days'],
        'points': [
            'regression_penalty_points', 'account_breadth_points', 'account_breadth_cap', 'account_score_cap',
            'in_market_intent_points', 'calibration_bin_points'],
        'share': ['sla_at_risk_share', 'rejection_watch_rate', 'rejection_recalibrate_rate', 'threshold_target_rate'],
        'count': ['minimum_sample', 'mql_meaningful_signals', 'predictive_show_minimum', 'predictive_act_minimum'],
        'factor': ['negligible_lift'],
    }) }}
{% endmacro %}
