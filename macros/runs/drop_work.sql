{#-
    Runs after everything else. With the var keep_intermediate false a run without an error drops
    what it no longer needs: the tables and views with the tag work, which nothing reads but the
    same run, unless they have the tag kept. A model that is built by lead stays: the next run changes it.
-#}
{% macro drop_work(results) %}
    {%- if execute and flags.WHICH in ('run', 'build') and not var('keep_intermediate') -%}
        {%- set failed = results | map(attribute='status') | map('string') | select('in', ['error', 'fail', 'skipped']) | list -%}
        {%- if failed | length == 0 -%}
            {#- In the order of the run a view comes after what it reads, so it goes first. -#}
            {%- for result in results | reverse
                if 'work' in result.node.tags and 'kept' not in result.node.tags and result.node.config.materialized in ('table', 'view') -%}
                {%- set relation = adapter.get_relation(result.node.database, result.node.schema, result.node.alias) -%}
                {%- if relation is not none -%}
                    {#- A hook that only returns the statement has it rolled back. -#}
                    {%- call statement('drop_work', auto_begin=true) -%}
                        drop {{ relation.type }} if exists {{ relation }}
                    {%- endcall -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do adapter.commit() -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
