-- Fit points, fit penalties and grade of each lead in each model that scores it.
with

lead_models as (

    select * from {{ ref('lead_qualification', 'int_lead_models') }}

),

criteria as (

    select * from {{ ref('lead_qualification', 'int_lead_fit_criteria') }}

),

scoring_models as (

    select * from {{ policy('scoring_models') }}

),

grade_scale as (

    select * from {{ ref('lead_qualification', 'int_grade_ranges') }}

),

summed as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        coalesce(sum(case when criteria.points > 0 then criteria.points end), 0) as positive_points,
        coalesce(sum(case when criteria.points < 0 then criteria.points end), 0) as negative_points,
        count(case when criteria.counts_for_grade and criteria.is_matched then 1 end) as criteria_matched,
        count(case when criteria.counts_for_grade and criteria.is_unknown then 1 end) as criteria_unknown
    from lead_models
    left join criteria
        on
            lead_models.lead_id = criteria.lead_id
            and lead_models.scoring_model = criteria.scoring_model
    group by lead_models.lead_id, lead_models.scoring_model

),

graded as (

    select
        summed.lead_id,
        summed.scoring_model,
        cast({{ capped('summed.positive_points', 'scoring_models.fit_cap') }} as integer) as fit_points,
        cast(summed.negative_points as integer) as fit_penalty_points,
        cast(summed.criteria_matched as integer) as criteria_matched,
        cast(summed.criteria_unknown as integer) as criteria_unknown,
        case
            when summed.criteria_unknown > 0 then grade_scale.grade_with_unknowns
            else grade_scale.grade
        end as grade,
        case
            when summed.criteria_unknown > 0 then grade_scale.grade_rank_with_unknowns
            else grade_scale.grade_rank
        end as grade_rank
    from summed
    inner join scoring_models on summed.scoring_model = scoring_models.scoring_model
    inner join grade_scale
        on
            summed.criteria_matched >= grade_scale.min_criteria_matched
            and summed.criteria_matched < grade_scale.below_criteria_matched

)

select * from graded
