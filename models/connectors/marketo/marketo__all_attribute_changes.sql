-- Changes of the attributes that scores depend on (9-history.md).
with

changes as (

    select
        entries.*,
        {{ landed_time('entries.activity_date') }} as changed_at,
        case lower(entries.primary_attribute_value)
            when 'job title' then 'job_title'
            when 'title' then 'job_title'
            when 'country' then 'country'
            when 'industry' then 'industry'
            when 'num employees' then 'employee_count'
            when 'number of employees' then 'employee_count'
            when 'annual revenue' then 'annual_revenue'
            else custom_attributes.custom_attribute
        end as attribute_name
    from {{ landed('marketo', 'activity_change_data_value', 'entries') }}
    left join {{ custom_attributes() }} as custom_attributes
        on
            custom_attributes.custom_object = 'lead'
            and replace(lower(entries.primary_attribute_value), ' ', '_') = custom_attributes.custom_attribute

),

judged as (

    select
        {{ contract_columns('marketo', 'attribute_changes', {
            'change_id': 'changes.id',
            'object': "'lead'",
            'record_id': "'marketo-' || changes.lead_id",
            'attribute': 'changes.attribute_name',
            'old_value': 'changes.old_value',
            'new_value': 'changes.new_value',
            'changed_at': 'changes.changed_at',
            'source_table': "'activity_change_data_value'",
            'source_column': 'changes.primary_attribute_value',
            'fate': "case when changes.attribute_name is null then 'left_out' else 'read' end",
            'fate_reason': "case when changes.attribute_name is null then 'not_tracked' end"
        }) }}
    from changes

)

select * from judged
