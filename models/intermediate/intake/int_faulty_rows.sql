{{ config(materialized='ephemeral') }}

-- Raw rows with a problem: unusable ones, and usable ones with values that nobody can read.
with

problems as (
    {% for source_name, contract in raw_contracts().items() %}
    {%- set names = contract.columns | map(attribute='name') | list %}
    select
        '{{ source_name }}' as source,
        cast({{ contract.key[0] }} as {{ dbt.type_string() }}) as record_id,
        {{ 'lead_id' if 'lead_id' in names else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as lead_id,
        {{ 'email' if 'email' in names and source_name != 'sales_reps' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as email,
        cast({{ contract.happened or 'null' }} as timestamp) as occurred_at,
        row_problem,
        value_problems,
        raw_row
    from {{ ref('lead_qualification', contract.base) }}
    where row_problem is not null or value_problems is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from problems
