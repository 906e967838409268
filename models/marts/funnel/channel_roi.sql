with

-- A null in a group is the total over that column.
summed as (

    select
        dimension,
        member,
        month,
        {{ roi_sums() }}
    from {{ ref('lead_qualification', 'int_channel_figures') }}
    group by {{ cube(['month'], beside=['dimension', 'member']) }}

),

-- Where nobody wrote down a cost, nothing is known of what one costs.
costed as (

    select
        *,
        case when costs > 0 then cost end as known_cost
    from summed

),

roi as (

    select
        dimension,
        member,
        month,
        known_cost as cost,
        leads,
        mqls,
        sqls,
        opportunities,
        customers,
        deals_lost,
        revenue_won,
        pipeline_open,
        {{ rate_with_interval('win_rate', 'customers', 'customers + deals_lost') }},
        {{ money_ratio('revenue_won', 'priced_deals') }} as deal_size,
        {{ money_ratio('known_cost', 'leads') }} as cost_per_lead,
        {{ money_ratio('known_cost', 'mqls') }} as cost_per_mql,
        {{ money_ratio('known_cost', 'sqls') }} as cost_per_sql,
        {{ money_ratio('known_cost', 'opportunities') }} as cost_per_opportunity,
        {{ money_ratio('known_cost', 'customers') }} as cac,
        {{ money_ratio('(revenue_won - known_cost)', 'known_cost') }} as roi,
        {{ as_of() }} as as_of
    from costed

)

select * from roi
where coalesce(cost, 0) <> 0 or leads > 0 or mqls > 0 or sqls > 0 or opportunities > 0 or customers > 0 or deals_lost > 0
