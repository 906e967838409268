{{ config(materialized='by_lead') }}

-- The score as a step function in whole numbers and decimals alone, of what changes with time: a
-- row ends where the next begins. Long because it sorts all changes of the project, which is done
-- on as few narrow columns as can be. Where rules or attributes have a history, what stands in no sum is
-- looked up at the beginning of each row.
with

changes as (

    select * from {{ ref('lead_qualification', 'int_score_changes') }}

),

lead_models as (

    select * from {{ rows_of_this_run('int_lead_model_stretches') }}

),

first_seen as (

    select * from {{ rows_of_this_run('int_lead_first_seen') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}

),

bands as (

    select * from {{ numbered_score_bands() }} as score_bands

),

{% if has_history() %}
scored_pairs as (

    select
        lead_models.score_key,
        lead_models.lead_id,
        lead_models.scoring_model,
        first_seen.first_seen_at,
        lead_models.valid_from,
        lead_models.valid_to,
        lead_models.exists_until
    from lead_models
    inner join first_seen on lead_models.lead_id = first_seen.lead_id

),

running as (

    select
        score_key,
        changed_at,
        lead(changed_at) over (partition by score_key order by changed_at) as next_changed_at,
        {{ each_score_change('%', prefix='change_of_') }},
        {{ each_score_change('cast(sum(%) over (partition by score_key order by changed_at rows unbounded preceding) as bigint)') }}
    from changes

),

-- While dormant, nothing that a person or an account did counts. What happened before the lead was
-- first seen counts from then on: of the rows up to then the last one holds.
awake as (

    select
        running.score_key,
        scored_pairs.lead_id,
        scored_pairs.scoring_model,
        scored_pairs.exists_until,
        greatest(running.changed_at, scored_pairs.first_seen_at) as valid_from,
        {{ while_awake('behaviour') }},
        {{ while_awake('intent') }},
        {{ while_awake('meaningful_signals') }},
        {{ while_awake('high_intent_signals') }},
        {{ while_awake('intent_signals') }},
        {{ from_ten_thousandths('running.multiplier') }} as recency_multiplier,
        running.penalty
    from running
    inner join scored_pairs
        on
            running.score_key = scored_pairs.score_key
            and greatest(running.changed_at, scored_pairs.first_seen_at) >= scored_pairs.valid_from
            and greatest(running.changed_at, scored_pairs.first_seen_at) < scored_pairs.valid_to
    where running.next_changed_at is null or running.next_changed_at > scored_pairs.first_seen_at

),

components as (

    select
        awake.score_key,
        awake.lead_id,
        awake.scoring_model,
        awake.exists_until,
        awake.valid_from,
        fit.fit_points,
        fit.grade,
        {{ capped('awake.behaviour', 'scoring_models.behaviour_cap') }} as behaviour_points,
        {{ capped('awake.intent', 'scoring_models.intent_cap') }} as intent_points,
        awake.recency_multiplier,
        {{ from_ten_thousandths('awake.penalty + fit.fit_penalty_points * 10000') }} as penalty_points,
        scoring_models.min_score,
        awake.meaningful_signals,
        awake.high_intent_signals,
        awake.intent_signals
    from awake
    inner join fit
        on
            awake.score_key = fit.score_key
            and awake.valid_from >= fit.valid_from
            and awake.valid_from < fit.valid_to
    inner join {{ dated_policy('scoring_models') }} as scoring_models
        on
            awake.scoring_model = scoring_models.scoring_model
            {{ and_in_force('scoring_models', 'awake.valid_from') }}

),

scored as (

    select
        *,
        {{ score('fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'min_score') }} as score
    from components

),

banded as (

    select
        scored.*,
        bands.band_number,
        bands.score_band,
        bands.score_level
    from scored
    inner join bands
        on
            scored.scoring_model = bands.scoring_model
            and scored.score >= bands.min_score
            and (scored.score < bands.below_score or bands.below_score is null)
            {%- if has_policy_versions() %}
            and scored.valid_from >= bands.period_from
            and scored.valid_from < bands.period_to
            {%- else %}
            and true
            {%- endif %}

),

-- A row that repeats every value of the one before adds nothing.
{%- set values = ['exists_until', 'fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points',
    'score', 'score_band', 'score_level', 'grade', 'meaningful_signals', 'high_intent_signals', 'intent_signals'] %}
compared as (

    select
        *,
        {%- for value in values %}
        lag({{ value }}) over (partition by score_key order by valid_from) as previous_{{ value }},
        {%- endfor %}
        row_number() over (partition by score_key order by valid_from) as row_rank
    from banded

),

steps as (

    select
        lead_id,
        score_key,
        valid_from,
        nullif(
            least(
                coalesce(lead(valid_from) over (partition by score_key order by valid_from), {{ never() }}),
                exists_until
            ),
            {{ never() }}
        ) as valid_to,
        behaviour_points,
        intent_points,
        recency_multiplier,
        penalty_points,
        score,
        band_number,
        meaningful_signals,
        high_intent_signals,
        intent_signals
    from compared
    where
        row_rank = 1
        {%- for value in values %}
        or {{ value }} <> previous_{{ value }}
        {%- endfor %}

)
{%- else %}
scored_pairs as (

    select
        lead_models.score_key,
        lead_models.lead_id,
        lead_models.scoring_model,
        first_seen.first_seen_at,
        fit.fit_points,
        fit.fit_penalty_points,
        scoring_models.behaviour_cap,
        scoring_models.intent_cap,
        scoring_models.min_score
    from lead_models
    inner join first_seen on lead_models.lead_id = first_seen.lead_id
    inner join fit on lead_models.score_key = fit.score_key
    inner join {{ current_policy('scoring_models') }} as scoring_models on lead_models.scoring_model = scoring_models.scoring_model

),

running as (

    select
        score_key,
        changed_at,
        lead(changed_at) over (partition by score_key order by changed_at) as next_changed_at,
        {{ each_score_change('%', prefix='change_of_') }},
        {{ each_score_change('cast(sum(%) over (partition by score_key order by changed_at rows unbounded preceding) as bigint)') }}
    from changes

),

-- While dormant, nothing that a person or an account did counts. What happened before the lead was
-- first seen counts from then on: of the rows up to then the last one holds.
awake as (

    select
        running.score_key,
        scored_pairs.lead_id,
        scored_pairs.scoring_model,
        greatest(running.changed_at, scored_pairs.first_seen_at) as valid_from,
        scored_pairs.fit_points,
        scored_pairs.behaviour_cap,
        scored_pairs.intent_cap,
        scored_pairs.min_score,
        {{ while_awake('behaviour') }},
        {{ while_awake('intent') }},
        {{ while_awake('meaningful_signals') }},
        {{ while_awake('high_intent_signals') }},
        {{ while_awake('intent_signals') }},
        {{ from_ten_thousandths('running.multiplier') }} as recency_multiplier,
        {{ from_ten_thousandths('running.penalty + scored_pairs.fit_penalty_points * 10000') }} as penalty_points,
        running.changed_at <= scored_pairs.first_seen_at as is_first,
        running.change_of_multiplier <> 0 or running.change_of_penalty <> 0 as is_other_factor
    from running
    inner join scored_pairs on running.score_key = scored_pairs.score_key
    where running.next_changed_at is null or running.next_changed_at > scored_pairs.first_seen_at

),

components as (

    select
        score_key,
        lead_id,
        scoring_model,
        valid_from,
        fit_points,
        {{ capped('behaviour', 'behaviour_cap') }} as behaviour_points,
        {{ capped('intent', 'intent_cap') }} as intent_points,
        recency_multiplier,
        penalty_points,
        min_score,
        meaningful_signals,
        high_intent_signals,
        intent_signals
    from awake
    -- A row that repeats every value of the one before adds nothing.
    where
        is_first
        or is_other_factor
        or {{ capped('behaviour', 'behaviour_cap') }} <> {{ capped('previous_behaviour', 'behaviour_cap') }}
        or {{ capped('intent', 'intent_cap') }} <> {{ capped('previous_intent', 'intent_cap') }}
        or meaningful_signals <> previous_meaningful_signals
        or high_intent_signals <> previous_high_intent_signals
        or intent_signals <> previous_intent_signals

),

scored as (

    select
        *,
        {{ score('fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'min_score') }} as score
    from components

),

steps as (

    select
        scored.lead_id,
        scored.score_key,
        scored.valid_from,
        lead(scored.valid_from) over (partition by scored.score_key order by scored.valid_from) as valid_to,
        scored.behaviour_points,
        scored.intent_points,
        scored.recency_multiplier,
        scored.penalty_points,
        scored.score,
        bands.band_number,
        scored.meaningful_signals,
        scored.high_intent_signals,
        scored.intent_signals
    from scored
    inner join bands
        on
            scored.scoring_model = bands.scoring_model
            and scored.score >= bands.min_score
            and (scored.score < bands.below_score or bands.below_score is null)

)
{%- endif %}
{%- if has_bounded_scores() %},

bounded_steps as (

    {{ cut_to_scored_periods('steps', 'valid_from', 'valid_to', [
        'lead_id', 'score_key', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'score', 'band_number',
        'meaningful_signals', 'high_intent_signals', 'intent_signals'
    ]) }}

)

select * from bounded_steps
{%- else %}

select * from steps
{%- endif %}
