{{ config(materialized='by_lead') }}

-- When which model scores which lead, [valid_from, valid_to), with the dormancy of the model: as its
-- primary one, or as an active one that knows a signal of it. exists_until: when the model stops scoring
-- it, whatever its dormancy. Long because with several versions of the policy a pair may begin, pause and end.
{%- do needs('int_lead_profiles') %}
with

lead_signals as (

    select distinct
        lead_id,
        signal
    from {{ rows_of_this_run('int_lead_signals') }}

),

lead_pairs as (

    {{ lead_pairs() }}

),

{% if has_policy_versions() %}

model_rows as (

    select
        scoring_model,
        dormancy_days,
        in_force_from,
        in_force_to
    from {{ dated_policy('scoring_models') }} as scoring_models
    where is_active

),

-- Whether a model has a row for a signal matters here, not what the row says.
compared_points as (

    select
        scoring_model,
        signal,
        in_force_from,
        in_force_to,
        case
            when lag(in_force_to) over (partition by scoring_model, signal order by in_force_from) = in_force_from then 0
            else 1
        end as begins
    from {{ dated_policy('signal_points') }} as signal_points

),

numbered_points as (

    select
        *,
        sum(begins) over (
            partition by scoring_model, signal
            order by in_force_from
            rows between unbounded preceding and current row
        ) as presence_number
    from compared_points

),

presences as (

    select
        scoring_model,
        signal,
        min(in_force_from) as in_force_from,
        max(in_force_to) as in_force_to
    from numbered_points
    group by scoring_model, signal, presence_number

),

instants as (

    select
        scoring_model,
        in_force_from as instant
    from presences
    union distinct
    select
        scoring_model,
        in_force_to as instant
    from presences
    union distinct
    select
        scoring_model,
        in_force_from as instant
    from model_rows
    union distinct
    select
        scoring_model,
        in_force_to as instant
    from model_rows
    union distinct
    select
        model_rows.scoring_model,
        assignment_periods.period_from as instant
    from model_rows
    cross join {{ policy_periods(['model_assignment']) }} as assignment_periods

),

numbered_periods as (

    select
        scoring_model,
        instant as period_from,
        lead(instant) over (partition by scoring_model order by instant) as period_to,
        row_number() over (partition by scoring_model order by instant) as period_number
    from instants

),

model_periods as (

    select
        numbered_periods.scoring_model,
        numbered_periods.period_number,
        numbered_periods.period_from,
        numbered_periods.period_to,
        model_rows.dormancy_days
    from numbered_periods
    inner join model_rows
        on
            numbered_periods.scoring_model = model_rows.scoring_model
            and numbered_periods.period_from >= model_rows.in_force_from
            and numbered_periods.period_from < model_rows.in_force_to
    where numbered_periods.period_to is not null

),

signal_periods as (

    select
        model_periods.scoring_model,
        model_periods.period_number,
        presences.signal
    from model_periods
    inner join presences
        on
            model_periods.scoring_model = presences.scoring_model
            and model_periods.period_from >= presences.in_force_from
            and model_periods.period_from < presences.in_force_to

),

{% if has_changing_pairs() %}
scored_periods as (

    select
        lead_pairs.lead_id,
        lead_pairs.scoring_model,
        greatest(lead_pairs.valid_from, model_periods.period_from) as valid_from,
        least(lead_pairs.valid_to, model_periods.period_to) as valid_to,
        model_periods.dormancy_days
    from lead_pairs
    inner join model_periods
        on
            lead_pairs.scoring_model = model_periods.scoring_model
            and lead_pairs.valid_from < model_periods.period_to
            and lead_pairs.valid_to > model_periods.period_from
    union distinct
    select
        lead_signals.lead_id,
        signal_periods.scoring_model,
        model_periods.period_from as valid_from,
        model_periods.period_to as valid_to,
        model_periods.dormancy_days
    from lead_signals
    inner join signal_periods on lead_signals.signal = signal_periods.signal
    inner join model_periods
        on
            signal_periods.scoring_model = model_periods.scoring_model
            and signal_periods.period_number = model_periods.period_number

),

reaching as (

    select
        *,
        max(valid_to) over (
            partition by lead_id, scoring_model
            order by valid_from, valid_to
            rows between unbounded preceding and 1 preceding
        ) as reached_before,
        max(valid_to) over (
            partition by lead_id, scoring_model, dormancy_days
            order by valid_from, valid_to
            rows between unbounded preceding and 1 preceding
        ) as reached_with_dormancy
    from scored_periods

),

numbered as (

    select
        lead_id,
        scoring_model,
        valid_from as period_from,
        valid_to as period_to,
        dormancy_days,
        sum(case when reached_before >= valid_from then 0 else 1 end) over (
            partition by lead_id, scoring_model
            order by valid_from, valid_to
            rows between unbounded preceding and current row
        ) as existence,
        sum(case when reached_with_dormancy >= valid_from then 0 else 1 end) over (
            partition by lead_id, scoring_model, dormancy_days
            order by valid_from, valid_to
            rows between unbounded preceding and current row
        ) as same_dormancy
    from reaching

),
{% else %}
scored_periods as (

    select
        lead_pairs.lead_id,
        lead_pairs.scoring_model,
        model_periods.period_number
    from lead_pairs
    inner join model_periods
        on
            lead_pairs.scoring_model = model_periods.scoring_model
            and model_periods.period_from >= lead_pairs.valid_from
            and model_periods.period_from < lead_pairs.valid_to
    union distinct
    select
        lead_signals.lead_id,
        signal_periods.scoring_model,
        signal_periods.period_number
    from lead_signals
    inner join signal_periods on lead_signals.signal = signal_periods.signal

),

-- Periods that follow each other have the same difference to their rank.
numbered as (

    select
        scored_periods.lead_id,
        scored_periods.scoring_model,
        model_periods.period_from,
        model_periods.period_to,
        model_periods.dormancy_days,
        scored_periods.period_number - row_number() over (
            partition by scored_periods.lead_id, scored_periods.scoring_model
            order by scored_periods.period_number
        ) as existence,
        scored_periods.period_number - row_number() over (
            partition by scored_periods.lead_id, scored_periods.scoring_model, model_periods.dormancy_days
            order by scored_periods.period_number
        ) as same_dormancy
    from scored_periods
    inner join model_periods
        on
            scored_periods.scoring_model = model_periods.scoring_model
            and scored_periods.period_number = model_periods.period_number

),
{% endif %}

pairs as (

    select
        lead_id,
        scoring_model,
        existence,
        dormancy_days,
        min(period_from) as valid_from,
        max(period_to) as valid_to
    from numbered
    group by lead_id, scoring_model, existence, dormancy_days, same_dormancy

),

stretches as (

    select
        lead_id,
        scoring_model,
        {{ score_key('pairs') }} as score_key,
        dormancy_days,
        valid_from,
        valid_to,
        max(valid_to) over (partition by lead_id, scoring_model, existence) as exists_until
    from pairs

)
{% else %}
pairs as (

    select
        lead_id,
        scoring_model
    from lead_pairs
    union distinct
    select
        lead_signals.lead_id,
        signal_points.scoring_model
    from lead_signals
    inner join {{ current_policy('signal_points') }} as signal_points on lead_signals.signal = signal_points.signal

),

stretches as (

    select
        pairs.lead_id,
        pairs.scoring_model,
        {{ score_key('pairs') }} as score_key,
        scoring_models.dormancy_days,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to,
        {{ never() }} as exists_until
    from pairs
    inner join {{ current_policy('scoring_models') }} as scoring_models on pairs.scoring_model = scoring_models.scoring_model
    where scoring_models.is_active

)
{% endif %}
select * from stretches
