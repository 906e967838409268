with

accounts as (

    select * from {{ ref('lead_qualification', 'stg_crm__accounts') }}
    where domain is not null

),

ranked as (

    select
        domain,
        account_id,
        row_number() over (
            partition by domain
            order by {{ bytewise('account_id') }}
        ) as domain_rank
    from accounts

),

domains as (

    select
        domain,
        account_id
    from ranked
    where domain_rank = 1

)

select * from domains
