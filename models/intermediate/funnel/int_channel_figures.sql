{{ config(materialized='view') }}

-- What a channel cost and brought, one row per cost, milestone and deal, in the month of each. A deal counts
-- once, at its holder. Long because each figure is a branch of the same shape.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_funnel_leads') }}

),

deals as (

    select
        opportunities.*,
        leads.channel,
        leads.motion
    from {{ ref('lead_qualification', 'int_opportunities') }} as opportunities
    inner join leads on opportunities.lead_id = leads.lead_id
    where opportunities.is_holder

),

campaigns as (

    select * from {{ ref('lead_qualification', 'int_campaign_channels') }}

),

costs as (

    select * from {{ ref('lead_qualification', 'stg_crm__campaign_costs') }}
    where cost_date <= cast({{ report_time(as_of()) }} as date)

),

figures as (

    select
        coalesce(campaigns.channel, 'unknown') as channel,
        coalesce(campaigns.motion, 'inbound') as motion,
        cast({{ dbt.date_trunc('month', 'costs.cost_date') }} as date) as month,
        'cost' as figure,
        cast(costs.cost as {{ type_money() }}) as amount
    from costs
    left join campaigns on costs.campaign_id = campaigns.campaign_id
    {% for figure, reached_at in roi_counts().items() -%}
    union all
    select
        channel,
        motion,
        {{ month_of(reached_at) }} as month,
        '{{ figure }}' as figure,
        cast(1 as {{ type_money() }}) as amount
    from leads
    where {{ reached_at }} is not null
    {% endfor -%}
    {% for figure, deal in roi_deals().items() -%}
    union all
    select
        channel,
        motion,
        {{ month_of(deal.at) }} as month,
        '{{ figure }}' as figure,
        cast(amount as {{ type_money() }}) as amount
    from deals
    where {{ deal.counts_if }}
    {% endfor %}
),

members as (

    select
        figures.*,
        dimensions.dimension,
        case dimensions.dimension
            when 'overall' then 'all'
            when 'channel' then figures.channel
            when 'motion' then figures.motion
        end as member
    from figures
    cross join {{ listed_texts(['overall', 'channel', 'motion'], 'dimensions', 'dimension') }}

)

select
    dimension,
    member,
    month,
    figure,
    amount
from members
