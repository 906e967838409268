{{ config(materialized='by_lead') }}

-- The score of a lead, in the model of the pair that handed it over, when it did.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

lead_profiles as (

    {{ lead_profiles() }}

),

timeline as (

    select * from {{ rows_of_this_run('int_score_timeline') }}

),

scores as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        timeline.scoring_model,
        {{ of_deciding_pair('profile') }} as profile,
        timeline.score,
        timeline.fit_points,
        timeline.behaviour_points,
        timeline.intent_points,
        timeline.recency_multiplier,
        timeline.penalty_points,
        timeline.score_band,
        timeline.score_level,
        timeline.grade,
        timeline.meaningful_signals,
        timeline.high_intent_signals,
        timeline.intent_signals
    from handoffs
    inner join lead_profiles
        on
            handoffs.lead_id = lead_profiles.lead_id
            {{ and_profile_at('handoffs.handed_off_at') }}
    {{ join_deciding_pair('handoffs') }}
    inner join timeline
        on
            handoffs.lead_id = timeline.lead_id
            and {{ of_deciding_pair('scoring_model') }} = timeline.scoring_model
            and handoffs.handed_off_at >= timeline.valid_from
            and (timeline.valid_to is null or handoffs.handed_off_at < timeline.valid_to)

)

select * from scores
