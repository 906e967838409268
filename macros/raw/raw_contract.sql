{#-
    The contract of a raw table, from models/staging/sources.yml, which says what each entry means:
        key, newest, happened, received: as there; happened and received may be none
        required, optional: names of columns, in the order of the file
        columns: name, data_type, kind, accepted, unusable_if of every column, texts first
    While dbt parses there is no graph: the contract then has no columns, and what is made of it is
    not run. Dependencies do not come from it, but from raw_relation and base_models.
-#}
{% macro raw_contract(table_name) %}
    {%- set contract = {'key': ['unknown'], 'newest': 'unknown', 'happened': none, 'received': none,
        'required': [], 'optional': [], 'columns': []} -%}
    {%- if not graph.sources -%}
        {{ return(contract) }}
    {%- endif -%}
    {%- set source_table = graph.sources['source.lead_qualification.lead_raw.' ~ table_name] -%}
    {%- if not source_table -%}
        {{ exceptions.raise_compiler_error(
            'models/staging/sources.yml has no table ' ~ table_name ~ ', or the source is disabled. '
            ~ 'To do without the table, set the var has_' ~ table_name ~ ': false.') }}
    {%- endif -%}
    {%- do contract.update(source_table.config.meta) -%}
    {%- set others = [] -%}
    {%- for column in source_table.columns.values() -%}
        {%- set meta = column.config.meta -%}
        {%- do (contract.required if meta.required else contract.optional).append(column.name) -%}
        {%- do (contract.columns if column.data_type == 'text' else others).append({
            'name': column.name, 'data_type': column.data_type, 'kind': meta.kind,
            'accepted': meta.accepted or [], 'unusable_if': meta.unusable_if or []}) -%}
    {%- endfor -%}
    {%- do contract.columns.extend(others) -%}
    {{ return(contract) }}
{% endmacro %}


{#- Raw table -> the base model that reads it. Written out, because dbt must know these while it parses. -#}
{% macro base_models() %}
    {{ return({
        'leads': 'base_crm__leads',
        'accounts': 'base_crm__accounts',
        'lead_status_changes': 'base_crm__lead_status_changes',
        'qualification_answers': 'base_crm__qualification_answers',
        'opportunities': 'base_crm__opportunities',
        'campaigns': 'base_crm__campaigns',
        'campaign_costs': 'base_crm__campaign_costs',
        'web_events': 'base_web__web_events',
        'email_events': 'base_email__email_events',
        'marketing_activities': 'base_marketing__marketing_activities',
        'product_events': 'base_product__product_events',
        'intent_signals': 'base_intent__intent_signals',
        'sales_activities': 'base_sales__sales_activities',
        'sales_reps': 'base_sales__sales_reps',
    }) }}
{% endmacro %}
