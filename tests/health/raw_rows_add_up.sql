-- The rows of each source in raw_row_ledger are those of its raw table, counted there.
-- depends_on: {{ ref('lead_qualification', 'raw_row_ledger') }}
with

counted as (
    {% for source_name in raw_contracts() %}
    {%- if not execute or load_cached_relation(raw_relation(source_name)) is not none %}
    select
        '{{ source_name }}' as source,
        count(*) as raw_rows
    from {{ raw_relation(source_name) }}
    {%- else %}
    select
        '{{ source_name }}' as source,
        0 as raw_rows
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

entered as (

    select
        source,
        sum({{ adapter.quote('rows') }}) as raw_rows
    from {{ ref('lead_qualification', 'raw_row_ledger') }}
    group by source

)

select
    counted.source,
    counted.raw_rows,
    entered.raw_rows as entered_rows
from counted
left join entered on counted.source = entered.source
where counted.raw_rows <> coalesce(entered.raw_rows, 0)
