{#-
    The rows of a table with a column lead_id, as a from-item: those of the leads of this run where
    a per-lead model only replaces their rows, else all.

    model: a model of this package. alias: what the query calls it; default: the model's name.
    Example: select * from {{ rows_of_this_run('int_lead_signals') }}
-#}
{% macro rows_of_this_run(model_name, alias=none) -%}
    {%- set relation = ref('lead_qualification', model_name) -%}
    {%- if not execute or lead_qualification.replaces_rows() -%}
        {%- set leads = ref('lead_qualification', 'int_leads_this_run') -%}
        (select * from {{ relation }} where lead_id in (select lead_id from {{ leads }})) as {{ alias or model_name }}
    {%- else -%}
        {{ relation }} as {{ alias or model_name }}
    {%- endif -%}
{%- endmacro %}


{#-
    Whether the model at hand replaces the rows of the leads of this run instead of all: its table
    is there, which leads they are is worked out in this very invocation, and they are not all.
-#}
{% macro replaces_rows() %}
    {%- if not lead_qualification.is_run() or model.resource_type != 'model' -%}
        {{ return(false) }}
    {%- endif -%}
    {%- if 'replaces_rows' not in model -%}
        {%- do model.update({'replaces_rows': (
            lead_qualification.may_replace_rows() and not lead_qualification.run_scope()['whole_because'])}) -%}
    {%- endif -%}
    {{ return(model['replaces_rows']) }}
{% endmacro %}

{% macro may_replace_rows() %}
    {%- if 'model.lead_qualification.int_leads_this_run' not in selected_resources -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(
        model.config.materialized == 'ephemeral'
        or (model.config.materialized == 'by_lead' and lead_qualification.is_table(this))) }}
{% endmacro %}


{#- Whether a relation is there and its rows can be replaced; dbt clone makes views of tables on some engines. -#}
{% macro is_table(relation) %}
    {%- set existing = load_cached_relation(relation) -%}
    {{ return(existing is not none and existing.is_table) }}
{% endmacro %}
