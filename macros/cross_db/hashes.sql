{#- A number of 64 bits that stands for the values of some columns. -#}
{% macro hash_of(columns) -%}
    {{ return(adapter.dispatch('hash_of', 'lead_qualification')(columns)) }}
{%- endmacro %}

{% macro default__hash_of(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro postgres__hash_of(columns) -%}
    hash_record_extended(row({{ columns | join(', ') }}), 0)
{%- endmacro %}

{% macro spark__hash_of(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}

{% macro bigquery__hash_of(columns) -%}
    farm_fingerprint(to_json_string(struct({{ columns | join(', ') }})))
{%- endmacro %}


{#- An aggregate: the sum of such numbers; equal for the same rows in any order. -#}
{% macro sum_of_hashes(expression) -%}
    {{ return(adapter.dispatch('sum_of_hashes', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__sum_of_hashes(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 0))) as decimal(38, 0))
{%- endmacro %}

{% macro bigquery__sum_of_hashes(expression) -%}
    sum(cast({{ expression }} as bignumeric))
{%- endmacro %}


{#- A number for a row of a relation: all its columns, whichever they are, and a word that says what it is. -#}
{% macro hash_of_row(relation, alias, word) -%}
    {%- set columns = ["cast('" ~ word ~ "' as " ~ dbt.type_string() ~ ")"] -%}
    {%- if lead_qualification.is_run() -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do columns.append(alias ~ '.' ~ column.quoted) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ lead_qualification.hash_of(columns) }}
{%- endmacro %}
