{{ config(materialized='view') }}

-- The recency curve laid over each lead's engagements: [starts_at, ends_at). A step is there only
-- if it begins before the next engagement, which restarts the curve. With one version of the policy the steps
-- of a lead follow each other without a gap, so each knows what holds after it; with several each curve
-- counts in its own period, and a step gives back at its end all that it gave. Long because the steps
-- after and before the first engagement must meet without a gap.
with

lead_models as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        first_seen.first_seen_at,
        lead_models.valid_from,
        lead_models.valid_to
    from {{ ref('lead_qualification', 'int_lead_model_stretches') }} as lead_models
    inner join {{ ref('lead_qualification', 'int_lead_first_seen') }} as first_seen
        on lead_models.lead_id = first_seen.lead_id

),

engagements as (

    select * from {{ ref('lead_qualification', 'int_engagements') }}

),

{% if has_policy_versions() %}
curve as (

    select
        scoring_model,
        from_day,
        multiplier,
        penalty_points,
        lead(from_day) over (partition by scoring_model, period_from order by from_day) as until_day,
        period_from,
        period_to
    from {{ policy_by_period('recency_curve', ['scoring_model']) }} as recency_curve

),

curve_of_leads as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        lead_models.first_seen_at,
        curve.from_day,
        curve.until_day,
        curve.multiplier,
        curve.penalty_points,
        greatest(lead_models.valid_from, curve.period_from) as counts_from,
        least(lead_models.valid_to, curve.period_to) as counts_to
    from lead_models
    inner join curve
        on
            lead_models.scoring_model = curve.scoring_model
            and lead_models.valid_from < curve.period_to
            and lead_models.valid_to > curve.period_from

),

curve_laid as (

    select
        curve_of_leads.lead_id,
        curve_of_leads.scoring_model,
        curve_of_leads.score_key,
        curve_of_leads.multiplier,
        curve_of_leads.penalty_points,
        greatest({{ add_days('engagements.engaged_at', 'curve_of_leads.from_day') }}, curve_of_leads.counts_from) as starts_at,
        least(
            coalesce({{ add_days('engagements.engaged_at', 'curve_of_leads.until_day') }}, {{ never() }}),
            coalesce(engagements.next_engaged_at, {{ never() }}),
            curve_of_leads.counts_to
        ) as ends_at
    from curve_of_leads
    inner join engagements on curve_of_leads.lead_id = engagements.lead_id
    union all
    select
        curve_of_leads.lead_id,
        curve_of_leads.scoring_model,
        curve_of_leads.score_key,
        curve_of_leads.multiplier,
        curve_of_leads.penalty_points,
        greatest(curve_of_leads.first_seen_at, curve_of_leads.counts_from) as starts_at,
        least(coalesce(engagements.engaged_at, {{ never() }}), curve_of_leads.counts_to) as ends_at
    from curve_of_leads
    left join engagements
        on
            curve_of_leads.lead_id = engagements.lead_id
            and engagements.previous_engaged_at is null
    where curve_of_leads.until_day is null

),

steps as (

    select
        lead_id,
        scoring_model,
        score_key,
        starts_at,
        nullif(ends_at, {{ never() }}) as ends_at,
        multiplier,
        penalty_points,
        case when ends_at < {{ never() }} then 0 end as multiplier_after,
        case when ends_at < {{ never() }} then 0 end as penalty_points_after,
        true as is_first
    from curve_laid
    where starts_at < ends_at

)
{% else %}
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
    from {{ current_policy('recency_curve') }} as recency_curve

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
{% endif %}
select * from steps
