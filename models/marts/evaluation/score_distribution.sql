-- How scores spread over bands and grades by month. Long because bands and grades are counted
-- alike, empty ones included.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}

),

months as (

    select
        scoring_model,
        evaluated_month as month,
        count(*) as month_leads
    from scores
    group by scoring_model, evaluated_month

),

members as (

    select
        months.scoring_model,
        months.month,
        months.month_leads,
        'score_band' as kind,
        bands.score_band as member
    from months
    inner join {{ current_policy('score_bands') }} as bands on months.scoring_model = bands.scoring_model
    union all
    select
        months.scoring_model,
        months.month,
        months.month_leads,
        'grade' as kind,
        grades.grade as member
    from months
    cross join {{ current_policy('grade_scale') }} as grades

),

seen as (

    select
        scoring_model,
        evaluated_month as month,
        'score_band' as kind,
        score_band as member,
        count(*) as leads
    from scores
    group by scoring_model, evaluated_month, score_band
    union all
    select
        scoring_model,
        evaluated_month as month,
        'grade' as kind,
        grade as member,
        count(*) as leads
    from scores
    group by scoring_model, evaluated_month, grade

),

counts as (

    select
        members.scoring_model,
        members.month,
        members.kind,
        members.member,
        cast(coalesce(seen.leads, 0) as integer) as leads,
        cast(members.month_leads as integer) as month_leads
    from members
    left join seen
        on
            members.scoring_model = seen.scoring_model
            and members.month = seen.month
            and members.kind = seen.kind
            and members.member = seen.member

),

with_earlier as (

    select
        *,
        cast(coalesce(sum(leads) over (
            partition by scoring_model, kind, member
            order by month
            rows between unbounded preceding and 1 preceding
        ), 0) as integer) as earlier_leads,
        cast(coalesce(sum(month_leads) over (
            partition by scoring_model, kind, member
            order by month
            rows between unbounded preceding and 1 preceding
        ), 0) as integer) as earlier_month_leads
    from counts

),

distribution as (

    select
        scoring_model,
        month,
        kind,
        member,
        leads,
        month_leads,
        {{ rate_with_interval('share_rate', 'leads', 'month_leads') }},
        earlier_leads,
        earlier_month_leads,
        {{ ratio('earlier_leads', 'earlier_month_leads') }} as earlier_share_rate,
        {{ as_of() }} as as_of
    from with_earlier

)

select * from distribution
