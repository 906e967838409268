with

records as (

    select * from {{ landed('snowplow', 'events') }}

),

user_emails as (

    select * from {{ landed('snowplow', 'user_emails') }}

),

addresses as (

    select user_emails.user_id, min(user_emails.email) as email
    from user_emails
    group by user_emails.user_id

),

events as (

    select
        records.event_id,
        records.domain_userid as anonymous_id,
        coalesce(case when {{ is_address('records.user_id') }} then records.user_id end, addresses.email) as email,
        records.domain_sessionid as session_id,
        case
            when records.event = 'struct' then records.se_action
            when records.event = 'unstruct' then coalesce(records.event_name, records.event)
            else records.event
        end as event_word,
        records.event = 'page_view' as is_named,
        records.page_url,
        coalesce(records.page_urlpath, {{ landed_path('records.page_url') }}) as page_path,
        records.useragent as user_agent,
        coalesce({{ landed_time('records.derived_tstamp') }}, {{ landed_time('records.collector_tstamp') }}) as occurred_at,
        {{ landed_time('records.collector_tstamp') }} as received_at,
        'events' as source_table,
        case when records.event = 'struct' then 'se_action' else 'event_name' end as source_column,
        row_number() over (
            partition by records.event_id
            order by {{ landed_time('records.collector_tstamp') }}
        ) as place
    from records
    left join addresses on records.user_id = addresses.user_id

),

arrived as (

    {{ with_identifications('events') }}

)

select * from arrived
