{#-
    Lifecycle stages and lead statuses, where they changed. What value_map.csv does not know goes
    through as it is, and the contract quarantines it by name.
-#}
{% macro hubspot_lead_status_changes(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    changes as (

        select judged.*
        from ({{ lead_qualification.hubspot_judged_changes(connector) }}) as judged
        where judged.object_type = 'lead'
            and judged.property in ('lifecyclestage', 'hs_lead_status')

    ),

    statuses as (

        {{ lead_qualification.value_rows(connector, 'lead_status_changes', 'status', by_column=true) }}

    ),

    judged_statuses as (

        select
            {{ lead_qualification.contract_columns(connector, 'lead_status_changes', {
                'change_id': lead_qualification.joined_key(['changes.record_id', 'changes.property', 'changes.changed_at', 'changes.new_value']),
                'lead_id': 'changes.record_id',
                'status': 'coalesce(statuses.contract_value, changes.new_value)',
                'reason_code': 'statuses.reason_code',
                'changed_at': 'changes.changed_at',
                'contract_column': "'status'",
                'source_table': "'" ~ names.history ~ "'",
                'source_column': 'changes.property',
                'source_value': 'changes.new_value',
                'fate': "case when changes.judgement <> 'new' or changes.new_value is null then 'left_out' else "
                    ~ lead_qualification.outcome_of_value('changes.new_value', 'statuses', 'passed_on') ~ ' end',
                'fate_reason': "case when changes.judgement <> 'new' then changes.judgement when changes.new_value is null then 'emptied' end"
            }) }}
        from changes
        left join statuses
            on lower(changes.new_value) = statuses.source_value
            and replace(changes.property, '_', '') = statuses.source_column

    )

    select * from judged_statuses
{%- endmacro %}


{#- Changes of the attributes that scores depend on (9-history.md). -#}
{% macro hubspot_attribute_changes(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    {%- set attributes = {
        'lead': {'jobtitle': 'job_title', 'country': 'country', 'industry': 'industry',
            'numemployees': 'employee_count', 'annualrevenue': 'annual_revenue'},
        'account': {'industry': 'industry', 'numberofemployees': 'employee_count', 'annualrevenue': 'annual_revenue',
            'country': 'country', 'hs_is_target_account': 'is_target_account'}} -%}
    with

    changes as (

        select
            judged.*,
            case
                {%- for object_type, properties in attributes.items() %}
                {%- for property, attribute in properties.items() %}
                when judged.object_type = '{{ object_type }}' and judged.property = '{{ property }}' then '{{ attribute }}'
                {%- endfor %}
                {%- endfor %}
                else custom_attributes.custom_attribute
            end as attribute_name
        from ({{ lead_qualification.hubspot_judged_changes(connector) }}) as judged
        left join {{ lead_qualification.custom_attributes() }} as custom_attributes
            on judged.object_type = custom_attributes.custom_object
            and judged.property = custom_attributes.custom_attribute

    ),

    industries as (

        {{ lead_qualification.value_rows(connector, 'accounts', 'industry') }}

    ),

    judged_attributes as (

        select
            {{ lead_qualification.contract_columns(connector, 'attribute_changes', {
                'change_id': lead_qualification.joined_key(
                    ['changes.object_type', 'changes.record_id', 'changes.property', 'changes.changed_at', 'changes.new_value']),
                'object': 'changes.object_type',
                'record_id': 'changes.record_id',
                'attribute': 'changes.attribute_name',
                'old_value': "case when changes.attribute_name = 'industry' then coalesce(old_industries.contract_value, changes.old_value) "
                    ~ 'else changes.old_value end',
                'new_value': "case when changes.attribute_name = 'industry' then coalesce(industries.contract_value, changes.new_value) "
                    ~ 'else changes.new_value end',
                'changed_at': 'changes.changed_at',
                'source_table': "'" ~ names.history ~ "'",
                'source_column': 'changes.property',
                'fate': "case when changes.attribute_name is null or changes.judgement <> 'new' then 'left_out' else 'read' end",
                'fate_reason': "case when changes.attribute_name is null then 'not_tracked' when changes.judgement <> 'new' then changes.judgement end"
            }) }}
        from changes
        left join industries on lower(changes.new_value) = industries.source_value
        left join industries as old_industries on lower(changes.old_value) = old_industries.source_value

    )

    select * from judged_attributes
{%- endmacro %}
