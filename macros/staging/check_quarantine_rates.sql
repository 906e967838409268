{#- Post-hook of int_quarantine_rates: warns above one rate of unusable rows, stops above another. -#}
{% macro check_quarantine_rates(relation) %}
    {%- if execute -%}
        {%- set over = run_query(
            'select source, raw_records, unusable_records, main_reason, main_reason_records, '
            ~ 'case when unusable_rate > ' ~ var('quarantine_stop_rate') ~ ' then 1 else 0 end as stops '
            ~ 'from ' ~ relation ~ ' where unusable_rate > ' ~ var('quarantine_warn_rate')
            ~ ' order by source') -%}
        {%- set stops = [] -%}
        {%- for row in over.rows -%}
            {%- set message = row['source'] ~ ': ' ~ row['unusable_records'] ~ ' of ' ~ row['raw_records']
                ~ ' rows cannot be used, most often: ' ~ row['main_reason'] ~ ' ('
                ~ row['main_reason_records'] ~ ')' -%}
            {%- if row['stops'] == 1 -%}
                {%- do stops.append(message) -%}
            {%- else -%}
                {%- do exceptions.warn('Quarantine above the var quarantine_warn_rate. ' ~ message) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if stops | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                'Quarantine above the var quarantine_stop_rate (' ~ var('quarantine_stop_rate') ~ '):\n- '
                ~ stops | join('\n- ')
                ~ '\nThe rows are in quarantined_records. Fix the extract, or raise the var.') }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
