{{ config(materialized='by_lead') }}

-- Fit points, fit penalties and grade of each lead in each model that scores it, over time:
-- [valid_from, valid_to). Long because attributes, fit rules, caps and grades each change it.
with

lead_models as (

    {{ 'select distinct' if has_policy_versions() else 'select' }}
        lead_id,
        scoring_model,
        score_key
    from {{ rows_of_this_run('int_lead_model_stretches') }}

),

criteria as (

    select * from {{ rows_of_this_run('int_lead_fit_criteria') }}

),
{% if has_history() %}
instants as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        criteria.valid_from
    from lead_models
    inner join criteria on {{ same_score('lead_models', 'criteria') }}
    {%- if has_policy_versions() %}
    union distinct
    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        criteria.valid_to as valid_from
    from lead_models
    inner join criteria on {{ same_score('lead_models', 'criteria') }}
    where criteria.valid_to < {{ never() }}
    union distinct
    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        periods.period_from as valid_from
    from lead_models
    inner join {{ policy_periods(['scoring_models'], ['scoring_model']) }} as periods
        on lead_models.scoring_model = periods.scoring_model
    union distinct
    select
        lead_models.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        periods.period_from as valid_from
    from lead_models
    cross join {{ policy_periods(['grade_scale']) }} as periods
    {%- else %}
    union distinct
    select
        lead_id,
        scoring_model,
        score_key,
        {{ beginning() }} as valid_from
    from lead_models
    {%- endif %}

),

judged_models as (

    select
        *,
        coalesce(lead(valid_from) over (partition by score_key order by valid_from), {{ never() }}) as valid_to
    from instants

),
{% else %}
judged_models as (

    select
        lead_id,
        scoring_model,
        score_key,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to
    from lead_models

),
{% endif %}

-- The grade scale as ranges of matched criteria. The last grade needs every criterion known: with
-- an unknown one the lead gets the grade before it.
grade_ranges as (

    select
        grade,
        grade_rank,
        min_criteria_matched,
        period_from,
        period_to,
        coalesce(lag(min_criteria_matched) over (partition by period_from order by grade_rank), 1000000)
            as below_criteria_matched,
        case
            when lead(grade) over (partition by period_from order by grade_rank) is null
                then lag(grade) over (partition by period_from order by grade_rank)
            else grade
        end as grade_with_unknowns,
        case
            when lead(grade) over (partition by period_from order by grade_rank) is null
                then lag(grade_rank) over (partition by period_from order by grade_rank)
            else grade_rank
        end as grade_rank_with_unknowns
    from {{ policy_by_period('grade_scale') }} as grade_scale

),

summed as (

    select
        judged_models.lead_id,
        judged_models.scoring_model,
        judged_models.score_key,
        judged_models.valid_from,
        judged_models.valid_to,
        coalesce(sum(case when criteria.points > 0 then criteria.points end), 0) as positive_points,
        coalesce(sum(case when criteria.points < 0 then criteria.points end), 0) as negative_points,
        count(case when criteria.counts_for_grade and criteria.is_matched then 1 end) as criteria_matched,
        count(case when criteria.counts_for_grade and criteria.is_unknown then 1 end) as criteria_unknown
    from judged_models
    left join criteria
        on
            {{ same_score('judged_models', 'criteria') }}
            {%- if has_history() %}
            and judged_models.valid_from >= criteria.valid_from
            and judged_models.valid_from < criteria.valid_to
            {%- else %}
            and true
            {%- endif %}
    group by
        judged_models.lead_id,
        judged_models.scoring_model,
        judged_models.score_key,
        judged_models.valid_from,
        judged_models.valid_to

),

graded as (

    select
        summed.lead_id,
        summed.scoring_model,
        summed.score_key,
        summed.valid_from,
        summed.valid_to,
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
    inner join {{ dated_policy('scoring_models') }} as scoring_models
        on
            summed.scoring_model = scoring_models.scoring_model
            {{ and_in_force('scoring_models', 'summed.valid_from') }}
    inner join grade_ranges
        on
            summed.criteria_matched >= grade_ranges.min_criteria_matched
            and summed.criteria_matched < grade_ranges.below_criteria_matched
            {%- if has_policy_versions() %}
            and summed.valid_from >= grade_ranges.period_from
            and summed.valid_from < grade_ranges.period_to
            {%- else %}
            and true
            {%- endif %}

)

select * from graded
