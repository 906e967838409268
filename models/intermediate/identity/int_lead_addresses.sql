with

records as (

    select * from {{ ref('lead_qualification', 'int_lead_records') }}
    where email is not null

),

ranked as (

    select
        email,
        lead_id,
        created_at,
        row_number() over (
            partition by email
            order by
                case when is_first_of_email then 0 else 1 end,
                created_at nulls last,
                {{ bytewise('record_id') }}
        ) as claim_rank
    from records

),

addresses as (

    select
        email,
        lead_id,
        created_at
    from ranked
    where claim_rank = 1

)

select * from addresses
