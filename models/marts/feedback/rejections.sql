-- Rejection rates by month, channel and reason. Long because the totals and the reasons must be cut
-- alike.
with

handoffs as (

    select
        {{ month_of('handed_off_at') }} as handed_off_month,
        channel,
        disposition,
        case when disposition = 'rejected' then coalesce(reason_code, 'unknown') end as rejection_reason
    from {{ ref('lead_qualification', 'handoffs') }}
    where disposition <> 'none'

),

-- A null in a group is the total over that column.
totals as (

    select
        handed_off_month,
        channel,
        cast(count(*) as integer) as dispositions,
        cast(count(rejection_reason) as integer) as rejected
    from handoffs
    group by {{ cube(['handed_off_month', 'channel']) }}

),

by_reason as (

    select
        handed_off_month,
        channel,
        rejection_reason,
        cast(count(*) as integer) as rejected
    from handoffs
    where rejection_reason is not null
    group by {{ cube(['handed_off_month', 'channel'], beside=['rejection_reason']) }}

),

counted as (

    select
        handed_off_month,
        channel,
        'all' as reason_code,
        dispositions,
        rejected
    from totals
    where dispositions > 0
    union all
    select
        totals.handed_off_month,
        totals.channel,
        by_reason.rejection_reason as reason_code,
        totals.dispositions,
        by_reason.rejected
    from totals
    inner join by_reason
        on
            totals.handed_off_month is not distinct from by_reason.handed_off_month
            and totals.channel is not distinct from by_reason.channel

),

rated as (

    select
        handed_off_month,
        coalesce(channel, 'all') as channel,
        reason_code,
        dispositions,
        rejected,
        {{ rate_with_interval('rejection_rate', 'rejected', 'dispositions') }}
    from counted

),

rejections as (

    select
        rated.*,
        case
            when rated.reason_code <> 'all' then null
            when rated.dispositions < {{ lifecycle_setting('minimum_sample') }} then 'insufficient_data'
            when rated.rejection_rate > {{ lifecycle_setting('rejection_recalibrate_rate') }} then 'recalibrate'
            when rated.rejection_rate >= {{ lifecycle_setting('rejection_watch_rate') }} then 'watch'
            else 'healthy'
        end as verdict,
        {{ as_of() }} as as_of
    from rated

)

select * from rejections
