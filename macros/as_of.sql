{#-
    The only "now" of the project, as a timestamp literal in UTC.
    The var as_of or the environment variable LEAD_AS_OF; else the demo's last day; else the start
    of the run. Nothing else may read a clock. Another var makes dbt reparse the whole project; the
    variable is read only when a model is compiled, so it does not. Unit tests give a clock of their
    own, so they do not read the variable.
-#}
{% macro as_of() -%}
    {%- set from_var = (var('as_of', '') or '') | string -%}
    {%- set is_unit_test = model is defined and model.resource_type == 'unit_test' -%}
    {%- set from_environment = env_var('LEAD_AS_OF', '') if execute and not is_unit_test else '' -%}
    {%- if from_var and from_environment and from_var != from_environment -%}
        {{ exceptions.raise_compiler_error(
            "as_of is given twice: the var is '" ~ from_var ~ "', LEAD_AS_OF is '"
            ~ from_environment ~ "'. Leave one out.") }}
    {%- endif -%}
    {%- set given = from_var or from_environment -%}
    {%- if given -%}
        {%- set text = given -%}
    {%- elif lead_qualification.raw_data() == 'demo' -%}
        {%- set text = var('demo_as_of') | string -%}
    {%- else -%}
        {%- set text = run_started_at.strftime('%Y-%m-%d %H:%M:%S') -%}
    {%- endif -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?$', text) -%}
        {{ exceptions.raise_compiler_error(
            "as_of is '" ~ text ~ "'. Write it in UTC as \"2026-08-01 00:00:00\".") }}
    {%- endif -%}
    cast({{ lead_qualification.text_literal(text) }} as timestamp)
{%- endmacro %}
