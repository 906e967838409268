{#- Fails for every row for which the condition is not true; null counts as not true.
    Beside a column it says what that column owes; column_name is not used. -#}
{% test holds(model, condition, column_name=none) %}

select *
from {{ model }}
where not coalesce({{ condition }}, false)

{% endtest %}
