-- How many rows each raw table has, how many of them are unusable, and how new the newest is.
with

counted as (
    {% for source_name, base_model in base_models().items() %}
    {%- set times = source_times()[source_name] %}
    select
        '{{ source_name }}' as source,
        cast(count(*) as integer) as raw_records,
        cast(count(row_problem) as integer) as unusable_records,
        {{ newest_until_as_of(times.happened) }} as newest_happened_at,
        {{ newest_until_as_of(times.received) }} as newest_received_at
    from {{ ref('lead_qualification', base_model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
