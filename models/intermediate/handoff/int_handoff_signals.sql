{{ config(materialized='by_lead') }}

-- What a lead had done up to its hand-off: counts, last engagement, the ten latest signals, and
-- what stands against writing to it. Long because all of it needs the same ranking.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

ranked as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        signals.signal,
        signals.occurred_at,
        signals.is_engagement,
        kinds.touch_kind,
        kinds.role,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by
                signals.occurred_at desc,
                {{ bytewise('signals.source') }} desc,
                {{ bytewise('signals.record_id') }} desc
        ) as newest_rank
    from handoffs
    inner join {{ rows_of_this_run('int_lead_signals', 'signals') }}
        on
            handoffs.lead_id = signals.lead_id
            and handoffs.handed_off_at >= signals.occurred_at
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal

),

summed as (

    select
        lead_id,
        handoff_number,
        cast(count(*) as integer) as signals,
        cast(count(case when touch_kind = 'email_open' then 1 end) as integer) as emails_opened,
        cast(count(case when touch_kind = 'email_click' then 1 end) as integer) as links_clicked,
        cast(count(case when touch_kind = 'page_visit' then 1 end) as integer) as pages_visited,
        cast(count(case when touch_kind = 'content_download' then 1 end) as integer) as content_downloaded,
        max(case when is_engagement then occurred_at end) as last_engagement_at,
        {{ has_bounced() }} as has_bounced,
        {{ has_complained() }} as has_complained
    from ranked
    group by lead_id, handoff_number

),

latest as (

    select
        lead_id,
        handoff_number,
        {{ json_array_of_texts([
            {'name': 'signal', 'value': 'signal'},
            {'name': 'occurred_at', 'value': 'substr(cast(occurred_at as ' ~ dbt.type_string() ~ '), 1, 19)'}
        ], 'newest_rank') }} as latest_signals
    from ranked
    where newest_rank <= 10
    group by lead_id, handoff_number

),

handoff_signals as (

    select
        summed.*,
        latest.latest_signals
    from summed
    inner join latest on {{ same_handoff('summed', 'latest') }}

)

select * from handoff_signals
