{{ config(materialized='ephemeral', tags=['gate']) }}

-- Numbers so large that no sum of them could be relied on, and dates that mean nothing.
with

dated_rows as (
    {% for table_name, key in dated_table_keys().items() %}
    select
        '{{ table_name }}' as policy_table,
        {{ policy_row(key) }} as row_text,
        trim(cast(valid_from as {{ dbt.type_string() }})) as given_from,
        trim(cast(valid_to as {{ dbt.type_string() }})) as given_to
    from {{ checked_policy(table_name) }} as {{ table_name }}_rows
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

row_times as (

    select
        dated_rows.policy_table,
        dated_rows.row_text,
        begins.instant as begins_at,
        ends.instant as ends_at,
        (dated_rows.given_from <> '' and begins.instant is null)
        or (dated_rows.given_to <> '' and ends.instant is null) as is_unreadable
    from dated_rows
    left join {{ ref('lead_qualification', 'int_policy_dates') }} as begins
        on
            dated_rows.policy_table = begins.policy_table
            and dated_rows.given_from = begins.given
    left join {{ ref('lead_qualification', 'int_policy_dates') }} as ends
        on
            dated_rows.policy_table = ends.policy_table
            and dated_rows.given_to = ends.given

),

violations as (

    {{ quantity_checks() | join('\n    union all\n    ') }}
    union all
    select
        policy_table,
        row_text,
        'valid_from and valid_to are dates or timestamps such as 2026-07-01 or 2026-07-01 12:00:00, or empty' as problem
    from row_times
    where is_unreadable
    union all
    select
        policy_table,
        row_text,
        'valid_to must be after valid_from' as problem
    from row_times
    where ends_at <= begins_at
    union all
    select
        'int_policy_versions' as policy_table,
        'policy_version=' || cast(policy_version as {{ dbt.type_string() }}) as row_text,
        'more than {{ var('max_policy_versions') }} versions of the policy; delete dates, '
        || 'or raise the var max_policy_versions' as problem
    from {{ ref('lead_qualification', 'int_policy_versions') }}
    where policy_version = {{ var('max_policy_versions') }} + 1

)

select * from violations
