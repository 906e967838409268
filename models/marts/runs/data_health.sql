-- The checks of the raw data, which end a build before anything is scored, and the one that needs the stages of the
-- leads: statuses of the CRM that moved nothing.
with

checks as (

    select
        check_name,
        source,
        column_name,
        looked_at,
        affected,
        share,
        warn_above,
        stop_above,
        verdict,
        worst_values,
        remedy
    from {{ ref('lead_qualification', 'int_data_health') }}
    union all
    select
        check_name,
        source,
        column_name,
        looked_at,
        affected,
        share,
        warn_above,
        null as stop_above,
        verdict,
        worst_values,
        remedy
    from {{ ref('lead_qualification', 'int_ignored_statuses') }}

),

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
    from checks

)

select * from health
