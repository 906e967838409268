-- Long because the export has no id of an event and no columns for its parameters. A table of a whole
-- day takes the place of the one that grew during it. event_timestamp is that of the batch.
with

daily as (

    select * from {{ landed('ga4', 'events_') }}

),

intraday as (

    select * from {{ landed('ga4', 'events_intraday_') }}

),

user_emails as (

    select * from {{ landed('ga4', 'user_emails') }}

),

finished_days as (

    select distinct daily.event_date from daily

),

every_event as (

    select
        daily.event_date, daily.event_timestamp, daily.event_name, daily.event_params, daily.event_bundle_sequence_id,
        daily.user_id, daily.user_pseudo_id, 1 as place
    from daily
    union all
    select
        intraday.event_date, intraday.event_timestamp, intraday.event_name, intraday.event_params, intraday.event_bundle_sequence_id,
        intraday.user_id, intraday.user_pseudo_id,
        case when finished_days.event_date is null then 1 else 2 end as place
    from intraday
    left join finished_days on intraday.event_date = finished_days.event_date

),

numbered as (

    select
        every_event.*,
        row_number() over (
            partition by
                every_event.user_pseudo_id, every_event.event_timestamp, every_event.event_name,
                every_event.event_bundle_sequence_id, every_event.place
            order by every_event.event_params, every_event.user_id
        ) as running_number
    from every_event

),

keyed as (

    select
        numbered.*,
        {{ joined_key([
            'numbered.user_pseudo_id', 'numbered.event_timestamp', 'numbered.event_name',
            'numbered.event_bundle_sequence_id', 'numbered.running_number'
        ]) }} as event_id
    from numbered

),

parameters as (

    {{ each_element('keyed', ['event_id'], 'event_params', 'parameter') }}

),

named_parameters as (

    select
        parameters.event_id,
        {{ json_at('parameters.parameter', ['key']) }} as parameter_name,
        coalesce(
            {{ json_at('parameters.parameter', ['value', 'string_value']) }},
            {{ json_at('parameters.parameter', ['value', 'int_value']) }}
        ) as parameter_value
    from parameters

),

parameters_of_events as (

    select
        named_parameters.event_id,
        max(case when named_parameters.parameter_name = 'ga_session_id' then named_parameters.parameter_value end) as ga_session_id,
        max(case when named_parameters.parameter_name = 'page_location' then named_parameters.parameter_value end) as page_location,
        max(case when named_parameters.parameter_name = 'video_percent' then named_parameters.parameter_value end) as video_percent
    from named_parameters
    group by named_parameters.event_id

),

addresses as (

    select user_emails.user_id, min(user_emails.email) as email
    from user_emails
    group by user_emails.user_id

),

events as (

    select
        keyed.event_id,
        keyed.user_pseudo_id as anonymous_id,
        coalesce(addresses.email, case when {{ is_address('keyed.user_id') }} then keyed.user_id end) as email,
        keyed.user_pseudo_id || '.' || parameters_of_events.ga_session_id as session_id,
        case
            when keyed.event_name = 'video_progress' and parameters_of_events.video_percent = '75' then 'video_watched_75'
            else keyed.event_name
        end as event_word,
        keyed.event_name = 'page_view' as is_named,
        parameters_of_events.page_location as page_url,
        {{ landed_path('parameters_of_events.page_location') }} as page_path,
        cast(null as {{ dbt.type_string() }}) as user_agent,
        {{ time_of_microseconds('keyed.event_timestamp') }} as occurred_at,
        cast(null as timestamp) as received_at,
        'events_' as source_table,
        'event_name' as source_column,
        keyed.place
    from keyed
    left join parameters_of_events on keyed.event_id = parameters_of_events.event_id
    left join addresses on keyed.user_id = addresses.user_id

),

arrived as (

    {{ with_identifications('events') }}

)

select * from arrived
