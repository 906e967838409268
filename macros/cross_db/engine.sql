{#- Stops the run where names collide, and where the engine is set so that results would be wrong. -#}
{% macro check_engine() %}
    {%- do lead_qualification.check_names() -%}
    {%- if execute and flags.WHICH in ('run', 'build', 'test', 'seed', 'show') -%}
        {{ return(adapter.dispatch('check_engine', 'lead_qualification')()) }}
    {%- endif -%}
{% endmacro %}

{% macro default__check_engine() %}
{% endmacro %}

{% macro spark__check_engine() %}
    {%- set zone = run_query('select current_timezone()').columns[0].values()[0] -%}
    {%- if zone not in ('UTC', 'Etc/UTC', 'GMT', 'Z') -%}
        {{ exceptions.raise_compiler_error(
            'The time zone of the Spark session is ' ~ zone ~ ', but all times of the project are UTC. '
            ~ 'Set spark.sql.session.timeZone to UTC in server_side_parameters of the profile.') }}
    {%- endif -%}
{% endmacro %}

