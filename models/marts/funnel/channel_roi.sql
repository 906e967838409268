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
        cast(costs.cost as decimal(18, 4)) as amount
    from costs
    left join campaigns on costs.campaign_id = campaigns.campaign_id
    {% for figure, reached_at in roi_counts().items() -%}
    union all
    select
        channel,
        {{ month_of(reached_at) }} as month,
        '{{ figure }}' as figure,
        cast(1 as decimal(18, 4)) as amount
    from leads
    where {{ reached_at }} is not null
    {% endfor -%}
    union all
    select
        channel,
        {{ month_of('closed_at') }} as month,
        'revenue_won' as figure,
        cast(amount as decimal(18, 4)) as amount
    from opportunities
    where is_won
    union all
    select
        channel,
        {{ month_of('created_at') }} as month,
        'pipeline_open' as figure,
        cast(amount as decimal(18, 4)) as amount
    from opportunities
    where closed_at is null

),

-- A null in a group is the total over that column.
summed as (

    select
        channel,
        month,
        {{ roi_sums() }}
    from figures
    group by {{ cube(['channel', 'month']) }}

),

roi as (

    select
        coalesce(channel, 'all') as channel,
        month,
        cost,
        leads,
        mqls,
        sqls,
        opportunities,
        customers,
        revenue_won,
        pipeline_open,
        {{ ratio('cost', 'leads') }} as cost_per_lead,
        {{ ratio('cost', 'mqls') }} as cost_per_mql,
        {{ ratio('cost', 'sqls') }} as cost_per_sql,
        {{ ratio('cost', 'opportunities') }} as cost_per_opportunity,
        {{ ratio('cost', 'customers') }} as cac,
        {{ ratio('(revenue_won - cost)', 'cost') }} as roi,
        {{ as_of() }} as as_of
    from summed

)

select * from roi
where cost <> 0 or leads > 0 or mqls > 0 or sqls > 0 or opportunities > 0 or customers > 0 or revenue_won <> 0 or pipeline_open <> 0
