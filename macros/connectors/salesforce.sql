{#- What rules of Salesforce share. -#}

{#-
    An id of 15 characters, in which case counts, completed to 18: each of the last three says which
    letters of five are capitals.
-#}
{% macro salesforce_id(column) -%}
    case
        when length({{ column }}) = 15 then {{ column }}
            {%- for start in [1, 6, 11] %}
            || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
                {%- for place in range(5) %}
                + case when {{ lead_qualification.contains("'ABCDEFGHIJKLMNOPQRSTUVWXYZ'", 'substr(' ~ column ~ ', ' ~ (start + place) ~ ', 1)') }} then {{ 2 ** place }} else 0 end
                {%- endfor %}, 1)
            {%- endfor %}
        else {{ column }}
    end
{%- endmacro %}


{#- Whether an id is of a kind of record: 005 users, 00G queues, 003 contacts, 00Q leads. -#}
{% macro salesforce_is(column, kind) -%}
    ({{ lead_qualification.regexp_like("coalesce(" ~ column ~ ", '')", '^(.*-)?' ~ kind) }})
{%- endmacro %}


{#- Whether a record is deleted. -#}
{% macro salesforce_deleted(alias) -%}
    ({{ lead_qualification.says_yes(alias ~ '.is_deleted') }} or {{ lead_qualification.says_yes(alias ~ '._fivetran_deleted') }})
{%- endmacro %}


{#- Users of an option, completed to 18 characters, as an expression's membership. -#}
{% macro salesforce_user_of(column, option) -%}
    {%- set literals = [] -%}
    {%- for literal in lead_qualification.option_literals('salesforce', option) -%}
        {%- do literals.append(lead_qualification.salesforce_id(literal) if literal | length == 17 else literal) -%}
    {%- endfor -%}
    {%- set several = lead_qualification.connector_schemas('salesforce') | length > 1 -%}
    {%- set bare = lead_qualification.regexp_replace_all(column, '^.*-', '') if several else column -%}
    (coalesce({{ bare }}, '') in ({{ literals | join(', ') }}) and {{ column }} is not null)
{%- endmacro %}
