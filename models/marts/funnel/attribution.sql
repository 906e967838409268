with

shares as (

    select * from {{ ref('int_attribution_shares') }}

),

opportunities as (

    select * from {{ ref('int_opportunities') }}

),

summed as (

    select
        shares.campaign_id,
        shares.attribution_model,
        cast(sum(shares.share) as decimal(18, 10)) as opportunities,
        cast(coalesce(sum(case when opportunities.is_won then shares.share end), 0) as decimal(18, 10)) as won,
        cast(
            coalesce(sum(case when opportunities.closed_at is null then shares.share * coalesce(opportunities.amount, 0) end), 0)
            as decimal(18, 4)
        ) as pipeline_open,
        cast(
            coalesce(sum(case when opportunities.is_won then shares.share * coalesce(opportunities.amount, 0) end), 0)
            as decimal(18, 4)
        ) as revenue_won
    from shares
    inner join opportunities on shares.opportunity_id = opportunities.opportunity_id
    group by shares.campaign_id, shares.attribution_model

),

attribution as (

    select
        *,
        {{ as_of() }} as as_of
    from summed

)

select * from attribution
