with

health as (

    select
        check_name as {{ adapter.quote('check') }},
        source,
        column_name as {{ adapter.quote('column') }},
        looked_at as {{ adapter.quote('rows') }},
        affected,
        share,
        warn_above,
        stop_above,
        verdict,
        worst_values,
        remedy,
        {{ as_of() }} as as_of
    from {{ ref('lead_qualification', 'int_data_health') }}

)

select * from health
