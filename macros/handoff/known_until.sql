{#- Up to when a hand-off is known: its end, or as_of while it runs. -#}
{% macro known_until(handoffs) -%}
    coalesce({{ handoffs }}.ended_at, {{ lead_qualification.as_of() }})
{%- endmacro %}


{#-
    The condition that an instant lies in a hand-off, both ends included; where one ends in the next, that very
    instant belongs to the earlier.
-#}
{% macro lies_in_handoff(handoffs, instant) -%}
    {{ handoffs }}.handed_off_at <= {{ instant }}
            and {{ lead_qualification.known_until(handoffs) }} >= {{ instant }}
            and case when {{ handoffs }}.is_handed_on then {{ handoffs }}.handed_off_at < {{ instant }} else true end
{%- endmacro %}
