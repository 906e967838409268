{{ config(materialized='ephemeral') }}

-- Every instant at which a score may change, with what is added and taken away there. Long because
-- it is one union of everything that moves a score; apart, each part would be written and sorted
-- twice.
with

lead_models as (

    select
        lead_models.score_key,
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.dormancy_days,
        lead_models.valid_from,
        lead_models.valid_to,
        first_seen.first_seen_at
    from {{ rows_of_this_run('int_lead_model_stretches', 'lead_models') }}
    inner join {{ rows_of_this_run('int_lead_first_seen', 'first_seen') }}
        on lead_models.lead_id = first_seen.lead_id

),

recency_steps as (

    select * from {{ rows_of_this_run('int_recency_steps') }}

),

intervals as (

    -- The lead is there from the start, awake forever in models without dormancy.
    select
        score_key,
        {{ 'greatest(first_seen_at, valid_from)' if has_policy_versions() else 'first_seen_at' }} as starts_at,
        {{ 'nullif(valid_to, ' ~ never() ~ ')' if has_policy_versions() else 'cast(null as timestamp)' }} as ends_at,
        {{ score_changes(awake='case when dormancy_days is null then 1 else 0 end') }}
    from lead_models
    {%- if has_policy_versions() %}
    where first_seen_at < valid_to
    {%- endif %}
    union all
    select
        lead_models.score_key,
        {% if has_policy_versions() -%}
        greatest(episodes.starts_at, lead_models.valid_from) as starts_at,
        least(episodes.ends_at, lead_models.valid_to) as ends_at,
        {%- else -%}
        episodes.starts_at,
        episodes.ends_at,
        {%- endif %}
        {{ score_changes(awake='1') }}
    from lead_models
    inner join {{ rows_of_this_run('int_engagement_episodes', 'episodes') }}
        on
            lead_models.lead_id = episodes.lead_id
            and lead_models.dormancy_days = episodes.dormancy_days
            {%- if has_policy_versions() %}
            and lead_models.valid_from < episodes.ends_at
            and lead_models.valid_to > episodes.starts_at
            {%- else %}
            and true
            {%- endif %}
    union all
    select
        score_key,
        starts_at,
        ends_at,
        {{ score_changes(
            behaviour="case when component = 'behaviour' then points else 0 end",
            intent="case when component = 'intent' then points else 0 end",
            penalty="case when component = 'penalty' then points else 0 end",
            intent_signals="case when component = 'intent' then 1 else 0 end"
        ) }}
    from {{ rows_of_this_run('int_score_contributions') }}
    union all
    select
        score_key,
        {% if has_policy_versions() -%}
        greatest(occurred_at, counts_from) as starts_at,
        nullif(least(coalesce(episode_ends_at, {{ never() }}), counts_to), {{ never() }}) as ends_at,
        {%- else -%}
        occurred_at as starts_at,
        episode_ends_at as ends_at,
        {%- endif %}
        {{ score_changes(
            meaningful_signals='case when is_meaningful then 1 else 0 end',
            high_intent_signals='case when is_high_intent then 1 else 0 end'
        ) }}
    from {{ rows_of_this_run('int_scored_signals') }}
    where
        is_in_episode
        and (is_meaningful or is_high_intent)
        {%- if has_policy_versions() %}
        and occurred_at < counts_to
        and coalesce(episode_ends_at > counts_from, true)
        {%- else %}
        and true
        {%- endif %}

),
{% if has_history() %}
-- The instants at which something else of a score may change: the fit of the lead, what the model caps,
-- the bands.
other_instants as (

    select
        score_key,
        valid_from as changed_at
    from {{ rows_of_this_run('int_lead_fit') }}
    {%- if has_policy_versions() %}
    union distinct
    select
        lead_models.score_key,
        periods.period_from as changed_at
    from lead_models
    inner join {{ policy_periods(['scoring_models', 'score_bands'], ['scoring_model']) }} as periods
        on
            lead_models.scoring_model = periods.scoring_model
            and lead_models.valid_from < periods.period_from
            and lead_models.valid_to > periods.period_from
            and lead_models.first_seen_at < periods.period_from
    {%- endif %}

),
{% endif %}

edges as (

    select
        score_key,
        starts_at as changed_at,
        {{ each_score_change('%') }}
    from intervals
    union all
    select
        score_key,
        ends_at as changed_at,
        {{ each_score_change('-%') }}
    from intervals
    where ends_at is not null
    union all
    -- Recency steps follow each other without a gap: only what changes from one to the next counts.
    select
        score_key,
        starts_at as changed_at,
        {{ score_changes(multiplier='multiplier', penalty='penalty_points') }}
    from recency_steps
    where is_first
    union all
    select
        score_key,
        ends_at as changed_at,
        {{ score_changes(multiplier='multiplier_after - multiplier', penalty='penalty_points_after - penalty_points') }}
    from recency_steps
    where multiplier_after <> multiplier or penalty_points_after <> penalty_points
    {%- if has_history() %}
    union all
    select
        score_key,
        changed_at,
        {{ score_changes() }}
    from other_instants
    {%- endif %}

),

changes as (

    select
        score_key,
        changed_at,
        {{ each_score_change('cast(sum(%) as bigint)') }}
    from edges
    group by score_key, changed_at

)

select * from changes
