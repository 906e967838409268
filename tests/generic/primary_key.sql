{#- Fails for every value of the key column that more than one row has, and for null: what unique and not_null
    say together, in one read of the table. -#}
{% test primary_key(model, column_name) %}

select
    {{ column_name }},
    count(*) as row_count
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null

{% endtest %}
