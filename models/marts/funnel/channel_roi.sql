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

roi as (

    select
        dimension,
        member,
        month,
        cost,
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
        {{ money_ratio('cost', 'leads') }} as cost_per_lead,
        {{ money_ratio('cost', 'mqls') }} as cost_per_mql,
        {{ money_ratio('cost', 'sqls') }} as cost_per_sql,
        {{ money_ratio('cost', 'opportunities') }} as cost_per_opportunity,
        {{ money_ratio('cost', 'customers') }} as cac,
        {{ money_ratio('(revenue_won - cost)', 'cost') }} as roi,
        {{ as_of() }} as as_of
    from summed

)

select * from roi
where coalesce(cost, 0) <> 0 or leads > 0 or mqls > 0 or sqls > 0 or opportunities > 0 or customers > 0 or deals_lost > 0
