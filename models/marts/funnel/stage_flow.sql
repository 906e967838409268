with

history as (

    select * from {{ ref('lead_qualification', 'lead_stage_history') }}

),

months as (

    select * from {{ ref('lead_qualification', 'int_months') }}

),

moves as (

    select
        stage,
        {{ month_of('entered_at') }} as month,
        1 as entered,
        0 as exited
    from history
    union all
    select
        stage,
        {{ month_of('exited_at') }} as month,
        0 as entered,
        1 as exited
    from history
    where exited_at is not null

),

counted as (

    select
        stages.stage,
        months.month,
        cast(coalesce(sum(moves.entered), 0) as integer) as entered,
        cast(coalesce(sum(moves.exited), 0) as integer) as exited
    from {{ policy('stages') }} as stages
    cross join months
    left join moves
        on
            stages.stage = moves.stage
            and months.month = moves.month
    group by stages.stage, months.month

),

balanced as (

    select
        *,
        cast(sum(entered - exited) over (
            partition by stage
            order by month
            rows between unbounded preceding and current row
        ) as integer) as closing
    from counted

),

flow as (

    select
        stage,
        month,
        closing - entered + exited as opening,
        entered,
        exited,
        closing,
        {{ as_of() }} as as_of
    from balanced

)

select * from flow
