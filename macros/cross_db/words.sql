{#-
    Text as words: composed (Unicode NFC) and in lower case, every run of characters that are
    neither letters nor digits of any script one blank, a blank at both ends. Two spellings that
    lower case leaves apart are one: the dotted capital I of Turkish, the last sigma of Greek.
    Example: spaced_words of 'Micrócmo / CMO' is ' micrócmo cmo '.
-#}
{% macro spaced_words(text) -%}
    {{ lead_qualification.regexp_replace_all(
        "replace(' ' || " ~ lead_qualification.lower_text('replace(' ~ lead_qualification.composed(text) ~ ", 'İ', 'i')") ~ " || ' ', 'ς', 'σ')",
        lead_qualification.not_letters_or_digits(), ' ') }}
{%- endmacro %}


{#- Whether words contain others as whole words; words are what spaced_words gives. No words are in no others. -#}
{% macro has_words(words, searched) -%}
    ({{ searched }} <> ' ' and {{ lead_qualification.contains(words, searched) }})
{%- endmacro %}


{#- A pattern of characters that are neither letters nor digits in any script. -#}
{% macro not_letters_or_digits() -%}
    {{ return(adapter.dispatch('not_letters_or_digits', 'lead_qualification')()) }}
{%- endmacro %}

{% macro default__not_letters_or_digits() -%}
    {{ return('[^\\p{L}\\p{N}]+') }}
{%- endmacro %}

{#- Classes depend on the locale of the database, ranges of characters do not. -#}
{% macro postgres__not_letters_or_digits() -%}
    {{ return('[^' ~ lead_qualification.letters_and_digits() ~ ']+') }}
{%- endmacro %}

{% macro snowflake__not_letters_or_digits() -%}
    {{ return('[^[:alnum:]]+') }}
{%- endmacro %}

{% macro bigquery__not_letters_or_digits() -%}
    {{ return('[^\\\\p{L}\\\\p{N}]+') }}
{%- endmacro %}


{#- Text in lower case, in any script. -#}
{% macro lower_text(expression) -%}
    {{ return(adapter.dispatch('lower_text', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__lower_text(expression) -%}
    lower({{ expression }})
{%- endmacro %}

{#-
    The locale of a database may know ASCII only. From version 17 on PostgreSQL has a collation
    that knows Unicode; before, one of ICU, where it is built with that.
-#}
{% macro postgres__lower_text(expression) -%}
    {%- set collations = run_query(
        "select collname from pg_catalog.pg_collation where collname in ('pg_c_utf8', 'und-x-icu') order by collname").rows
        if lead_qualification.looks_up() else [] -%}
    {%- if collations -%}
        (lower({{ expression }} collate "{{ collations[0]['collname'] }}") collate "default")
    {%- else -%}
        lower({{ expression }})
    {%- endif -%}
{%- endmacro %}
