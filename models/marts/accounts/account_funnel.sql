with

accounts as (

    select * from {{ ref('lead_qualification', 'int_target_accounts') }}

),

-- All target accounts have no month; those that engaged are counted again in the month of it.
cohorts as (

    select
        accounts.*,
        cast(null as date) as cohort_month
    from accounts
    union all
    select
        accounts.*,
        {{ month_of('first_engaged_at') }} as cohort_month
    from accounts
    where first_engaged_at is not null

),

-- A null in company_segment is the total over it.
counted as (

    select
        company_segment,
        cohort_month,
        cast(count(*) as integer) as target_accounts,
        cast(count(first_engaged_at) as integer) as engaged,
        cast(count(qualified_at) as integer) as qualified,
        cast(count(in_sales_at) as integer) as in_sales,
        cast(count(pipeline_at) as integer) as to_pipeline,
        cast(count(won_at) as integer) as won
    from cohorts
    group by {{ cube(['company_segment'], ['cohort_month']) }}

),

-- How many target accounts there were in a month is not known of months.
known as (

    select
        coalesce(company_segment, 'all') as company_segment,
        cohort_month,
        case when cohort_month is null then target_accounts end as target_accounts,
        engaged,
        qualified,
        in_sales,
        to_pipeline,
        won
    from counted

),

funnel as (

    select
        known.*,
        {{ rate_with_interval('engaged_rate', 'case when cohort_month is null then engaged end', 'target_accounts') }},
        {{ rate_with_interval('engaged_to_pipeline_rate', 'to_pipeline', 'engaged') }},
        {{ rate_with_interval('pipeline_to_won_rate', 'won', 'to_pipeline') }},
        {{ as_of() }} as as_of
    from known

)

select * from funnel
