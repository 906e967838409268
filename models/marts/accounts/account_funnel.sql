with

accounts as (

    select * from {{ ref('lead_qualification', 'int_target_accounts') }}

),

-- A null in a group is the total over that column.
counted as (

    select
        company_segment,
        cast(count(*) as integer) as target_accounts,
        cast(count(first_engaged_at) as integer) as engaged,
        cast(count(pipeline_at) as integer) as to_pipeline,
        cast(count(case when pipeline_at is not null then won_at end) as integer) as won
    from accounts
    group by {{ cube(['company_segment']) }}

),

funnel as (

    select
        coalesce(company_segment, 'all') as company_segment,
        target_accounts,
        engaged,
        to_pipeline,
        won,
        {{ rate_with_interval('engaged_rate', 'engaged', 'target_accounts') }},
        {{ rate_with_interval('engaged_to_pipeline_rate', 'to_pipeline', 'engaged') }},
        {{ rate_with_interval('pipeline_to_won_rate', 'won', 'to_pipeline') }},
        {{ as_of() }} as as_of
    from counted
    where target_accounts > 0

)

select * from funnel
