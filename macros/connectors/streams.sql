{#-
    What the connectors of web events share. Each has a model <connector>__stream: event_id,
    anonymous_id, email, session_id, event_word, is_named (its name says what it is: page_view,
    identify), page_url, page_path, user_agent, occurred_at, received_at, place (1: the first of its
    id), source_table, source_column.
-#}

{#- Whether a text is an e-mail address. -#}
{% macro is_address(column) -%}
    ({{ lead_qualification.regexp_like(column, '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$') }})
{%- endmacro %}


{#- Page views, identifications and the events that no other table of the contract takes. -#}
{% macro stream_web_events(connector) -%}
    with

    arrived as (

        select * from {{ ref('lead_qualification', connector ~ '__stream') }}

    ),

    row_values as (

        {{ lead_qualification.value_rows(connector, 'web_events', '(row)') }}

    ),

    event_names as (

        {{ lead_qualification.value_rows(connector, 'web_events', 'event_name', by_column=true) }}

    ),

    elsewhere as (

        {{ lead_qualification.value_rows(connector, 'product_events', 'event_name') }}
        union all
        {{ lead_qualification.value_rows(connector, 'marketing_activities', 'activity_type') }}

    ),

    taken_elsewhere as (

        select distinct elsewhere.source_value from elsewhere

    ),

    judged as (

        select
            {{ lead_qualification.contract_columns(connector, 'web_events', {
                'event_id': 'arrived.event_id',
                'anonymous_id': 'arrived.anonymous_id',
                'email': 'lower(arrived.email)',
                'session_id': 'arrived.session_id',
                'event_name': 'coalesce(event_names.contract_value, arrived.event_word)',
                'page_url': 'arrived.page_url',
                'page_path': 'arrived.page_path',
                'user_agent': 'arrived.user_agent',
                'occurred_at': 'arrived.occurred_at',
                'received_at': 'arrived.received_at',
                'contract_column': "'event_name'",
                'source_table': 'arrived.source_table',
                'source_column': 'arrived.source_column',
                'source_value': 'arrived.event_word',
                'fate': "case when arrived.place > 1 then 'left_out' when row_values.contract_value = '(ignore)' "
                    ~ "or event_names.contract_value = '(ignore)' then 'ignored' when event_names.source_value is not null then 'mapped' "
                    ~ "when arrived.is_named then 'read' else 'passed_on' end",
                'fate_reason': "case when arrived.place > 1 then 'duplicate' end"
            }) }}
        from arrived
        left join row_values on lower(arrived.event_word) = row_values.source_value
        left join event_names
            on lower(arrived.event_word) = event_names.source_value
            and (replace(lower(arrived.source_column), '_', '') = event_names.source_column)
        left join taken_elsewhere on lower(arrived.event_word) = taken_elsewhere.source_value
        where taken_elsewhere.source_value is null or event_names.source_value is not null or arrived.is_named

    )

    select * from judged
{%- endmacro %}


{#- The events that value_map.csv says are of the product. -#}
{% macro stream_product_events(connector) -%}
    with

    arrived as (

        select * from {{ ref('lead_qualification', connector ~ '__stream') }}

    ),

    event_names as (

        {{ lead_qualification.value_rows(connector, 'product_events', 'event_name') }}

    ),

    judged as (

        select
            {{ lead_qualification.contract_columns(connector, 'product_events', {
                'event_id': 'arrived.event_id',
                'email': 'lower(arrived.email)',
                'event_name': 'event_names.contract_value',
                'occurred_at': 'arrived.occurred_at',
                'received_at': 'arrived.received_at',
                'contract_column': "'event_name'",
                'source_table': 'arrived.source_table',
                'source_column': 'arrived.source_column',
                'source_value': 'arrived.event_word',
                'fate': "case when arrived.place > 1 then 'left_out' when event_names.contract_value = '(ignore)' then 'ignored' else 'mapped' end",
                'fate_reason': "case when arrived.place > 1 then 'duplicate' end"
            }) }}
        from arrived
        inner join event_names on lower(arrived.event_word) = event_names.source_value
        where not arrived.is_named

    )

    select * from judged
{%- endmacro %}


{#- The events that value_map.csv says are marketing activities. -#}
{% macro stream_marketing_activities(connector) -%}
    with

    arrived as (

        select * from {{ ref('lead_qualification', connector ~ '__stream') }}

    ),

    activity_types as (

        {{ lead_qualification.value_rows(connector, 'marketing_activities', 'activity_type') }}

    ),

    judged as (

        select
            {{ lead_qualification.contract_columns(connector, 'marketing_activities', {
                'activity_id': 'arrived.event_id',
                'email': 'lower(arrived.email)',
                'activity_type': 'activity_types.contract_value',
                'asset': 'arrived.page_path',
                'occurred_at': 'arrived.occurred_at',
                'received_at': 'arrived.received_at',
                'contract_column': "'activity_type'",
                'source_table': 'arrived.source_table',
                'source_column': 'arrived.source_column',
                'source_value': 'arrived.event_word',
                'fate': "case when arrived.place > 1 then 'left_out' when activity_types.contract_value = '(ignore)' then 'ignored' else 'mapped' end",
                'fate_reason': "case when arrived.place > 1 then 'duplicate' end"
            }) }}
        from arrived
        inner join activity_types on lower(arrived.event_word) = activity_types.source_value
        where not arrived.is_named

    )

    select * from judged
{%- endmacro %}


{#-
    The stream of Segment and of RudderStack. An event has the address of its user: the user_id
    itself if it is one, what users says, else the newest identification of that user. It never
    has a lead_id, and no address where none is known, so that its anonymous_id decides.
-#}
{% macro segment_stream(connector) -%}
    with

    pages as (

        select * from {{ lead_qualification.landed(connector, 'pages') }}

    ),

    tracks as (

        select * from {{ lead_qualification.landed(connector, 'tracks') }}

    ),

    identifies as (

        select * from {{ lead_qualification.landed(connector, 'identifies') }}

    ),

    users as (

        select * from {{ lead_qualification.landed(connector, 'users') }}

    ),

    said_addresses as (

        select users.id as user_id, users.email, 1 as preference, {{ lead_qualification.landed_time('users.received_at') }} as said_at
        from users
        where users.email is not null
        union all
        select identifies.user_id, identifies.email, 2 as preference, {{ lead_qualification.landed_time('identifies.received_at') }} as said_at
        from identifies
        where identifies.email is not null and identifies.user_id is not null

    ),

    ranked_addresses as (

        select
            said_addresses.user_id,
            said_addresses.email,
            row_number() over (
                partition by said_addresses.user_id
                order by said_addresses.preference, said_addresses.said_at desc, said_addresses.email
            ) as place
        from said_addresses

    ),

    events as (

        select
            pages.id as event_id, pages.anonymous_id, pages.user_id, cast(null as {{ dbt.type_string() }}) as own_email,
            pages.context_session_id as session_id, 'page_view' as event_word, true as is_named,
            coalesce(pages.url, pages.context_page_url) as page_url, pages.path as own_path, pages.context_user_agent as user_agent,
            pages.timestamp as happened, pages.received_at as received, 'pages' as source_table, 'pages' as source_column
        from pages
        union all
        select
            tracks.id as event_id, tracks.anonymous_id, tracks.user_id, cast(null as {{ dbt.type_string() }}) as own_email,
            tracks.context_session_id as session_id, tracks.event as event_word, false as is_named,
            tracks.context_page_url as page_url, tracks.context_page_path as own_path, tracks.context_user_agent as user_agent,
            tracks.timestamp as happened, tracks.received_at as received, 'tracks' as source_table, 'event' as source_column
        from tracks
        union all
        select
            identifies.id as event_id, identifies.anonymous_id, identifies.user_id, identifies.email as own_email,
            identifies.context_session_id as session_id, 'identify' as event_word, true as is_named,
            cast(null as {{ dbt.type_string() }}) as page_url, cast(null as {{ dbt.type_string() }}) as own_path,
            identifies.context_user_agent as user_agent,
            identifies.timestamp as happened, identifies.received_at as received, 'identifies' as source_table, 'identifies' as source_column
        from identifies

    ),

    arrived as (

        select
            events.event_id,
            events.anonymous_id,
            coalesce(
                events.own_email,
                case when {{ lead_qualification.is_address('events.user_id') }} then events.user_id end,
                ranked_addresses.email
            ) as email,
            events.session_id,
            events.event_word,
            events.is_named,
            events.page_url,
            coalesce(
                {{ lead_qualification.regexp_replace_all('events.own_path', '[?#].*$', '') }},
                {{ lead_qualification.landed_path('events.page_url') }}
            ) as page_path,
            events.user_agent,
            {{ lead_qualification.landed_time('events.happened') }} as occurred_at,
            {{ lead_qualification.landed_time('events.received') }} as received_at,
            events.source_table,
            events.source_column,
            row_number() over (
                partition by events.event_id
                order by {{ lead_qualification.landed_time('events.received') }}, events.source_table
            ) as place
        from events
        left join ranked_addresses on events.user_id = ranked_addresses.user_id and ranked_addresses.place = 1

    )

    select * from arrived
{%- endmacro %}


{#-
    A stream with an identification made for each visitor: at the first event with a known address.
    relation: a CTE with the columns of a stream.
-#}
{% macro with_identifications(relation) -%}
    select
        {{ relation }}.event_id, {{ relation }}.anonymous_id, {{ relation }}.email, {{ relation }}.session_id,
        {{ relation }}.event_word, {{ relation }}.is_named, {{ relation }}.page_url, {{ relation }}.page_path,
        {{ relation }}.user_agent, {{ relation }}.occurred_at, {{ relation }}.received_at, {{ relation }}.source_table,
        {{ relation }}.source_column, {{ relation }}.place
    from {{ relation }}
    union all
    select
        'identify-' || identified.anonymous_id as event_id, identified.anonymous_id, identified.email,
        cast(null as {{ dbt.type_string() }}) as session_id, 'identify' as event_word, true as is_named,
        cast(null as {{ dbt.type_string() }}) as page_url, cast(null as {{ dbt.type_string() }}) as page_path,
        identified.user_agent, identified.occurred_at, identified.received_at, identified.source_table,
        'user_id' as source_column, 1 as place
    from (
        select
            {{ relation }}.anonymous_id,
            {{ relation }}.email,
            {{ relation }}.user_agent,
            {{ relation }}.occurred_at,
            {{ relation }}.received_at,
            {{ relation }}.source_table,
            row_number() over (
                partition by {{ relation }}.anonymous_id order by {{ relation }}.occurred_at, {{ relation }}.event_id
            ) as first_place
        from {{ relation }}
        where {{ relation }}.anonymous_id is not null and {{ relation }}.email is not null and {{ relation }}.place = 1
    ) as identified
    where identified.first_place = 1
{%- endmacro %}
