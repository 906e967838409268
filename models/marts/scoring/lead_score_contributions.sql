{{ config(materialized='by_lead') }}

-- What makes up each score at as_of. Long because signals, fit and recency are branches of the same
-- ledger.
with

current_scores as (

    select * from {{ rows_of_this_run('int_current_scores') }}

),

contributions as (

    select * from {{ rows_of_this_run('int_current_contributions') }}

),

criteria as (

    select * from {{ rows_of_this_run('int_lead_fit_criteria') }}

),

recency_steps as (

    select * from {{ rows_of_this_run('int_recency_steps') }}

),

from_signals as (

    select
        contributions.lead_id,
        contributions.scoring_model,
        contributions.component,
        contributions.signal as item,
        contributions.source,
        contributions.record_id,
        contributions.occurred_at,
        contributions.points,
        contributions.ends_at as expires_at,
        signals.description
    from contributions
    inner join {{ policy('signals') }} as signals on contributions.signal = signals.signal

),

from_fit as (

    select
        lead_id,
        scoring_model,
        case when points > 0 then 'fit' else 'penalty' end as component,
        criterion as item,
        'fit_rules' as source,
        criterion as record_id,
        cast(null as timestamp) as occurred_at,
        points,
        cast(null as timestamp) as expires_at,
        description
    from criteria
    where
        points <> 0
        {%- if has_history() %}
        and valid_from <= {{ as_of() }}
        and valid_to > {{ as_of() }}
        {%- else %}
        and true
        {%- endif %}

),

from_recency as (

    select
        lead_id,
        scoring_model,
        'penalty' as component,
        'inactivity' as item,
        'recency_curve' as source,
        'inactivity' as record_id,
        starts_at as occurred_at,
        penalty_points as points,
        ends_at as expires_at,
        'Penalty of the recency curve' as description
    from recency_steps
    where
        penalty_points <> 0
        and starts_at <= {{ as_of() }}
        and (ends_at is null or ends_at > {{ as_of() }})

),

ledger as (

    select * from from_signals
    union all
    select * from from_fit
    union all
    select * from from_recency

),

entries as (

    select
        ledger.lead_id,
        ledger.scoring_model,
        ledger.component,
        ledger.item,
        ledger.source,
        ledger.record_id,
        ledger.occurred_at,
        cast(ledger.points as decimal(18, 4)) as points,
        ledger.expires_at,
        ledger.description
    from ledger
    inner join current_scores on {{ same_score('ledger', 'current_scores') }}

)

select * from entries
