-- How many rows each raw table has, how many of them are unusable, and how new the newest is.
-- depends_on: {{ policy('data_health_limits') }}
with

counted as (
    {% for source_name, contract in raw_contracts().items() %}
    select
        '{{ source_name }}' as source,
        cast(count(*) as integer) as raw_records,
        cast(count(row_problem) as integer) as unusable_records,
        {{ newest_until_as_of(contract.happened) }} as newest_happened_at,
        {{ newest_until_as_of(contract.received) }} as newest_received_at
    from {{ ref('lead_qualification', contract.base) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
