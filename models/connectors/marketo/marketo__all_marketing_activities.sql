with

forms as (

    select * from {{ landed('marketo', 'activity_fill_out_form') }}

),

activity_types as (

    {{ value_rows('marketo', 'marketing_activities', 'activity_type') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'marketing_activities', {
            'activity_id': 'forms.id',
            'lead_id': "'marketo-' || forms.lead_id",
            'activity_type': "coalesce(activity_types.contract_value, 'form_submit')",
            'asset': 'forms.primary_attribute_value',
            'occurred_at': landed_time('forms.activity_date'),
            'contract_column': "'activity_type'",
            'source_table': "'activity_fill_out_form'",
            'source_column': "'primary_attribute_value'",
            'source_value': 'forms.primary_attribute_value',
            'fate': outcome_of_value('forms.primary_attribute_value', 'activity_types', 'unmapped')
        }, ['activity_fill_out_form'], 'forms') }}
    from forms
    left join activity_types on lower(forms.primary_attribute_value) = activity_types.source_value

)

select * from judged
