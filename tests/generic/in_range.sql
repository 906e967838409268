{#- Fails for every value below lowest or above highest, both inclusive; null passes. -#}
{% test in_range(model, column_name, lowest=none, highest=none) %}

select {{ column_name }}
from {{ model }}
where
    {% if lowest is not none %}{{ column_name }} < {{ lowest }}{% endif %}
    {% if lowest is not none and highest is not none %}or{% endif %}
    {% if highest is not none %}{{ column_name }} > {{ highest }}{% endif %}

{% endtest %}
