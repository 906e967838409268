{{ config(materialized='ephemeral', tags=['gate']) }}

-- Settings of model quality that nothing could be computed from.
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
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
