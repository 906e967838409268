{{ config(materialized='by_lead') }}

-- Each signal of a lead in each model that scores it, with the end of the episode around it and the period,
-- [counts_from, counts_to), in which the rule that gives it points is in force. Long because a rule with
-- dates is in force apart from the signal that it is about.
with

signals as (

    select * from {{ rows_of_this_run('int_scheduled_signals') }}

),

lead_models as (

    select * from {{ rows_of_this_run('int_lead_model_stretches') }}

),

episodes as (

    select * from {{ rows_of_this_run('int_engagement_episodes') }}

),

{% if has_policy_versions() %}
dated_points as (

    select
        *,
        in_force_from = {{ beginning() }} and in_force_to = {{ never() }} as counts_signals
    from {{ dated_policy('signal_points') }} as signal_points

),

-- How often a signal happened does not depend on its points: where these have dates, a row of its own
-- without points counts it.
signal_points as (

    select
        scoring_model,
        signal,
        component,
        points,
        dedupe_by,
        valid_days,
        cleared_by,
        in_force_from,
        in_force_to,
        counts_signals
    from dated_points
    union all
    select distinct
        scoring_model,
        signal,
        cast(null as {{ dbt.type_string() }}) as component,
        cast(null as integer) as points,
        cast(null as {{ dbt.type_string() }}) as dedupe_by,
        cast(null as integer) as valid_days,
        cast(null as {{ dbt.type_string() }}) as cleared_by,
        {{ beginning() }} as in_force_from,
        {{ never() }} as in_force_to,
        true as counts_signals
    from dated_points
    where not counts_signals

),
{% else %}
signal_points as (

    select
        *,
        {{ beginning() }} as in_force_from,
        {{ never() }} as in_force_to,
        true as counts_signals
    from {{ current_policy('signal_points') }} as signal_points

),
{% endif %}
scored_signals as (

    select
        signals.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        signals.source,
        signals.record_id,
        signals.signal,
        signals.session_id,
        signals.asset,
        signals.occurred_at,
        signals.is_meaningful and coalesce(signal_points.counts_signals, true) as is_meaningful,
        signals.is_high_intent and coalesce(signal_points.counts_signals, true) as is_high_intent,
        signal_points.component,
        signal_points.points,
        signal_points.dedupe_by,
        signal_points.valid_days,
        signal_points.cleared_by,
        lead_models.dormancy_days is null or episodes.lead_id is not null as is_in_episode,
        episodes.ends_at as episode_ends_at,
        {% if has_policy_versions() -%}
        greatest(lead_models.valid_from, coalesce(signal_points.in_force_from, {{ beginning() }})) as counts_from,
        least(lead_models.valid_to, coalesce(signal_points.in_force_to, {{ never() }})) as counts_to
        {%- else -%}
        lead_models.valid_from as counts_from,
        lead_models.valid_to as counts_to
        {%- endif %}
    from signals
    inner join lead_models on signals.lead_id = lead_models.lead_id
    left join signal_points
        on
            lead_models.scoring_model = signal_points.scoring_model
            and signals.signal = signal_points.signal
            {%- if has_policy_versions() %}
            and lead_models.valid_from < signal_points.in_force_to
            and lead_models.valid_to > signal_points.in_force_from
            {%- else %}
            and true
            {%- endif %}
    left join episodes
        on
            signals.lead_id = episodes.lead_id
            and lead_models.dormancy_days = episodes.dormancy_days
            and signals.occurred_at >= episodes.starts_at
            and signals.occurred_at < episodes.ends_at
    where
        signal_points.component is not null
        or (coalesce(signal_points.counts_signals, true) and (signals.is_meaningful or signals.is_high_intent))

)

select * from scored_signals
