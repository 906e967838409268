{#- Named as a test of the package, which must not use it. -#}
{% test in_policy(model, column_name, table, field) %}
select 'in_policy of the host project' as wrong
{% endtest %}
