{#-
    The values of a timeline row that may change from one row to the next: fit and grade do not
    change over time; score, band and level follow from the others. None of them is ever null.
-#}
{% macro changing_timeline_values() %}
    {{ return([
        'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points',
        'meaningful_signals', 'high_intent_signals', 'intent_signals']) }}
{% endmacro %}


{#- A select list with each such value of the row before, as previous_<value>. -#}
{% macro previous_timeline_values() -%}
    {%- for value in lead_qualification.changing_timeline_values() %}
        lag({{ value }}) over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as previous_{{ value }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Whether any such value differs from that of the row before. -#}
{% macro differs_from_previous() -%}
    {%- for value in lead_qualification.changing_timeline_values() %}
        {{ 'or ' if not loop.first }}{{ value }} <> previous_{{ value }}
    {%- endfor %}
{%- endmacro %}
