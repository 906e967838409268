-- How many rows each raw table has, how many of them are unusable, how new the newest is, and how many
-- rows there were in the last build (null where there was none).
{%- set last_build = load_cached_relation(this) if is_run() else none %}
{%- set counted_before = last_build is not none and not should_full_refresh() %}
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
),

compared as (

    select
        counted.*,
        {{ 'last_build.raw_records' if counted_before else 'cast(null as integer)' }} as previous_raw_records
    from counted
    {%- if counted_before %}
    left join {{ this }} as last_build on counted.source = last_build.source
    {%- endif %}

)

select * from compared
