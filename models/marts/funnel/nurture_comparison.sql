-- What became of leads that were nurtured before sales came, and of the others. Long because leads and deals
-- are counted apart.
with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

history as (

    select
        history.lead_id,
        min(history.entered_at) as nurtured_at
    from {{ ref('lead_qualification', 'lead_stage_history') }} as history
    inner join {{ policy('stages') }} as stages on history.stage = stages.stage
    where stages.role in ('nurture', 'long_term_nurture')
    group by history.lead_id

),

leads as (

    select
        stages.lead_id,
        case
            when history.nurtured_at < stages.sql_proposed_at then 'nurtured'
            when history.nurtured_at is not null and stages.sql_proposed_at is null then 'nurtured'
            else 'not_nurtured'
        end as nurture,
        stages.first_seen_at,
        stages.sql_at,
        stages.opportunity_at,
        stages.customer_at
    from {{ ref('lead_qualification', 'lead_stages') }} as stages
    cross join settings
    left join history on stages.lead_id = history.lead_id
    where stages.first_seen_at <= {{ add_days(as_of(), '-settings.cohort_maturity_days') }}

),

deals as (

    select
        leads.nurture,
        sum(opportunities.amount) as amount,
        count(opportunities.amount) as priced_deals
    from {{ ref('lead_qualification', 'int_opportunities') }} as opportunities
    inner join leads on opportunities.lead_id = leads.lead_id
    where
        opportunities.is_holder
        and opportunities.is_won
    group by leads.nurture

),

counted as (

    select
        nurture,
        cast(count(*) as integer) as leads,
        cast(count(sql_at) as integer) as sqls,
        cast(count(opportunity_at) as integer) as opportunities,
        cast(count(customer_at) as integer) as customers,
        {{ percentile(
            'case when customer_at is not null then ' ~ elapsed_days('first_seen_at', 'customer_at') ~ ' end', 0.5
        ) }} as median_days_first_seen_to_won
    from leads
    group by nurture

),

comparison as (

    select
        counted.nurture,
        counted.leads,
        counted.sqls,
        counted.opportunities,
        counted.customers,
        {{ rate_with_interval('lead_to_sql_rate', 'counted.sqls', 'counted.leads') }},
        {{ rate_with_interval('lead_to_customer_rate', 'counted.customers', 'counted.leads') }},
        counted.median_days_first_seen_to_won,
        {{ money_ratio('deals.amount', 'deals.priced_deals') }} as deal_size,
        {{ as_of() }} as as_of
    from counted
    left join deals on counted.nurture = deals.nurture

)

select * from comparison
