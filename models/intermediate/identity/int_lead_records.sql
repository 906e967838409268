-- depends_on: {{ ref('int_merge_chain_violations') }}
with

merges as (

    select * from {{ ref('int_lead_merges') }}

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
    from merges
    where lead_id = merged_lead_id

),

records as (

    select
        merges.lead_id as record_id,
        case
            when survivors.email is null then survivors.lead_id
            else survivors.first_lead_id
        end as lead_id,
        merges.email,
        merges.created_at,
        merges.lead_id = merges.merged_lead_id and survivors.survivor_rank = 1 as is_first_of_email
    from merges
    inner join survivors on merges.merged_lead_id = survivors.lead_id

)

select * from records
