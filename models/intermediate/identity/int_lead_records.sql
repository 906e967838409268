with

merged_records as (

    select * from {{ ref('lead_qualification', 'int_lead_merges') }}

),

shared_addresses as (

    select * from {{ ref('lead_qualification', 'int_shared_addresses') }}

),

-- The address that makes two leads one person: none where several people read it.
addressed as (

    select
        merged_records.lead_id,
        merged_records.created_at,
        case when shared_addresses.email is null then merged_records.email end as email
    from merged_records
    left join shared_addresses on merged_records.email = shared_addresses.email
    where merged_records.lead_id = merged_records.merged_lead_id

),

survivors as (

    select
        lead_id,
        email,
        row_number() over (
            partition by email
            order by created_at nulls last, {{ bytewise('lead_id') }}
        ) as survivor_rank,
        first_value(lead_id) over (
            partition by email
            order by created_at nulls last, {{ bytewise('lead_id') }}
        ) as first_lead_id
    from addressed

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
        merged_records.lead_id = merged_records.merged_lead_id
        and survivors.email is not null
        and survivors.survivor_rank = 1 as is_first_of_email
    from merged_records
    inner join survivors on merged_records.merged_lead_id = survivors.lead_id

)

select * from records
