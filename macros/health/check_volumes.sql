{#-
    Pre-hook of int_source_counts: warns of each source that has fewer rows than in the last build by
    more than the limit volume_fell of data_health_limits.csv. Nothing of it is stored: what a
    build gives depends on its input alone.
-#}
{% macro check_volumes(relation) %}
    {%- if lead_qualification.is_run() and load_cached_relation(relation) is not none -%}
        {%- set counts = [] -%}
        {%- for source_name, contract in lead_qualification.raw_contracts().items() -%}
            {%- do counts.append("select '" ~ source_name ~ "' as source, count(*) as raw_records from "
                ~ lead_qualification.relation_to_read(contract.base)) -%}
        {%- endfor -%}
        {%- set fallen = run_query(
            'select counted.source, counted.raw_records, last_build.raw_records, limits.remedy from ('
            ~ counts | join(' union all ') ~ ') as counted inner join ' ~ relation ~ ' as last_build on counted.source = last_build.source'
            ~ ' inner join ' ~ lead_qualification.policy('data_health_limits') ~ " as limits on limits.check_name = 'volume_fell'"
            ~ ' where counted.raw_records < last_build.raw_records * (1 - limits.warn_above) order by 1') -%}
        {%- for row in fallen.rows -%}
            {%- do exceptions.warn('Data health: ' ~ row[0] ~ ' has ' ~ row[1] ~ ' rows, ' ~ row[2] ~ ' in the last build. ' ~ row[3]) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
