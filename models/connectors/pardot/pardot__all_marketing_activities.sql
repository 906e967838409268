-- Forms, form handlers and landing pages that were sent (type 4), and files that were opened (1, 2).
-- To see a form, or to fail at it, is none.
with

activities as (

    select * from {{ landed('pardot', 'visitor_activity') }}

),

activity_types as (

    {{ value_rows('pardot', 'marketing_activities', 'activity_type') }}

),

named as (

    select
        activities.*,
        case
            when lower(activities.type_name) in ('form', 'form handler', 'landing page') and activities.type = '4' then 'form_submit'
            when lower(activities.type_name) = 'file' and activities.type in ('1', '2') then 'content_download'
        end as usual_type
    from activities
    where lower(coalesce(activities.type_name, '')) <> 'email'

),

judged as (

    select
        {{ contract_columns('pardot', 'marketing_activities', {
            'activity_id': 'named.id',
            'lead_id': "'pardot-' || named.prospect_id",
            'activity_type': 'coalesce(activity_types.contract_value, named.usual_type)',
            'asset': 'named.details',
            'campaign_id': 'named.campaign_id',
            'occurred_at': landed_time('named.created_at'),
            'contract_column': "'activity_type'",
            'source_table': "'visitor_activity'",
            'source_column': "case when named.usual_type is null then 'type_name' else 'details' end",
            'source_value': 'case when named.usual_type is null then named.type_name else named.details end',
            'fate': "case when named.usual_type is null or named.prospect_id is null then 'left_out' "
                ~ "when activity_types.contract_value = '(ignore)' then 'ignored' when activity_types.source_value is not null then 'mapped' "
                ~ "when named.usual_type = 'form_submit' then 'unmapped' else 'read' end",
            'fate_reason': "case when named.usual_type is null then 'not_tracked' when named.prospect_id is null then 'no_person' end"
        }, ['visitor_activity'], 'named') }}
    from named
    left join activity_types on lower(named.details) = activity_types.source_value

)

select * from judged
