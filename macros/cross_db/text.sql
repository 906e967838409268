{#- Text functions whose names or defaults differ between engines. -#}

{% macro regexp_like(expression, pattern) -%}
    {{ return(adapter.dispatch('regexp_like', 'lead_qualification')(expression, pattern)) }}
{%- endmacro %}

{% macro default__regexp_like(expression, pattern) -%}
    regexp_like({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__regexp_like(expression, pattern) -%}
    regexp_matches({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro postgres__regexp_like(expression, pattern) -%}
    ({{ expression }} ~ '{{ pattern }}')
{%- endmacro %}

{% macro spark__regexp_like(expression, pattern) -%}
    regexp_like({{ expression }}, '{{ lead_qualification.java_pattern(pattern) }}')
{%- endmacro %}


{#-
    A pattern as Java reads it, within a literal of Spark. In Java [:space:] is a list of letters,
    and a $ matches before a last line end too.
-#}
{% macro java_pattern(pattern) -%}
    {%- set escaped = pattern | replace('\\', '\\\\') | replace('[:space:]', '\\\\s') -%}
    {{- escaped[:-1] ~ '\\\\z' if escaped.endswith('$') else escaped -}}
{%- endmacro %}


{#- Every match is replaced: only Spark does so without being told. -#}
{% macro regexp_replace_all(expression, pattern, replacement) -%}
    {{ return(adapter.dispatch('regexp_replace_all', 'lead_qualification')(expression, pattern, replacement)) }}
{%- endmacro %}

{% macro default__regexp_replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__regexp_replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ lead_qualification.java_pattern(pattern) }}', '{{ replacement }}')
{%- endmacro %}


{#- Blanks, tabs and line ends off both sides. -#}
{% macro trim_whitespace(expression) -%}
    {{ return(adapter.dispatch('trim_whitespace', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__trim_whitespace(expression) -%}
    trim(both ' ' || chr(9) || chr(10) || chr(13) from {{ expression }})
{%- endmacro %}

{#- What begins and ends above the blank has nothing to trim; to see that is cheaper than to trim. -#}
{% macro duckdb__trim_whitespace(expression) -%}
    case
        when ({{ expression }})[1] > ' ' and ({{ expression }})[-1] > ' ' then {{ expression }}
        else trim({{ expression }}, ' ' || chr(9) || chr(10) || chr(13))
    end
{%- endmacro %}


{#- Text in the order of its bytes, whatever the locale of the database. -#}
{% macro bytewise(expression) -%}
    {{ return(adapter.dispatch('bytewise', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__bytewise(expression) -%}
    {{ expression }}
{%- endmacro %}

{% macro postgres__bytewise(expression) -%}
    {{ expression }} collate "C"
{%- endmacro %}


{#- An aggregate: texts with a separator between them, in an order. -#}
{% macro joined_texts(expression, separator, order_by) -%}
    {{ return(adapter.dispatch('joined_texts', 'lead_qualification')(expression, separator, order_by)) }}
{%- endmacro %}

{% macro default__joined_texts(expression, separator, order_by) -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro spark__joined_texts(expression, separator, order_by) -%}
    string_agg({{ expression }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}


{#- What stands between two delimiters, counted from 1; an empty text beyond the last. -#}
{% macro text_part(expression, delimiter, number) -%}
    {{ return(adapter.dispatch('text_part', 'lead_qualification')(expression, delimiter, number)) }}
{%- endmacro %}

{% macro default__text_part(expression, delimiter, number) -%}
    split_part({{ expression }}, '{{ delimiter }}', {{ number }})
{%- endmacro %}


{#- Whether a text contains another. -#}
{% macro contains(expression, searched) -%}
    {{ return(adapter.dispatch('contains', 'lead_qualification')(expression, searched)) }}
{%- endmacro %}

{% macro default__contains(expression, searched) -%}
    position({{ searched }} in {{ expression }}) > 0
{%- endmacro %}


{#- The MD5 of a text, in hexadecimal. -#}
{% macro md5_text(expression) -%}
    {{ return(adapter.dispatch('md5_text', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__md5_text(expression) -%}
    md5({{ expression }})
{%- endmacro %}


{#- Text in composed form (Unicode NFC): a letter and its accent are one character. -#}
{% macro composed(expression) -%}
    {{ return(adapter.dispatch('composed', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__composed(expression) -%}
    normalize({{ expression }}, NFC)
{%- endmacro %}

{% macro duckdb__composed(expression) -%}
    nfc_normalize({{ expression }})
{%- endmacro %}

{#- Spark has no function for it: what has marks is looked up letter by letter. -#}
{% macro spark__composed(expression) -%}
    case
        when {{ expression }} rlike '[\\p{M}{{ lead_qualification.letters_of_other_form() }}]'
            then array_join(transform(
                regexp_extract_all({{ expression }}, '(?s)\\P{M}\\p{M}*|\\p{M}+', 0),
                letter -> coalesce(element_at(map_from_arrays(
                    split({{ lead_qualification.text_literal(lead_qualification.letters_apart()) }}, '[|]'),
                    split({{ lead_qualification.text_literal(lead_qualification.letters_composed()) }}, '[|]')
                ), letter), letter)
            ), '')
        else {{ expression }}
    end
{%- endmacro %}

{#- Snowflake has none either: text stays as it is. -#}
{% macro snowflake__composed(expression) -%}
    {{ expression }}
{%- endmacro %}
