{{ config(materialized='ephemeral') }}

-- Every instant at which a score may change, with what is added and taken away there. Long because
-- it is one union of everything that moves a score; apart, each part would be written and sorted
-- twice.
with

lead_models as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.dormancy_days,
        first_seen.first_seen_at
    from {{ rows_of_this_run('int_lead_models', 'lead_models') }}
    inner join {{ rows_of_this_run('int_lead_first_seen', 'first_seen') }}
        on lead_models.lead_id = first_seen.lead_id

),

intervals as (

    -- The lead is there from the start, awake forever in models without dormancy.
    select
        lead_id,
        scoring_model,
        first_seen_at as starts_at,
        cast(null as timestamp) as ends_at,
        case when dormancy_days is null then 1 else 0 end as awake,
        {{ score_changes() }}
    from lead_models
    union all
    select
        lead_models.lead_id,
        lead_models.scoring_model,
        episodes.starts_at,
        episodes.ends_at,
        1 as awake,
        {{ score_changes() }}
    from lead_models
    inner join {{ rows_of_this_run('int_engagement_episodes', 'episodes') }}
        on
            lead_models.lead_id = episodes.lead_id
            and lead_models.dormancy_days = episodes.dormancy_days
    union all
    select
        lead_id,
        scoring_model,
        starts_at,
        ends_at,
        0 as awake,
        {{ score_changes(
            behaviour="case when component = 'behaviour' then points else 0 end",
            intent="case when component = 'intent' then points else 0 end",
            penalty="case when component = 'penalty' then points else 0 end",
            intent_signals="case when component = 'intent' then 1 else 0 end"
        ) }}
    from {{ rows_of_this_run('int_score_contributions') }}
    union all
    select
        lead_id,
        scoring_model,
        occurred_at as starts_at,
        episode_ends_at as ends_at,
        0 as awake,
        {{ score_changes(
            meaningful_signals='case when is_meaningful then 1 else 0 end',
            high_intent_signals='case when is_high_intent then 1 else 0 end'
        ) }}
    from {{ rows_of_this_run('int_scored_signals') }}
    where is_in_episode and (is_meaningful or is_high_intent)

),

edges as (

    select
        lead_id,
        scoring_model,
        starts_at as changed_at,
        {{ each_score_change('%') }}
    from intervals
    union all
    select
        lead_id,
        scoring_model,
        ends_at as changed_at,
        {{ each_score_change('-%') }}
    from intervals
    where ends_at is not null
    union all
    -- Recency steps follow each other without a gap: only what changes from one to the next counts.
    select
        lead_id,
        scoring_model,
        starts_at as changed_at,
        0 as awake,
        {{ score_changes(recency_multiplier='multiplier', penalty='penalty_points') }}
    from {{ rows_of_this_run('int_recency_steps') }}
    where is_first
    union all
    select
        lead_id,
        scoring_model,
        ends_at as changed_at,
        0 as awake,
        {{ score_changes(
            recency_multiplier='multiplier_after - multiplier',
            penalty='penalty_points_after - penalty_points'
        ) }}
    from {{ rows_of_this_run('int_recency_steps') }}
    where multiplier_after <> multiplier or penalty_points_after <> penalty_points

),

-- What happened before the lead was first seen counts from then on.
changes as (

    select
        edges.lead_id,
        edges.scoring_model,
        greatest(edges.changed_at, lead_models.first_seen_at) as changed_at,
        {{ each_score_change('cast(sum(edges.%) as #)') }}
    from edges
    inner join lead_models on {{ same_score('edges', 'lead_models') }}
    group by
        edges.lead_id,
        edges.scoring_model,
        greatest(edges.changed_at, lead_models.first_seen_at)

)

select * from changes
