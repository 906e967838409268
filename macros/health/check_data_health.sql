{#- Post-hook of int_data_health: warns above one limit, stops above another. -#}
{% macro check_data_health(relation) %}
    {%- if execute -%}
        {%- set found = lead_qualification.named_rows(
            "select check_name, source, coalesce(column_name, '') as column_name, looked_at, affected, "
            ~ "coalesce(worst_values, '') as worst_values, coalesce(remedy, '') as remedy, verdict "
            ~ 'from ' ~ relation ~ " where verdict <> 'fine' order by check_name, source, column_name") -%}
        {%- set stops = [] -%}
        {%- for row in found -%}
            {%- set place = row['source'] ~ ('.' ~ row['column_name'] if row['column_name'] else '') -%}
            {%- set message = place ~ ': ' ~ row['check_name'] | replace('_', ' ') ~ ', ' ~ row['affected'] ~ ' of '
                ~ row['looked_at'] ~ (' (' ~ row['worst_values'] ~ ')' if row['worst_values'] else '') ~ '. ' ~ row['remedy'] -%}
            {%- if row['verdict'] == 'stop' -%}
                {%- do stops.append(message) -%}
            {%- else -%}
                {%- do exceptions.warn('Data health: ' ~ message ~ '. Limit: data_health_limits.csv, warn_above.') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if stops | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                'Data health above stop_above of data_health_limits.csv:\n- ' ~ stops | join('\n- ')
                ~ '\nFix the mapping, or raise the limit.') }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
