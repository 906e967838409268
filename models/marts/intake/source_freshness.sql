with

newest_records as (
    {% for source_name, contract in raw_contracts().items() %}
    select
        '{{ source_name }}' as source,
        count(*) as raw_records,
        count(row_problem) as unusable_records,
        {{ newest_until_as_of(contract.happened) }} as newest_happened_at,
        {{ newest_until_as_of(contract.received) }} as newest_received_at
    from {{ ref('lead_qualification', contract.base) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

aged as (

    select
        source,
        cast(raw_records as integer) as raw_records,
        cast(unusable_records as integer) as unusable_records,
        newest_happened_at,
        newest_received_at,
        {{ elapsed_seconds('coalesce(newest_received_at, newest_happened_at)', as_of()) }} as age_seconds,
        {{ as_of() }} as as_of
    from newest_records

),

freshness as (

    select
        source,
        raw_records,
        unusable_records,
        newest_happened_at,
        newest_received_at,
        cast(floor(age_seconds / 3600) as integer) as age_hours,
        as_of
    from aged

)

select * from freshness
