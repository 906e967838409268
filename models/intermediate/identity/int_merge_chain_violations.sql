{{ config(post_hook="{{ lead_qualification.stop_if_rows(this, 'Merge chains of more than 20 hops') }}") }}

with

merged_records as (

    select * from {{ ref('lead_qualification', 'int_lead_merges') }}

),

violations as (

    select
        lead_id,
        'lead ' || lead_id || ' is merged into ' || merged_lead_id || ' over '
        || cast(hops as {{ dbt.type_string() }})
        || ' hops; point it at the surviving lead in the CRM' as message
    from merged_records
    where hops > 20

)

select * from violations
