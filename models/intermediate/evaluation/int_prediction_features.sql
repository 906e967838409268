{{ config(materialized='by_lead') }}

-- What was known of a lead at its evaluation point, one row per feature that is not 0. Long because
-- each kind of feature is a branch; none reads another.
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

attributes as (

    select * from {{ ref('lead_qualification', 'int_evaluation_attributes') }}

),

criteria as (

    select * from {{ rows_of_this_run('int_lead_fit_criteria') }}
    where is_matched

),

signal_counts as (

    select * from {{ rows_of_this_run('int_evaluation_signals') }}

),

patterns as (

    select * from {{ rows_of_this_run('int_evaluation_patterns') }}

),

velocity as (

    select * from {{ rows_of_this_run('int_evaluation_velocity') }}

),

first_seen as (

    select * from {{ rows_of_this_run('int_lead_first_seen') }}

),

features as (

    select
        lead_id,
        attribute || '=' || attribute_value as feature,
        cast(1 as {{ type_rate() }}) as value
    from attributes
    where attribute_value is not null
    union all
    select
        points.lead_id,
        'fit_matched=' || criteria.criterion as feature,
        cast(1 as {{ type_rate() }}) as value
    from points
    inner join criteria
        on
            {{ same_score('points', 'criteria') }}
            {%- if has_history() %}
            and {{ is_valid_at('criteria', 'points.evaluated_at') }}
            {%- else %}
            and true
            {%- endif %}
    union all
    select
        lead_id,
        'count:' || signal as feature,
        cast(signals as {{ type_rate() }}) as value
    from signal_counts
    union all
    select
        points.lead_id,
        'recency:' || signal_counts.signal as feature,
        cast(1 / (1 + {{ elapsed_days('signal_counts.latest_at', 'points.evaluated_at') }}) as {{ type_rate() }}) as value
    from points
    inner join signal_counts on points.lead_id = signal_counts.lead_id
    union all
    select
        lead_id,
        'pattern:' || pattern as feature,
        cast(1 as {{ type_rate() }}) as value
    from patterns
    union all
    select
        lead_id,
        'meaningful_7_days' as feature,
        cast(meaningful_7_days as {{ type_rate() }}) as value
    from velocity
    union all
    select
        lead_id,
        'meaningful_30_days' as feature,
        cast(meaningful_30_days as {{ type_rate() }}) as value
    from velocity
    union all
    select
        points.lead_id,
        'days_since_first_seen' as feature,
        cast({{ elapsed_days('first_seen.first_seen_at', 'points.evaluated_at') }} as {{ type_rate() }}) as value
    from points
    inner join first_seen on points.lead_id = first_seen.lead_id

),

known as (

    select
        lead_id,
        feature,
        value
    from features
    where value <> 0

)

select * from known
