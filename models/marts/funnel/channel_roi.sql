with

-- A null in a group is the total over that column.
summed as (

    select
        channel,
        month,
        {{ roi_sums() }}
    from {{ ref('lead_qualification', 'int_channel_figures') }}
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
where cost <> 0 or leads > 0 or mqls > 0 or sqls > 0 or opportunities > 0 or customers > 0 or revenue_won <> 0 or pipeline_open <> 0
