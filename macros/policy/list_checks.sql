{#- Checks of lists and of how large the numbers of the policy are, in the form of policy_checks. -#}

{#-
    Rows with a list (| between its items) of which an item is empty. An empty list is allowed.
    as_words: the items are compared as words, so one needs a letter or a digit.
    where: which rows have such a list.
-#}
{% macro policy_empty_items(table_name, key, column, as_words=false, where='true') -%}
    select distinct
        '{{ table_name }}' as policy_table,
        {{ lead_qualification.policy_row(key) }} as row_text,
        '{{ column }} has an item ' || {{ "'without a letter or digit, which would match everything'" if as_words else "'that is empty'" }}
        || '; delete it with its bar' as problem
    from (
        select
            {{ key | join(', ') }},
            {{ lead_qualification.text_part(column, '|', 'positions.number') }} as item
        from {{ lead_qualification.checked_policy(table_name) }} as checked
        inner join ({{ lead_qualification.whole_numbers(1, 100) }}) as positions
            on positions.number <= 1 + length({{ column }}) - length(replace({{ column }}, '|', ''))
        where {{ where }}
    ) as listed
    where {{ lead_qualification.spaced_words('listed.item') ~ " = ' '" if as_words
        else lead_qualification.trim_whitespace('listed.item') ~ " = ''" }}
{%- endmacro %}


{#- Rows with a list of which an item is not one of those that there are. -#}
{% macro policy_items_not_one_of(table_name, key, column, allowed) -%}
    select distinct
        '{{ table_name }}' as policy_table,
        {{ lead_qualification.policy_row(key) }} as row_text,
        '{{ column }} has ' || listed.item || '; each item is one of {{ allowed | join(', ') }}' as problem
    from (
        select
            {{ key | join(', ') }},
            {{ lead_qualification.trim_whitespace(lead_qualification.text_part(column, '|', 'positions.number')) }} as item
        from {{ lead_qualification.checked_policy(table_name) }} as checked
        inner join ({{ lead_qualification.whole_numbers(1, 20) }}) as positions
            on positions.number <= 1 + length({{ column }}) - length(replace({{ column }}, '|', ''))
    ) as listed
    where listed.item not in ({{ lead_qualification.text_literals(allowed) }}) and listed.item <> ''
{%- endmacro %}


{#-
    The same, of a list that is compared in any case, by one look at the whole list: a column that is empty in
    every row may be checked so.
-#}
{% macro policy_list_not_of(table_name, key, column, allowed) -%}
    {%- set item = ' *(' ~ allowed | join('|') ~ ') *' -%}
    {{ lead_qualification.policy_rows_where(
        table_name, key,
        'not coalesce(' ~ lead_qualification.regexp_like('lower(' ~ column ~ ')', '^' ~ item ~ '([|]' ~ item ~ ')*$') ~ ', true)',
        "'" ~ column ~ " is ' || " ~ column ~ " || '; each item is one of " ~ allowed | join(', ') ~ "'") }}
{%- endmacro %}


{#- Rows that leave a column empty. -#}
{% macro policy_empty(table_name, key, column) -%}
    {{ lead_qualification.policy_rows_where(
        table_name, key,
        'coalesce(' ~ lead_qualification.trim_whitespace(column) ~ ", '') = ''",
        "'" ~ column ~ " is empty; fill it in or delete the row'") }}
{%- endmacro %}


{#- Rows with a number beyond the range of its quantity: see ranges. -#}
{% macro policy_out_of_range(table_name, key, columns) -%}
    {%- set conditions, problems = [], [] -%}
    {%- for column, quantity in columns.items() -%}
        {%- set bounds = lead_qualification.ranges()[quantity] -%}
        {%- set condition = lead_qualification.is_out_of_range(column, quantity) -%}
        {%- do conditions.append(condition) -%}
        {%- do problems.append(
            'when ' ~ condition ~ " then '" ~ column ~ ' must be from ' ~ bounds[0] ~ ' to ' ~ bounds[1] ~ "'") -%}
    {%- endfor -%}
    {{ lead_qualification.policy_rows_where(
        table_name, key, conditions | join(' or '), 'case ' ~ problems | join(' ') ~ ' end') }}
{%- endmacro %}


{#- The checks of all numbers. -#}
{% macro quantity_checks() %}
    {%- set checks = [] -%}
    {%- for table_name, numbers in lead_qualification.policy_quantities().items() -%}
        {%- do checks.append(lead_qualification.policy_out_of_range(table_name, numbers.key, numbers.columns)) -%}
    {%- endfor -%}
    {%- for quantity, settings in lead_qualification.quantities_of_settings().items() -%}
        {%- set bounds = lead_qualification.ranges()[quantity] -%}
        {%- do checks.append(lead_qualification.policy_rows_where(
            'lifecycle_settings', ['setting'],
            'setting in (' ~ lead_qualification.text_literals(settings) ~ ') and '
            ~ lead_qualification.is_out_of_range('value', quantity),
            "setting || ' must be from " ~ bounds[0] ~ ' to ' ~ bounds[1] ~ "'")) -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}


{#- policy_empty_items for each of several columns, as a list. -#}
{% macro policy_empty_items_of(table_name, key, columns) %}
    {%- set checks = [] -%}
    {%- for column in columns -%}
        {%- do checks.append(lead_qualification.policy_empty_items(table_name, key, column)) -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}


{#- policy_list_not_of for each of several columns, as a list. -#}
{% macro policy_lists_not_of(table_name, key, columns, allowed) %}
    {%- set checks = [] -%}
    {%- for column in columns -%}
        {%- do checks.append(lead_qualification.policy_list_not_of(table_name, key, column, allowed)) -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}


{#-
    Rows that lack a column that their kind needs, or have one that their kind has not, as a list. needed: the
    columns that each kind needs.
-#}
{% macro policy_columns_of_kinds(table_name, key, needed) %}
    {%- set checks, columns = [], [] -%}
    {%- for of_kind in needed.values() -%}
        {%- do columns.extend(of_kind) -%}
    {%- endfor -%}
    {%- for column in columns | unique -%}
        {%- set kinds = [] -%}
        {%- for kind, of_kind in needed.items() if column in of_kind -%}
            {%- do kinds.append(kind) -%}
        {%- endfor -%}
        {%- set is_of_column = 'kind in (' ~ lead_qualification.text_literals(kinds) ~ ')' -%}
        {%- set is_known = 'kind in (' ~ lead_qualification.text_literals(needed | list) ~ ')' -%}
        {%- do checks.append(lead_qualification.policy_rows_where(
            table_name, key, is_of_column ~ ' and ' ~ column ~ ' is null',
            "'a ' || kind || ' needs " ~ column ~ "'")) -%}
        {%- do checks.append(lead_qualification.policy_rows_where(
            table_name, key, is_known ~ ' and not ' ~ is_of_column ~ ' and ' ~ column ~ ' is not null',
            "'a ' || kind || ' has no " ~ column ~ "; leave it empty'")) -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}
