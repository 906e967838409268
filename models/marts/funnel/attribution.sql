with

shares as (

    select * from {{ ref('lead_qualification', 'int_attribution_shares') }}

),

opportunities as (

    select * from {{ ref('lead_qualification', 'int_opportunities') }}
    where is_holder

),

attributed as (

    select
        shares.campaign_id,
        shares.attribution_model,
        shares.share,
        opportunities.is_won,
        opportunities.closed_at is null as is_open,
        cast(shares.share as {{ type_rate(20) }}) * coalesce(opportunities.amount, 0) as amount
    from shares
    inner join opportunities on shares.opportunity_id = opportunities.opportunity_id

),

summed as (

    select
        campaign_id,
        attribution_model,
        cast(sum(share) as {{ type_rate() }}) as opportunities,
        cast(coalesce(sum(case when is_won then share end), 0) as {{ type_rate() }}) as won,
        cast(coalesce(sum(case when is_open then amount end), 0) as {{ type_money() }}) as pipeline_open,
        cast(coalesce(sum(case when is_won then amount end), 0) as {{ type_money() }}) as revenue_won
    from attributed
    group by campaign_id, attribution_model

),

attribution as (

    select
        *,
        {{ as_of() }} as as_of
    from summed

)

select * from attribution
