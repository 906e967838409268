-- What a campaign cost on a day. Of the rows of a day those that arrived last count; equal ones are
-- one, different ones add up, as they do where a tool reports each ad.
with

costs as (

    select * from {{ ref('lead_qualification', 'base_crm__cost_rows') }}

),

newest as (

    select
        coalesce(long_keys.record_key, costs.campaign_id) as campaign_id,
        costs.cost_date,
        cast(sum(costs.cost) as {{ type_money() }}) as cost,
        case when count(*) = 1 then min(costs.cost_item) end as cost_item,
        max(costs.received_at) as received_at
    from costs
    left join {{ ref('lead_qualification', 'stg_crm__long_keys') }} as long_keys
        on
            costs.campaign_id = long_keys.short_key
            and long_keys.table_name = 'campaigns'
    where costs.outcome = 'used'
    group by coalesce(long_keys.record_key, costs.campaign_id), costs.cost_date

)

select * from newest
