-- Changes of the attribute that holds the status of a lead (option status_attributes).
{%- set given = connector_option('marketo', 'status_attributes') or ['Lead Status'] %}
{%- set attributes = [given] if given is string else given %}
with

changes as (

    select entries.*, {{ landed_time('entries.activity_date') }} as changed_at
    from {{ landed('marketo', 'activity_change_data_value', 'entries') }}
    where lower(entries.primary_attribute_value) in ({{ text_literals(attributes | map('lower') | list) }})

),

statuses as (

    {{ value_rows('marketo', 'lead_status_changes', 'status') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'lead_status_changes', {
            'change_id': 'changes.id',
            'lead_id': "'marketo-' || changes.lead_id",
            'status': 'coalesce(statuses.contract_value, changes.new_value)',
            'reason_code': 'statuses.reason_code',
            'changed_at': 'changes.changed_at',
            'contract_column': "'status'",
            'source_table': "'activity_change_data_value'",
            'source_column': 'changes.primary_attribute_value',
            'source_value': 'changes.new_value',
            'fate': "case when changes.new_value is null or coalesce(changes.old_value, '') = changes.new_value then 'left_out' else "
                ~ outcome_of_value('changes.new_value', 'statuses', 'passed_on') ~ ' end',
            'fate_reason': "case when changes.new_value is null then 'emptied' "
                ~ "when coalesce(changes.old_value, '') = changes.new_value then 'repeated' end"
        }) }}
    from changes
    left join statuses on lower(changes.new_value) = statuses.source_value

)

select * from judged
