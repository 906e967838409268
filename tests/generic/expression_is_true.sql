{#- Fails for every row for which the expression is not true; null counts as not true.
    Beside a column it says what that column owes; column_name is not used. -#}
{% test expression_is_true(model, expression, column_name=none) %}

select *
from {{ model }}
where not coalesce({{ expression }}, false)

{% endtest %}
