{#- Join condition: an event is of a kind of int_signal_map_matches. -#}
{% macro same_event_kind(events, kinds) -%}
    {{ events }}.source = {{ kinds }}.source
            and coalesce({{ events }}.program, '') = {{ kinds }}.program
            and coalesce({{ events }}.event_name, '') = {{ kinds }}.event_name
            and coalesce({{ events }}.page_path, '') = {{ kinds }}.page_path
{%- endmacro %}
