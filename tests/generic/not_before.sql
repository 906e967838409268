{#- Fails for every row whose timestamp lies before that of another column; null passes. -#}
{% test not_before(model, column_name, other) %}

select
    {{ other }},
    {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ other }}

{% endtest %}
