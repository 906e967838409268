{#-
    A select of all columns of a staged table of leads or accounts, each tracked attribute with the value
    that it had at as_of; the same rows where no attribute ever changed.
-#}
{% macro records_at_as_of(object, model_name) -%}
    {%- set table_name = object ~ 's' -%}
    {%- set tracked = lead_qualification.tracked_attributes()[object] -%}
    {%- set records = ref('lead_qualification', model_name) -%}
    {%- if not lead_qualification.has_attribute_history() -%}
    select * from {{ records }}
    {%- else -%}
    select
        {%- for column in lead_qualification.raw_contract(table_name).columns %}
        {%- if column.name in tracked %}
        {%- set data_type = {'integer': 'integer', 'decimal(18,2)': 'decimal(18,2)', 'boolean': 'boolean'}.get(tracked[column.name]) %}
        case
            when changed.has_{{ column.name }} = 1
                then {{ 'cast(changed.' ~ column.name ~ ' as ' ~ data_type ~ ')' if data_type else 'changed.' ~ column.name }}
            else records.{{ column.name }}
        end as {{ column.name }}
        {%- else %}
        records.{{ column.name }}
        {%- endif -%}
        {{ ',' if not loop.last }}
        {%- endfor %}
    from {{ records }} as records
    left join (
        select
            record_id
            {%- for attribute in tracked %},
            max(case when attribute = '{{ attribute }}' then attribute_value end) as {{ attribute }},
            max(case when attribute = '{{ attribute }}' then 1 else 0 end) as has_{{ attribute }}
            {%- endfor %}
        from {{ ref('lead_qualification', 'int_attribute_values') }}
        where
            object = '{{ object }}'
            and valid_to = {{ lead_qualification.never() }}
        group by record_id
    ) as changed on records.{{ object }}_id = changed.record_id
    {%- endif -%}
{%- endmacro %}
