{{ config(materialized='ephemeral', tags=['gate']) }}

-- Patterns and settings of model quality that nothing could be computed from.
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
    policy_duplicates('signal_patterns', ['pattern']),
    policy_unknown('signal_patterns', ['pattern'], 'first_signal', 'signals', 'signal'),
    policy_unknown('signal_patterns', ['pattern'], 'then_signal', 'signals', 'signal'),
    policy_rows_where(
        'signal_patterns', ['pattern'], "pattern is null or substr(pattern, 1, 9) = 'velocity_'",
        "'a pattern needs a name, and names that begin with velocity_ are taken; choose another'"
    ),
    policy_rows_where(
        'signal_patterns', ['pattern'], 'first_signal is null',
        "'first_signal is empty; name the signal that begins the pattern'"
    ),
    policy_rows_where(
        'signal_patterns', ['pattern'], 'within_hours is null or within_hours not between 1 and 87600',
        "'within_hours must be from 1 to 87600 (ten years)'"
    ),
    policy_rows_where(
        'signal_patterns', ['pattern'],
        "kind is null or (kind not in ('sequence', 'silence') and not " ~ regexp_like('kind', '^repeat_[2-9]$') ~ ')',
        "'kind is ' || coalesce(kind, '(empty)') || '; it is sequence, silence or repeat_2 to repeat_9'"
    ),
    policy_rows_where(
        'signal_patterns', ['pattern'], "kind = 'sequence' and then_signal is null",
        "'a sequence needs then_signal'"
    ),
    policy_rows_where(
        'signal_patterns', ['pattern'],
        regexp_like('kind', '^repeat_[2-9]$') ~ ' and (then_signal is null or then_signal <> first_signal)',
        "'a repetition is of one signal; make then_signal the same as first_signal'"
    ),
    policy_rows_where(
        'signal_patterns', ['pattern'], "kind = 'silence' and then_signal is not null",
        "'silence means no engagement at all; leave then_signal empty'"
    ),
    policy_missing('lifecycle_settings', 'setting', [
        'conversion_window_days', 'calibration_bin_points', 'threshold_target_rate', 'negligible_lift',
        'predictive_show_minimum', 'predictive_act_minimum'
    ]),
    policy_rows_where(
        'lifecycle_settings', ['setting'],
        "setting in ('conversion_window_days', 'calibration_bin_points', 'predictive_show_minimum', 'predictive_act_minimum')"
        " and (value < 1 or value <> floor(value))",
        "setting || ' must be a whole number, 1 or more'"
    ),
    policy_rows_where(
        'lifecycle_settings', ['setting'], "setting = 'threshold_target_rate' and value not between 0 and 1",
        "'threshold_target_rate must be from 0 to 1'"
    ),
    policy_rows_where(
        'lifecycle_settings', ['setting'], "setting = 'negligible_lift' and value < 1",
        "'negligible_lift must be 1 or more'"
    )
] %}
    {{ checks | join(next_check()) }}
    {% endcall %}

)

select * from violations
