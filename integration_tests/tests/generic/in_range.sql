{#- Named as a test of the package, which must not use it. -#}
{% test in_range(model, column_name, lowest=none, highest=none) %}
select 'in_range of the host project' as wrong
{% endtest %}
