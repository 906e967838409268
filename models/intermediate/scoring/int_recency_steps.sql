-- The recency curve laid over each lead's engagements: [starts_at, ends_at). A step is there
-- only if it begins before the next engagement, which starts the curve anew.
with

lead_models as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        first_seen.first_seen_at
    from {{ ref('int_lead_models') }} as lead_models
    inner join {{ ref('int_lead_first_seen') }} as first_seen
        on lead_models.lead_id = first_seen.lead_id

),

engagements as (

    select * from {{ ref('int_engagements') }}

),

curve as (

    select
        scoring_model,
        from_day,
        multiplier,
        penalty_points,
        lead(from_day) over (
            partition by scoring_model
            order by from_day
        ) as until_day
    from {{ ref('recency_curve') }}

),

steps_after_engagements as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        {{ add_days('engagements.engaged_at', 'curve.from_day') }} as starts_at,
        case
            when
                engagements.next_engaged_at is null
                or {{ add_days('engagements.engaged_at', 'curve.until_day') }} < engagements.next_engaged_at
                then {{ add_days('engagements.engaged_at', 'curve.until_day') }}
            else engagements.next_engaged_at
        end as ends_at,
        curve.multiplier,
        curve.penalty_points
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

steps_before_engagement as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.first_seen_at as starts_at,
        engagements.engaged_at as ends_at,
        curve.multiplier,
        curve.penalty_points
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
