{#- Post-hook of int_quarantine_rates: warns above one rate of unusable rows, stops above another. -#}
{% macro check_quarantine_rates(relation) %}
    {%- if execute -%}
        {%- set over = lead_qualification.named_rows(
            'select source, raw_records, unusable_records, main_reason, main_reason_records, '
            ~ "coalesce(main_reason_example, '') as example, "
            ~ 'case when unusable_rate > ' ~ var('quarantine_stop_rate') ~ ' then 1 else 0 end as stops '
            ~ 'from ' ~ relation ~ ' where unusable_rate > ' ~ var('quarantine_warn_rate')
            ~ ' order by source') -%}
        {%- set stops = [] -%}
        {%- for row in over -%}
            {%- set message = row['source'] ~ ': ' ~ row['unusable_records'] ~ ' of ' ~ row['raw_records']
                ~ ' rows cannot be used, most often: ' ~ row['main_reason'] ~ ' (' ~ row['main_reason_records']
                ~ (', such as ' ~ row['example'] if row['example'] else '') ~ ')'
                ~ lead_qualification.what_is_read(row['source'], row['main_reason']) -%}
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
                ~ '\nFix the extract, or raise the var once: the rows are then in quarantined_records.') }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- What a column accepts, where the reason is that its cells are unreadable or needed; otherwise nothing. -#}
{% macro what_is_read(source, reason) %}
    {%- set formats = {
        'timestamp': 'times such as 2026-03-01, 2026-03-01 10:00:00, 2026-03-01T10:00:00Z or with an offset (+02:00)',
        'date': 'dates such as 2026-03-01',
        'boolean': 'true/false, t/f, yes/no, y/n, on/off, 1/0',
        'integer': 'whole numbers up to ' ~ lead_qualification.largest('count'),
        'decimal(18,2)': 'amounts such as 22700.00 or $22,700.00, up to ' ~ lead_qualification.largest('amount'),
    } -%}
    {%- if reason == 'missing closed_at' -%}
        {{ return('. A closed deal needs closed_at or else updated_at') }}
    {%- endif -%}
    {%- for column in lead_qualification.raw_contract(source).columns
        if reason == 'unreadable ' ~ column.name and column.data_type in formats -%}
        {{ return('. Read are ' ~ formats[column.data_type]) }}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}
