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


{#- The names of the attributes with a history, each once, as fit rules and features call them. -#}
{% macro tracked_attribute_names() %}
    {%- set names = [] -%}
    {%- for attributes in lead_qualification.tracked_attributes().values() -%}
        {%- for attribute in attributes -%}
            {%- do names.append('account_status' if attribute == 'status' else attribute) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names | unique | sort) }}
{% endmacro %}


{#-
    The types that attributes.csv may give an attribute: the data type of the raw contract that reads
    its values, how fit rules may match it, and how a value of a list of theirs is written.
-#}
{% macro custom_attribute_types() %}
    {{ return({
        'text': {'data_type': 'text', 'match_types': ['in', 'has_word', 'is_known']},
        'integer': {'data_type': 'integer', 'match_types': ['in', 'between', 'is_known'], 'item': '-?[0-9]+'},
        'decimal': {'data_type': 'decimal(18,2)', 'match_types': ['between', 'is_known']},
        'boolean': {'data_type': 'boolean', 'match_types': ['in', 'is_true', 'is_known'], 'item': '(true|false)'},
        'date': {'data_type': 'date', 'match_types': ['in', 'is_known'], 'item': '[0-9]{4}-[0-9]{2}-[0-9]{2}'},
    }) }}
{% endmacro %}


{#-
    Names that attributes.csv may not have: of what leads and accounts are known by anyway, and those
    with which dimensions and features begin.
-#}
{% macro built_in_attributes() %}
    {%- set names = lead_qualification.fit_attributes() + lead_qualification.funnel_dimensions().keys() | list + [
        'company_size', 'fit_matched', 'meaningful_7_days', 'meaningful_30_days', 'days_since_first_seen'] -%}
    {%- for attributes in lead_qualification.tracked_attributes().values() -%}
        {%- do names.extend(attributes) -%}
    {%- endfor -%}
    {{ return(names | unique | sort) }}
{% endmacro %}


{#- The attributes of attributes.csv, as a from-item without a name; its columns are none of the raw contract's. -#}
{% macro custom_attributes() -%}
    (
        select
            object as custom_object,
            attribute as custom_attribute,
            min(type) as custom_type
        from {{ lead_qualification.policy('attributes') }} as attributes_rows
        group by object, attribute
    )
{%- endmacro %}


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
    ({{ conditions | join(' or ') or 'false' }})
{%- endmacro %}


{#- The same for attributes of attributes.csv too; needs the column custom_type of custom_attributes. -#}
{% macro is_value_of(data_types) -%}
    {%- set types = [] -%}
    {%- for name, type in lead_qualification.custom_attribute_types().items() if type.data_type in data_types -%}
        {%- do types.append(name) -%}
    {%- endfor -%}
    {%- if not types -%}
        {{ lead_qualification.is_attribute_of(data_types) }}
    {%- else -%}
        ({{ lead_qualification.is_attribute_of(data_types) }} or coalesce(custom_type, '') in ({{ lead_qualification.text_literals(types) }}))
    {%- endif -%}
{%- endmacro %}


{#-
    A cell that holds a value of the attribute that its row names, as text in the one spelling that
    the column of the record has; null where it says nothing and where no rule looks at the attribute.
-#}
{% macro as_attribute_value(column) -%}
    {%- set placeholders = lead_qualification.placeholders('text') -%}
    {%- set statuses = lead_qualification.raw_contract('accounts').columns | selectattr('name', 'equalto', 'status') | first -%}
    case
            when {{ lead_qualification.is_value_of(['country']) }} then names_of_{{ column }}.country_code
            when {{ lead_qualification.is_value_of(['code']) }}
                then case when lower({{ column }}) in ('{{ statuses.accepted | join("', '") }}') then lower({{ column }}) end
            when {{ lead_qualification.is_value_of(['boolean']) }}
                then case {{ lead_qualification.as_boolean(column) }} when true then 'true' when false then 'false' end
            when {{ lead_qualification.is_value_of(['integer']) }}
                then cast({{ lead_qualification.as_integer(column) }} as {{ dbt.type_string() }})
            when {{ lead_qualification.is_value_of(['decimal(18,2)']) }}
                then cast({{ lead_qualification.as_amount(column) }} as {{ dbt.type_string() }})
            when {{ lead_qualification.is_value_of(['date']) }}
                then cast({{ lead_qualification.as_date(column) }} as {{ dbt.type_string() }})
            when {{ lead_qualification.is_value_of(['text']) }}
                then {{ 'case when lower(' ~ column ~ ') not in (' ~ placeholders | join(', ') ~ ') then ' ~ column ~ ' end'
                    if placeholders else column }}
        end
{%- endmacro %}


{#-
    The condition that a cell says something that the type of its attribute cannot read: as of the
    column of the record, a word that no list has is unknown, anything else unreadable.
-#}
{% macro is_faulty_value(column, fault) -%}
    {%- set data_types = {'unknown': ['country', 'code'], 'unreadable': ['boolean', 'integer', 'decimal(18,2)', 'date']}[fault] -%}
    {{- lead_qualification.is_value_of(data_types)
        ~ ' and ' ~ column ~ ' is not null and parsed_' ~ column ~ ' is null' -}}
{%- endmacro %}
