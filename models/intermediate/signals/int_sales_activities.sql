{{ config(materialized='by_lead') }}

-- What sales did with each lead, up to as_of. is_machine: an e-mail that nobody in sales wrote: it is
-- automated, or follows a signal of the lead at once, as an auto-responder does.
with

activities as (

    select
        records.lead_id,
        activities.activity_id,
        activities.rep_id,
        activities.activity_type,
        activities.outcome,
        coalesce(activities.is_automated, false) as is_automated,
        activities.occurred_at
    from {{ ref('lead_qualification', 'stg_sales__sales_activities') }} as activities
    inner join {{ rows_of_this_run('int_lead_records', 'records') }} on activities.lead_id = records.record_id
    where activities.occurred_at <= {{ as_of() }}

),

responders as (

    select distinct activities.activity_id
    from activities
    inner join {{ rows_of_this_run('int_lead_signals', 'signals') }}
        on
            activities.lead_id = signals.lead_id
            and activities.occurred_at >= signals.occurred_at
            and activities.occurred_at < {{ add_seconds('signals.occurred_at', var('human_reply_seconds')) }}
    where activities.activity_type = 'email'

),

sales_activities as (

    select
        activities.lead_id,
        activities.activity_id,
        activities.rep_id,
        activities.activity_type,
        activities.outcome,
        activities.occurred_at,
        activities.activity_type = 'email'
        and (activities.is_automated or responders.activity_id is not null) as is_machine
    from activities
    left join responders on activities.activity_id = responders.activity_id

)

select * from sales_activities
