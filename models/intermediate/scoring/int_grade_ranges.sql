-- The grade scale as ranges of matched criteria. The last grade needs every criterion known:
-- with an unknown one the lead gets the grade before it.
with

grade_scale as (

    select * from {{ policy('grade_scale') }}

),

ranges as (

    select
        grade,
        grade_rank,
        min_criteria_matched,
        coalesce(lag(min_criteria_matched) over (order by grade_rank), 1000000) as below_criteria_matched,
        lead(grade) over (order by grade_rank) is null as is_last,
        lag(grade) over (order by grade_rank) as grade_before,
        lag(grade_rank) over (order by grade_rank) as grade_rank_before
    from grade_scale

),

grade_ranges as (

    select
        grade,
        grade_rank,
        min_criteria_matched,
        below_criteria_matched,
        case when is_last then grade_before else grade end as grade_with_unknowns,
        case when is_last then grade_rank_before else grade_rank end as grade_rank_with_unknowns
    from ranges

)

select * from grade_ranges
