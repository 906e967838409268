-- Responses to campaigns. Which of them is an activity is said by type and status of the campaign
-- in value_map.csv: to be registered is not to attend, to be sent something is not to respond.
with

people as (

    select people_of_salesforce.lead_id
    from {{ ref('lead_qualification', 'salesforce__leads') }} as people_of_salesforce

),

members as (

    select * from {{ landed('salesforce', 'campaign_member') }}

),

campaigns as (

    select * from {{ landed('salesforce', 'campaign') }}

),

activity_types as (

    {{ value_rows('salesforce', 'marketing_activities', 'activity_type') }}

),

named as (

    select
        members.*,
        coalesce(members.lead_id, members.contact_id) as person_id,
        campaigns.name as campaign_name,
        coalesce(campaigns.type, '') || '/' || coalesce(members.status, '') as type_and_status,
        {{ landed_time('members.first_responded_date') }} as responded_on,
        {{ landed_time('members.created_date') }} as created_at
    from members
    left join campaigns on members.campaign_id = campaigns.id

),

judged as (

    select
        {{ contract_columns('salesforce', 'marketing_activities', {
            'activity_id': 'named.id',
            'lead_id': 'named.person_id',
            'activity_type': "nullif(activity_types.contract_value, '(ignore)')",
            'asset': 'named.campaign_name',
            'campaign_id': 'named.campaign_id',
            'occurred_at': 'case when named.responded_on > named.created_at then named.responded_on else named.created_at end',
            'contract_column': "'activity_type'",
            'source_table': "'campaign_member'",
            'source_column': "'type/status'",
            'source_value': 'named.type_and_status',
            'fate': "case when " ~ salesforce_deleted('named') ~ ' or not ' ~ says_yes('named.has_responded') ~ " or people.lead_id is null then 'left_out' else "
                ~ outcome_of_value('named.type_and_status', 'activity_types', 'unmapped') ~ ' end',
            'fate_reason': "case when " ~ salesforce_deleted('named') ~ " then 'deleted' when not " ~ says_yes('named.has_responded')
                ~ " then 'no response' when people.lead_id is null then 'no_person' "
                ~ "when activity_types.source_value is null then 'makes no row' end"
        }, ['campaign_member'], 'named') }}
    from named
    left join people on named.person_id = people.lead_id
    left join activity_types on lower(named.type_and_status) = activity_types.source_value

)

select * from judged
