-- One row per call, e-mail or meeting and contact; associations are repeated per type of association.
-- Long because each kind is a table.
with

calls as (

    select * from {{ landed('hubspot_fivetran', 'engagement_call') }}

),

emails as (

    select * from {{ landed('hubspot_fivetran', 'engagement_email') }}

),

meetings as (

    select * from {{ landed('hubspot_fivetran', 'engagement_meeting') }}

),

associations as (

    select * from {{ landed('hubspot_fivetran', 'engagement_contact') }}

),

engagements as (

    select
        calls.engagement_id,
        'call' as kind,
        calls.property_hubspot_owner_id as rep_id,
        calls.property_hs_call_direction as direction,
        calls.property_hs_call_disposition as result,
        coalesce({{ landed_time('calls.property_hs_timestamp') }}, {{ landed_time('calls.property_hs_createdate') }}) as occurred_at,
        {{ says_yes('calls._fivetran_deleted') }} as is_deleted
        {{- custom_items('hubspot_fivetran', 'sales_activities', ['engagement_call', 'engagement_email', 'engagement_meeting'], 'engagement_call', 'calls') }}
    from calls
    union all
    select
        emails.engagement_id,
        'email' as kind,
        emails.property_hubspot_owner_id as rep_id,
        emails.property_hs_email_direction as direction,
        emails.property_hs_email_status as result,
        coalesce({{ landed_time('emails.property_hs_timestamp') }}, {{ landed_time('emails.property_hs_createdate') }}) as occurred_at,
        {{ says_yes('emails._fivetran_deleted') }} as is_deleted
        {{- custom_items('hubspot_fivetran', 'sales_activities', ['engagement_call', 'engagement_email', 'engagement_meeting'], 'engagement_email', 'emails') }}
    from emails
    union all
    select
        meetings.engagement_id,
        'meeting' as kind,
        meetings.property_hubspot_owner_id as rep_id,
        cast(null as {{ dbt.type_string() }}) as direction,
        coalesce(meetings.property_hs_meeting_outcome, meetings.meeting_outcome) as result,
        coalesce({{ landed_time('meetings.property_hs_meeting_start_time') }}, {{ landed_time('meetings.property_hs_timestamp') }}, {{ landed_time('meetings.property_hs_createdate') }}) as occurred_at,
        {{ says_yes('meetings._fivetran_deleted') }} as is_deleted
        {{- custom_items('hubspot_fivetran', 'sales_activities', ['engagement_call', 'engagement_email', 'engagement_meeting'], 'engagement_meeting', 'meetings') }}
    from meetings

),

contacts_of_engagements as (

    select distinct associations.engagement_id, associations.contact_id from associations

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
        {{- custom_items('hubspot_fivetran', 'sales_activities', ['engagement_call', 'engagement_email', 'engagement_meeting'], 'all', 'engagements') }},
        contacts_of_engagements.contact_id
    from engagements
    left join contacts_of_engagements on engagements.engagement_id = contacts_of_engagements.engagement_id

)

select * from by_contact
