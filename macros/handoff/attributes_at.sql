{#-
    A select of the rows of a relation with the attributes that their lead had at an instant: industry,
    employee_count, annual_revenue, country, account_status, is_competitor, is_target_account and company_segment.
    rows: a relation with lead_id. key: what else of it names a row. instant: its column.
-#}
{% macro attributes_at(rows, key, instant) -%}
    {%- set attributes = {'industry': none, 'employee_count': 'integer', 'annual_revenue': 'decimal(18,2)', 'country': none,
        'account_status': none, 'is_competitor': 'boolean', 'is_target_account': 'boolean'} -%}
    {%- set leads = ref('lead_qualification', 'int_leads') -%}
    {%- if not lead_qualification.has_attribute_history() %}
    select
        {{ rows }}.lead_id,
        {%- for column in key %}
        {{ rows }}.{{ column }},
        {%- endfor %}
        {%- for attribute in attributes %}
        leads.{{ attribute }},
        {%- endfor %}
        leads.company_segment
    from {{ rows }}
    inner join {{ leads }} as leads on {{ rows }}.lead_id = leads.lead_id
    {%- else %}
    select
        described.*,
        {{ lead_qualification.company_segment('described.employee_count') }} as company_segment
    from (
        select
            {{ rows }}.lead_id,
            {%- for column in key %}
            {{ rows }}.{{ column }},
            {%- endfor %}
            {%- for attribute, data_type in attributes.items() %}
            case
                when changed.has_{{ attribute }} = 1
                    then {{ 'cast(changed.' ~ attribute ~ ' as ' ~ data_type ~ ')' if data_type else 'changed.' ~ attribute }}
                else leads.{{ attribute }}
            end as {{ attribute }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ rows }}
        inner join {{ leads }} as leads on {{ rows }}.lead_id = leads.lead_id
        left join (
            select
                instants.lead_id,
                instants.{{ instant }}
                {%- for attribute in attributes %},
                max(case when stretches.attribute = '{{ attribute }}' then stretches.attribute_value end) as {{ attribute }},
                max(case when stretches.attribute = '{{ attribute }}' then 1 else 0 end) as has_{{ attribute }}
                {%- endfor %}
            from (select distinct lead_id, {{ instant }} from {{ rows }}) as instants
            inner join {{ ref('lead_qualification', 'int_lead_attribute_stretches') }} as stretches
                on
                    instants.lead_id = stretches.lead_id
                    and {{ lead_qualification.is_valid_at('stretches', 'instants.' ~ instant) }}
            group by instants.lead_id, instants.{{ instant }}
        ) as changed
            on
                {{ rows }}.lead_id = changed.lead_id
                and {{ rows }}.{{ instant }} = changed.{{ instant }}
    ) as described
    {%- endif %}
{%- endmacro %}
