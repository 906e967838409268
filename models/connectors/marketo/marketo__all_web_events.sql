-- Page views of people that Marketo knows; the page is a path without a host.
with

visits as (

    select * from {{ landed('marketo', 'activity_visit_webpage') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'web_events', {
            'event_id': 'visits.id',
            'lead_id': "'marketo-' || visits.lead_id",
            'event_name': "'page_view'",
            'page_url': 'visits.webpage_url',
            'page_path': landed_path('visits.webpage_url'),
            'user_agent': 'visits.user_agent',
            'occurred_at': landed_time('visits.activity_date'),
            'source_table': "'activity_visit_webpage'"
        }, ['activity_visit_webpage'], 'visits') }}
    from visits

)

select * from judged
