{#-
    What people and programs write, made into what they mean. Each macro takes an expression of
    trimmed text that is not a placeholder and gives null where it means nothing.
-#}

{#-
    A cell as trimmed text; empty and what stands for nothing (placeholders.csv) as null. Closed
    lists and countries have words of their own for that, numbers and times are read or unreadable,
    and what the sync wrote may be such a word (known_to_crm).
-#}
{% macro present_cell(column) -%}
    {%- set trimmed = lead_qualification.trimmed_text(column.name) -%}
    {%- set applies_to = lead_qualification.placeholders_apply_to(column) -%}
    {%- set placeholders = lead_qualification.placeholders(applies_to) if applies_to else [] -%}
    {%- if placeholders -%}
        case when lower({{ trimmed }}) not in ({{ placeholders | join(', ') }}) then {{ trimmed }} end
    {%- else -%}
        {{ trimmed }}
    {%- endif -%}
{%- endmacro %}


{#- Which placeholders count in a column: text, address or identifier; none where none do. -#}
{% macro placeholders_apply_to(column) %}
    {%- if column.data_type != 'text' or column.accepted or column.kind in ('country', 'attribute_value', 'written_back') -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return({'identifier': 'identifier', 'address': 'address', 'domain': 'address'}.get(column.kind, 'text')) }}
{% endmacro %}


{#- The placeholders of a kind of column, as literals; none while nothing runs. -#}
{% macro placeholders(applies_to) %}
    {%- set relation = lead_qualification.policy('placeholders') -%}
    {%- set literals = [] -%}
    {%- if lead_qualification.is_run() and load_cached_relation(relation) is not none -%}
        {#- dbt loads the word null as none, where the engine does not load the file itself. -#}
        {%- set listed = lead_qualification.asked('select lower(trim(value)), applies_to from ' ~ relation ~ ' order by 1') -%}
        {%- for row in listed if applies_to in (row[1] or '').split('|') -%}
            {%- do literals.append(lead_qualification.text_literal(row[0] or 'null')) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(literals) }}
{% endmacro %}


{#- Characters that nobody sees in an address: zero-width ones, the no-break space and blanks. -#}
{% macro invisible_characters() -%}
    {{- '[\u200b\u200c\u200d\u2060\ufeff\u00a0\u202f\u00ad[:space:]]' -}}
{%- endmacro %}


{#-
    An e-mail address as it is compared: lower case, in composed form, without mailto:, surrounding
    brackets and quotes, and invisible characters. It has one @, something on both sides and a dot
    behind it. Nearly every address is one already, which is cheaper to see than to clean.
-#}
{% macro as_address(expression) -%}
    {%- set visible = lead_qualification.regexp_replace_all(
        'lower(' ~ lead_qualification.composed(expression) ~ ')', lead_qualification.invisible_characters() ~ '+', '') -%}
    {#- \x27 is the apostrophe. -#}
    {%- set opened = lead_qualification.regexp_replace_all(visible, '^[<>"\\x27]*(mailto:)?[<>"\\x27]*', '') -%}
    {%- set cleaned = lead_qualification.regexp_replace_all(opened, '[<>"\\x27]+$', '') -%}
    case
            when {{ lead_qualification.regexp_like('lower(' ~ expression ~ ')', '^[a-z0-9._+-]+@[a-z0-9.-]+[.][a-z0-9-]+$') }}
                then lower({{ expression }})
            when {{ lead_qualification.regexp_like(cleaned, '^[^@]+@[^@]+[.][^@]+$') }} then {{ cleaned }}
        end
{%- endmacro %}


{#- A domain as it is compared: lower case, without scheme, www., port and path. -#}
{% macro as_domain(expression) -%}
    {%- set host = lead_qualification.regexp_replace_all('lower(' ~ expression ~ ')', '^([a-z][a-z0-9+.-]*:)?//', '') -%}
    {%- set bare = lead_qualification.regexp_replace_all(host, '[/?#:].*$', '') -%}
    nullif({{ lead_qualification.trim_whitespace(lead_qualification.regexp_replace_all(bare, '^www[.]', '')) }}, '')
{%- endmacro %}


{#-
    A key or a reference: without .0 or .00 at its end, which spreadsheets add. In scientific
    notation it has lost digits and names nothing.
-#}
{% macro as_identifier(expression) -%}
    case
            when {{ lead_qualification.regexp_like(expression, '^[+-]?[0-9]+([.][0-9]+[eE][+-]?|[eE][+-])[0-9]+$') }} then null
            when {{ expression }} like '%.0' or {{ expression }} like '%.00'
                then nullif({{ lead_qualification.regexp_replace_all(expression, '[.]00?$', '') }}, '')
            else {{ expression }}
        end
{%- endmacro %}


{#- The path of an address on the web, lower case, without query and fragment. -#}
{% macro path_of_url(expression) -%}
    {%- set from_path = lead_qualification.regexp_replace_all('lower(' ~ expression ~ ')', '^([a-z][a-z0-9+.-]*:)?//[^/?#]*', '') -%}
    coalesce(nullif({{ lead_qualification.regexp_replace_all(from_path, '[?#].*$', '') }}, ''), case when {{ expression }} is not null then '/' end)
{%- endmacro %}


{#- A name of countries.csv as it is compared: lower case, white space collapsed. -#}
{% macro as_country_name(expression) -%}
    lower({{ lead_qualification.trim_whitespace(lead_qualification.regexp_replace_all(expression, '[[:space:]]+', ' ')) }})
{%- endmacro %}


{#- Names and codes of countries with the code that each means, as a relation. -#}
{% macro country_names() -%}
    (
        select
            {{ lead_qualification.as_country_name('name') }} as country_name,
            min(upper(country)) as country_code
        from (
            select name, country from {{ lead_qualification.policy('countries') }}
            union all
            select country as name, country from {{ lead_qualification.policy('countries') }}
        ) as spellings
        group by {{ lead_qualification.as_country_name('name') }}
    )
{%- endmacro %}
