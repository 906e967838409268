{#- Join condition: an event (of int_events_by_kind) is of a kind of int_signal_map_matches. -#}
{% macro same_event_kind(events, kinds) -%}
    {{ events }}.source = {{ kinds }}.source
            and coalesce({{ events }}.program, '') = {{ kinds }}.program
            and coalesce({{ events }}.event_name, '') = {{ kinds }}.event_name
            and coalesce({{ events }}.page_path, '') = {{ kinds }}.page_path
            and coalesce({{ events }}.kind_asset, '') = {{ kinds }}.kind_asset
            and coalesce({{ events }}.kind_link, '') = {{ kinds }}.kind_link
            and coalesce({{ events }}.kind_value, '') = {{ kinds }}.kind_value
{%- endmacro %}
