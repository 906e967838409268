with

leads as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

stages as (

    select * from {{ policy('stages') }}

),

stays as (

    select
        history.stage,
        leads.channel,
        history.exited_at,
        stages.max_days,
        {{ elapsed_days('history.entered_at', 'history.exited_at') }} as days
    from {{ ref('lead_qualification', 'lead_stage_history') }} as history
    inner join leads on history.lead_id = leads.lead_id
    inner join stages on history.stage = stages.stage

),

-- A null in a group is the total over that column.
grouped as (

    select
        stage,
        channel,
        cast(count(exited_at) as integer) as completed_stays,
        cast(count(*) - count(exited_at) as integer) as running_stays,
        {{ percentile('days', 0.5) }} as median_days,
        {{ percentile('days', 0.9) }} as p90_days,
        cast(count(case when days > max_days then 1 end) as integer) as over_max_stays
    from stays
    group by {{ cube(['channel'], beside=['stage']) }}

),

durations as (

    select
        grouped.stage,
        coalesce(grouped.channel, 'all') as channel,
        grouped.completed_stays,
        grouped.running_stays,
        grouped.median_days,
        grouped.p90_days,
        case when stages.max_days is not null then grouped.over_max_stays end as over_max_stays,
        case
            when stages.max_days is not null then {{ ratio('grouped.over_max_stays', 'grouped.completed_stays') }}
        end as over_max_share,
        stages.max_days,
        stages.typical_days_low,
        stages.typical_days_high,
        case
            when grouped.completed_stays < {{ lifecycle_setting('minimum_sample') }} then 'insufficient_data'
            when stages.typical_days_low is null or stages.typical_days_high is null then 'no_typical'
            when grouped.median_days < stages.typical_days_low then 'faster'
            when grouped.median_days > stages.typical_days_high then 'slower'
            else 'typical'
        end as verdict,
        {{ as_of() }} as as_of
    from grouped
    inner join stages on grouped.stage = stages.stage

)

select * from durations
