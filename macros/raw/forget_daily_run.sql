{#-
    Runs before everything else: a build by hand leaves tables of which the daily run does not know
    from what and when they were made, so the next daily run builds everything.
-#}
{% macro forget_daily_run() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed') and not env_var('LEAD_DAILY_RUN', '') -%}
        {%- set state = adapter.get_relation(target.database, target.schema ~ '_daily_run', 'state') -%}
        {%- if state is not none -%}
            {#- A hook that only returns the statement has it rolled back. -#}
            {%- call statement('forget_daily_run', auto_begin=true) -%}
                delete from {{ state }}
            {%- endcall -%}
            {%- do adapter.commit() -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
