{#- Form submissions; what a form means is said by its name in value_map.csv, else it is a form. -#}
{% macro hubspot_marketing_activities(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    submissions as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'submissions') }}

    ),

    activity_types as (

        {{ lead_qualification.value_rows(connector, 'marketing_activities', 'activity_type') }}

    ),

    activities as (

        select
            {{ lead_qualification.contract_columns(connector, 'marketing_activities', {
                'activity_id': lead_qualification.joined_key(["'form'", 'submissions.submission_id', 'submissions.contact_id']),
                'lead_id': 'submissions.contact_id',
                'activity_type': "coalesce(activity_types.contract_value, 'form_submit')",
                'asset': 'submissions.form_name',
                'occurred_at': 'submissions.occurred_at',
                'contract_column': "'activity_type'",
                'source_table': "'" ~ names.forms ~ "'",
                'source_column': "'" ~ names.form_name ~ "'",
                'source_value': 'submissions.form_name',
                'fate': lead_qualification.outcome_of_value('submissions.form_name', 'activity_types', 'unmapped')
            }, [names.submissions], 'submissions') }}
        from submissions
        left join activity_types on lower(submissions.form_name) = activity_types.source_value

    )

    select * from activities
{%- endmacro %}


{#- E-mail events, without what bots did, what was superseded and soft bounces. -#}
{% macro hubspot_email_events(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    events as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'email_records') }}

    ),

    bounce_categories as (

        {{ lead_qualification.value_rows(connector, 'email_events', 'event_type') }}

    ),

    programs as (

        {{ lead_qualification.value_rows(connector, 'email_events', 'program') }}

    ),

    named as (

        select
            events.*,
            bounce_categories.contract_value as bounce_meaning,
            programs.contract_value as program,
            case
                when events.event_type = 'DELIVERED' then 'delivered'
                when events.event_type = 'OPEN' then 'opened'
                when events.event_type = 'CLICK' then 'clicked'
                when events.event_type = 'SPAMREPORT' then 'spam_complaint'
                when events.event_type = 'STATUSCHANGE' and events.subscription_status = 'UNSUBSCRIBED' then 'unsubscribed'
                when events.event_type = 'STATUSCHANGE' and events.subscription_status = 'SUBSCRIBED' then 'resubscribed'
                when events.event_type = 'BOUNCE' then nullif(bounce_categories.contract_value, '(ignore)')
            end as event_name
        from events
        left join bounce_categories on lower(events.bounce_category) = bounce_categories.source_value
        left join programs on lower(events.campaign_id) = programs.source_value

    ),

    judged as (

        select
            {{ lead_qualification.contract_columns(connector, 'email_events', {
                'event_id': 'named.event_id',
                'email': 'lower(named.email)',
                'campaign_id': 'named.campaign_id',
                'program': "coalesce(named.program, 'marketing')",
                'event_type': 'named.event_name',
                'link_url': "case when named.event_type = 'CLICK' then named.link_url end",
                'user_agent': "case when named.event_type in ('CLICK', 'OPEN') then named.user_agent end",
                'occurred_at': 'named.occurred_at',
                'contract_column': "'event_type'",
                'source_table': "case when named.event_type = 'BOUNCE' then '" ~ names.bounces ~ "' else '" ~ names.email_events ~ "' end",
                'source_column': "case when named.event_type = 'BOUNCE' then 'category' else 'type' end",
                'source_value': "case when named.event_type = 'BOUNCE' then named.bounce_category else named.event_type end",
                'fate': "case when named.is_bot or named.is_superseded then 'left_out' "
                    ~ "when named.event_type = 'BOUNCE' and named.bounce_meaning = '(ignore)' then 'ignored' "
                    ~ "when named.event_name is null then 'left_out' else 'mapped' end",
                'fate_reason': "case when named.is_bot then 'bot' when named.is_superseded then 'superseded' "
                    ~ "when named.event_type = 'BOUNCE' and named.bounce_meaning is null then 'not known to be a hard bounce' "
                    ~ "when named.event_name is null and named.event_type <> 'BOUNCE' then 'not_tracked' end"
            }, [names.email_events], 'named') }}
        from named

    )

    select * from judged
{%- endmacro %}


{#- Mailings; they reach people who are known, so their channel is inbound unless value_map.csv says another. -#}
{% macro hubspot_campaigns(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    mailings as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'mailings') }}

    ),

    channels as (

        {{ lead_qualification.value_rows(connector, 'campaigns', 'channel') }}

    ),

    campaigns as (

        select
            {{ lead_qualification.contract_columns(connector, 'campaigns', {
                'campaign_id': 'mailings.campaign_id',
                'name': 'mailings.campaign_name',
                'channel': "coalesce(channels.contract_value, 'inbound')",
                'source_table': "'" ~ names.campaigns ~ "'"
            }, [names.campaigns], 'mailings') }}
        from mailings
        left join channels on lower(mailings.campaign_name) = channels.source_value

    )

    select * from campaigns
{%- endmacro %}
