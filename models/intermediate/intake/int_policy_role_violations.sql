{{ config(materialized='ephemeral', tags=['gate']) }}

-- Roles by which the project knows rows of the policy, the flags beside them, and what ranks by them.
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
    policy_not_given('grade_scale', ['grade'], ['is_good', 'is_blocking']),
    policy_no_row_where('grade_scale', 'is_good', 'missing: no grade is_good, so no lead would pass the check of its grade'),
    policy_no_row_where('grade_scale', 'is_blocking', 'missing: no grade is_blocking, so the matrix would block nobody'),
    policy_not_given('lifecycle_events', ['event'], ['is_gate', 'begun_by_sales']),
    policy_rows_where(
        'lifecycle_events', ['event'], "is_gate <> (event in ('sql_gate', 'mql_gate'))",
        "'is_gate is true for sql_gate and mql_gate and for nothing else'"
    ),
    policy_rows_where(
        'lifecycle_events', ['event'], "disposition not in ('" ~ dispositions() | join("', '") ~ "')",
        "'disposition is ' || disposition || '; it is one of " ~ dispositions() | join(', ') ~ " or empty'"
    ),
    policy_not_given('qualification_matrix', ['grade', 'score_level'], ['opens_mql_gate', 'opens_sql_gate']),
    policy_rows_where(
        'qualification_matrix', ['grade', 'score_level'], 'opens_sql_gate and not opens_mql_gate',
        "'a cell that opens the SQL gate opens the MQL gate too; set opens_mql_gate to true'"
    ),
    policy_rows_where(
        'score_bands', ['scoring_model', 'score_band'], 'score_level is null',
        "'score_level is empty; name the level by which " ~ policy_file('qualification_matrix') ~ " is entered'"
    ),
    policy_not_given('score_bands', ['scoring_model', 'score_band'], ['is_qualifying'])
] %}
    {{ (checks + role_checks()) | join(next_check()) }}
    {% endcall %}

)

select * from violations
