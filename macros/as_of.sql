{#-
    The only "now" of the project, as a timestamp literal in UTC.
    The var as_of; else the demo's last day; else the start of the run.
    Nothing else may read a clock.
-#}
{% macro as_of() -%}
    {%- set given = var('as_of', '') or '' -%}
    {%- if given -%}
        {%- set text = given | string -%}
    {%- elif lead_qualification.raw_data() == 'demo' -%}
        {%- set text = var('demo_as_of') | string -%}
    {%- else -%}
        {%- set text = run_started_at.strftime('%Y-%m-%d %H:%M:%S') -%}
    {%- endif -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?$', text) -%}
        {{ exceptions.raise_compiler_error(
            "var as_of is '" ~ text ~ "'. Write it in UTC as \"2026-08-01 00:00:00\".") }}
    {%- endif -%}
    cast('{{ text }}' as timestamp)
{%- endmacro %}
