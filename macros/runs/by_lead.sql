{#-
    A table of which each row belongs to the lead that its column lead_id names. A run replaces the
    rows of the leads that it is about; where it is about all of them, or the table is not there, it
    makes the table as usual. Models read other tables by rows_of_this_run.

    A materialization, not a strategy of incremental models: dbt looks for strategies only in the
    project that is run, so a project that has this one as a package would not find it.
-#}
{% materialization by_lead, default %}
    {%- if not lead_qualification.replaces_rows() -%}
        {%- do lead_qualification.forget_finished_run() -%}
        {{ return(adapter.dispatch('make_table', 'lead_qualification')()) }}
    {%- endif -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set leads = lead_qualification.relation_of('int_leads_this_run') -%}
    {%- set columns = adapter.get_columns_in_relation(target) | map(attribute='quoted') | join(', ') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {%- set replacing -%}
        delete from {{ target }}
        where lead_id in (select lead_id from {{ leads }});
        insert into {{ target }} ({{ columns }})
        select {{ columns }}
        from (
            {{ sql }}
        ) as rows_of_this_run
        {%- endset -%}
        {{ adapter.dispatch('in_one_transaction', 'lead_qualification')(replacing) }}
    {%- endcall %}
    {%- do apply_grants(target, config.get('grants'), should_revoke=true) -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{#- Statements of which all or none take effect. dbt begins and ends a transaction for each model where it can. -#}
{% macro default__in_one_transaction(statements) %}
    {{ return(statements) }}
{% endmacro %}

{% macro snowflake__in_one_transaction(statements) %}
    {{ return(snowflake_dml_explicit_transaction(statements)) }}
{% endmacro %}

{% macro bigquery__in_one_transaction(statements) %}
    {{ return('begin transaction;\n' ~ statements ~ ';\ncommit transaction;') }}
{% endmacro %}


{#- dbt's own way to make a table, which differs by engine. -#}
{% macro default__make_table() %}
    {{ return(materialization_table_default()) }}
{% endmacro %}

{% macro duckdb__make_table() %}
    {{ return(materialization_table_duckdb()) }}
{% endmacro %}

{% macro spark__make_table() %}
    {{ return(materialization_table_spark()) }}
{% endmacro %}

{% macro snowflake__make_table() %}
    {{ return(materialization_table_snowflake()) }}
{% endmacro %}

{% macro bigquery__make_table() %}
    {{ return(materialization_table_bigquery()) }}
{% endmacro %}


{#-
    A per-lead table that is made outside a run of all of them holds nobody knows which state of
    the raw data: the next run recomputes everything.
-#}
{% macro forget_finished_run() %}
    {%- if 'model.lead_qualification.int_leads_this_run' not in selected_resources -%}
        {{ drop_relation_if_exists(load_cached_relation(lead_qualification.relation_of('int_finished_run'))) }}
    {%- endif -%}
{% endmacro %}
