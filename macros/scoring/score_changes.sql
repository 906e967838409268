{#- The quantities whose running sums make the score timeline. -#}
{% macro score_change_columns() %}
    {{ return([
        'awake', 'behaviour', 'intent', 'intent_signals', 'meaningful_signals', 'high_intent_signals',
        'recency_multiplier', 'penalty']) }}
{% endmacro %}


{#- The columns of score_change_columns after awake: what is given, else 0. -#}
{% macro score_changes(
    behaviour='0', intent='0', intent_signals='0', meaningful_signals='0', high_intent_signals='0',
    recency_multiplier='0', penalty='0') -%}
    {{ behaviour }} as behaviour,
        {{ intent }} as intent,
        {{ intent_signals }} as intent_signals,
        {{ meaningful_signals }} as meaningful_signals,
        {{ high_intent_signals }} as high_intent_signals,
        cast({{ recency_multiplier }} as decimal(9, 4)) as recency_multiplier,
        cast({{ penalty }} as decimal(9, 4)) as penalty
{%- endmacro %}


{#- A select list with every quantity of score_change_columns in an expression; % is its name, # its type. -#}
{% macro each_score_change(expression, prefix='') -%}
    {%- for column in lead_qualification.score_change_columns() %}
        {%- set type = 'decimal(18, 4)' if column in ('recency_multiplier', 'penalty') else 'integer' %}
        {{ expression | replace('%', column) | replace('#', type) }} as {{ prefix }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- A running sum, 0 while the lead is dormant; and what it was just before, as previous_<column>. -#}
{% macro while_awake(column) -%}
    cast(case when running.awake > 0 then running.{{ column }} else 0 end as integer) as {{ column }},
        cast(
            case when running.awake > running.change_of_awake then running.{{ column }} - running.change_of_{{ column }} else 0 end
            as integer
        ) as previous_{{ column }}
{%- endmacro %}
