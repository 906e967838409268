{#-
    A post-hook: stops the build if the model just built has rows, and says their messages.
    The model has a column message. Everything that depends on the model is then skipped.
-#}
{% macro stop_if_rows(relation, what) %}
    {%- if execute -%}
        {%- set found = lead_qualification.named_rows(
            'select message, count(*) over () as found from ' ~ relation ~ ' order by message limit 200') -%}
        {%- if found -%}
            {%- set messages = found | map(attribute='message') | list -%}
            {%- set total = found[0].found -%}
            {{ exceptions.raise_compiler_error(
                what ~ ' (' ~ total ~ '):\n- ' ~ messages | join('\n- ')
                ~ ('\n- ...' if total > messages | length else '')) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
