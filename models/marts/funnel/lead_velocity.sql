with

motions as (

    {{ rows_of_names(['all'] + motions(), 'motion') }}

),

leads as (

    select
        leads.*,
        motions.motion as reported_motion
    from {{ ref('lead_qualification', 'int_funnel_leads') }} as leads
    inner join motions on motions.motion in ('all', leads.motion)

),

-- Every step that a lead took, in the month of the step, and how long it took to get there.
steps as (
    {% for step, times in velocity_steps().items() %}
    select
        {{ month_of(times.to_at) }} as month,
        reported_motion as motion,
        '{{ step }}' as step,
        {{ elapsed_days(times.from_at, times.to_at) }} as days
    from leads
    where {{ times.to_at }} >= {{ times.from_at }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

durations as (

    select
        month,
        motion,
        {{ step_percentiles() }}
    from steps
    group by month, motion

),

counted as (

    select
        months.month,
        motions.motion,
        {{ reached_in_month() }}
    from {{ ref('lead_qualification', 'int_months') }} as months
    cross join motions
    left join leads on motions.motion = leads.reported_motion
    group by months.month, motions.motion

),

compared as (

    select
        *,
        {{ growth('mqls') }} as mqls_growth,
        {{ growth('sqls') }} as sqls_growth,
        {{ growth('opportunities') }} as opportunities_growth
    from counted

),

velocity as (

    select
        compared.*,
        {{ step_percentiles_of('durations') }},
        {{ as_of() }} as as_of
    from compared
    left join durations on compared.month = durations.month and compared.motion = durations.motion

)

select * from velocity
