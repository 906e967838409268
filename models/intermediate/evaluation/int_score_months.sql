{{ config(materialized='ephemeral') }}

-- Sums over the evaluation points of a model by month, and over all the months before.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}

),

months as (

    select
        scoring_model,
        evaluated_month as month,
        cast(count(*) as integer) as leads,
        cast(count(case when is_mature then 1 end) as integer) as mature_leads,
        cast(count(case when is_mature and is_converted then 1 end) as integer) as converted,
        sum(cast(score as {{ type_double() }})) as score_sum,
        sum(cast(score as {{ type_double() }}) * score) as score_square_sum
    from scores
    group by scoring_model, evaluated_month

),

with_earlier as (

    select
        *,
        {{ over_earlier_months(['leads', 'mature_leads', 'converted', 'score_sum', 'score_square_sum']) }}
    from months

)

select * from with_earlier
