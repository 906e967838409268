-- What became of every row of every raw table. The rows of a source add up to those of its raw table:
-- a test of its own counts them there.
with

outcomes as (

    select
        source,
        outcome,
        raw_rows
    from {{ ref('lead_qualification', 'int_unread_rows') }}
    union all
    select
        source,
        outcome,
        cast(count(*) as integer) as raw_rows
    from {{ ref('lead_qualification', 'int_read_rows') }}
    group by source, outcome
    {%- for source_name in switched_off_tables() %}
    union all
    select
        '{{ source_name }}' as source,
        'switched_off' as outcome,
        cast(count(*) as integer) as raw_rows
    from {{ raw_relation(source_name) }}
    {%- endfor %}

),

ledger as (

    select
        source,
        outcome,
        cast(sum(raw_rows) as integer) as {{ adapter.quote('rows') }},
        {{ as_of() }} as as_of
    from outcomes
    where raw_rows > 0
    group by source, outcome

)

select * from ledger
