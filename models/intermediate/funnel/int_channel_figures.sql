{{ config(materialized='ephemeral') }}

-- What a channel cost and brought, one row per cost, milestone and deal, in the month of each.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_funnel_leads') }}

),

opportunities as (

    select
        opportunities.*,
        leads.channel
    from {{ ref('lead_qualification', 'int_opportunities') }} as opportunities
    inner join leads on opportunities.lead_id = leads.lead_id
    where opportunities.is_holder

),

campaigns as (

    select * from {{ ref('lead_qualification', 'stg_crm__campaigns') }}

),

costs as (

    select * from {{ ref('lead_qualification', 'stg_crm__campaign_costs') }}
    where cost_date <= cast({{ as_of() }} as date)

),

figures as (

    select
        coalesce(campaigns.channel, 'unknown') as channel,
        {{ month_of('costs.cost_date') }} as month,
        'cost' as figure,
        cast(costs.cost as {{ type_money() }}) as amount
    from costs
    left join campaigns on costs.campaign_id = campaigns.campaign_id
    {% for figure, reached_at in roi_counts().items() -%}
    union all
    select
        channel,
        {{ month_of(reached_at) }} as month,
        '{{ figure }}' as figure,
        cast(1 as {{ type_money() }}) as amount
    from leads
    where {{ reached_at }} is not null
    {% endfor -%}
    union all
    select
        channel,
        {{ month_of('closed_at') }} as month,
        'revenue_won' as figure,
        cast(amount as {{ type_money() }}) as amount
    from opportunities
    where is_won
    union all
    select
        channel,
        {{ month_of('created_at') }} as month,
        'pipeline_open' as figure,
        cast(amount as {{ type_money() }}) as amount
    from opportunities
    where closed_at is null

)

select * from figures
