{#-
    The tables that `leadq predict` writes and that the views predictions and
    prediction_quality show. They are made empty by a pre-hook where they are not there, so that a
    build without the command is whole; they are never dropped.
-#}

{#- Where a landing table is. -#}
{% macro predictive_table(table_name) %}
    {{ return(api.Relation.create(
        database=target.database or none, schema=target.schema ~ '_predictive', identifier=table_name)) }}
{% endmacro %}


{% macro create_predictive_schema() -%}
    create schema if not exists {{ lead_qualification.predictive_table('any').without_identifier().include(database=false) }}
{%- endmacro %}


{#- Example: pre_hook=["{{ lead_qualification.create_predictive_table('lead_predictions') }}"] -#}
{% macro create_predictive_table(table_name) -%}
    create table if not exists {{ lead_qualification.predictive_table(table_name) }} (
    {%- for name, type in lead_qualification.predictive_columns()[table_name] %}
        {{ name }} {{ type }}{{ ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}


{#- The columns that a landing table of an earlier version lacks are added; nothing where it is not there or lacks none. -#}
{% macro add_predictive_columns(table_name) -%}
    {%- set relation = lead_qualification.predictive_table(table_name) -%}
    {%- set found = adapter.get_relation(relation.database, relation.schema, relation.identifier) if execute -%}
    {%- if found -%}
        {%- set names = adapter.get_columns_in_relation(found) | map(attribute='name') | map('lower') | list -%}
        {%- set lacking = [] -%}
        {%- for name, type in lead_qualification.predictive_columns()[table_name] if name not in names -%}
            {%- do lacking.append({'name': name, 'dtype': type, 'data_type': type, 'quoted': name}) -%}
        {%- endfor -%}
        {%- if lacking -%}
            {%- do alter_relation_add_remove_columns(found, lacking, []) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{% macro predictive_columns() %}
    {%- set text, whole, truth, moment = dbt.type_string(), dbt.type_int(), dbt.type_boolean(), dbt.type_timestamp() -%}
    {%- set rate = lead_qualification.type_rate() -%}
    {{ return({
        'lead_predictions': [
            ('lead_id', text),
            ('evaluated_at', moment),
            ('probability', rate),
            ('decile', whole),
            ('reasons', text),
            ('is_outcome_known', truth),
            ('is_in_training', truth),
            ('is_actionable', truth),
            ('model_version', text),
            ('trained_at', moment),
            ('n_train', whole),
            ('as_of', moment)],
        'prediction_measures': [
            ('estimator', text),
            ('bin_from', rate),
            ('leads', whole),
            ('converted', whole),
            ('mean_probability', rate),
            ('conversion_rate', rate),
            ('conversion_low', rate),
            ('conversion_high', rate),
            ('auc', rate),
            ('brier_score', rate),
            ('log_loss', rate),
            ('top_decile_lift', rate),
            ('is_chosen', truth),
            ('is_active', truth),
            ('reason', text),
            ('leaks', text),
            ('n_train', whole),
            ('n_held_out', whole),
            ('train_until', moment),
            ('model_version', text),
            ('trained_at', moment),
            ('as_of', moment)],
    }) }}
{% endmacro %}
