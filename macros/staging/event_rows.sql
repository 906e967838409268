{#-
    The rows of a raw table of events (typed_rows). An event that is later than its arrival by more
    than the var future_clock_hours has a wrong clock: it happened when it arrived.
    values: as in typed_rows.
-#}
{% macro event_rows(table_name, values={}) -%}
    {%- set is_ahead = 'parsed_occurred_at > '
        ~ lead_qualification.add_seconds('parsed_received_at', var('future_clock_hours') * 3600) -%}
    {{ lead_qualification.typed_rows(
        table_name,
        value_problems=[lead_qualification.problem_if(is_ahead, 'ahead of received_at occurred_at')],
        values=dict(values, occurred_at='case when ' ~ is_ahead ~ ' then parsed_received_at else parsed_occurred_at end')
    ) }}
{%- endmacro %}
