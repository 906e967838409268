with

unmapped as (

    select
        source,
        column_name as {{ adapter.quote('column') }},
        unmapped_value as {{ adapter.quote('value') }},
        affected as {{ adapter.quote('rows') }},
        first_seen_at,
        last_seen_at,
        {{ as_of() }} as as_of
    from {{ ref('lead_qualification', 'int_unmapped_values') }}

)

select * from unmapped
