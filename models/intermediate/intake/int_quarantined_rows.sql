{{ config(materialized='ephemeral') }}

-- Raw rows with a problem: unusable ones, and usable ones with a value that nobody can read.
with

problems as (
    {% for source_name, contract in raw_contracts().items() %}
    select
        '{{ source_name }}' as source,
        cast({{ contract.key[0] }} as {{ dbt.type_string() }}) as record_id,
        coalesce(row_problem, value_problem) as reason,
        row_problem is not null as is_row_unusable,
        raw_row
    from {{ ref('lead_qualification', contract.base) }}
    where row_problem is not null or value_problem is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from problems
