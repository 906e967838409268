{{ config(materialized='view') }}

-- The recency curve laid over each lead's engagements: [starts_at, ends_at). A step is there only
-- if it begins before the next engagement, which restarts the curve. The steps of a lead follow
-- each other without a gap, so each knows what holds after it. Long because the steps after and
-- before the first engagement must meet without a gap.
with

lead_models as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        first_seen.first_seen_at
    from {{ ref('lead_qualification', 'int_lead_models') }} as lead_models
    inner join {{ ref('lead_qualification', 'int_lead_first_seen') }} as first_seen
        on lead_models.lead_id = first_seen.lead_id

),

engagements as (

    select * from {{ ref('lead_qualification', 'int_engagements') }}

),

curve as (

    select
        scoring_model,
        from_day,
        multiplier,
        penalty_points,
        lead(from_day) over (partition by scoring_model order by from_day) as until_day,
        lead(multiplier) over (partition by scoring_model order by from_day) as next_multiplier,
        lead(penalty_points) over (partition by scoring_model order by from_day) as next_penalty_points,
        first_value(multiplier) over (partition by scoring_model order by from_day) as first_multiplier,
        first_value(penalty_points) over (
            partition by scoring_model
            order by from_day
        ) as first_penalty_points
    from {{ policy('recency_curve') }}

),

curve_laid as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        {{ add_days('engagements.engaged_at', 'curve.from_day') }} as starts_at,
        {{ add_days('engagements.engaged_at', 'curve.until_day') }} as curve_goes_on_at,
        engagements.next_engaged_at,
        curve.multiplier,
        curve.penalty_points,
        curve.next_multiplier,
        curve.next_penalty_points,
        curve.first_multiplier,
        curve.first_penalty_points,
        engagements.previous_engaged_at is null
        and curve.from_day = 0
        and engagements.engaged_at <= lead_models.first_seen_at as is_first,
        engagements.next_engaged_at is null
        or coalesce(
            {{ add_days('engagements.engaged_at', 'curve.until_day') }} < engagements.next_engaged_at, false
        ) as is_next_of_curve
    from lead_models
    inner join engagements on lead_models.lead_id = engagements.lead_id
    inner join curve
        on
            lead_models.scoring_model = curve.scoring_model
            and (
                engagements.next_engaged_at is null
                or {{ add_days('engagements.engaged_at', 'curve.from_day') }} < engagements.next_engaged_at
            )

),

steps_after_engagements as (

    select
        lead_id,
        scoring_model,
        score_key,
        starts_at,
        case when is_next_of_curve then curve_goes_on_at else next_engaged_at end as ends_at,
        multiplier,
        penalty_points,
        case when is_next_of_curve then next_multiplier else first_multiplier end as multiplier_after,
        case when is_next_of_curve then next_penalty_points else first_penalty_points end as penalty_points_after,
        is_first
    from curve_laid

),

steps_before_engagement as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        lead_models.first_seen_at as starts_at,
        engagements.engaged_at as ends_at,
        curve.multiplier,
        curve.penalty_points,
        case when engagements.engaged_at is not null then curve.first_multiplier end as multiplier_after,
        case when engagements.engaged_at is not null then curve.first_penalty_points end as penalty_points_after,
        true as is_first
    from lead_models
    inner join curve
        on
            lead_models.scoring_model = curve.scoring_model
            and curve.until_day is null
    left join engagements
        on
            lead_models.lead_id = engagements.lead_id
            and engagements.previous_engaged_at is null
    where engagements.engaged_at is null or engagements.engaged_at > lead_models.first_seen_at

),

steps as (

    select * from steps_after_engagements
    union all
    select * from steps_before_engagement

)

select * from steps
