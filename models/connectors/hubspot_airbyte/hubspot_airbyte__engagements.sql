-- One row per call, e-mail or meeting and contact. Long because each kind is a stream.
with

calls as (

    select * from {{ landed('hubspot_airbyte', 'engagements_calls') }}

),

emails as (

    select * from {{ landed('hubspot_airbyte', 'engagements_emails') }}

),

meetings as (

    select * from {{ landed('hubspot_airbyte', 'engagements_meetings') }}

),

engagements as (

    select
        calls.id as engagement_id,
        'call' as kind,
        calls.properties_hubspot_owner_id as rep_id,
        calls.properties_hs_call_direction as direction,
        calls.properties_hs_call_disposition as result,
        coalesce({{ landed_time('calls.properties_hs_timestamp') }}, {{ landed_time('calls.properties_hs_createdate') }}) as occurred_at,
        {{ says_yes('calls.archived') }} as is_deleted,
        calls.contacts as contact_list
        {{- custom_items('hubspot_airbyte', 'sales_activities', ['engagements_calls', 'engagements_emails', 'engagements_meetings'], 'engagements_calls', 'calls') }}
    from calls
    union all
    select
        emails.id as engagement_id,
        'email' as kind,
        emails.properties_hubspot_owner_id as rep_id,
        emails.properties_hs_email_direction as direction,
        emails.properties_hs_email_status as result,
        coalesce({{ landed_time('emails.properties_hs_timestamp') }}, {{ landed_time('emails.properties_hs_createdate') }}) as occurred_at,
        {{ says_yes('emails.archived') }} as is_deleted,
        emails.contacts as contact_list
        {{- custom_items('hubspot_airbyte', 'sales_activities', ['engagements_calls', 'engagements_emails', 'engagements_meetings'], 'engagements_emails', 'emails') }}
    from emails
    union all
    select
        meetings.id as engagement_id,
        'meeting' as kind,
        meetings.properties_hubspot_owner_id as rep_id,
        cast(null as {{ dbt.type_string() }}) as direction,
        meetings.properties_hs_meeting_outcome as result,
        coalesce({{ landed_time('meetings.properties_hs_meeting_start_time') }}, {{ landed_time('meetings.properties_hs_timestamp') }}, {{ landed_time('meetings.properties_hs_createdate') }}) as occurred_at,
        {{ says_yes('meetings.archived') }} as is_deleted,
        meetings.contacts as contact_list
        {{- custom_items('hubspot_airbyte', 'sales_activities', ['engagements_calls', 'engagements_emails', 'engagements_meetings'], 'engagements_meetings', 'meetings') }}
    from meetings

),

associations as (

    {{ each_part('engagements', ['engagement_id'], lists_as_parts('contact_list'), ',', 'contact_id') }}

),

contacts_of_engagements as (

    select distinct
        associations.engagement_id,
        {{ key_beside('hubspot_airbyte', 'associations.engagement_id', 'associations.contact_id') }} as contact_id
    from associations
    where associations.contact_id <> ''

),

by_contact as (

    select
        engagements.engagement_id,
        engagements.kind,
        engagements.rep_id,
        engagements.direction,
        engagements.result,
        engagements.occurred_at,
        engagements.is_deleted
        {{- custom_items('hubspot_airbyte', 'sales_activities', ['engagements_calls', 'engagements_emails', 'engagements_meetings'], 'all', 'engagements') }},
        contacts_of_engagements.contact_id
    from engagements
    left join contacts_of_engagements on engagements.engagement_id = contacts_of_engagements.engagement_id

)

select * from by_contact
