{#-
    Checks of the policy tables. Each macro is a select of the rows that break one rule, as the
    columns policy_table, row_text (the key of the row, so that it can be found) and problem.
-#}

{#- Text that names a row by its key columns. -#}
{% macro policy_row(columns) -%}
    {%- for column in columns %}
        '{{ column }}=' || coalesce(cast({{ column }} as {{ dbt.type_string() }}), '(empty)')
        {{- " || ' ' ||" if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Rows that meet a condition which no row may meet. problem is an SQL expression. -#}
{% macro policy_rows_where(table_name, key, condition, problem) -%}
    select
        '{{ table_name }}' as policy_table,
        {{ lead_qualification.policy_row(key) }} as row_text,
        {{ problem }} as problem
    from {{ lead_qualification.checked_policy(table_name) }} as checked
    where {{ condition }}
{%- endmacro %}


{#- Rows whose value another policy table does not have; an empty value is allowed. -#}
{% macro policy_unknown(table_name, key, column, in_table, in_column=none) -%}
    {{ lead_qualification.policy_rows_where(
        table_name, key,
        column ~ ' is not null and ' ~ column ~ ' not in (select ' ~ (in_column or column) ~ ' from ' ~ lead_qualification.checked_policy(in_table) ~ ' as known)',
        "'unknown " ~ column ~ " ' || " ~ column ~ " || '; add it to " ~ lead_qualification.policy_file(in_table) ~ " or correct it'") }}
{%- endmacro %}


{#- Rows with a list (| between its items) of which an item is not in another policy table; empty ones have a check of their own. -#}
{% macro policy_unknown_items(table_name, key, column, in_table, in_column) -%}
    select distinct
        '{{ table_name }}' as policy_table,
        {{ lead_qualification.policy_row(key) }} as row_text,
        'unknown ' || listed.item || ' in {{ column }}; add it to {{ lead_qualification.policy_file(in_table) }} or correct it' as problem
    from (
        select
            {{ key | join(', ') }},
            {{ lead_qualification.trim_whitespace(lead_qualification.text_part(column, '|', 'positions.number')) }} as item
        from {{ lead_qualification.checked_policy(table_name) }} as checked
        inner join ({{ lead_qualification.whole_numbers(1, 100) }}) as positions
            on positions.number <= 1 + length({{ column }}) - length(replace({{ column }}, '|', ''))
    ) as listed
    where
        length(listed.item) > 0
        and lower(listed.item) not in (select lower({{ in_column }}) from {{ lead_qualification.checked_policy(in_table) }} as known)
{%- endmacro %}


{#- Rows whose value is not one of a closed list. -#}
{% macro policy_not_one_of(table_name, key, column, allowed) -%}
    {{ lead_qualification.policy_rows_where(
        table_name, key,
        column ~ " is null or " ~ column ~ " not in ('" ~ allowed | join("', '") ~ "')",
        "'" ~ column ~ " is ' || coalesce(" ~ column ~ ", '(empty)') || '; it is one of " ~ allowed | join(', ') ~ "'") }}
{%- endmacro %}


{#- Keys that more than one row has; compared_as: how a look-up compares a key of one column. -#}
{% macro policy_duplicates(table_name, key, compared_as=none) -%}
    select
        '{{ table_name }}' as policy_table,
        {{ "'" ~ key[0] ~ "=' || compared_key" if compared_as else lead_qualification.policy_row(key) }} as row_text,
        'duplicate rule: ' || cast(count(*) as {{ dbt.type_string() }}) || ' rows with this key; keep one' as problem
    {%- if compared_as %}
    from (select {{ compared_as }} as compared_key from {{ lead_qualification.checked_policy(table_name) }} as checked) as compared
    group by compared_key
    {%- else %}
    from {{ lead_qualification.checked_policy(table_name) }} as checked
    group by {{ key | join(', ') }}
    {%- endif %}
    having count(*) > 1
{%- endmacro %}


{#- Names that differ only in case, in a column that is compared in any case. -#}
{% macro policy_same_in_any_case(table_name, column) -%}
    select
        '{{ table_name }}' as policy_table,
        '{{ column }}=' || min({{ column }}) as row_text,
        min({{ column }}) || ' and ' || max({{ column }})
        || ' differ only in case and count as one; keep one' as problem
    from {{ lead_qualification.checked_policy(table_name) }} as checked
    group by lower({{ column }})
    having count(distinct {{ column }}) > 1
{%- endmacro %}


{#- Names that must be there, as rows of a table. -#}
{% macro policy_missing(table_name, column, required) -%}
    select
        '{{ table_name }}' as policy_table,
        '{{ column }}=' || wanted.name as row_text,
        'missing; the project needs this row' as problem
    from {{ lead_qualification.listed_texts(required, 'wanted', 'name') }}
    where wanted.name not in (select {{ column }} from {{ lead_qualification.checked_policy(table_name) }} as checked)
{%- endmacro %}


{#- Stages without a row of stage_owners.csv that is for any profile. -#}
{% macro policy_unowned_stages() -%}
    select
        'stage_owners' as policy_table,
        'stage=' || stage as row_text,
        'missing; each stage needs an owner with empty profile' as problem
    from {{ lead_qualification.checked_policy('stages') }} as checked
    where
        stage is not null
        and stage not in (
            select stage from {{ lead_qualification.checked_policy('stage_owners') }} as owners
            where profile is null and stage is not null
        )
{%- endmacro %}


{#- A row that must be there and is not. -#}
{% macro policy_no_row_where(table_name, condition, problem) -%}
    select
        '{{ table_name }}' as policy_table,
        '(no such row)' as row_text,
        '{{ problem }}' as problem
    from (select count(case when {{ condition }} then 1 end) as found from {{ lead_qualification.checked_policy(table_name) }} as checked) as counted
    where found = 0
{%- endmacro %}


{#- Rows that leave a column empty. -#}
{% macro policy_not_given(table_name, key, columns) -%}
    {{ lead_qualification.policy_rows_where(
        table_name, key,
        columns | join(' is null or ') ~ ' is null',
        "'" ~ columns | join(' and ') ~ " must be true or false'" if columns | length > 1 else "'" ~ columns[0] ~ " must be true or false'") }}
{%- endmacro %}


{#- Rows whose role the project does not know; none is allowed. -#}
{% macro policy_unknown_roles(table_name, key, roles) -%}
    {{ lead_qualification.policy_rows_where(
        table_name, [key],
        "role not in ('" ~ roles | join("', '") ~ "')",
        "'unknown role ' || role || '; it is one of " ~ roles | join(', ') ~ " or empty'") }}
{%- endmacro %}


{#- Roles that no row has, and roles that two rows have of which only one may. -#}
{% macro policy_role_counts(table_name, one, some) -%}
    select
        '{{ table_name }}' as policy_table,
        'role=' || wanted.role as row_text,
        case
            when counted.found is null then 'missing; give this role to the row that plays it'
            else 'duplicate role: ' || cast(counted.found as {{ dbt.type_string() }}) || ' rows have it; leave it to one'
        end as problem
    from {{ lead_qualification.listed_texts(one + some, 'wanted', 'role') }}
    left join (
        select
            role,
            count(*) as found
        from {{ lead_qualification.checked_policy(table_name) }} as checked
        group by role
    ) as counted on wanted.role = counted.role
    where
        counted.found is null
        {%- if one %}
        or (counted.found > 1 and wanted.role in ('{{ one | join("', '") }}'))
        {%- endif %}
{%- endmacro %}


{#- The checks of all roles: known, given as often as they must be, and ranked in their order. -#}
{% macro role_checks() %}
    {%- set checks = [] -%}
    {%- for table_name, roles in lead_qualification.policy_roles().items() -%}
        {%- do checks.append(lead_qualification.policy_unknown_roles(table_name, roles.key, roles.one + roles.some)) -%}
        {%- do checks.append(lead_qualification.policy_role_counts(table_name, roles.one, roles.some)) -%}
    {%- endfor -%}
    {%- for lower, higher in lead_qualification.ranked_roles() -%}
        {%- do checks.append(lead_qualification.policy_rows_where(
            'stages', ['stage'], "role = '" ~ higher ~ "' and funnel_rank <= " ~ lead_qualification.rank_of_role(lower),
            "'funnel_rank must be above that of the stage with the role " ~ lower ~ "'")) -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}
