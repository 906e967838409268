-- The points of behaviour and intent that each main score would have at as_of if the lead engaged then: those alive
-- at that instant, whether it is awake or not, and those of signals of that very instant, which the episode that
-- begins with it would contain. Long because the latter are in no ledger.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_current_scores') }}
    where is_primary

),

lead_models as (

    select * from {{ ref('lead_qualification', 'int_lead_models') }}
    where is_primary

),

alive as (

    select * from {{ ref('lead_qualification', 'int_score_contributions') }}
    where
        starts_at <= {{ as_of() }}
        and (ends_at is null or ends_at > {{ as_of() }})

),

scored_signals as (

    select * from {{ ref('lead_qualification', 'int_scored_signals') }}
    where
        component is not null
        and occurred_at <= {{ as_of() }}
        and counts_from <= {{ as_of() }}
        and counts_to > {{ as_of() }}

),

outside as (

    select distinct
        score_key,
        signal
    from scored_signals
    where
        occurred_at = {{ as_of() }}
        and not is_in_episode
        and valid_days is null
        and component <> 'penalty'

),

kept_apart as (

    select
        scored_signals.*,
        {{ dedupe_key() }} as dedupe_key
    from scored_signals
    where
        exists (
            select 1 as found
            from outside
            where
                scored_signals.score_key = outside.score_key
                and scored_signals.signal = outside.signal
        )

),

ranked as (

    select
        *,
        row_number() over (
            partition by score_key, signal, dedupe_key
            order by occurred_at, {{ bytewise('source') }}, {{ bytewise('record_id') }}
        ) as key_rank
    from kept_apart

),

contributions as (

    select
        score_key,
        component,
        signal,
        points,
        occurred_at
    from alive
    union all
    select
        score_key,
        component,
        signal,
        points,
        occurred_at
    from ranked
    where
        key_rank = 1
        and occurred_at = {{ as_of() }}
        and not is_in_episode

),

main_contributions as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        contributions.component,
        contributions.points,
        case when contributions.occurred_at < {{ as_of() }} then signal_points.cleared_by end as cleared_by
    from lead_models
    inner join scores on {{ same_score('lead_models', 'scores') }}
    inner join contributions on lead_models.score_key = contributions.score_key
    inner join {{ current_policy('signal_points') }} as signal_points
        on
            lead_models.scoring_model = signal_points.scoring_model
            and contributions.signal = signal_points.signal

),

points_if_awake as (

    select
        lead_id,
        scoring_model,
        {%- for component in ('behaviour', 'intent', 'penalty') %}
        cast(sum(case when component = '{{ component }}' then points else 0 end) as bigint) as {{ component }}_points,
        {%- endfor %}
        cleared_by
    from main_contributions
    group by lead_id, scoring_model, cleared_by

)

select * from points_if_awake
