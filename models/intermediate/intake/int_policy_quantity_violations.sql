{{ config(materialized='ephemeral', tags=['gate']) }}

-- Numbers so large that no sum of them could be relied on, and dates that mean nothing.
with

violations as (

    {{ quantity_checks() | join('\n    union all\n    ') }}
    {%- for table_name, key in dated_table_keys().items() %}
    union all
    {{ policy_dates(table_name, key) }}
    {%- endfor %}
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
