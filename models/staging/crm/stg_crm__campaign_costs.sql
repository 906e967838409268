-- What a campaign cost on a day. Of the rows of a day those that arrived last count; equal ones are
-- one, different ones add up, as they do where a tool reports each ad.
with

ranked as (

    select
        campaign_id,
        cost_date,
        cost,
        received_at,
        max(received_at) over (partition by campaign_id, cost_date) as last_received_at
    from {{ ref('lead_qualification', 'base_crm__campaign_costs') }}
    where row_problem is null

),

latest as (

    select distinct
        campaign_id,
        cost_date,
        cost,
        received_at
    from ranked
    where last_received_at is null or received_at = last_received_at

),

newest as (

    select
        coalesce(long_keys.record_key, latest.campaign_id) as campaign_id,
        latest.cost_date,
        cast(sum(latest.cost) as {{ type_money() }}) as cost,
        max(latest.received_at) as received_at
    from latest
    left join {{ ref('lead_qualification', 'stg_long_keys') }} as long_keys
        on latest.campaign_id = long_keys.short_key and long_keys.table_name = 'campaigns'
    group by coalesce(long_keys.record_key, latest.campaign_id), latest.cost_date

)

select * from newest
