-- What the main score of an example of leads would be if one engagement signal happened at as_of, of each with points in
-- the model. Long because each component is recounted: the episode goes on or begins, the curve restarts, and what the
-- signal clears is gone.
with

leads_now as (

    select * from {{ ref('lead_qualification', 'int_leads_if_engaged') }}
    where lead_id = example_lead_id

),

points_if_awake as (

    select * from {{ ref('lead_qualification', 'int_points_if_awake') }}

),

recent_signals as (

    {{ signals_of_the_last_day() }}

),

curve_starts as (

    select
        scoring_model,
        multiplier,
        penalty_points
    from {{ current_policy('recency_curve') }} as recency_curve
    where from_day = 0

),

-- A signal without session or asset at as_of.
signals as (

    select
        signal_points.scoring_model,
        signal_points.signal,
        signal_points.points,
        {%- for component in ('behaviour', 'intent') %}
        case when signal_points.component = '{{ component }}' then signal_points.points else 0 end as {{ component }}_points,
        {%- endfor %}
        signal_points.dedupe_by,
        '' as source,
        '' as record_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        {{ as_of() }} as occurred_at
    from {{ current_policy('signal_points') }} as signal_points
    inner join {{ policy('signals') }} as kinds on signal_points.signal = kinds.signal
    where
        kinds.is_engagement
        and signal_points.component in ('behaviour', 'intent')
        and signal_points.points > 0

),

new_signals as (

    select
        *,
        {{ dedupe_key() }} as dedupe_key
    from signals

),

recent_keys as (

    select distinct
        score_key,
        signal,
        {{ dedupe_key() }} as dedupe_key
    from recent_signals

),

-- What a signal adds besides its points: those that count already are taken back, and so is what it clears.
deviations as (

    select
        leads_now.score_key,
        new_signals.signal,
        -new_signals.behaviour_points as behaviour_points,
        -new_signals.intent_points as intent_points,
        0 as penalty_points
    from recent_keys
    inner join leads_now on recent_keys.score_key = leads_now.score_key
    inner join new_signals
        on
            leads_now.scoring_model = new_signals.scoring_model
            and recent_keys.signal = new_signals.signal
            and recent_keys.dedupe_key = new_signals.dedupe_key
    union all
    select
        leads_now.score_key,
        cleared.cleared_by as signal,
        -cleared.behaviour_points as behaviour_points,
        -cleared.intent_points as intent_points,
        -cleared.penalty_points as penalty_points
    from points_if_awake as cleared
    inner join leads_now on {{ same_score('cleared', 'leads_now') }}
    where cleared.cleared_by is not null

),

deviations_of_signals as (

    select
        score_key,
        signal,
        sum(behaviour_points) as behaviour_points,
        sum(intent_points) as intent_points,
        sum(penalty_points) as penalty_points
    from deviations
    group by score_key, signal

),

summed as (

    select
        leads_now.lead_id,
        leads_now.scoring_model,
        leads_now.score,
        new_signals.signal,
        new_signals.points,
        leads_now.fit_points,
        leads_now.behaviour_points + new_signals.behaviour_points + coalesce(deviations_of_signals.behaviour_points, 0)
            as behaviour,
        leads_now.intent_points + new_signals.intent_points + coalesce(deviations_of_signals.intent_points, 0) as intent,
        curve_starts.multiplier as recency_multiplier,
        leads_now.penalty_points + curve_starts.penalty_points + coalesce(deviations_of_signals.penalty_points, 0)
            as penalty_points,
        scoring_models.behaviour_cap,
        scoring_models.intent_cap,
        scoring_models.min_score
    from leads_now
    inner join new_signals on leads_now.scoring_model = new_signals.scoring_model
    inner join {{ current_policy('scoring_models') }} as scoring_models on leads_now.scoring_model = scoring_models.scoring_model
    inner join curve_starts on leads_now.scoring_model = curve_starts.scoring_model
    left join deviations_of_signals
        on
            leads_now.score_key = deviations_of_signals.score_key
            and new_signals.signal = deviations_of_signals.signal

),

capped as (

    select
        *,
        {{ capped('behaviour', 'behaviour_cap') }} as behaviour_points,
        {{ capped('intent', 'intent_cap') }} as intent_points
    from summed

),

scored as (

    select
        lead_id,
        scoring_model,
        score,
        signal,
        points,
        {{ score('fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'min_score') }}
            as score_after
    from capped

)

select * from scored
