{%- set values = [
    'fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'score',
    'score_band', 'score_level', 'grade', 'meaningful_signals', 'high_intent_signals', 'intent_signals'
] -%}
{#- Fit and grade do not change over time; score, band and level follow from the others. -#}
{%- set changing_values = [
    'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points',
    'meaningful_signals', 'high_intent_signals', 'intent_signals'
] -%}
with

timeline as (

    select * from {{ ref('int_score_timeline') }}

),

compared as (

    select
        *,
        row_number() over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as row_number_of_pair,
        {%- for value in changing_values %}
        lag({{ value }}) over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as previous_{{ value }}{{ ',' if not loop.last }}
        {%- endfor %}
    from timeline

),

-- A row that repeats every value of the one before adds nothing. No value is ever null.
changed as (

    select * from compared
    where
        row_number_of_pair = 1
        {%- for value in changing_values %}
        or {{ value }} <> previous_{{ value }}
        {%- endfor %}

),

history as (

    select
        lead_id,
        scoring_model,
        valid_from,
        lead(valid_from) over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as valid_to,
        {%- for value in values %}
        {{ value }},
        {%- endfor %}
        valid_from > {{ as_of() }} as is_projected
    from changed

)

select * from history
