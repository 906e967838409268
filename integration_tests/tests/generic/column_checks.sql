{#- Named as a test of the package, which must not use it. -#}
{% test column_checks(model) %}
select 'column_checks of the host project' as wrong
{% endtest %}
