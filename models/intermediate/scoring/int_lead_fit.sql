{{ config(materialized='by_lead') }}

-- Fit points, fit penalties and grade of each lead in each model that scores it.
with

lead_models as (

    select * from {{ rows_of_this_run('int_lead_models') }}

),

criteria as (

    select * from {{ rows_of_this_run('int_lead_fit_criteria') }}

),

-- The grade scale as ranges of matched criteria. The last grade needs every criterion known: with
-- an unknown one the lead gets the grade before it.
grade_ranges as (

    select
        grade,
        grade_rank,
        min_criteria_matched,
        coalesce(lag(min_criteria_matched) over (order by grade_rank), 1000000) as below_criteria_matched,
        case when lead(grade) over (order by grade_rank) is null then lag(grade) over (order by grade_rank) else grade end
            as grade_with_unknowns,
        case
            when lead(grade) over (order by grade_rank) is null then lag(grade_rank) over (order by grade_rank)
            else grade_rank
        end as grade_rank_with_unknowns
    from {{ policy('grade_scale') }}

),

summed as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        coalesce(sum(case when criteria.points > 0 then criteria.points end), 0) as positive_points,
        coalesce(sum(case when criteria.points < 0 then criteria.points end), 0) as negative_points,
        count(case when criteria.counts_for_grade and criteria.is_matched then 1 end) as criteria_matched,
        count(case when criteria.counts_for_grade and criteria.is_unknown then 1 end) as criteria_unknown
    from lead_models
    left join criteria on {{ same_score('lead_models', 'criteria') }}
    group by lead_models.lead_id, lead_models.scoring_model, lead_models.score_key

),

graded as (

    select
        summed.lead_id,
        summed.scoring_model,
        summed.score_key,
        cast({{ capped('summed.positive_points', 'scoring_models.fit_cap') }} as integer) as fit_points,
        cast(summed.negative_points as integer) as fit_penalty_points,
        cast(summed.criteria_matched as integer) as criteria_matched,
        cast(summed.criteria_unknown as integer) as criteria_unknown,
        case
            when summed.criteria_unknown > 0 then grade_ranges.grade_with_unknowns
            else grade_ranges.grade
        end as grade,
        case
            when summed.criteria_unknown > 0 then grade_ranges.grade_rank_with_unknowns
            else grade_ranges.grade_rank
        end as grade_rank
    from summed
    inner join {{ policy('scoring_models') }} as scoring_models on summed.scoring_model = scoring_models.scoring_model
    inner join grade_ranges
        on
            summed.criteria_matched >= grade_ranges.min_criteria_matched
            and summed.criteria_matched < grade_ranges.below_criteria_matched

)

select * from graded
