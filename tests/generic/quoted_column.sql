{#- Fails for every row in which a column whose name is a word of SQL does not meet the condition,
    such as `is not null` or `>= 1`; null passes where may_be_null says so. Stands at the model, not at
    the column: there dbt would hand over the name in the quotes of one engine. -#}
{% test quoted_column(model, column_name, condition, may_be_null=false) %}

select {{ adapter.quote(column_name) }}
from {{ model }}
where not coalesce({{ adapter.quote(column_name) }} {{ condition }}, {{ may_be_null }})

{% endtest %}
