with

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

crm_records as (

    select * from {{ ref('lead_qualification', 'stg_crm__leads') }}

),

to_write as (

    select * from {{ ref('lead_qualification', 'crm_lead_sync') }}

),

outcomes as (

    select
        lead_stages.lead_id,
        case
            when not {{ is_crm_record('lead_stages.lead_id', 'crm_records.crm_object') }} then 'not_in_crm'
            when to_write.lead_id is not null then 'to_write'
            else 'up_to_date'
        end as outcome
    from lead_stages
    inner join crm_records on lead_stages.lead_id = crm_records.lead_id
    left join to_write on lead_stages.lead_id = to_write.lead_id

),

counted as (

    select
        outcome,
        cast(count(*) as integer) as leads,
        {{ as_of() }} as computed_at
    from outcomes
    group by outcome

)

select * from counted
