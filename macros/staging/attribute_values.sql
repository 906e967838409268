{#-
    The attributes of leads and accounts whose history counts, by object: attribute -> data type
    of the column that holds it, as in the raw contract; code and country for texts of these kinds.
-#}
{% macro tracked_attributes() %}
    {%- set of_both = {
        'industry': 'text', 'employee_count': 'integer', 'annual_revenue': 'decimal(18,2)', 'country': 'country'} -%}
    {{ return({
        'lead': dict(of_both, job_title='text'),
        'account': dict(of_both, status='code', is_competitor='boolean', is_target_account='boolean')}) }}
{% endmacro %}


{#- The condition that a row of attribute_changes is of an attribute of these data types. -#}
{% macro is_attribute_of(data_types) -%}
    {%- set conditions = [] -%}
    {%- for object, attributes in lead_qualification.tracked_attributes().items() -%}
        {%- set names = [] -%}
        {%- for name, data_type in attributes.items() if data_type in data_types -%}
            {%- do names.append("'" ~ name ~ "'") -%}
        {%- endfor -%}
        {%- if names -%}
            {%- do conditions.append("lower(object) = '" ~ object ~ "' and lower(attribute) in (" ~ names | join(', ') ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    ({{ conditions | join(' or ') }})
{%- endmacro %}


{#-
    A cell that holds a value of the attribute that its row names, as text in the one spelling that
    the column of the record has; null where it says nothing and where no rule looks at the attribute.
-#}
{% macro as_attribute_value(column) -%}
    {%- set placeholders = lead_qualification.placeholders('text') -%}
    {%- set statuses = lead_qualification.raw_contract('accounts').columns | selectattr('name', 'equalto', 'status') | first -%}
    case
            when {{ lead_qualification.is_attribute_of(['country']) }} then names_of_{{ column }}.country_code
            when {{ lead_qualification.is_attribute_of(['code']) }}
                then case when lower({{ column }}) in ('{{ statuses.accepted | join("', '") }}') then lower({{ column }}) end
            when {{ lead_qualification.is_attribute_of(['boolean']) }}
                then case {{ lead_qualification.as_boolean(column) }} when true then 'true' when false then 'false' end
            when {{ lead_qualification.is_attribute_of(['integer']) }}
                then cast({{ lead_qualification.as_integer(column) }} as {{ dbt.type_string() }})
            when {{ lead_qualification.is_attribute_of(['decimal(18,2)']) }}
                then cast({{ lead_qualification.as_amount(column) }} as {{ dbt.type_string() }})
            when {{ lead_qualification.is_attribute_of(['text']) }}
                then {{ 'case when lower(' ~ column ~ ') not in (' ~ placeholders | join(', ') ~ ') then ' ~ column ~ ' end'
                    if placeholders else column }}
        end
{%- endmacro %}


{#-
    The condition that a cell says something that the type of its attribute cannot read: as of the
    column of the record, a word that no list has is unknown, anything else unreadable.
-#}
{% macro is_faulty_value(column, fault) -%}
    {%- set data_types = {'unknown': ['country', 'code'], 'unreadable': ['boolean', 'integer', 'decimal(18,2)']}[fault] -%}
    {{- lead_qualification.is_attribute_of(data_types)
        ~ ' and ' ~ column ~ ' is not null and parsed_' ~ column ~ ' is null' -}}
{%- endmacro %}
