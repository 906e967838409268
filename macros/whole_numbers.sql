{#- A select of the whole numbers from first to last, as the column number. -#}
{% macro whole_numbers(first, last) -%}
    {%- set rows = [] -%}
    {%- for number in range(first, last + 1) -%}
        {%- do rows.append([number]) -%}
    {%- endfor -%}
    select cast(number as integer) as number
    from {{ lead_qualification.listed_rows(rows, 'listed', ['number']) }}
{%- endmacro %}


{#- A select of the whole numbers from 0 to 99,999, as the column number. -#}
{% macro hundred_thousand_numbers() -%}
    select
        10000 * ten_thousands.number + 1000 * thousands.number
        + 100 * hundreds.number + 10 * tens.number + ones.number as number
    from ({{ lead_qualification.whole_numbers(0, 9) }}) as ones
    cross join ({{ lead_qualification.whole_numbers(0, 9) }}) as tens
    cross join ({{ lead_qualification.whole_numbers(0, 9) }}) as hundreds
    cross join ({{ lead_qualification.whole_numbers(0, 9) }}) as thousands
    cross join ({{ lead_qualification.whole_numbers(0, 9) }}) as ten_thousands
{%- endmacro %}
