{{ config(materialized='by_lead') }}

-- The ledger: what each signal adds to a component, from when until when; it starts later than the signal
-- where its rule does. Long because each step
-- needs the whole row of a signal: apart, every step would write the ledger once more.
with

scored_signals as (

    select * from {{ rows_of_this_run('int_scored_signals') }}
    where component is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by score_key, signal,{{ ' counts_from,' if has_policy_versions() }} {{ dedupe_key() }}
            order by occurred_at, {{ bytewise('source') }}, {{ bytewise('record_id') }}
        ) as key_rank
    from scored_signals

),

first_of_key as (

    select * from ranked
    where
        key_rank = 1
        and (is_in_episode or valid_days is not null or component = 'penalty')

),

clearing as (

    select
        first_of_key.score_key,
        first_of_key.source,
        first_of_key.record_id,
        first_of_key.counts_from,
        min(signals.occurred_at) as cleared_at
    from first_of_key
    inner join {{ rows_of_this_run('int_scheduled_signals', 'signals') }}
        on
            first_of_key.lead_id = signals.lead_id
            and first_of_key.cleared_by = signals.signal
            and first_of_key.occurred_at < signals.occurred_at
    group by
        first_of_key.score_key,
        first_of_key.source,
        first_of_key.record_id,
        first_of_key.counts_from

),

lasting as (

    select
        first_of_key.*,
        clearing.cleared_at,
        case
            when first_of_key.valid_days is not null
                then {{ add_days('first_of_key.occurred_at', 'first_of_key.valid_days') }}
            when first_of_key.component <> 'penalty' then first_of_key.episode_ends_at
        end as runs_out_at
    from first_of_key
    left join clearing
        on
            first_of_key.score_key = clearing.score_key
            and first_of_key.source = clearing.source
            and first_of_key.record_id = clearing.record_id
            {%- if has_policy_versions() %}
            and first_of_key.counts_from = clearing.counts_from
            {%- else %}
            and true
            {%- endif %}

),

ending as (

    select
        *,
        case
            when runs_out_at is null or cleared_at < runs_out_at then cleared_at
            else runs_out_at
        end as ended_at
    from lasting

),

contributions as (

    select
        lead_id,
        scoring_model,
        score_key,
        component,
        signal,
        source,
        record_id,
        points,
        occurred_at,
        {% if has_policy_versions() -%}
        greatest(occurred_at, counts_from) as starts_at,
        nullif(least(coalesce(ended_at, {{ never() }}), counts_to), {{ never() }}) as ends_at
        {%- else -%}
        occurred_at as starts_at,
        ended_at as ends_at
        {%- endif %}
    from ending
    {%- if has_policy_versions() %}
    where
        occurred_at < counts_to
        and coalesce(ended_at > counts_from, true)
    {%- endif %}

)
{%- if has_bounded_scores() %},

bounded_contributions as (

    {{ cut_to_scored_periods('contributions', 'starts_at', 'ends_at', [
        'lead_id', 'scoring_model', 'score_key', 'component', 'signal', 'source', 'record_id', 'points', 'occurred_at'
    ]) }}

)

select * from bounded_contributions
{%- else %}

select * from contributions
{%- endif %}
