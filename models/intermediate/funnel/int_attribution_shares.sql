{{ config(materialized='view') }}

-- How much of each opportunity each campaign touch gets, by five models. The shares of an
-- opportunity sum to exactly 1 in each: rounding is settled with the last touch. Long because its
-- steps (order, weigh, share, settle) are one rule, and the sum of exactly 1 needs them all.
with

opportunities as (

    select * from {{ ref('lead_qualification', 'int_opportunities') }}
    where is_holder

),

ordered as (

    select
        opportunities.opportunity_id,
        touches.campaign_id,
        row_number() over (
            partition by opportunities.opportunity_id
            order by touches.touched_at, {{ bytewise('touches.source') }}, {{ bytewise('touches.record_id') }}
        ) as touch_number,
        count(*) over (partition by opportunities.opportunity_id) as touches,
        power(cast(0.5 as {{ type_double() }}), {{ elapsed_days('touches.touched_at', 'opportunities.created_at') }} / 7) as weight
    from opportunities
    inner join {{ ref('lead_qualification', 'int_campaign_touches') }} as touches
        on
            opportunities.lead_id = touches.lead_id
            and opportunities.created_at >= touches.touched_at

),

weighed as (

    select
        *,
        sum(weight) over (partition by opportunity_id) as total_weight
    from ordered

),

shares as (
    {% for model, share in attribution_models().items() %}
    select
        opportunity_id,
        '{{ model }}' as attribution_model,
        campaign_id,
        touch_number,
        touches,
        cast(floor(({{ share }}) * 10000000000 + 0.5) / 10000000000 as {{ type_rate() }}) as share
    from weighed
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

settled as (

    select
        opportunity_id,
        attribution_model,
        campaign_id,
        touch_number,
        case
            when touch_number = touches
                then 1 - (sum(share) over (partition by opportunity_id, attribution_model) - share)
            else share
        end as share
    from shares

),

models as (

    {{ rows_of_names(attribution_models(), 'attribution_model') }}

),

attributed as (

    select
        opportunities.opportunity_id,
        models.attribution_model,
        coalesce(settled.campaign_id, 'none') as campaign_id,
        cast(coalesce(settled.touch_number, 1) as integer) as touch_number,
        cast(coalesce(settled.share, 1) as {{ type_rate() }}) as share
    from opportunities
    cross join models
    left join settled
        on
            opportunities.opportunity_id = settled.opportunity_id
            and models.attribution_model = settled.attribution_model

)

select * from attributed
