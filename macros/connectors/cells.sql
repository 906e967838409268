{#- Landed cells to values. Each takes the name of a column of trimmed text. -#}

{#- A time: text of one, or milliseconds or microseconds since 1970. -#}
{% macro landed_time(column) -%}
    {%- if not execute -%}
        {{ return('') }}
    {%- endif -%}
    case
        when {{ lead_qualification.regexp_like(column, '^[0-9]{12,13}([.]0+)?$') }}
            then {{ lead_qualification.time_of_microseconds("substr(" ~ lead_qualification.regexp_replace_all(column, '[.]0+$', '') ~ ", 1, 13) || '000'") }}
        when {{ lead_qualification.regexp_like(column, '^[0-9]{15,16}$') }}
            then {{ lead_qualification.time_of_microseconds(column) }}
        else {{ lead_qualification.as_timestamp(column) }}
    end
{%- endmacro %}


{#- Whether a cell says yes; an empty or unreadable one does not. -#}
{% macro says_yes(column) -%}
    (lower(coalesce({{ column }}, '')) in ('true', 't', '1', '1.0', 'yes', 'y', 'on'))
{%- endmacro %}


{#- A condition as the text true or false. -#}
{% macro true_or_false(condition) -%}
    case when {{ condition }} then 'true' else 'false' end
{%- endmacro %}


{#- The path of a URL without query and fragment, in its own case. -#}
{% macro landed_path(expression) -%}
    {%- set from_path = lead_qualification.regexp_replace_all(expression, '^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*', '') -%}
    coalesce(nullif({{ lead_qualification.regexp_replace_all(from_path, '[?#].*$', '') }}, ''), case when {{ expression }} is not null then '/' end)
{%- endmacro %}


{#-
    The alpha-2 code of a country as it is written; text that countries.csv does not know stays, so
    that data_health lists it. names: a CTE of country_names, joined under that alias.
-#}
{% macro country_or_text(text, names='country_names') -%}
    coalesce({{ names }}.country_code, {{ text }})
{%- endmacro %}


{#- Two texts with one of them between: a key of more than one part. -#}
{% macro joined_key(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce(cast(" ~ part ~ " as " ~ dbt.type_string() ~ "), '')") -%}
    {%- endfor -%}
    {{- texts | join(" || '-' || ") -}}
{%- endmacro %}


{#- A JSON list of identifiers as a text of them with commas between. -#}
{% macro lists_as_parts(column) -%}
    {{ lead_qualification.regexp_replace_all(column, '[^0-9A-Za-z,_-]+', '') }}
{%- endmacro %}
