{#-
    DuckDB replaces a table or view in one statement of a transaction: who reads meanwhile, or after a failure,
    finds the old one. dbt's own way builds beside it and renames twice, which is three to five statements more
    for each model, and most of the time of a small build is such statements.

    dbt takes these materializations only from the project that it runs; where this one is a package, its models
    are made in dbt's way.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {#- What our models do not use stays dbt's. -#}
    {%- set is_plain = model['language'] == 'sql' and not model['constraints']
        and not config.get('indexes') and not config.get('partitioned_by') and not config.get('sorted_by') -%}
    {%- if not is_plain -%}
        {{ return(dbt.materialization_table_duckdb()) }}
    {%- endif -%}
    {{ return(lead_qualification.replaced('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(lead_qualification.replaced('view')) }}
{% endmaterialization %}


{#- Makes the relation of the model in place of the one that is there. kind: table or view. -#}
{% macro replaced(kind) %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type=kind) -%}
    {%- set has_contract = config.get('contract').enforced -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and existing.type != kind -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        {{ config.get('sql_header') or '' }}
        {%- if has_contract %}
        {{ get_assert_columns_equivalent(sql) }}
        {%- endif %}
        {%- if has_contract and kind == 'table' %}
        create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
        insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(sql) }});
        {%- else %}
        create or replace {{ kind }} {{ target }} as (
        {{ sql }}
        );
        {%- endif %}
    {%- endcall -%}
    {%- do apply_grants(target, config.get('grants'), should_revoke=false) -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmacro %}
