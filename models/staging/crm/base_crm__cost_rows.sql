-- The usable rows of campaign costs and what becomes of each: superseded where a later arrival of the day
-- is there, repeated where an equal row is, else used; what is used adds up.
with

arrivals as (

    select
        campaign_id,
        cost_date,
        cost,
        cost_item,
        received_at,
        coalesce(given_key, campaign_id) as given_key,
        max(received_at) over (partition by campaign_id, cost_date) as last_received_at,
        row_number() over (
            partition by campaign_id, cost_date, cost, cost_item, received_at
            order by coalesce(given_key, campaign_id)
        ) as repetition
    from {{ ref('lead_qualification', 'base_crm__campaign_costs') }}
    where row_problem is null

),

judged as (

    select
        campaign_id,
        cost_date,
        cost,
        cost_item,
        received_at,
        given_key,
        case
            when last_received_at is not null and (received_at is null or received_at < last_received_at) then 'superseded'
            when repetition > 1 then 'repeated'
            else 'used'
        end as outcome
    from arrivals

),

cost_rows as (

    select
        *,
        sum(case when outcome = 'used' then 1 else 0 end) over (partition by campaign_id, cost_date) as used_rows
    from judged

)

select * from cost_rows
