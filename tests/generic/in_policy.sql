{#- Fails for every value that a policy table, ours or the one that replaces it, does not have in a field; null passes.
    What relationships does for tables that nothing replaces. besides: values that need not be there. -#}
{% test in_policy(model, column_name, table, field, besides=[]) %}

with

known as (

    select {{ field }} as known_value
    from {{ lead_qualification.policy(table) }}

),

tested as (

    select {{ column_name }} as tested_value
    from {{ model }}
    where
        {{ column_name }} is not null
        {%- if besides %}
        and {{ column_name }} not in ({{ lead_qualification.text_literals(besides) }})
        {%- endif %}

)

select tested.tested_value
from tested
left join known on tested.tested_value = known.known_value
where known.known_value is null

{% endtest %}
