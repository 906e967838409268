with

merged_records as (

    select * from {{ ref('lead_qualification', 'int_lead_merges') }}

),

survivors as (

    select
        lead_id,
        row_number() over (
            partition by email
            order by created_at, {{ bytewise('lead_id') }}
        ) as survivor_rank,
        first_value(lead_id) over (
            partition by email
            order by created_at, {{ bytewise('lead_id') }}
        ) as first_lead_id,
        email
    from merged_records
    where lead_id = merged_lead_id

),

records as (

    select
        merged_records.lead_id as record_id,
        case
            when survivors.email is null then survivors.lead_id
            else survivors.first_lead_id
        end as lead_id,
        merged_records.email,
        merged_records.created_at,
        merged_records.lead_id = merged_records.merged_lead_id and survivors.survivor_rank = 1 as is_first_of_email
    from merged_records
    inner join survivors on merged_records.merged_lead_id = survivors.lead_id

)

select * from records
