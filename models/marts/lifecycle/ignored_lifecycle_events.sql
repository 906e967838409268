with

ignored_events as (

    select
        lead_id,
        occurred_at,
        event,
        source,
        record_id,
        stage,
        reason
    from {{ ref('lead_qualification', 'int_ignored_events') }}

)

select * from ignored_events
