-- Field history of the attributes that scores depend on (9-history.md).
with

entries as (

    select
        'lead' as object_type, lead_entries.lead_id as record_id, 'lead_history' as source_table, lead_entries.id, lead_entries.field,
        lead_entries.old_value, lead_entries.new_value, lead_entries.created_date, {{ salesforce_deleted('lead_entries') }} as is_deleted
    from {{ landed('salesforce', 'lead_history', 'lead_entries') }}
    union all
    select
        'lead' as object_type, contact_entries.contact_id as record_id, 'contact_history' as source_table, contact_entries.id, contact_entries.field,
        contact_entries.old_value, contact_entries.new_value, contact_entries.created_date, {{ salesforce_deleted('contact_entries') }} as is_deleted
    from {{ landed('salesforce', 'contact_history', 'contact_entries') }}
    union all
    select
        'account' as object_type, account_entries.account_id as record_id, 'account_history' as source_table, account_entries.id, account_entries.field,
        account_entries.old_value, account_entries.new_value, account_entries.created_date, {{ salesforce_deleted('account_entries') }} as is_deleted
    from {{ landed('salesforce', 'account_history', 'account_entries') }}

),

named as (

    select
        entries.*,
        {{ landed_time('entries.created_date') }} as changed_at,
        case lower(entries.field)
            when 'title' then case when entries.object_type = 'lead' then 'job_title' end
            when 'country' then 'country'
            when 'mailingcountry' then 'country'
            when 'billingcountry' then 'country'
            when 'industry' then 'industry'
            when 'numberofemployees' then 'employee_count'
            when 'annualrevenue' then 'annual_revenue'
            else custom_attributes.custom_attribute
        end as attribute_name
    from entries
    left join {{ custom_attributes() }} as custom_attributes
        on
            entries.object_type = custom_attributes.custom_object
            and lower(entries.field) = custom_attributes.custom_attribute

),

industries as (

    {{ value_rows('salesforce', 'accounts', 'industry') }}

),

judged as (

    select
        {{ contract_columns('salesforce', 'attribute_changes', {
            'change_id': joined_key(['named.source_table', 'named.id']),
            'object': 'named.object_type',
            'record_id': 'named.record_id',
            'attribute': 'named.attribute_name',
            'old_value': "case when named.attribute_name = 'industry' then coalesce(old_industries.contract_value, named.old_value) else named.old_value end",
            'new_value': "case when named.attribute_name = 'industry' then coalesce(industries.contract_value, named.new_value) else named.new_value end",
            'changed_at': 'named.changed_at',
            'source_table': 'named.source_table',
            'source_column': 'named.field',
            'fate': "case when named.is_deleted or named.attribute_name is null then 'left_out' else 'read' end",
            'fate_reason': "case when named.is_deleted then 'deleted' when named.attribute_name is null then 'not_tracked' end"
        }) }}
    from named
    left join industries on lower(named.new_value) = industries.source_value
    left join industries as old_industries on lower(named.old_value) = old_industries.source_value

)

select * from judged
